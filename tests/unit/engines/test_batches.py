"""Portions of tasks, and controls that are out."""

from __future__ import annotations

import time
from collections.abc import Iterator

from scanner.engines.batches import Strikes, gather
from scanner.engines.policies import failed
from scanner.model import Cause, Task


def tasks(count: int, size: int = 1) -> Iterator[Task]:
    return (Task(bytes(size), ("a",)) for _ in range(count))


def test_a_batch_ends_at_its_number_of_tasks_and_takes_no_more_from_the_source() -> None:
    source = tasks(5)
    assert len(gather(source, 3)) == 3
    assert len(list(source)) == 2


def test_a_batch_ends_at_a_megabyte() -> None:
    source = tasks(5, size=400_000)
    assert [len(gather(source, 100)), len(gather(source, 100)), len(gather(source, 100))] == [3, 2, 0]


def test_a_batch_does_not_wait_for_tasks_that_come_slowly() -> None:
    def slow() -> Iterator[Task]:
        for task in tasks(5):
            time.sleep(0.03)
            yield task

    assert len(gather(slow(), 100)) == 1


def test_a_control_is_out_after_three_strikes_and_its_answer_says_so() -> None:
    strikes = Strikes()
    cause = Cause("engine_timeout", "No answer within 5 s.")
    for _ in range(2):
        strikes.add("slow", cause)
    assert (bool(strikes), strikes.answer("slow")) == (False, None)
    strikes.add("slow", cause)
    out = "Not asked: this control hung or crashed 3 times in this run. No answer within 5 s."
    assert strikes.answer("slow") == failed(out, "engine_timeout")
    assert strikes.answer("other") is None
