"""Verdicts: nothing is never a pass, and equal content is judged once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import orjson
import pytest

from scanner.errors import EngineError
from scanner.judge import Judge
from scanner.model import (
    Answer,
    Cause,
    Control,
    Finding,
    Gap,
    Json,
    Outcome,
    Path,
    ReadPath,
    Resource,
    ResourceRef,
    Source,
    Task,
    Verdict,
)

NOW = "2026-11-25T10:00:00Z"
_DENIED = Cause("access_denied", "AccessDenied", "s3:GetBucketPolicy")
_OFF = Finding("it is off", ("spec", "on"), expected=True)


class FakeEngine:
    """Answers as told, and keeps what it was asked."""

    name = "fake"
    version = "0"

    def __init__(self, answer: Callable[[str, Json], Answer] = lambda _control, _input: Answer()) -> None:
        self.answer = answer
        self.asked: list[tuple[Json, tuple[str, ...]]] = []

    def judge(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Sequence[Answer]]]:
        for task in tasks:
            document = orjson.loads(task.input)
            self.asked.append((document, task.controls))
            yield task, [self.answer(control, document) for control in task.controls]

    def close(self) -> None:
        pass


def control(name: str, *reads: str, kind: str = "k") -> Control:
    paths: frozenset[ReadPath] = frozenset(tuple(read.split(".")) for read in reads)
    return Control(
        name,
        "",
        "",
        "high",
        (kind,),
        (),
        "",
        "",
        f"sha256:{name}",
        frozenset({"findings"}),
        paths,
        scope_note="big ones",
    )


def resource(name: str, **attributes: Json) -> Resource:
    return Resource("k", f"id/{name}", name, "s", attributes)


def verdicts(
    engine: FakeEngine,
    controls: Sequence[Control],
    resources: Sequence[Resource],
    *,
    values: Mapping[str, Json] | None = None,
    gaps: Sequence[Gap] = (),
    locate: Callable[[Resource, Path], int | None] = lambda _resource, _path: None,
) -> list[Verdict]:
    found: list[Verdict] = []
    judge = Judge({c.id: c for c in controls}, values or {}, engine, now=NOW, locate=locate)
    for gap in gaps:
        judge.gap(gap, found.append)
    judge.judge(((each, f"sha256:{each.name}") for each in resources), found.append)
    return sorted(found, key=lambda verdict: verdict.order)


@pytest.mark.parametrize(
    ("answer", "outcome", "cause"),
    [
        (Answer(), Outcome.PASS, None),
        (Answer(findings=(_OFF,)), Outcome.FAIL, None),
        (Answer(applies=False), Outcome.NOT_APPLICABLE, Cause("not_applicable", "applies to big ones")),
        (
            Answer(applies=False, findings=(_OFF,)),
            Outcome.NOT_APPLICABLE,
            Cause("not_applicable", "applies to big ones"),
        ),
        (Answer(unknowns=("why", "how")), Outcome.UNKNOWN, Cause("unresolved", "why; how")),
        (Answer(unknowns=("why",), findings=(_OFF,)), Outcome.FAIL, None),
        (Answer(error=Cause("engine_timeout", "5 s")), Outcome.UNKNOWN, Cause("engine_timeout", "5 s")),
        (Answer(error=Cause("engine_error", "x"), findings=(_OFF,)), Outcome.UNKNOWN, Cause("engine_error", "x")),
    ],
)
def test_an_answer_becomes_its_outcome(answer: Answer, outcome: Outcome, cause: Cause | None) -> None:
    (verdict,) = verdicts(FakeEngine(lambda *_: answer), [control("a")], [resource("r", spec={"on": False})])
    assert (verdict.outcome, verdict.cause) == (outcome, cause)
    assert verdict.findings == ((replace(_OFF, actual=False),) if outcome is Outcome.FAIL else ())


def test_a_verdict_says_what_was_judged_by_what_and_when() -> None:
    (verdict,) = verdicts(FakeEngine(), [control("a")], [resource("r")])
    assert verdict == Verdict(
        control="a",
        resource=ResourceRef("k", "id/r", "r", "s"),
        outcome=Outcome.PASS,
        evaluated_at=NOW,
        control_digest="sha256:a",
        resource_digest="sha256:r",
    )


def test_an_unread_attribute_turns_exactly_the_controls_that_read_it_unknown() -> None:
    engine = FakeEngine()
    controls = [
        control("policy", "attributes.Policy.**"),
        control("policy_deep", "attributes.Policy.Statement.*.Effect.**"),
        control("acl", "attributes.Acl.**"),
        control("name", "name.**"),
    ]
    found = verdicts(engine, controls, [replace(resource("r", Acl={}), unread={"attributes.Policy": _DENIED})])
    assert {verdict.control: (verdict.outcome, verdict.cause) for verdict in found} == {
        "policy": (Outcome.UNKNOWN, _DENIED),
        "policy_deep": (Outcome.UNKNOWN, _DENIED),
        "acl": (Outcome.PASS, None),
        "name": (Outcome.PASS, None),
    }
    assert engine.asked == [({"name": "r", "attributes": {"Acl": {}}}, ("acl", "name"))]


def test_a_kind_that_could_not_be_listed_is_unknown_for_each_control_that_judges_it() -> None:
    gap = Gap("s", "k", _DENIED, region="eu-west-1")
    found = verdicts(FakeEngine(), [control("a"), control("b", kind="other")], [], gaps=[gap])
    assert found == [
        Verdict(
            control="a",
            resource=ResourceRef("k", "*", "*", "s", "eu-west-1", 0),
            outcome=Outcome.UNKNOWN,
            evaluated_at=NOW,
            control_digest="sha256:a",
            resource_digest=None,
            cause=_DENIED,
        )
    ]


def test_equal_content_is_judged_once_and_each_resource_has_its_verdict() -> None:
    engine = FakeEngine(lambda *_: Answer(findings=(_OFF,)))
    found = verdicts(
        engine, [control("a", "attributes.spec.on.**")], [resource(str(n), spec={"on": 0}) for n in range(5)]
    )
    assert [verdict.resource.name for verdict in found] == ["0", "1", "2", "3", "4"]
    assert {verdict.findings for verdict in found} == {(replace(_OFF, actual=0),)}
    assert len(engine.asked) == 1


def test_what_no_control_reads_does_not_make_content_distinct_and_what_one_reads_does() -> None:
    resources = [resource("r1", spec=1, status=1), resource("r2", spec=1, status=2)]
    by_spec, by_name = FakeEngine(), FakeEngine()
    verdicts(by_spec, [control("a", "attributes.spec.**")], resources)
    verdicts(by_name, [control("a", "attributes.spec.**", "name.**")], resources)
    assert by_spec.asked == [({"attributes": {"spec": 1}}, ("a",))]
    assert [document["name"] for document, _ in by_name.asked] == ["r1", "r2"]


def test_parameters_and_the_clock_are_given_to_those_who_read_them() -> None:
    engine = FakeEngine()
    controls = [control("a", "parameters.days.**", "now.**"), control("b", "attributes.x.**", kind="other")]
    verdicts(
        engine, controls, [resource("r"), replace(resource("o", x=1), kind="other")], values={"days": 90, "other": 1}
    )
    assert [document for document, _ in engine.asked] == [
        {"attributes": {}, "parameters": {"days": 90}, "now": NOW},
        {"attributes": {"x": 1}},
    ]


def test_the_line_is_looked_up_for_findings_only() -> None:
    looked: list[Path] = []

    def locate(_resource: Resource, path: Path) -> int | None:
        looked.append(path)
        return 41

    engine = FakeEngine(lambda name, _: Answer(findings=(_OFF,) if name == "a" else ()))
    source = Source("x.yaml", 3)
    found = verdicts(engine, [control("a"), control("b")], [replace(resource("r"), source=source)], locate=locate)
    assert [verdict.source for verdict in found] == [Source("x.yaml", 41), source]
    assert looked == [("spec", "on")]


@pytest.mark.parametrize(
    ("path", "actual"),
    [
        (("list", 1), 20),
        (("list", 2), None),
        (("list", "x"), None),
        (("text", 0), None),
        (("missing", "below"), None),
        (("long",), None),
        ((), None),
    ],
)
def test_a_finding_gets_the_actual_value_where_it_is_there_and_short(path: Path, actual: Json) -> None:
    engine = FakeEngine(lambda *_: Answer(findings=(Finding("m", path),)))
    (verdict,) = verdicts(engine, [control("a")], [resource("r", list=[10, 20], text="t", long="x" * 300)])
    assert verdict.findings == (Finding("m", path, actual=actual),)


class ShortEngine(FakeEngine):
    """Forgets one answer."""

    def judge(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Sequence[Answer]]]:
        for task, answers in super().judge(tasks):
            yield task, answers[:-1]


class ForgetfulEngine(FakeEngine):
    """Takes the questions and answers none."""

    def judge(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Sequence[Answer]]]:
        list(tasks)
        return iter(())


@pytest.mark.parametrize(
    ("engine", "problem"),
    [(ShortEngine(), "asked for 2 verdicts, got 1"), (ForgetfulEngine(), "1 questions were left without an answer")],
)
def test_an_engine_that_answers_too_little_is_an_error(engine: FakeEngine, problem: str) -> None:
    with pytest.raises(EngineError, match=problem):
        verdicts(engine, [control("a"), control("b")], [resource("r")])


class LateEngine(FakeEngine):
    """Answers only when it has taken everything."""

    def judge(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Sequence[Answer]]]:
        yield from super().judge(list(tasks))


def test_while_an_answer_is_on_its_way_equal_questions_wait_for_it_and_none_is_lost() -> None:
    engine = LateEngine()
    found = verdicts(engine, [control("a", "attributes.spec.**")], [resource(str(n), spec=1) for n in range(2_500)])
    assert len({verdict.resource.name for verdict in found}) == len(found) == 2_500
    assert len(engine.asked) == 3
