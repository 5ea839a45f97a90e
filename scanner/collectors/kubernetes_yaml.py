"""Reads YAML and JSON as kubectl does, and finds the line of a value.

kubectl reads with sigs.k8s.io/yaml, that is go-yaml 2: YAML 1.1 booleans (`yes`, `on`, `y`), octals (`0400` is 256)
and merge keys, but no base 60 and no timestamps. PyYAML's C parser and go-yaml are both libyaml underneath, so the
structure is libyaml's, and only the meaning of scalars, keys, aliases and tags is decided here.
`tests/unit/data/kubectl_yaml` holds the answers of kubectl's own library.

A second, faster parser was measured and left out: building straight from libyaml's events reads twice as fast as
PyYAML's loader, and what a YAML 1.2 parser adds to that does not pay for proving, file by file, that it reads the same.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
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

from scanner.model import Json, Path

MAX_DOCUMENT = 64 * 1024 * 1024
"""Bytes of one document; etcd takes 1.5 MB of an object, so more is a mistake or an attack."""
MAX_DEPTH = 200
"""Levels of nesting: what JSON writers take (orjson stops at 254), less what a resource wraps around the object."""

_BLANK = re.compile(rb"\s*(?:#[^\n]*\n?\s*)*\Z")
_FIRST_KEY = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*")


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

    @property
    def first_line(self) -> int:
        """The line of the first key."""
        lead = _FIRST_KEY.match(self.text)
        return self.line + (lead.group().count(b"\n") if lead else 0)

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing but space and comments."""
        return _BLANK.match(self.text) is not None


def documents(stream: LineStream) -> Iterator[Document]:
    """Split on lines that begin with `---`, as kubectl does before it reads any YAML; holds one document at a time.

    What stands before the first separator is a document only if there is more to it than space and comments.
    """
    index = 0
    for number, (line, text, problem) in enumerate(_pieces(stream)):
        document = Document(index, line, text, problem)
        if number == 0 and document.is_blank and problem is None:
            leading = document
            continue
        yield document
        index += 1
    if index == 0:
        yield leading


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


def _pieces(stream: LineStream) -> Iterator[tuple[int, bytes, str | None]]:
    """(first line, text, problem) between separators."""
    line = 1
    kept: list[bytes] = []
    size = 0
    problem: str | None = None
    start = 1
    for raw in _file_lines(stream):
        if raw.startswith(b"---"):
            rest = raw[3:].strip()
            yield start, b"".join(kept), problem
            kept, size, start = [], 0, line + 1
            problem = (
                None if rest[:1] in (b"", b"#") else "there is more than a comment on the line of the separator ---"
            )
        elif size > MAX_DOCUMENT:
            problem = f"the document is larger than {MAX_DOCUMENT >> 20} MB"
            kept = []
        else:
            kept.append(raw)
            size += len(raw)
        line += 1
    yield start, b"".join(kept), problem


def _file_lines(stream: LineStream) -> Iterator[bytes]:
    """Lines with their ends; a line longer than any document is cut, so that no file fills the memory."""
    while line := stream.readline(MAX_DOCUMENT + 1):
        yield line


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
    return value


class _DuplicateKeyError(Exception):
    pass


