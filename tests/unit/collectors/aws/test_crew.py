"""The thread pool that never runs far ahead."""

from __future__ import annotations

import threading
from collections import deque
from functools import partial

import pytest

from scanner.collectors.aws.crew import Crew, Reading
from scanner.model import Cause, Gap


def gap(name: str) -> Gap:
    return Gap("aws:1", name, Cause("partial", ""))


def item(begun: list[str], name: str) -> Reading:
    begun.append(name)
    return Reading((gap(name),))


def page(begun: list[str], number: int) -> Reading:
    """Page after page without end, ten items each."""
    begun.append(f"page {number}")
    items = tuple(partial(item, begun, f"{number}.{index}") for index in range(10))
    return Reading(items=items, rest=partial(page, begun, number + 1))


def test_no_more_is_begun_than_a_few_steps_ahead_of_the_taker() -> None:
    begun: list[str] = []
    crew = Crew(2)
    collected = crew.run(deque([partial(page, begun, 0)]))
    taken = [next(collected) for _ in range(25)]
    crew.close()

    assert len({one.kind for one in taken if isinstance(one, Gap)}) == 25
    assert len(begun) <= 25 + 3 + 2 * 2


def test_a_step_that_fails_by_mistake_fails_the_scan() -> None:
    def broken() -> Reading:
        raise ZeroDivisionError

    crew = Crew(1)
    with pytest.raises(ZeroDivisionError):
        list(crew.run(deque([broken])))
    crew.close()


def test_closing_drops_what_is_queued() -> None:
    begun: list[str] = []
    release = threading.Event()

    def waiting() -> Reading:
        release.wait(5)
        return Reading()

    crew = Crew(1)
    crew.begin(waiting)
    queued = crew.begin(partial(item, begun, "late"))
    crew.close()
    release.set()
    assert (queued.cancelled(), begun) == (True, [])
