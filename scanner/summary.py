"""What a scan comes to: counts, the state of every requirement, coverage, and the exit code that follows.

One pass over the verdicts; nothing is kept per verdict but a few samples, so the memory does not grow with them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TypeAlias

from scanner.interfaces import Evidence
from scanner.model import SEVERITIES, Cause, Gap, Json, Outcome, Source, Verdict

SAMPLES = 5
"""How many failing verdicts are kept per control, and places per gap."""

Counts: TypeAlias = Mapping[Outcome, int]
"""Verdicts per outcome; all five are there."""


class Status(StrEnum):
    """What the evidence says of one requirement; whether it is met is the auditor's conclusion."""

    EXCEPTIONS = "exceptions"
    """At least one verdict fails."""
    UNKNOWN = "unknown"
    """None fails, but a verdict is unknown or a gap may hide resources."""
    WAIVED = "waived"
    """What would fail is waived."""
    NO_EXCEPTIONS = "no exceptions"
    """Judged on at least one resource, and all pass."""
    NOT_ASSESSED = "not assessed"
    """Testable, but no control of this scan judged anything for it."""
    MANUAL = "manual"
    ORGANISATIONAL = "organisational"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ControlSummary:
    """One selected control over all resources."""

    id: str
    title: str
    severity: str
    counts: Counts
    gaps: int
    """Gaps that may hide resources of its kinds and that none of its verdicts shows."""
    failing: tuple[Verdict, ...] = ()
    """The first few, in the order of every output."""

    @property
    def judged_nothing(self) -> bool:
        """Whether there was no resource in scope for it (and no gap that could hide one)."""
        return not self.gaps and not sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class RequirementSummary:
    """One requirement with what its controls found."""

    id: str
    title: str
    kind: str
    reason: str
    status: Status
    controls: tuple[str, ...]
    """Selected controls that evidence it, sorted."""
    counts: Counts
    gaps: int


@dataclass(frozen=True, slots=True)
class FrameworkSummary:
    """One framework: its requirements in the publisher's order, and how many are in which state."""

    id: str
    name: str
    version: str
    requirements: tuple[RequirementSummary, ...]
    statuses: Mapping[Status, int]
    """All eight are there; together they are all requirements."""


@dataclass(frozen=True, slots=True)
class CauseSummary:
    """Unknown verdicts of one cause."""

    kind: str
    permission: str | None
    """What would close it, where the provider has a word for it."""
    detail: str
    verdicts: int
    controls: int


