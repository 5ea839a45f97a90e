"""Takes steps on a few threads, and no faster than somebody takes what they read."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

from scanner.collectors.aws.calls import Rows
from scanner.interfaces import Collected

_AHEAD = 2
"""How many steps are begun for each thread before somebody takes what is read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one step gave, and which steps follow from it."""

    collected: tuple[Collected, ...] = ()
    items: tuple[Step, ...] = ()
    rest: Step | None = None
    """The next page."""
    rows: Rows | None = None
    """What a report says."""


Step: TypeAlias = Callable[[], Reading]


class Crew:
    """A thread pool whose books are kept by the taker's thread alone.

    So nothing needs a lock, memory is bounded by the pages that are read at the same time, and a taker that pauses or
    leaves pauses or ends the work.
    """

    def __init__(self, jobs: int) -> None:
        self._pool = ThreadPoolExecutor(jobs, thread_name_prefix="aws")
        self._limit = jobs * _AHEAD
        self._done: queue.SimpleQueue[Future[Reading]] = queue.SimpleQueue()
        self._begun = 0

    def begin(self, step: Step) -> Future[Reading]:
        """Put a step into the queue."""
        future = self._pool.submit(step)
        future.add_done_callback(self._done.put)
        self._begun += 1
        return future

    def run(self, listings: deque[Step]) -> Iterator[Collected]:
        """Take all steps and those that follow. A page is turned only when no item of earlier pages waits."""
        items: deque[Step] = deque()
        while self._begun or items or listings:
            while self._begun < self._limit and (items or listings):
                self.begin((items or listings).popleft())
            reading = self._done.get().result()
            self._begun -= 1
            yield from reading.collected
            items.extend(reading.items)
            if reading.rest:
                listings.append(reading.rest)

    def close(self) -> None:
        """Drop what is queued. A call under way ends by itself, nobody waits for it."""
        self._pool.shutdown(wait=False, cancel_futures=True)
