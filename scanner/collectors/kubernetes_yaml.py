"""Reads YAML and JSON as kubectl does, and finds the line of a value.

kubectl reads with sigs.k8s.io/yaml, that is go-yaml 2: YAML 1.1 booleans (`yes`, `on`, `y`), octals (`0400` is 256)
and merge keys, but no base 60 and no timestamps. PyYAML's C parser and go-yaml are both libyaml underneath, so the
structure is libyaml's, and only the meaning of scalars, keys, aliases and tags is decided here.
`tests/unit/data/kubectl_yaml` holds the answers of kubectl's own library.

A second, faster parser was measured and left out: building straight from libyaml's events reads twice as fast as
PyYAML's loader, and what a YAML 1.2 parser adds to that does not pay for proving, file by file, that it reads the same.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeAlias

import orjson
import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from scanner.collectors.yaml_scalars import Event, go_number, is_merge, is_text, key_text, scalar
from scanner.model import Json, Path

MAX_DOCUMENT = 64 * 1024 * 1024
"""Bytes of one document; etcd takes 1.5 MB of an object, so more is a mistake or an attack."""
MAX_DEPTH = 200
"""Levels of nesting: what JSON writers take (orjson stops at 254), less what a resource wraps around the object."""

_BLANK = re.compile(rb"\s*+(?:#[^\n]*+\s*+)*+\Z")
_DECIMAL = re.compile(rb"[0-9][.eE]|[0-9]{19}")
"""May hold a number that JSON readers take for a float."""
_LEAD = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*+(?:#[^\n]*+)?\r?\n)*+")
"""Space and comments before the first key. Possessive, or a line of many `#` would be split in every way there is."""


class UnreadableError(Exception):
    """A document that kubectl would refuse, or that can't be read safely. The message holds no values of it."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        """1-based, in the file."""


class LineStream(Protocol):
    """What documents are read from: a binary file, or anything that gives lines as one does."""

    def readline(self, limit: int = -1, /) -> bytes:
        """The next line with its end, at most `limit` bytes of it; empty at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file, not yet read."""

    index: int
    """0-based, as `Source.document`."""
    line: int
    """1-based line of the file on which `text` begins."""
    text: bytes
    problem: str | None = None
    """Why the text is not all there, or None."""
    offset: int = 0
    """The byte of the stream at which `text` begins."""

    @property
    def first_line(self) -> int:
        """The line of the first key."""
        lead = _LEAD.match(self.text)
        return self.line + (lead.group().count(b"\n") if lead else 0)

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing but space and comments."""
        return self.problem is None and _BLANK.match(self.text) is not None


def documents(stream: LineStream) -> Iterator[Document]:
    """Split on lines that begin with `---`, as kubectl does before it reads any YAML; holds one document at a time.

    What stands before the first separator is a document only if there is more to it than space and comments.
    """
    index = 0
    pieces = _pieces(stream)
    first = next(pieces)
    rest = list[Document]() if first.is_blank else [first]
    for piece in itertools.chain(rest, pieces):
        yield replace(piece, index=index)
        index += 1
    if index == 0:
        yield first


def load(document: Document) -> Json:
    """The value of a document. Raises `UnreadableError`."""
    text = _checked(document)
    if text.lstrip()[:1] in (b"{", b"["):
        try:
            return _load_json(text, document.line)
        except orjson.JSONDecodeError:
            pass  # YAML may begin with a brace too
    return _read(_Values(text, document.line), document)


def lines(document: Document) -> Line:
    """Where each value of a document stands. Raises `UnreadableError`."""
    node: Line = _read(_Lines(_checked(document), document.line), document)
    return node


class Line(NamedTuple):
    """The line of a value, and the lines of what it holds."""

    number: int
    """1-based, in the file; for a value in a mapping its key's line."""
    children: Mapping[str | int, Line]

    def at(self, path: Path) -> Line | None:
        """What stands at `path`, or None when there is no such thing."""
        node: Line | None = self
        for step in path:
            node = node.children.get(step) if node else None
        return node

    def nearest(self, path: Path) -> int:
        """The line of what stands at `path`, or of the nearest thing around it."""
        node = self
        for step in path:
            below = node.children.get(step)
            if below is None:
                break
            node = below
        return node.number


# --- splitting