@dataclass(frozen=True, slots=True)
class GapSummary:
    """Gaps of one scope, kind and cause."""

    scope: str
    kind: str
    cause: Cause
    """Of the first."""
    count: int
    regions: tuple[str, ...]
    samples: tuple[tuple[Source | None, Cause], ...]
    """Where and why, of the first few that differ in it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """All that the heading of a report, and the exit code, need."""

    complete: bool
    reason: str | None
    """Why it is not complete."""
    outcomes: Counts
    gaps: int
    hidden_gaps: int
    """Gaps that no verdict shows: they count against coverage as one each."""
    failing: Mapping[str, int]
    """Failing verdicts per severity, most severe first; all four are there."""
    controls: tuple[ControlSummary, ...]
    """Sorted by id."""
    frameworks: tuple[FrameworkSummary, ...]
    unknown_causes: tuple[CauseSummary, ...]
    """Most frequent first."""
    gap_groups: tuple[GapSummary, ...]
    skipped: Mapping[str, int]
    """Reason -> count, most frequent first."""

    @property
    def verdicts(self) -> int:
        return sum(self.outcomes.values())

    @property
    def judged(self) -> int:
        """Verdicts that are not unknown."""
        return self.verdicts - self.outcomes[Outcome.UNKNOWN]

    @property
    def coverage(self) -> float:
        """Percent of what should have been judged that was; 0 when there was nothing."""
        asked = self.verdicts + self.hidden_gaps
        return 100 * self.judged / asked if asked else 0.0

    @property
    def coverage_text(self) -> str:
        """Coverage with one decimal, rounded down, so that `100.0` means all."""
        asked = self.verdicts + self.hidden_gaps
        tenths = 1000 * self.judged // asked if asked else 0
        return f"{tenths // 10}.{tenths % 10}"

    def failing_at(self, level: str) -> int:
        """Failing verdicts at or above a severity; `none` is above all."""
        return sum(self.failing[severity] for severity in _at_or_above(level))

    def as_json(self) -> dict[str, Json]:
        """The summary as reports carry it: without samples, which are among the verdicts."""
        return {
            "complete": self.complete,
            "reason": self.reason,
            "coverage": round(self.coverage, 4),
            "outcomes": _by_name(self.outcomes),
            "failing": dict(self.failing),
            "gaps": self.gaps,
            "skipped": dict(self.skipped),
            "controls": [_control_json(control) for control in self.controls],
            "frameworks": [_framework_json(framework) for framework in self.frameworks],
            "unknown": [asdict(cause) for cause in self.unknown_causes],
        }


def summarize(evidence: Evidence) -> Summary:
    """Read the evidence once and add it up."""
    tally = _Tally()
    for verdict in evidence.verdicts():
        tally.add(verdict)
    gaps = tuple(evidence.gaps())
    hidden = [gap for gap in gaps if _place(gap) not in tally.shown]
    controls = _controls(evidence.catalog["controls"], tally, hidden)
    return Summary(
        complete=evidence.manifest["complete"],
        reason=evidence.manifest["reason"],
        outcomes=_sum(control.counts for control in controls),
        gaps=len(gaps),
        hidden_gaps=len(hidden),
        failing=_failing(controls),
        controls=controls,
        frameworks=_frameworks(evidence.catalog, controls),
        unknown_causes=tally.causes(),
        gap_groups=_gap_groups(gaps),
        skipped=dict(Counter(skipped.reason for skipped in evidence.skipped()).most_common()),
    )


def exit_status(
    summary: Summary, *, fail_on: str, strict: bool = False, min_coverage: float | None = None
) -> tuple[int, str]:
    """The exit code of a scan and why, in one line: 0 threshold met, 1 findings, 3 incomplete.

    Findings win over incompleteness: what fails stays failing however much was not read, and the line names both.
    A scan that judged nothing, or did not finish, is incomplete whatever was asked for.
    """
    findings = _findings(summary, fail_on)
    missing = _missing(summary, strict=strict, min_coverage=min_coverage)
    if findings:
        return 1, "; ".join([findings, *(f"incomplete: {text}" for text in missing)])
    if missing:
        return 3, f"incomplete: {'; '.join(missing)}"
    at_or_above = "" if fail_on == "none" else f", nothing fails at {_level(fail_on)}"
    return (
        0,
        f"threshold met: {_many(summary.judged, 'verdict')}{at_or_above}, coverage {summary.coverage_text} %",
    )


def _findings(summary: Summary, fail_on: str) -> str | None:
    """What fails at or above the level, or None."""
    total = summary.failing_at(fail_on)
    if not total:
        return None
    counted = {severity: summary.failing[severity] for severity in _at_or_above(fail_on)}
    parts = [f"{count:,} {severity}" for severity, count in counted.items() if count]
    return f"{_many(total, 'verdict')} failing at {_level(fail_on)} ({', '.join(parts)})"


def _missing(summary: Summary, *, strict: bool, min_coverage: float | None) -> list[str]:
    """What makes the scan incomplete, in the terms of the options."""
    unknown = summary.outcomes[Outcome.UNKNOWN]
    checks = (
        (not summary.complete, f"the scan did not finish ({summary.reason})"),
        (not summary.judged, "nothing was judged"),
        (
            min_coverage is not None and summary.coverage < min_coverage,
            f"coverage {summary.coverage_text} % is below {min_coverage:g} %" if min_coverage is not None else "",
        ),
        (
            strict and bool(summary.gaps or unknown),
            f"{_many(summary.gaps, 'gap')} and {_many(unknown, 'unknown verdict')} under --strict",
        ),
    )
    return [text for holds, text in checks if holds]


def _level(level: str) -> str:
    return level if level == SEVERITIES[0] else f"{level} or above"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _at_or_above(level: str) -> tuple[str, ...]:
    return () if level == "none" else SEVERITIES[: SEVERITIES.index(level) + 1]


@dataclass(slots=True)
class _Tally:
    """Running counts of the one pass."""

    counts: dict[str, Counter[Outcome]] = field(default_factory=lambda: defaultdict(Counter))
    failing: dict[str, list[Verdict]] = field(default_factory=lambda: defaultdict(list))
    unknown: dict[Cause, _Unknown] = field(default_factory=dict)
    shown: set[_Place] = field(default_factory=set)
    """Places of gaps that have a verdict."""

    def add(self, verdict: Verdict) -> None:
        self.counts[verdict.control][verdict.outcome] += 1
        if verdict.outcome is Outcome.FAIL:
            samples = self.failing[verdict.control]
            if len(samples) < SAMPLES:
                samples.append(verdict)
        elif verdict.outcome is Outcome.UNKNOWN:
            self._add_unknown(verdict)

    def _add_unknown(self, verdict: Verdict) -> None:
        cause = verdict.cause or Cause("unsupported", "no cause was given")
        group = self.unknown.setdefault(cause, _Unknown())
        group.verdicts += 1
        group.controls.add(verdict.control)
        if verdict.resource_digest is None:
            self.shown.add(_place(verdict))

    def causes(self) -> tuple[CauseSummary, ...]:
        groups = (
            CauseSummary(cause.kind, cause.permission, cause.detail, group.verdicts, len(group.controls))
            for cause, group in self.unknown.items()
        )
        return tuple(
            sorted(groups, key=lambda cause: (-cause.verdicts, cause.kind, cause.permission or "", cause.detail))
        )


@dataclass(slots=True)
class _Unknown:
    verdicts: int = 0
    controls: set[str] = field(default_factory=set)


_Place: TypeAlias = tuple[str, str, str | None, str | None]
"""Scope, kind, region and file: where a gap is, and the verdict that shows it."""


def _place(item: Gap | Verdict) -> _Place:
    where = item.resource if isinstance(item, Verdict) else item
    return where.scope, where.kind, where.region, item.source.file if item.source else None


def _controls(
    catalog: Iterable[Mapping[str, Json]], tally: _Tally, hidden: Iterable[Gap]
) -> tuple[ControlSummary, ...]:
    entries = sorted(catalog, key=lambda entry: str(entry["id"]))
    kinds = {entry["id"]: frozenset(entry["resources"]) for entry in entries}
    providers = {kind.split(".", 1)[0] for judged in kinds.values() for kind in judged}
    concealed = Counter(_Concealed.of(gap, providers) for gap in hidden)
    return tuple(
        ControlSummary(
            id=entry["id"],
            title=entry["title"],
            severity=entry["severity"],
            counts=_sum([tally.counts[entry["id"]]]),
            gaps=sum(count for gap, count in concealed.items() if gap.may_hold(kinds[entry["id"]])),
            failing=tuple(tally.failing[entry["id"]]),
        )
        for entry in entries
    )


_PROVIDERS = {"cluster": "kubernetes", "manifests": "kubernetes"}
"""First word of a scope -> provider of its kinds, where the two differ."""

_POD_SPEC = "kubernetes.PodSpec"
_WORKLOADS = (
    "Pod",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
)
"""Kinds that the view `kubernetes.PodSpec` is made of."""


@dataclass(frozen=True, slots=True)
class _Concealed:
    """What a gap may hide: resources of one kind, or any of a provider."""

    kind: str
    provider: str | None
    """None when the scope does not tell, and then it may hide anything."""

    @classmethod
    def of(cls, gap: Gap, providers: set[str]) -> _Concealed:
        word = gap.scope.split(":", 1)[0]
        provider = _PROVIDERS.get(word, word)
        return cls(gap.kind, provider if provider in providers else None)

    def may_hold(self, kinds: frozenset[str]) -> bool:
        if self.kind != "*":
            return self.kind in kinds or (_POD_SPEC in kinds and self._is_workload)
        return self.provider is None or any(kind.startswith(f"{self.provider}.") for kind in kinds)

    @property
    def _is_workload(self) -> bool:
        return self.kind.startswith("kubernetes.") and self.kind.rsplit(".", 1)[1] in _WORKLOADS


def _sum(counts: Iterable[Counts]) -> Counts:
    total = Counter[Outcome]()
    for each in counts:
        total.update(each)
    return {outcome: total[outcome] for outcome in Outcome}


def _failing(controls: Iterable[ControlSummary]) -> dict[str, int]:
    failing = dict.fromkeys(SEVERITIES, 0)
    for control in controls:
        failing[control.severity] += control.counts[Outcome.FAIL]
    return failing


def _frameworks(catalog: Mapping[str, Json], controls: Iterable[ControlSummary]) -> tuple[FrameworkSummary, ...]:
    summaries = {control.id: control for control in controls}
    return tuple(
        _framework(framework, _evidenced_by(framework["id"], catalog["controls"]), summaries)
        for framework in catalog["frameworks"]
    )


def _evidenced_by(framework: str, controls: Iterable[Mapping[str, Json]]) -> dict[str, list[str]]:
    """Requirement id -> ids of the controls that bear on it."""
    found: dict[str, list[str]] = defaultdict(list)
    for control in controls:
        for requirement in control["requirements"].get(framework, ()):
            found[requirement].append(control["id"])
    return found


def _framework(
    framework: Mapping[str, Json],
    evidenced_by: Mapping[str, list[str]],
    controls: Mapping[str, ControlSummary],
) -> FrameworkSummary:
    requirements = tuple(
        _requirement(requirement, [controls[name] for name in sorted(evidenced_by.get(requirement["id"], ()))])
        for requirement in framework["requirements"]
    )
    statuses = Counter(requirement.status for requirement in requirements)
    return FrameworkSummary(
        id=framework["id"],
        name=framework["name"],
        version=framework["version"],
        requirements=requirements,
        statuses={status: statuses[status] for status in Status},
    )


def _requirement(requirement: Mapping[str, Json], controls: list[ControlSummary]) -> RequirementSummary:
    counts = _sum(control.counts for control in controls)
    gaps = sum(control.gaps for control in controls)
    return RequirementSummary(
        id=requirement["id"],
        title=requirement["title"],
        kind=requirement["kind"],
        reason=requirement["reason"],
        status=_status(requirement["kind"], counts, gaps),
        controls=tuple(control.id for control in controls),
        counts=counts,
        gaps=gaps,
    )


def _status(kind: str, counts: Counts, gaps: int) -> Status:
    if kind in (Status.MANUAL, Status.ORGANISATIONAL, Status.WITHDRAWN):
        return Status(kind)
    # The worst that is known comes first; what is not known comes before all that would put the reader at ease.
    ladder = (
        (counts[Outcome.FAIL], Status.EXCEPTIONS),
        (counts[Outcome.UNKNOWN] or gaps, Status.UNKNOWN),
        (counts[Outcome.WAIVED], Status.WAIVED),
        (counts[Outcome.PASS], Status.NO_EXCEPTIONS),
    )
    return next((status for count, status in ladder if count), Status.NOT_ASSESSED)


def _gap_groups(gaps: Iterable[Gap]) -> tuple[GapSummary, ...]:
    groups: dict[tuple[str, str, str, str], list[Gap]] = defaultdict(list)
    for gap in gaps:
        groups[gap.scope, gap.kind, gap.cause.kind, gap.cause.permission or ""].append(gap)
    return tuple(_gap_group(group) for _, group in sorted(groups.items()))


def _gap_group(gaps: list[Gap]) -> GapSummary:
    first = gaps[0]
    return GapSummary(
        scope=first.scope,
        kind=first.kind,
        cause=first.cause,
        count=len(gaps),
        regions=tuple(sorted({gap.region for gap in gaps if gap.region})),
        samples=tuple(dict.fromkeys((gap.source, gap.cause) for gap in gaps))[:SAMPLES],
    )


def _control_json(control: ControlSummary) -> dict[str, Json]:
    return {
        "id": control.id,
        "severity": control.severity,
        "outcomes": _by_name(control.counts),
        "gaps": control.gaps,
        "resource_in_scope": not control.judged_nothing,
    }


def _framework_json(framework: FrameworkSummary) -> dict[str, Json]:
    return {
        "id": framework.id,
        "name": framework.name,
        "version": framework.version,
        "statuses": _by_name(framework.statuses),
        "requirements": [_requirement_json(requirement) for requirement in framework.requirements],
    }


def _requirement_json(requirement: RequirementSummary) -> dict[str, Json]:
    return {
        "id": requirement.id,
        "title": requirement.title,
        "kind": requirement.kind,
        "reason": requirement.reason,
        "status": requirement.status.value,
        "controls": requirement.controls,
        "outcomes": _by_name(requirement.counts),
        "gaps": requirement.gaps,
    }


def _by_name(counts: Mapping[Outcome, int] | Mapping[Status, int]) -> dict[str, int]:
    return {name.value: count for name, count in counts.items()}
