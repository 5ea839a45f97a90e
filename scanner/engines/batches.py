"""What both engines need to ask in portions: batches of tasks, and controls that are not asked any more."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

from scanner.engines.policies import failed
from scanner.model import Answer, Cause, Task

_BYTES = 1 << 20
_SECONDS = 0.02
"""How long a batch may wait for further tasks when they come slowly, from a network."""
_STRIKES = 3


def gather(source: Iterator[Task], limit: int) -> list[Task]:
    """The next tasks, at most `limit` and about 1 MB of them, fewer when they come slowly; empty at the end."""
    tasks: list[Task] = []
    size, until = 0, time.monotonic() + _SECONDS
    for task in source:
        tasks.append(task)
        size += len(task.input)
        if len(tasks) >= limit or size >= _BYTES or time.monotonic() > until:
            break
    return tasks


class Strikes:
    """A control that hangs or crashes the engine three times is out, or one control could hold a scan for hours."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._out: dict[str, Answer] = {}

    def add(self, control: str, cause: Cause) -> None:
        """Note that `control` hung or crashed on its own."""
        self._counts[control] += 1
        if self._counts[control] == _STRIKES:
            detail = f"Not asked: this control hung or crashed {_STRIKES} times in this run. {cause.detail}"
            self._out[control] = failed(detail, cause.kind)

    def answer(self, control: str) -> Answer | None:
        """What is answered for a control that is out, or None for one that is to be asked."""
        return self._out.get(control)

    def __bool__(self) -> bool:
        """Whether any control is out."""
        return bool(self._out)
