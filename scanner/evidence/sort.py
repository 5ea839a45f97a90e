"""Sorting more lines than memory should hold: sorted runs on disk, merged when they are read.

What fits the budget, as most scans do, is sorted in memory and touches no disk.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from pathlib import Path
from struct import Struct
from typing import TypeAlias

Keyed: TypeAlias = tuple[bytes, bytes]
"""Key and line."""

BUDGET = 32 * 1024 * 1024
"""Bytes of keys and lines that are held before a run is written; Python's objects come to about half as much again."""

_OVERHEAD = 160
"""What a pair costs beside its bytes: two `bytes` headers, a tuple and a slot in the list."""

_MOST_RUNS = 100
"""Files that are open at once; more runs are merged into one."""

_SIZES = Struct("<II")
_READ_AHEAD = 64 * 1024


def key(*parts: str) -> bytes:
    """Bytes that sort as the tuple of strings does."""
    text = "\0\0".join(parts)
    # A NUL inside a part, which only hostile names have, must sort after the end of a part.
    if text.count("\0") != 2 * len(parts) - 2:
        text = "\0\0".join(part.replace("\0", "\0\x01") for part in parts)
    # UTF-8 keeps the order of code points, that of lone surrogates as well.
    return text.encode("utf-8", "surrogatepass")


def number(value: int | None) -> str:
    """A part of a key for a small number, None first."""
    return "" if value is None else f"{value:010d}"


class Sorter:
    """Takes pairs in any order and gives them back sorted, equal keys by line; makes `directory` when it must."""

    def __init__(self, directory: Path, *, budget: int = BUDGET, most_runs: int = _MOST_RUNS) -> None:
        self._directory = directory
        self._budget = budget
        self._most_runs = most_runs
        self._held: list[Keyed] = []
        self._room = budget
        self._runs: list[Path] = []
        self._written = 0

    def add(self, key: bytes, line: bytes) -> None:
        """Keep a pair. Raises `OSError` when a run can't be written."""
        self._held.append((key, line))
        self._room -= len(key) + len(line) + _OVERHEAD
        if self._room < 0:
            self._spill()

    def pairs(self) -> Iterator[Keyed]:
        """All pairs in order; nothing may be added any more."""
        self._held.sort()
        return heapq.merge(*map(_read, self._runs), self._held) if self._runs else iter(self._held)

    def _spill(self) -> None:
        self._held.sort()
        run = self._write(self._held)
        self._runs.append(run)
        self._held = []
        self._room = self._budget
        if len(self._runs) >= self._most_runs:
            self._merge()

    def _merge(self) -> None:
        merged = self._write(heapq.merge(*map(_read, self._runs)))
        spent, self._runs = self._runs, [merged]
        for run in spent:
            run.unlink()

    def _write(self, pairs: Iterable[Keyed]) -> Path:
        self._directory.mkdir(parents=True, exist_ok=True)
        path = self._directory / str(self._written)
        self._written += 1
        with path.open("wb") as file:
            for key, line in pairs:
                file.write(b"".join((_SIZES.pack(len(key), len(line)), key, line)))
        return path


def _read(path: Path) -> Iterator[Keyed]:
    with path.open("rb", buffering=_READ_AHEAD) as file:
        while sizes := file.read(_SIZES.size):
            key_size, line_size = _SIZES.unpack(sizes)
            pair = file.read(key_size + line_size)
            yield pair[:key_size], pair[key_size:]
