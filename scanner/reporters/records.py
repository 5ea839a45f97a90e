"""The verdict record: what every format says of one verdict, and of one gap, under the same names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from typing_extensions import TypedDict

from scanner.encoding import encode_in_order
from scanner.interfaces import Evidence
from scanner.model import Cause, Finding, Gap, Json, Outcome, Skipped, Source, Verdict


class ResourceRecord(TypedDict):
    """What a record says of the resource; `id`, `name` and `count` are null in the record of a gap."""

    kind: str
    id: str | None
    name: str | None
    scope: str
    region: str | None
    count: int | None


class SourceRecord(TypedDict):
    """Where in a file it was read."""

    file: str
    line: int | None


class FindingRecord(TypedDict):
    """One thing that is not as the control wants it; `path` leads into the resource's attributes."""

    message: str
    path: list[str | int]
    expected: Json
    actual: Json


class CauseRecord(TypedDict):
    """Why something is unknown or does not apply."""

    kind: str
    detail: str
    permission: str | None


class DigestsRecord(TypedDict):
    """`sha256:…` of the control as it ran and of the resource's line in the bundle."""

    control: str | None
    resource: str | None


class VerdictRecord(TypedDict):
    """The form of a record, from which `vouch schema verdict` is made. A gap has no control, title and severity."""

    control: str | None
    title: str | None
    severity: Literal["critical", "high", "medium", "low"] | None
    outcome: Literal["pass", "fail", "waived", "unknown", "not_applicable"]
    resource: ResourceRecord
    source: SourceRecord | None
    findings: list[FindingRecord]
    cause: CauseRecord | None
    waiver: dict[str, Json] | None
    requirements: dict[str, list[str]]
    remediation: str | None
    digests: DigestsRecord
    evaluated_at: str


def record(verdict: Verdict, control: Mapping[str, Json]) -> dict[str, Json]:
    """The record of a verdict, in the documented order; `control` is its entry in the catalog."""
    resource = verdict.resource
    return {
        "control": verdict.control,
        "title": control["title"],
        "severity": control["severity"],
        "outcome": verdict.outcome.value,
        "resource": {
            "kind": resource.kind,
            "id": resource.id,
            "name": resource.name,
            "scope": resource.scope,
            "region": resource.region,
            "count": resource.count,
        },
        "source": _source(verdict.source),
        "findings": [_finding(finding) for finding in verdict.findings],
        "cause": _cause(verdict.cause),
        "waiver": verdict.waiver,
        "requirements": control["requirements"],
        "remediation": control["remediation"],
        "digests": {"control": verdict.control_digest, "resource": verdict.resource_digest},
        "evaluated_at": verdict.evaluated_at,
    }


def gap_record(gap: Gap, evaluated_at: str) -> dict[str, Json]:
    """The record of a gap: the keys of a verdict record, `unknown`, of no control and of no single resource.

    `evaluated_at` is the start of the scan. The resource's count is null: nobody knows how many there are.
    """
    return {
        "control": None,
        "title": None,
        "severity": None,
        "outcome": Outcome.UNKNOWN.value,
        "resource": {
            "kind": gap.kind,
            "id": None,
            "name": None,
            "scope": gap.scope,
            "region": gap.region,
            "count": None,
        },
        "source": _source(gap.source),
        "findings": [],
        "cause": _cause(gap.cause),
        "waiver": None,
        "requirements": {},
        "remediation": None,
        "digests": {"control": None, "resource": None},
        "evaluated_at": evaluated_at,
    }


def skipped_record(skipped: Skipped) -> dict[str, Json]:
    """The record of something passed over: where it is and why."""
    return {"source": _source(skipped.source), "reason": skipped.reason}


def verdict_records(evidence: Evidence) -> Iterator[dict[str, Json]]:
    """Every verdict's record, in the order of every output."""
    controls = {control["id"]: control for control in evidence.catalog["controls"]}
    return (record(verdict, controls[verdict.control]) for verdict in evidence.verdicts())


def gap_records(evidence: Evidence) -> Iterator[dict[str, Json]]:
    """Every gap's record."""
    started_at = evidence.manifest["started_at"]
    return (gap_record(gap, started_at) for gap in evidence.gaps())


_MISREAD = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What JSON may hold as it is, though some readers end a line at it and terminals obey it or turn text around."""


def record_line(record: Mapping[str, Json]) -> bytes:
    """The record as one line of JSON, without its end, that is safe to split into lines and to show in a terminal."""
    line = encode_in_order(record)
    if line.isascii():
        return line
    return _MISREAD.sub(lambda match: f"\\u{ord(match[0]):04x}", line.decode()).encode()


def _source(source: Source | None) -> dict[str, Json] | None:
    return {"file": source.file, "line": source.line} if source else None


def _finding(finding: Finding) -> dict[str, Json]:
    return {
        "message": finding.message,
        "path": finding.path,
        "expected": finding.expected,
        "actual": finding.actual,
    }


def _cause(cause: Cause | None) -> dict[str, Json] | None:
    return {"kind": cause.kind, "detail": cause.detail, "permission": cause.permission} if cause else None