def _unique_keys(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        raise _DuplicateKeyError(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return value


# --- YAML

_Event: TypeAlias = Any
"""One of libyaml's events; their classes share no useful type."""
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
        self._next: Callable[[], _Event] = yaml.CSafeLoader(text).get_event
        self._offset = line
        self._anchors: dict[str, tuple[_Node, int] | None] = {}
        self._anchored_scalars: dict[str, _Event] = {}
        self._nodes = 0
        self._from_aliases = 0

    def document(self) -> _Node:
        """The first document; a second one, after `...`, is what kubectl passes over in silence."""
        self._next()  # start of the stream
        event = self._next()
        if type(event) is StreamEndEvent:
            return self._scalar(ScalarEvent(None, None, (True, False), "", event.start_mark, event.end_mark))
        node = self._node(self._next(), 0)
        self._next()  # end of the document
        event = self._next()
        if type(event) is not StreamEndEvent:
            raise self._refusal(event, "there is a second document after `...`, which kubectl does not read")
        return node

    def _node(self, event: _Event, depth: int) -> _Node:
        kind = type(event)
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

    def _alias(self, event: _Event) -> _Node:
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

    def _refusal(self, event: _Event, problem: str) -> UnreadableError:
        return UnreadableError(problem, self._line(event))

    def _line(self, event: _Event) -> int:
        line: int = event.start_mark.line
        return self._offset + line

    def _key(self, event: _Event) -> str:
        """A key as sigs.k8s.io/yaml writes it into JSON."""
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
        text = _key_text(value)
        if text is None:
            raise self._refusal(event, "a key is null or a number too large")
        return text

    def _resolved(self, event: _Event) -> Json:
        try:
            return _scalar(event)
        except ValueError as error:
            raise self._refusal(event, str(error)) from error

    def _scalar(self, event: _Event) -> _Node:
        raise NotImplementedError

    def _mapping(self, event: _Event, depth: int) -> _Node:
        raise NotImplementedError

    def _sequence(self, event: _Event, depth: int) -> _Node:
        raise NotImplementedError


class _Values(_Builder):
    def _scalar(self, event: _Event) -> Json:
        value = self._resolved(event)
        if type(value) is float:
            return self._number(value, event)
        return value

    def _number(self, value: float, event: _Event) -> Json:
        if not math.isfinite(value):
            raise self._refusal(event, "a number is infinite or not a number, which JSON can't hold")
        # Go writes 1.0 and 1e3 as 1 and 1000, and no more digits than tell the number from its neighbours.
        return int(Decimal(repr(value))) if value.is_integer() and abs(value) < 1e21 else value

    def _mapping(self, event: _Event, depth: int) -> dict[str, Json]:
        take, node = self._next, self._node
        value: dict[str, Json] = {}
        own: set[str] = set()
        while type(event := take()) is not MappingEndEvent:
            if _is_merge(event):
                self._merge(value, node(take(), depth), event)
                continue
            key = self._key(event)
            if key in own:
                raise self._refusal(event, f'the key "{key}" is there twice')
            own.add(key)
            self._nodes += 1
            value[key] = node(take(), depth)
        return value

    def _merge(self, value: dict[str, Json], merged: Json, event: _Event) -> None:
        """go-yaml 2 sets merged keys where `<<` stands: they override what is before it and yield to what follows."""
        for part in reversed(merged) if isinstance(merged, list) else (merged,):
            if not isinstance(part, dict):
                raise self._refusal(event, "a merge key needs a mapping or a list of mappings")
            value.update(part)

    def _sequence(self, event: _Event, depth: int) -> list[Json]:
        take, node = self._next, self._node
        value = []
        while type(event := take()) is not SequenceEndEvent:
            value.append(node(event, depth))
        return value


class _Lines(_Builder):
    def _scalar(self, event: _Event) -> Line:
        return Line(self._line(event), {})

    def _mapping(self, event: _Event, depth: int) -> Line:
        number = self._line(event)
        children: dict[str | int, Line] = {}
        while type(event := self._next()) is not MappingEndEvent:
            below = self._node(self._next(), depth)
            if _is_merge(event):
                for part in reversed(below.children.values()) if 0 in below.children else (below,):
                    children.update(part.children)
            else:
                children[self._key(event)] = Line(self._line(event), below.children)
        return Line(number, children)

    def _sequence(self, event: _Event, depth: int) -> Line:
        number = self._line(event)
        children: dict[str | int, Line] = {}
        while type(event := self._next()) is not SequenceEndEvent:
            children[len(children)] = self._node(event, depth)
        return Line(number, children)


# --- scalars, after go-yaml 2's resolve.go

_TAG = "tag:yaml.org,2002:"
_CONSTANTS: dict[str, Json] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_MAY_MEAN_MORE = frozenset("yYnNtTfFoO~.+-0123456789")
"""First characters of plain scalars that can be other than strings."""
_NUMERIC = frozenset(".+-0123456789")
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_FRACTION = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?\Z")
"""With a leading point, underscores may only stand between digits."""
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"(?:[Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})"
    r"| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?)?\Z"
)
_RESOLVABLE = {
    f"{_TAG}str": (str,),
    f"{_TAG}bool": (bool,),
    f"{_TAG}int": (int,),
    f"{_TAG}float": (float, int),
    f"{_TAG}null": (type(None),),
}


def _is_merge(event: _Event) -> bool:
    if type(event) is not ScalarEvent or event.value != "<<":
        return False
    return bool(event.implicit[0]) or event.tag == f"{_TAG}merge"


def _scalar(event: _Event) -> Json:
    """The value of a scalar. Raises `ValueError` when its tag says otherwise."""
    value: str = event.value
    if event.tag is not None:
        return _tagged(event.tag, value)
    if not event.implicit[0] or (value and value[0] not in _MAY_MEAN_MORE):
        return value
    return _plain(value)


def _plain(text: str) -> Json:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMERIC:
        return text
    digits = text.replace("_", "")
    number = _number(digits) if text[0] != "." else _float(digits) if _FRACTION.match(text) else None
    return text if number is None else number


def _number(text: str) -> int | float | None:
    if match := _INTEGER.match(text):
        sign, hexadecimal, binary, octal, decimal = match.groups()
        digits, base = next((d, b) for d, b in ((hexadecimal, 16), (binary, 2), (octal, 8), (decimal, 10)) if d)
        value = -int(digits, base) if sign == "-" else int(digits, base)
        if -(2**63) <= value < (2**63 if sign else 2**64):
            return value
    return _float(text)


def _float(text: str) -> float | None:
    if not _FLOAT.match(text):
        return None
    value = float(text)
    return None if math.isinf(value) else value


def _tagged(tag: str, text: str) -> Json:
    if tag == f"{_TAG}binary":
        try:
            return base64.b64decode(text.replace("\n", ""), validate=True).decode(errors="replace")
        except binascii.Error as error:
            raise ValueError("a !!binary value is not base64") from error
    expected = _RESOLVABLE.get(tag)
    if tag == f"{_TAG}timestamp" and not _TIMESTAMP.match(text):
        raise ValueError("a value is not what its tag !!timestamp says")
    if expected is None or tag == f"{_TAG}str":
        return text
    value = _plain(text)
    if type(value) not in expected:
        raise ValueError(f"a value is not what its tag !!{tag.removeprefix(_TAG)} says")
    return value


def _key_text(value: Json) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value < 2**63 else None
    return _short_float(value) if isinstance(value, float) else None


def _short_float(value: float) -> str:
    """Go's `strconv.FormatFloat(value, 'g', -1, 32)`, with YAML's words for what is not finite."""
    try:
        single = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        single = math.copysign(math.inf, value)
    if not math.isfinite(single):
        return ".nan" if math.isnan(single) else ".inf" if single > 0 else "-.inf"
    shortest = next(t for p in range(9) if _single(float(t := f"{single:.{p}e}")) == single)
    mantissa, exponent = shortest.split("e")
    if -4 <= int(exponent) < 6:  # where Go turns to an exponent
        places = max(len(mantissa.partition(".")[2]) - int(exponent), 0)
        return f"{float(shortest):.{places}f}"
    return shortest


def _single(value: float) -> float:
    packed: float = struct.unpack("f", struct.pack("f", value))[0]
    return packed
