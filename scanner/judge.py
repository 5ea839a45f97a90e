"""Resources and controls become verdicts.

A control that reads what could not be read answers `unknown` with the cause, without asking an engine. What is left
goes to the engine once per distinct content: the input holds only what the kind's controls read, so replicas of one pod
template are one question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scanner.encoding import encode, encode_in_order
from scanner.errors import EngineError
from scanner.interfaces import Engine
from scanner.model import (
    Answer,
    Cause,
    Control,
    Finding,
    Gap,
    Json,
    Outcome,
    Path,
    Resource,
    ResourceRef,
    Source,
    Task,
    Verdict,
    overlaps,
)

Locate = Callable[[Resource, Path], int | None]
Record = Callable[[Verdict], None]

_WAITING_LIMIT = 1_000
"""How many resources may wait for one answer that is on its way, before the question is asked again to keep memory
bounded."""

_KNOWN_LIMIT = 20_000
"""How many answers are remembered, the oldest go first: what is equal mostly lies close together (replicas)."""

_ACTUAL_LIMIT = 200
"""Bytes of JSON: a longer actual value is left out of a finding, the state in the bundle has it."""


class Judge:
    """Judges resources of one scan."""

    def __init__(
        self,
        controls: Mapping[str, Control],
        values: Mapping[str, Json],
        engine: Engine,
        *,
        now: str,
        locate: Locate = lambda _resource, _path: None,
    ) -> None:
        """`values` are the parameters in force; `now` is the scan's clock, RFC 3339; `locate` finds lines of
        findings."""
        self._controls = controls
        self._engine = engine
        self._now = now
        self._locate = locate
        self._kinds = _plans(controls.values(), values, now)
        self._known: dict[_Key, tuple[Answer, ...]] = {}
        self._waiting: dict[_Key, list[_Waiting]] = {}

    def judge(self, resources: Iterable[tuple[Resource, str]], record: Record) -> None:
        """Judge each resource, given with the digest of its stored line, by every control of its kind; `record` gets
        the verdicts.

        Raises `EngineError` when an engine answers for fewer pairs than it was asked.
        """
        for task, said in self._engine.judge(self._tasks(resources, record)):
            # An engine that answers with nothing rather than an error would read as a pass.
            if len(said) != len(task.controls):
                raise EngineError(f"asked for {len(task.controls)} verdicts, got {len(said)}")
            key = _key(task)
            queue = self._waiting.pop(key, [])
            answers = self._remember(key, said, queue[0].resource) if queue else said
            for waiting in queue:
                self._record(waiting, task.controls, answers, record)
        if self._waiting:
            raise EngineError(f"{len(self._waiting)} questions were left without an answer")

    def gap(self, gap: Gap, record: Record) -> None:
        """What could not be listed is unknown for every control that judges it."""
        for control in self._controls.values():
            if gap.kind in control.resources:
                reference = ResourceRef(gap.kind, "*", "*", gap.scope, gap.region, 0)
                record(self._verdict(control.id, reference, None, gap.source, Outcome.UNKNOWN, cause=gap.cause))

    def _tasks(self, resources: Iterable[tuple[Resource, str]], record: Record) -> Iterator[Task]:
        for resource, digest in resources:
            plan = self._kinds.get(resource.kind)
            if plan is None:
                continue
            waiting = _Waiting(resource, digest)
            asked = self._asked(plan, waiting, record)
            if not asked:
                continue
            task = Task(plan.document(resource), asked)
            key = _key(task)
            if key in self._known:
                self._record(waiting, asked, self._known[key], record)
                continue
            queue = self._waiting.setdefault(key, [])
            queue.append(waiting)
            if len(queue) == 1 or len(queue) % _WAITING_LIMIT == 0:
                yield task

    def _remember(self, key: _Key, said: Sequence[Answer], resource: Resource) -> Sequence[Answer]:
        if len(self._known) >= _KNOWN_LIMIT:
            self._known.pop(next(iter(self._known)))
        self._known[key] = tuple(_with_actual(answer, resource) for answer in said)
        return self._known[key]

    def _asked(self, plan: _Plan, waiting: _Waiting, record: Record) -> tuple[str, ...]:
        """The controls whose reads were all read; the others are unknown at once."""
        resource = waiting.resource
        if not resource.unread:
            return plan.controls
        asked = []
        for name in plan.controls:
            cause = _unread_cause(self._controls[name], resource)
            if cause is None:
                asked.append(name)
            else:
                record(
                    self._verdict(
                        name, _reference(resource), waiting.digest, resource.source, Outcome.UNKNOWN, cause=cause
                    )
                )
        return tuple(asked)

    def _record(self, waiting: _Waiting, controls: Sequence[str], answers: Sequence[Answer], record: Record) -> None:
        reference = _reference(waiting.resource)
        for name, answer in zip(controls, answers, strict=True):
            outcome, cause = self._outcome(name, answer)
            source = waiting.resource.source
            findings = answer.findings if outcome is Outcome.FAIL else ()
            if findings and source:
                source = replace(source, line=self._locate(waiting.resource, findings[0].path) or source.line)
            record(self._verdict(name, reference, waiting.digest, source, outcome, findings=findings, cause=cause))

    def _outcome(self, name: str, answer: Answer) -> tuple[Outcome, Cause | None]:
        if answer.error:
            return Outcome.UNKNOWN, answer.error
        if not answer.applies:
            return Outcome.NOT_APPLICABLE, Cause("not_applicable", f"applies to {self._controls[name].scope_note}")
        if answer.findings:
            return Outcome.FAIL, None
        if answer.unknowns:
            return Outcome.UNKNOWN, Cause("unresolved", "; ".join(answer.unknowns))
        return Outcome.PASS, None

    def _verdict(
        self,
        control: str,
        reference: ResourceRef,
        digest: str | None,
        source: Source | None,
        outcome: Outcome,
        *,
        findings: tuple[Finding, ...] = (),
        cause: Cause | None = None,
    ) -> Verdict:
        return Verdict(
            control=control,
            resource=reference,
            outcome=outcome,
            evaluated_at=self._now,
            control_digest=self._controls[control].digest,
            resource_digest=digest,
            findings=findings,
            cause=cause,
            source=source,
        )


_Key = tuple[bytes, tuple[str, ...]]


def _key(task: Task) -> _Key:
    return hashlib.sha256(task.input).digest(), task.controls


@dataclass(frozen=True, slots=True)
class _Waiting:
    resource: Resource
    digest: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """How resources of one kind are put to the engine."""

    controls: tuple[str, ...]
    fields: tuple[str, ...]
    """Fields of `input` that a control of the kind reads, beside `attributes`, `parameters` and `now`."""
    attributes: tuple[str, ...]
    """Top-level attributes that are read."""
    constants: Mapping[str, Json] = field(default_factory=dict)
    """`parameters` and `now`, where they are read."""

    def document(self, resource: Resource) -> bytes:
        """The `input` of a resource: only what is read, so that equal questions are equal bytes."""
        attributes = resource.attributes
        document: dict[str, Json] = {name: getattr(resource, name) for name in self.fields}
        document["attributes"] = {name: attributes[name] for name in self.attributes if name in attributes}
        return encode_in_order({**document, **self.constants})


def _plans(controls: Iterable[Control], values: Mapping[str, Json], now: str) -> dict[str, _Plan]:
    by_kind: dict[str, list[Control]] = {}
    for control in controls:
        for kind in control.resources:
            by_kind.setdefault(kind, []).append(control)
    return {kind: _plan(found, values, now) for kind, found in by_kind.items()}


def _plan(controls: Sequence[Control], values: Mapping[str, Json], now: str) -> _Plan:
    reads = {read for control in controls for read in control.reads}
    first = {read[0] for read in reads}
    constants: dict[str, Json] = {}
    if "parameters" in first:
        constants["parameters"] = {name: values[name] for control in controls for name in sorted(control.parameters)}
    if "now" in first:
        constants["now"] = now
    return _Plan(
        controls=tuple(control.id for control in controls),
        fields=tuple(sorted(first - {"attributes", "parameters", "now"})),
        attributes=tuple(sorted({read[1] for read in reads if read[0] == "attributes" and len(read) > 1})),
        constants=constants,
    )


def _unread_cause(control: Control, resource: Resource) -> Cause | None:
    for path, cause in sorted(resource.unread.items(), key=lambda item: item[0]):
        steps = path.split(".")
        if any(overlaps(read, steps) for read in control.reads):
            return cause
    return None


def _reference(resource: Resource) -> ResourceRef:
    return ResourceRef(resource.kind, resource.id, resource.name, resource.scope, resource.region, resource.count)


def _with_actual(answer: Answer, resource: Resource) -> Answer:
    if not answer.findings:
        return answer
    findings = tuple(
        finding if finding.actual is not None else replace(finding, actual=_actual(resource.attributes, finding.path))
        for finding in answer.findings
    )
    return replace(answer, findings=findings)


def _actual(attributes: Json, path: Path) -> Json:
    """The value at a path, None where there is none or it is long."""
    if not path:
        return None
    value = attributes
    for step in path:
        if isinstance(value, str):
            return None
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value if len(encode(value)) <= _ACTUAL_LIMIT else None
