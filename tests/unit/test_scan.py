"""The whole program with fakes for its parts: what is recorded, and that it is always sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType

import pytest

from scanner import scan
from scanner.catalog import Catalog
from scanner.interfaces import Collected
from scanner.model import Answer, Cause, Control, Gap, Path, Question, Resource, Skipped, Source, Task, Verdict, Wanted

_QUESTION = Question("s", "file", "read", {}, None, "2026-11-25T10:00:00Z", "ok")
_GAP = Gap("s", "k", Cause("access_denied", "no"))
_RESOURCE = Resource("k", "k/r", "r", "s", {"on": True}, source=Source("a.yaml", 1))
_CONTROL = Control(
    "a.b.c",
    "",
    "",
    "high",
    ("k",),
    (),
    "",
    "",
    "sha256:0",
    frozenset({"findings"}),
    frozenset({("attributes", "on", "**")}),
)
_CATALOG = Catalog({"a.b.c": _CONTROL}, {}, {}, {}, {}, {})


class FakeCollector:
    source = "fake:"

    def __init__(self, *items: Collected | BaseException) -> None:
        self.items = items
        self.wanted: Wanted = MappingProxyType({})

    def collect(self, wanted: Wanted) -> Iterator[Collected]:
        self.wanted = wanted
        for item in self.items:
            if isinstance(item, BaseException):
                raise item
            yield item

    def locate(self, source: Source, path: Path) -> int | None:
        return None


class FakeEngine:
    name = "fake"
    version = "0"

    def judge(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Sequence[Answer]]]:
        return ((task, [Answer()]) for task in tasks)

    def close(self) -> None:
        pass


class FakeRecorder:
    def __init__(self) -> None:
        self.notes: list[object] = []
        self.verdicts: list[Verdict] = []
        self.sealed: list[tuple[bool, str | None]] = []

    def ledger(self, entry: Question | Gap | Skipped) -> None:
        self.notes.append(entry)

    def state(self, resource: Resource) -> str:
        self.notes.append(resource)
        return "sha256:1"

    def verdict(self, verdict: Verdict) -> None:
        self.verdicts.append(verdict)

    def seal(self, *, complete: bool, reason: str | None = None) -> None:
        self.sealed.append((complete, reason))


def run(*items: Collected | BaseException) -> tuple[FakeRecorder, FakeCollector]:
    recorder, collector = FakeRecorder(), FakeCollector(*items)
    scan.run(_CATALOG, [collector], FakeEngine(), recorder, now="2026-11-25T10:00:00Z")
    return recorder, collector


def test_everything_that_was_collected_is_recorded_judged_and_sealed() -> None:
    skipped = Skipped(Source("b.yaml"), "empty document")
    recorder, collector = run(_QUESTION, skipped, _GAP, _RESOURCE)
    assert collector.wanted == {"k": {"on"}}
    assert recorder.notes == [_QUESTION, skipped, _GAP, _RESOURCE]
    assert [(verdict.resource.id, verdict.outcome.value) for verdict in recorder.verdicts] == [
        ("*", "unknown"),
        ("k/r", "pass"),
    ]
    assert recorder.sealed == [(True, None)]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (KeyboardInterrupt(), "interrupted"),
        (scan.Interrupted(15), "interrupted"),
        (RuntimeError("a bug"), "the scanner failed"),
    ],
)
def test_a_scan_that_is_stopped_is_sealed_as_incomplete_with_what_it_has(error: BaseException, reason: str) -> None:
    recorder = FakeRecorder()
    with pytest.raises(type(error)):
        scan.run(_CATALOG, [FakeCollector(_RESOURCE, error)], FakeEngine(), recorder, now="2026-11-25T10:00:00Z")
    assert recorder.notes == [_RESOURCE]
    assert recorder.sealed == [(False, reason)]
