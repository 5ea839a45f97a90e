"""JSON lines: every verdict and every gap, each a whole record, each really one line."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

from scanner.interfaces import Evidence
from scanner.reporters import jsonl
from tests.golden.compare import assert_golden
from tests.unit.evidence import sample

FIELDS = [
    "control",
    "title",
    "severity",
    "outcome",
    "resource",
    "source",
    "findings",
    "cause",
    "waiver",
    "requirements",
    "remediation",
    "digests",
    "evaluated_at",
]


def test_the_whole_report(tmp_path: Path) -> None:
    assert_golden("sample.jsonl", _report(sample.evidence(tmp_path)))


def test_each_line_is_a_record_of_the_documented_fields_in_their_order(tmp_path: Path) -> None:
    # `str.splitlines` also ends lines at U+2028, U+0085 and their like, as some readers of logs do.
    records = [json.loads(line) for line in _report(sample.evidence(tmp_path)).decode().splitlines()]
    assert [list(record) for record in records] == [FIELDS] * 14


def test_verdicts_and_gaps_are_all_there(tmp_path: Path) -> None:
    records = [json.loads(line) for line in _report(sample.evidence(tmp_path)).splitlines()]
    assert Counter((record["control"] is None, record["outcome"]) for record in records) == {
        (False, "pass"): 3,
        (False, "fail"): 3,
        (False, "waived"): 1,
        (False, "unknown"): 3,
        (False, "not_applicable"): 1,
        (True, "unknown"): 3,
    }


def test_hostile_names_come_through_unchanged_and_unable_to_act(tmp_path: Path) -> None:
    report = _report(sample.evidence(tmp_path))
    names = {json.loads(line)["resource"]["name"] for line in report.splitlines()}
    assert sample.HOSTILE in names
    assert {char for char in report.decode() if not char.isprintable()} == {"\n"}


def _report(evidence: Evidence) -> bytes:
    out = io.BytesIO()
    jsonl.write(evidence, out)
    return out.getvalue()