def _pieces(stream: LineStream) -> Iterator[Document]:
    """What lies between separators, all with the index 0."""
    line, offset = 1, 0
    kept: list[bytes] = []
    size = 0
    begun = Document(0, line, b"")
    # A line longer than any document is cut, so that no file fills the memory.
    for raw in iter(partial(stream.readline, MAX_DOCUMENT + 1), b""):
        line += 1
        offset += len(raw)
        if raw.startswith(b"---"):
            yield replace(begun, text=b"".join(kept))
            kept, size = [], 0
            begun = Document(0, line, b"", _after_separator(raw), offset)
        else:
            size += len(raw)
            kept.append(raw)
        if size > MAX_DOCUMENT:
            begun = replace(begun, problem=f"the document is larger than {MAX_DOCUMENT >> 20} MB")
            kept = []
    yield replace(begun, text=b"".join(kept))


def _after_separator(line: bytes) -> str | None:
    """kubectl refuses all but a comment there."""
    is_clean = line[3:].strip()[:1] in (b"", b"#")
    return None if is_clean else "there is more than a comment on the line of the separator ---"


def _checked(document: Document) -> bytes:
    if document.problem is not None:
        raise UnreadableError(document.problem, document.line)
    try:
        document.text.decode()
    except UnicodeDecodeError as error:
        line = document.line + document.text.count(b"\n", 0, error.start)
        raise UnreadableError("it is not UTF-8", line) from error
    return document.text


# --- JSON


def _load_json(text: bytes, line: int) -> Json:
    value = orjson.loads(text)
    try:
        orjson.dumps(value)
        json.loads(text, object_pairs_hook=_unique_keys)
    except _DuplicateKeyError as error:
        raise UnreadableError(f'the key "{error}" is there twice', line) from error
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise UnreadableError(f"it is nested more than {MAX_DEPTH} levels deep", line) from error
    return _as_go_writes(value) if _DECIMAL.search(text) else value


