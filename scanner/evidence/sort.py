"""Sorting more lines than memory should hold: sorted runs on disk, merged when they are read.

What fits the budget, as most scans do, is sorted in memory and touches no disk. A line is kept in one `bytes` with its
key before it (`keyed`), which sorts as the key does and takes half the memory of a pair.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from pathlib import Path
from struct import Struct

BUDGET = 32 * 1024 * 1024
"""Bytes that are held before a run is written, objects' own overhead included."""

_OVERHEAD = 48
"""What `bytes` cost beside their content: a header, and a slot in the list."""

_MOST_RUNS = 100
"""Files that are open at once; more runs are merged into one."""

_SIZE = Struct("<I")
_READ_AHEAD = 64 * 1024
_PART = "\0\0"
"""Ends each part of a key. It sorts below all that may follow inside a part."""


def keyed(parts: tuple[str, ...], line: bytes) -> bytes:
    """A line to sort, which holds no NUL (JSON does not), by a tuple of strings."""
    text = _PART.join(parts)
    # A NUL inside a part, which only hostile names have, must sort after the end of a part.
    if text.count("\0") != 2 * len(parts) - 2:
        text = _PART.join([part.replace("\0", "\0\x01") for part in parts])
    # UTF-8 keeps the order of code points, that of lone surrogates as well.
    return b"%b\0\0%b" % (text.encode("utf-8", "surrogatepass"), line)


def first_part(item: bytes) -> bytes:
    """The first part of a keyed line's key, when it has no NUL inside."""
    return item[: item.index(b"\0")]


def last_part(item: bytes) -> bytes:
    """The last part of a keyed line's key, when it has no NUL inside."""
    return item.rsplit(b"\0\0", 2)[1]


def line_of(item: bytes) -> bytes:
    """The line of a keyed line."""
    return item[item.rindex(b"\0") + 1 :]


def number(value: int | None) -> str:
    """A part of a key for a small number, None first."""
    return "" if value is None else f"{value:010d}"


class Sorter:
    """Takes keyed lines in any order and gives them back sorted, equal keys by line; makes `directory` when it must."""

    def __init__(self, directory: Path, *, budget: int = BUDGET, most_runs: int = _MOST_RUNS) -> None:
        self._directory = directory
        self._budget = budget
        self._most_runs = most_runs
        self._held: list[bytes] = []
        self._room = budget
        self._runs: list[Path] = []
        self._written = 0

    def add(self, item: bytes) -> None:
        """Keep a keyed line. Raises `OSError` when a run can't be written."""
        self._held.append(item)
        self._room -= len(item) + _OVERHEAD
        if self._room < 0:
            self._spill()

    def items(self) -> Iterator[bytes]:
        """All keyed lines in order; nothing may be added any more."""
        self._held.sort()
        return heapq.merge(*map(_read, self._runs), self._held) if self._runs else iter(self._held)

    def _spill(self) -> None:
        self._held.sort()
        self._runs.append(self._write(self._held))
        self._held = []
        self._room = self._budget
        if len(self._runs) >= self._most_runs:
            self._merge()

    def _merge(self) -> None:
        merged = self._write(heapq.merge(*map(_read, self._runs)))
        spent, self._runs = self._runs, [merged]
        for run in spent:
            run.unlink()

    def _write(self, items: Iterable[bytes]) -> Path:
        self._directory.mkdir(parents=True, exist_ok=True)
        path = self._directory / str(self._written)
        self._written += 1
        with path.open("wb", buffering=_READ_AHEAD) as file:
            for item in items:
                file.write(_SIZE.pack(len(item)) + item)
        return path


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=_READ_AHEAD) as file:
        while size := file.read(_SIZE.size):
            yield file.read(_SIZE.unpack(size)[0])
