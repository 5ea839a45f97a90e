"""The data inside the HTML report: columns and dictionaries, so that 100,000 verdicts stay a few megabytes.

A string that occurs often is an index into `strings`, -1 where there is none. A passing verdict is three numbers; all
others have a note (line, cause, waiver), and each finding is a row of its own. reports/html/script/ reads this.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from scanner.encoding import encode, encode_in_order
from scanner.interfaces import Evidence
from scanner.model import Cause, Finding, Gap, Json, Outcome, ResourceRef, Skipped, Verdict

LONGEST_VALUE = 1000
"""Characters shown of one expected or actual value; the whole of it is in the bundle."""

OUTCOMES = tuple(Outcome)

_UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters, bidirectional controls, line separators and lone surrogates: what could make text on the page
read other than it is, or could not be written at all."""

Columns: TypeAlias = defaultdict[str, list[Json]]


def printable(text: str) -> str:
    """The text with what cannot be seen made visible: `⟨U+202E⟩`."""
    if text.isprintable():
        return text
    return _UNSEEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def pack(value: Mapping[str, Json]) -> str:
    """JSON, gzip, base64; the same value gives the same text (no time, no file name in the header)."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, wbits=31)
    return base64.b64encode(compressor.compress(encode_in_order(value)) + compressor.flush()).decode("ascii")


@dataclass(slots=True)
class Table:
    """Verdicts, gaps and skipped things as columns; filled one by one, in the order of every output."""

    controls: Mapping[str, int]
    """Control id -> its index."""
    strings: dict[str, int] = field(default_factory=dict)
    causes: dict[tuple[str, str, str], int] = field(default_factory=dict)
    resources: Columns = field(default_factory=partial(defaultdict, list))
    verdicts: Columns = field(default_factory=partial(defaultdict, list))
    notes: Columns = field(default_factory=partial(defaultdict, list))
    findings: Columns = field(default_factory=partial(defaultdict, list))
    gaps: Columns = field(default_factory=partial(defaultdict, list))
    skipped: Columns = field(default_factory=partial(defaultdict, list))
    listed: int = 0
    """Distinct resources that were judged; a gap that has a verdict is none."""
    listed_by_scope: Counter[str] = field(default_factory=Counter)
    listed_by_kind: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By scope and kind."""
    results_by_scope: Counter[str] = field(default_factory=Counter)
    unlisted: Counter[str] = field(default_factory=Counter)
    """Control id -> verdicts that stand for a gap, not for a resource."""
    _rows: dict[tuple[ResourceRef, str | None, str | None], int] = field(default_factory=dict)

    @classmethod
    def of(cls, evidence: Evidence) -> Table:
        """All of the evidence; controls in the order of their ids."""
        names = sorted(control["id"] for control in evidence.catalog["controls"])
        table = cls({name: index for index, name in enumerate(names)})
        for verdict in evidence.verdicts():
            table.add(verdict)
        for gap in evidence.gaps():
            table.add_gap(gap)
        for skipped in evidence.skipped():
            table.add_skipped(skipped)
        return table

    def add(self, verdict: Verdict) -> None:
        row = len(self.verdicts["control"])
        self.results_by_scope[verdict.resource.scope] += 1
        if verdict.resource_digest is None:
            self.unlisted[verdict.control] += 1
        _append(
            self.verdicts,
            control=self.controls[verdict.control],
            resource=self._resource(verdict),
            outcome=OUTCOMES.index(verdict.outcome),
        )
        if verdict.outcome is not Outcome.PASS:
            self._note(row, verdict)
        for finding in verdict.findings:
            self._finding(row, finding)

    def add_gap(self, gap: Gap) -> None:
        _append(
            self.gaps,
            scope=self._string(gap.scope),
            kind=self._string(gap.kind),
            region=self._string(gap.region),
            cause=self._cause(gap.cause),
            file=self._string(gap.source.file if gap.source else None),
            line=(gap.source.line if gap.source else None) or 0,
        )

    def add_skipped(self, skipped: Skipped) -> None:
        _append(
            self.skipped,
            file=self._string(skipped.source.file),
            line=skipped.source.line or 0,
            reason=self._string(skipped.reason),
        )

    def as_json(self) -> dict[str, Json]:
        """What the script of the page calls `data`, as far as it comes from the verdicts."""
        return {
            "strings": list(self.strings),
            "causes": list(self.causes),
            "resources": _full(self.resources, "kind scope region id name count file digest"),
            "verdicts": _full(self.verdicts, "control resource outcome"),
            "notes": _full(self.notes, "verdict line cause waiver"),
            "findings": _full(self.findings, "verdict message path expected actual"),
            "gaps": _full(self.gaps, "scope kind region cause file line"),
            "skipped": _full(self.skipped, "file line reason"),
        }

    def _resource(self, verdict: Verdict) -> int:
        file = verdict.source.file if verdict.source else None
        key = (verdict.resource, file, verdict.resource_digest)
        row = self._rows.setdefault(key, len(self._rows))
        if row == len(self.resources["id"]):
            self._new_resource(*key)
        return row

    def _new_resource(self, resource: ResourceRef, file: str | None, digest: str | None) -> None:
        if digest is not None:
            self.listed += 1
            self.listed_by_scope[resource.scope] += 1
            self.listed_by_kind[resource.scope, resource.kind] += 1
        _append(
            self.resources,
            kind=self._string(resource.kind),
            scope=self._string(resource.scope),
            region=self._string(resource.region),
            id=printable(resource.id),
            name=printable(resource.name) if resource.name != resource.id else "",
            count=resource.count,
            file=self._string(file),
            digest=digest or "",
        )

    def _note(self, row: int, verdict: Verdict) -> None:
        _append(
            self.notes,
            verdict=row,
            line=(verdict.source.line if verdict.source else None) or 0,
            cause=self._cause(verdict.cause),
            waiver=self._string(_waiver(verdict.waiver)),
        )

    def _finding(self, row: int, finding: Finding) -> None:
        _append(
            self.findings,
            verdict=row,
            message=self._string(finding.message),
            path=self._string(".".join(map(str, finding.path)) or None),
            expected=self._value(finding.expected),
            actual=self._value(finding.actual),
        )

    def _string(self, text: str | None) -> int:
        if text is None:
            return -1
        return self.strings.setdefault(printable(text), len(self.strings))

    def _value(self, value: Json) -> int:
        if value is None:
            return -1
        text = encode(value).decode()
        return self._string(text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} … (cut)")

    def _cause(self, cause: Cause | None) -> int:
        if cause is None:
            return -1
        key = (cause.kind, printable(cause.detail), printable(cause.permission or ""))
        return self.causes.setdefault(key, len(self.causes))


def _waiver(waiver: Mapping[str, Json] | None) -> str | None:
    """`owner: ml · reason: GPU driver · expires: 2027-01-31`."""
    if waiver is None:
        return None
    return " · ".join(f"{name}: {value}" for name, value in waiver.items() if value is not None)


def _append(columns: Columns, **values: Json) -> None:
    for name, value in values.items():
        columns[name].append(value)


def _full(columns: Columns, names: str) -> dict[str, list[Json]]:
    """All columns by name, also of a table without rows."""
    return {name: columns[name] for name in names.split()}


def printed(value: Json) -> Json:
    """A JSON value with every string in it `printable`."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {printable(str(key)): printed(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [printed(item) for item in value]
    return value