def _as_go_writes(value: Json) -> Json:
    """Every number as Go's JSON writer would write it."""
    if isinstance(value, dict):
        return {key: _as_go_writes(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_as_go_writes(below) for below in value]
    return go_number(value) if isinstance(value, float) else value


class _DuplicateKeyError(Exception):
    pass


def _unique_keys(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        raise _DuplicateKeyError(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return value


# --- YAML

_Node: TypeAlias = Any
"""A value, or a `Line`: what the two builders make of a node."""


def _read(builder: _Builder, document: Document) -> _Node:
    try:
        return builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise UnreadableError(str(error.problem), document.line + (mark.line if mark else 0)) from error
    except yaml.YAMLError as error:  # the reader's: a control character
        raise UnreadableError("there is a character that YAML does not allow", document.line) from error


class _Builder:
    """Walks libyaml's events. Two things can be made of them: values, and where they stand."""

    def __init__(self, text: bytes, line: int) -> None:
        self._next: Callable[[], Event] = yaml.CSafeLoader(text).get_event
        self._offset = line
        self._anchors: dict[str, tuple[_Node, int] | None] = {}
        self._anchored_scalars: dict[str, Event] = {}
        self._nodes = 0
        self._from_aliases = 0

    def document(self) -> _Node:
        """The one document of the text; libyaml itself refuses what follows it."""
        self._next()  # start of the stream
        event = self._next()
        if type(event) is StreamEndEvent:
            return self._scalar(ScalarEvent(None, None, (True, False), "", event.start_mark, event.end_mark))
        node = self._node(self._next(), 0)
        self._next()  # end of the document
        self._next()  # end of the stream, or an error
        return node

    def _node(self, event: Event, depth: int) -> _Node:
        kind = type(event)
        if kind is ScalarEvent and event.anchor is None:
            self._nodes += 1
            return self._scalar(event)
        if kind is AliasEvent:
            return self._alias(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        before = self._nodes
        self._nodes += 1
        if kind is ScalarEvent:
            node = self._scalar(event)
            if event.anchor is not None:
                self._anchored_scalars[event.anchor] = event
        elif depth >= MAX_DEPTH:
            raise self._refusal(event, f"it is nested more than {MAX_DEPTH} levels deep")
        else:
            build = self._mapping if kind is MappingStartEvent else self._sequence
            node = build(event, depth + 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, self._nodes - before)
        return node

    def _alias(self, event: Event) -> _Node:
        if event.anchor not in self._anchors:
            raise self._refusal(event, "an alias names an anchor that is not there")
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise self._refusal(event, "an anchor's value contains itself")
        node, size = anchored
        self._nodes += size
        self._from_aliases += size
        if self._expands_too_far():
            raise self._refusal(event, "its aliases expand to far more than the document itself")
        return node

    def _expands_too_far(self) -> bool:
        """go-yaml's own measure, `allowedAliasRatio`: 99 % up to 400,000 nodes, falling to 10 % at 4,000,000."""
        if self._from_aliases <= 100 or self._nodes <= 1000:
            return False
        beyond = min(max(self._nodes - 400_000, 0) / 3_600_000, 1)
        return self._from_aliases / self._nodes > 0.99 - 0.89 * beyond

    def _refusal(self, event: Event, problem: str) -> UnreadableError:
        return UnreadableError(problem, self._line(event))

    def _line(self, event: Event) -> int:
        line: int = event.start_mark.line
        return self._offset + line

    def _key(self, event: Event) -> str:
        """A key as sigs.k8s.io/yaml writes it into JSON."""
        if type(event) is ScalarEvent and event.anchor is None and is_text(event):
            return str(event.value)
        if type(event) is AliasEvent:
            self._alias(event)
            event = self._anchored_scalars.get(str(event.anchor), event)
        if type(event) is not ScalarEvent:
            raise self._refusal(event, "a key is a list or a mapping")
        if event.anchor is not None:
            self._node(event, 0)
        value = self._resolved(event)
        if type(value) is str:
            return value
        text = key_text(value)
        if text is None:
            raise self._refusal(event, "a key is null or a number too large")
        return text

    def _resolved(self, event: Event) -> Json:
        try:
            return scalar(event)
        except ValueError as error:
            raise self._refusal(event, str(error)) from error

    def _scalar(self, event: Event) -> _Node:
        raise NotImplementedError

    def _mapping(self, event: Event, depth: int) -> _Node:
        raise NotImplementedError

    def _sequence(self, event: Event, depth: int) -> _Node:
        raise NotImplementedError


class _Values(_Builder):
    def _scalar(self, event: Event) -> Json:
        if is_text(event):
            return event.value
        value = self._resolved(event)
        if type(value) is not float:
            return value
        if not math.isfinite(value):
            raise self._refusal(event, "a number is infinite or not a number, which JSON can't hold")
        return go_number(value)

    def _mapping(self, event: Event, depth: int) -> dict[str, Json]:
        take, node = self._next, self._node
        value: dict[str, Json] = {}
        merged: set[str] = set()
        while type(event := take()) is not MappingEndEvent:
            if is_merge(event):
                merged |= self._merge(value, node(take(), depth), event)
                continue
            key = self._key(event)
            if key in value:
                if key not in merged:
                    raise self._refusal(event, f'the key "{key}" is there twice')
                merged.remove(key)
            self._nodes += 1
            value[key] = node(take(), depth)
        return value

    def _merge(self, value: dict[str, Json], merged: Json, event: Event) -> set[str]:
        """The keys that only the merge has brought.

        go-yaml 2 sets merged keys where `<<` stands: they override what is before it and yield to what follows.
        """
        before = set(value)
        for part in reversed(merged) if isinstance(merged, list) else (merged,):
            if not isinstance(part, dict):
                raise self._refusal(event, "a merge key needs a mapping or a list of mappings")
            value.update(part)
        return value.keys() - before

    def _sequence(self, event: Event, depth: int) -> list[Json]:
        take, node = self._next, self._node
        value = []
        while type(event := take()) is not SequenceEndEvent:
            value.append(node(event, depth))
        return value


class _Lines(_Builder):
    def _scalar(self, event: Event) -> Line:
        return Line(self._line(event), {})

    def _mapping(self, event: Event, depth: int) -> Line:
        number = self._line(event)
        children: dict[str | int, Line] = {}
        while type(event := self._next()) is not MappingEndEvent:
            below = self._node(self._next(), depth)
            if is_merge(event):
                for part in reversed(below.children.values()) if 0 in below.children else (below,):
                    children.update(part.children)
            else:
                children[self._key(event)] = Line(self._line(event), below.children)
        return Line(number, children)

    def _sequence(self, event: Event, depth: int) -> Line:
        number = self._line(event)
        children: dict[str | int, Line] = {}
        while type(event := self._next()) is not SequenceEndEvent:
            children[len(children)] = self._node(event, depth)
        return Line(number, children)
