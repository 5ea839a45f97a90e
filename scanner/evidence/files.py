"""Files of a bundle: names that stay inside it, lines in and out, gzip where the name says so.

A gzip file here depends on nothing but its content: no time, no name, one level. Another zlib may compress differently,
so two machines may differ in the files and agree in the Merkle roots, which are over the lines.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedIOBase
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import quote

from scanner.errors import BundleError
from scanner.evidence.merkle import Tree

LONGEST_LINE = 64 * 1024 * 1024
"""A longer line is refused: a few bytes of gzip can hold gigabytes."""

_LEVEL = 1
"""The fastest: verdicts shrink to a seventh; the default level takes twice the time for an eighth."""

_GZIP = 16 + zlib.MAX_WBITS
_CHUNK = 64 * 1024
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Stored:
    """What the manifest says of a file."""

    sha256: str
    """Hexadecimal, without a prefix, as `sha256sum` prints it."""
    size: int


def is_inside(name: str) -> bool:
    """Whether a file name in a manifest is relative, printable and leads to nowhere outside."""
    return name.isprintable() and "\\" not in name and not {"", ".", ".."} & set(name.split("/"))


def state_name(scope: str, kind: str) -> str:
    """Where resources of a kind in a scope are kept: `state/cluster:prod/kubernetes.core.Pod.jsonl.gz`."""
    return f"state/{_step(scope)}/{_step(kind)}.jsonl.gz"


def _step(text: str) -> str:
    """The text as one step of a path: percent-encoded, cut with a digest where it is too long."""
    step = quote(text.encode("utf-8", "surrogatepass"), safe=":@+=")
    if step.strip(".") == "":
        step = step.replace(".", "%2E") or "%"
    if len(step) <= _LONGEST_NAME:
        return step
    return f"{step[: _LONGEST_NAME - 65]}~{sha256(step.encode()).hexdigest()}"


class LineWriter:
    """Writes lines to a new file, compressed when its name ends in `.gz`; each line is a leaf of `tree`, if given."""

    def __init__(self, path: Path, tree: Tree | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[bytes] = path.open("xb", buffering=0)
        self._filter: _Filter = zlib.compressobj(_LEVEL, wbits=_GZIP) if path.suffix == ".gz" else _Plain()
        self._tree = tree
        self._held: list[bytes] = []
        self._held_size = 0
        self._digest = sha256()
        self._size = 0

    def write(self, line: bytes) -> None:
        if self._tree is not None:
            self._tree.add(line)
        self._held.append(line)
        self._held_size += len(line)
        if self._held_size >= _CHUNK:
            self._put(self._filter.compress(self._taken()))

    def close(self) -> Stored:
        self._put(self._filter.compress(self._taken()) + self._filter.flush())
        self._file.close()
        return Stored(self._digest.hexdigest(), self._size)

    def _taken(self) -> bytes:
        lines, self._held, self._held_size = self._held, [], 0
        return b"\n".join([*lines, b""])

    def _put(self, data: bytes) -> None:
        self._digest.update(data)
        self._size += len(data)
        while data:
            data = data[self._file.write(data) :]


class _Filter(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


class _Plain:
    """No compression."""

    def compress(self, data: bytes, /) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


def lines(path: Path) -> Iterator[bytes]:
    """The lines of a file without their ends. Raises `BundleError` when it is damaged or not there."""
    try:
        with _opened(path) as file:
            while line := file.readline(LONGEST_LINE):
                if not line.endswith(b"\n"):
                    raise BundleError(f"{path} is damaged: its last line has no end, or one is too long")
                yield line[:-1]
    except (OSError, EOFError, zlib.error) as error:
        raise BundleError(f"{path} is damaged or cannot be read: {error}") from error


def _opened(path: Path) -> BufferedIOBase:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def stored(path: Path) -> Stored:
    """Digest and size of a file as it is on disk."""
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Stored(digest.hexdigest(), size)
