"""What is being read, on stderr: a line that renews itself on a terminal, a line now and then anywhere else."""

from __future__ import annotations

import sys
import time
from collections import Counter
from types import TracebackType
from typing import Self

import click

from scanner.interfaces import Collected
from scanner.model import Gap, Resource, Skipped

_LIVE_SECONDS = 0.2
_LOG_SECONDS = 30.0


class Progress:
    """Counts what comes in. Used as a context manager around the scan."""

    def __init__(self, *, quiet: bool, verbose: bool, live: bool) -> None:
        self._quiet = quiet
        self._verbose = verbose and not quiet
        self._live = live and not quiet
        self._every = _LIVE_SECONDS if live else _LOG_SECONDS
        self._counts: Counter[str] = Counter()
        self._started = self._said = time.monotonic()

    def watch(self, source: str, item: Collected) -> None:
        """Take note of one thing; say something when it is time to."""
        self._counts[type(item).__name__] += 1
        if self._verbose:
            self._name(item)
        now = time.monotonic()
        if now - self._said >= self._every and not self._quiet:
            self._said = now
            self._say(source, now - self._started)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _say(self, source: str, elapsed: float) -> None:
        counts = self._counts
        text = (
            f"{source}: {counts['Resource']:,} resources, {counts['Gap']:,} gaps, "
            f"{counts['Question']:,} questions, {elapsed:.0f} s"
        )
        if self._live:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
        else:
            click.echo(text, err=True)

    def _name(self, item: Collected) -> None:
        if isinstance(item, Resource) or not isinstance(item, Gap | Skipped):
            return
        place = (
            f"{item.source.file}:{item.source.line or 1}"
            if item.source
            else item.scope
            if isinstance(item, Gap)
            else ""
        )
        what = f"gap: {item.kind}: {item.cause.detail}" if isinstance(item, Gap) else f"skipped: {item.reason}"
        # Names come from the estate and are hostile: no control characters reach the terminal.
        click.echo("".join(c if c.isprintable() else "?" for c in f"{place}: {what}"), err=True)
