"""The program's values as the bundle's lines, and back.

A line is compact JSON with sorted keys (`scanner.encoding`). A verdict is written without what is not set, as there are
millions; a resource is written whole, because its digest stands for all that a verdict may depend on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from scanner.encoding import encode
from scanner.model import (
    Cause,
    Finding,
    Gap,
    Json,
    Outcome,
    Question,
    Resource,
    ResourceRef,
    Skipped,
    Source,
    Verdict,
)

Record: TypeAlias = Mapping[str, Json]


def resource_line(resource: Resource) -> bytes:
    return encode(
        {
            "attributes": resource.attributes,
            "count": resource.count,
            "facts": resource.facts,
            "id": resource.id,
            "kind": resource.kind,
            "labels": resource.labels,
            "name": resource.name,
            "region": resource.region,
            "related": resource.related,
            "scope": resource.scope,
            "source": _source(resource.source),
            "unread": {path: _cause(cause) for path, cause in resource.unread.items()},
        }
    )


def resource_from(record: Record) -> Resource:
    return Resource(
        kind=record["kind"],
        id=record["id"],
        name=record["name"],
        scope=record["scope"],
        attributes=record["attributes"],
        region=record["region"],
        labels=record["labels"],
        related=record["related"],
        facts=record["facts"],
        unread={path: _cause_from(cause) for path, cause in record["unread"].items()},
        source=_source_from(record["source"]),
        count=record["count"],
    )


def verdict_line(verdict: Verdict) -> bytes:
    resource = verdict.resource
    record: dict[str, Json] = {
        "control": verdict.control,
        "control_digest": verdict.control_digest,
        "evaluated_at": verdict.evaluated_at,
        "outcome": verdict.outcome.value,
        "resource": {
            "count": resource.count,
            "id": resource.id,
            "kind": resource.kind,
            "name": resource.name,
            "region": resource.region,
            "scope": resource.scope,
        },
        "resource_digest": verdict.resource_digest,
    }
    if verdict.findings:
        record["findings"] = [_finding(finding) for finding in verdict.findings]
    if verdict.cause:
        record["cause"] = _cause(verdict.cause)
    if verdict.source:
        record["source"] = _source(verdict.source)
    if verdict.waiver is not None:
        record["waiver"] = verdict.waiver
    if verdict.reused_from is not None:
        record["reused_from"] = verdict.reused_from
    return encode(record)


def verdict_from(record: Record) -> Verdict:
    return Verdict(
        control=record["control"],
        resource=ResourceRef(**record["resource"]),
        outcome=Outcome(record["outcome"]),
        evaluated_at=record["evaluated_at"],
        control_digest=record["control_digest"],
        resource_digest=record["resource_digest"],
        findings=tuple(_finding_from(finding) for finding in record.get("findings", ())),
        cause=_cause_from(record["cause"]) if "cause" in record else None,
        source=_source_from(record.get("source")),
        waiver=record.get("waiver"),
        reused_from=record.get("reused_from"),
    )


def gap_line(gap: Gap) -> bytes:
    return encode(
        {
            "cause": _cause(gap.cause),
            "kind": gap.kind,
            "region": gap.region,
            "scope": gap.scope,
            "source": _source(gap.source),
        }
    )


def gap_from(record: Record) -> Gap:
    return Gap(
        scope=record["scope"],
        kind=record["kind"],
        cause=_cause_from(record["cause"]),
        region=record["region"],
        source=_source_from(record["source"]),
    )


def skipped_line(skipped: Skipped) -> bytes:
    return encode({"reason": skipped.reason, "source": _source(skipped.source)})


def skipped_from(record: Record) -> Skipped:
    source = _source_from(record["source"])
    if source is None:
        raise ValueError("what was skipped has a source")
    return Skipped(source=source, reason=record["reason"])


def question_line(question: Question) -> bytes:
    return encode(
        {
            "asked_at": question.asked_at,
            "endpoint": question.endpoint,
            "error": question.error,
            "items": question.items,
            "operation": question.operation,
            "pages": question.pages,
            "parameters": question.parameters,
            "principal": question.principal,
            "scope": question.scope,
            "status": question.status,
        }
    )


def question_from(record: Record) -> Question:
    return Question(**record)


def _source(source: Source | None) -> dict[str, Json] | None:
    if source is None:
        return None
    return {
        "document": source.document,
        "file": source.file,
        "item": source.item,
        "line": source.line,
        "prefix": source.prefix,
    }


def _source_from(record: Record | None) -> Source | None:
    if record is None:
        return None
    return Source(
        file=record["file"],
        line=record["line"],
        document=record["document"],
        item=record["item"],
        prefix=tuple(record["prefix"]),
    )


def _cause(cause: Cause) -> dict[str, Json]:
    return {"detail": cause.detail, "kind": cause.kind, "permission": cause.permission}


def _cause_from(record: Record) -> Cause:
    return Cause(kind=record["kind"], detail=record["detail"], permission=record["permission"])


def _finding(finding: Finding) -> dict[str, Json]:
    return {
        "actual": finding.actual,
        "expected": finding.expected,
        "message": finding.message,
        "path": finding.path,
    }


def _finding_from(record: Record) -> Finding:
    return Finding(
        message=record["message"],
        path=tuple(record["path"]),
        expected=record["expected"],
        actual=record["actual"],
    )
