"""What a scan comes to: the state of requirements, coverage, and exit codes that never excuse what was not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.model import Cause, Gap, Json, Outcome, Question, ResourceRef, Skipped, Source, Verdict
from scanner.summary import Status, Summary, exit_status, summarize
from tests.unit.evidence import sample

POD = "kubernetes.PodSpec"


class FakeEvidence:
    """See `Evidence`: two controls on pods and one on buckets, each for one requirement."""

    def __init__(self, verdicts: Iterable[Verdict] = (), gaps: Iterable[Gap] = (), *, complete: bool = True) -> None:
        self.manifest_digest = "sha256:00"
        self.manifest: Mapping[str, Json] = {"complete": complete, "reason": None if complete else "interrupted"}
        self.catalog: Mapping[str, Json] = {"controls": _CONTROLS, "frameworks": [_FRAMEWORK]}
        self._verdicts = tuple(verdicts)
        self._gaps = tuple(gaps)

    def verdicts(self) -> Iterator[Verdict]:
        return iter(self._verdicts)

    def gaps(self) -> Iterator[Gap]:
        return iter(self._gaps)

    def skipped(self) -> Iterator[Skipped]:
        return iter(())

    def questions(self) -> Iterator[Question]:
        return iter(())


def _control(name: str, severity: str, kind: str, requirement: str) -> dict[str, Json]:
    return {
        "id": name,
        "title": name,
        "severity": severity,
        "resources": [kind],
        "requirements": {"demo": [requirement]},
    }


_CONTROLS = [
    _control("aws.s3.private", "critical", "aws.s3.bucket", "S"),
    _control("kubernetes.pod.one", "high", POD, "P"),
    _control("kubernetes.pod.two", "low", POD, "P"),
]
_FRAMEWORK = {
    "id": "demo",
    "name": "Demo",
    "version": "1",
    "requirements": [
        {"id": "P", "title": "Pods", "kind": "automatable", "reason": ""},
        {"id": "S", "title": "Storage", "kind": "partially", "reason": "in part"},
    ],
}
DENIED = Cause("access_denied", "no", "list pods")
UNREADABLE = Gap("manifests:.", "*", Cause("unparseable", "no"), source=Source("a.yaml"))


def _verdict(outcome: str, control: str = "kubernetes.pod.one", **changes: Json) -> Verdict:
    reference = ResourceRef(POD, "Pod/a", "a", "cluster:prod")
    verdict = Verdict(control, reference, Outcome(outcome), sample.NOW, "sha256:00", "sha256:11")
    return replace(verdict, **changes)


def _summary(*outcomes: str, gaps: Iterable[Gap] = (), complete: bool = True) -> Summary:
    return summarize(FakeEvidence(map(_verdict, outcomes), gaps, complete=complete))


@pytest.mark.parametrize(
    ("outcomes", "gaps", "status"),
    [
        (["pass", "pass"], [], Status.NO_EXCEPTIONS),
        (["pass", "not_applicable"], [], Status.NO_EXCEPTIONS),
        (["pass", "waived"], [], Status.WAIVED),
        (["pass", "waived", "unknown"], [], Status.UNKNOWN),
        (["pass", "unknown", "fail"], [], Status.EXCEPTIONS),
        (["not_applicable"], [], Status.NOT_ASSESSED),
        ([], [], Status.NOT_ASSESSED),
        (["pass"], [Gap("cluster:prod", POD, DENIED)], Status.UNKNOWN),
        (["pass"], [Gap("cluster:prod", "kubernetes.core.Pod", DENIED)], Status.UNKNOWN),
        (["pass"], [Gap("cluster:prod", "kubernetes.core.Secret", DENIED)], Status.NO_EXCEPTIONS),
        (["pass"], [UNREADABLE], Status.UNKNOWN),
        (["pass"], [replace(UNREADABLE, scope="aws:1")], Status.NO_EXCEPTIONS),
        (["pass"], [replace(UNREADABLE, scope="elsewhere")], Status.UNKNOWN),
        (["fail"], [UNREADABLE], Status.EXCEPTIONS),
        ([], [UNREADABLE], Status.UNKNOWN),
    ],
)
def test_a_requirement_is_as_good_as_the_worst_that_is_known(
    outcomes: list[str], gaps: list[Gap], status: Status
) -> None:
    (framework,) = _summary(*outcomes, gaps=gaps).frameworks
    assert framework.requirements[0].status is status


def test_requirements_that_no_control_shows_keep_their_kind(tmp_path: Path) -> None:
    demo, other = summarize(sample.evidence(tmp_path)).frameworks
    assert [(requirement.id, requirement.status.value) for requirement in demo.requirements] == [
        ("A.1", "no exceptions"),
        ("A.2", "not assessed"),
        ("A.3", "exceptions"),
        ("A.4", "unknown"),
        ("A.5", "exceptions"),
        ("A.6", "unknown"),
        ("A.7", "not assessed"),
        ("B.1", "manual"),
        ("B.2", "organisational"),
        ("B.3", "withdrawn"),
    ]
    assert sum(other.statuses.values()) == len(other.requirements) == 3


def test_controls_without_a_resource_are_told_apart_from_those_that_a_gap_hides() -> None:
    summary = _summary("pass", gaps=[Gap("aws:1", "aws.s3.bucket", DENIED)])
    assert [(control.id, control.judged_nothing) for control in summary.controls] == [
        ("aws.s3.private", False),
        ("kubernetes.pod.one", False),
        ("kubernetes.pod.two", True),
    ]


def test_a_gap_that_a_verdict_shows_is_not_counted_twice() -> None:
    gap = Gap("aws:1", "aws.s3.bucket", DENIED, "eu-west-1")
    reference = ResourceRef("aws.s3.bucket", "*", "*", "aws:1", "eu-west-1", 0)
    shown = _verdict("unknown", "aws.s3.private", resource=reference, resource_digest=None, cause=DENIED)
    summary = summarize(FakeEvidence((_verdict("pass"), shown), (gap,)))
    assert (summary.gaps, summary.hidden_gaps, summary.coverage) == (1, 0, 50.0)


@pytest.mark.parametrize(
    ("outcomes", "gaps", "coverage"),
    [
        (["pass"] * 1999 + ["unknown"], 0, "99.9"),
        (["pass", "fail", "waived", "not_applicable"], 0, "100.0"),
        (["pass"], 1, "50.0"),
        (["unknown"], 0, "0.0"),
        ([], 0, "0.0"),
    ],
)
def test_coverage_counts_what_was_judged_of_all_that_should_have_been(
    outcomes: list[str], gaps: int, coverage: str
) -> None:
    assert _summary(*outcomes, gaps=[UNREADABLE] * gaps).coverage_text == coverage


@pytest.mark.parametrize(
    ("outcomes", "gaps", "options", "code", "why"),
    [
        (["pass"], 0, {}, 0, "threshold met: 1 verdict, nothing fails at high or above, coverage 100.0 %"),
        (
            ["pass"],
            0,
            {"fail_on": "critical"},
            0,
            "threshold met: 1 verdict, nothing fails at critical, coverage 100.0 %",
        ),
        (
            ["fail"],
            0,
            {"fail_on": "critical"},
            0,
            "threshold met: 1 verdict, nothing fails at critical, coverage 100.0 %",
        ),
        (["fail"], 0, {"fail_on": "none"}, 0, "threshold met: 1 verdict, coverage 100.0 %"),
        (["fail", "fail"], 0, {}, 1, "2 verdicts failing at high or above (2 high)"),
        (["fail"], 0, {"fail_on": "low"}, 1, "1 verdict failing at low or above (1 high)"),
        (["waived"], 0, {}, 0, "threshold met: 1 verdict, nothing fails at high or above, coverage 100.0 %"),
        (["pass"], 1, {}, 0, "threshold met: 1 verdict, nothing fails at high or above, coverage 50.0 %"),
        (["pass"], 1, {"strict": True}, 3, "incomplete: 1 gap and 0 unknown verdicts under --strict"),
        (["pass", "unknown"], 0, {"strict": True}, 3, "incomplete: 0 gaps and 1 unknown verdict under --strict"),
        (
            ["pass"],
            1,
            {"min_coverage": 50},
            0,
            "threshold met: 1 verdict, nothing fails at high or above, coverage 50.0 %",
        ),
        (["pass"], 1, {"min_coverage": 50.5}, 3, "incomplete: coverage 50.0 % is below 50.5 %"),
        (
            ["fail"],
            1,
            {"strict": True, "min_coverage": 99},
            1,
            "1 verdict failing at high or above (1 high); incomplete: coverage 50.0 % is below 99 %;"
            " incomplete: 1 gap and 0 unknown verdicts under --strict",
        ),
        ([], 0, {}, 3, "incomplete: nothing was judged"),
        (["unknown"], 0, {"fail_on": "none"}, 3, "incomplete: nothing was judged"),
    ],
)
def test_the_exit_code_and_its_reason(
    outcomes: list[str], gaps: int, options: dict[str, Json], code: int, why: str
) -> None:
    summary = _summary(*outcomes, gaps=[UNREADABLE] * gaps)
    assert exit_status(summary, **{"fail_on": "high", **options}) == (code, why)


def test_a_scan_that_did_not_finish_is_never_a_success() -> None:
    summary = _summary("pass", complete=False)
    assert exit_status(summary, fail_on="none") == (3, "incomplete: the scan did not finish (interrupted)")


def test_samples_are_few_and_the_first() -> None:
    failing = tuple(_verdict("fail", evaluated_at=str(number)) for number in range(20))
    control = summarize(FakeEvidence(failing)).controls[1]
    assert (control.counts[Outcome.FAIL], control.failing) == (20, failing[:5])
