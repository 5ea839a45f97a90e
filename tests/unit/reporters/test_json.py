"""The JSON report: one object with the scan's facts, its summary, and all records."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

from scanner.evidence.bundle import Bundle
from scanner.evidence.read import Reader
from scanner.interfaces import Evidence
from scanner.model import Json
from scanner.reporters import json as json_report
from scanner.reporters import jsonl
from scanner.reporters.records import record, record_line
from scanner.summary import summarize
from tests.golden.compare import assert_golden
from tests.unit.evidence import sample


def test_the_whole_report(tmp_path: Path) -> None:
    assert_golden("sample.json", _report(sample.evidence(tmp_path)))


def test_it_holds_the_records_of_the_lines_and_the_summary(tmp_path: Path) -> None:
    evidence = sample.evidence(tmp_path)
    out = io.BytesIO()
    jsonl.write(evidence, out)
    report = json.loads(_report(evidence))
    assert list(report) == ["scan", "summary", "verdicts", "gaps", "skipped"]
    assert report["verdicts"] + report["gaps"] == [json.loads(line) for line in out.getvalue().splitlines()]
    assert report["summary"] == json.loads(json.dumps(summarize(evidence).as_json()))


def test_a_scan_of_nothing_is_still_one_object(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path, intent=sample.INTENT, policy=sample.POLICY)
    bundle.seal(complete=True)
    report = json.loads(_report(Reader(bundle.path)))
    assert (report["verdicts"], report["gaps"], report["skipped"]) == ([], [], [])


def test_an_old_bundle_gives_the_same_bytes_again(tmp_path: Path) -> None:
    path = sample.write(tmp_path)
    assert _report(Reader(path)) == _report(Reader(path))


def test_text_that_no_encoding_can_hold_does_not_stop_the_report() -> None:
    verdict = sample.verdicts({resource.id: "sha256:00" for resource in sample.RESOURCES})[0]
    hostile = replace(verdict, resource=replace(verdict.resource, name="caf\udce9\u2028\x9b"))
    control: dict[str, Json] = {"title": "t", "severity": "low", "requirements": {}, "remediation": "r"}
    line = record_line(record(hostile, control))
    assert b'"name":"caf\\\\udce9\\u2028\\u009b"' in line
    assert json.loads(line)["resource"]["name"] == "caf\\udce9\u2028\x9b"


def _report(evidence: Evidence) -> bytes:
    out = io.BytesIO()
    json_report.write(evidence, out)
    return out.getvalue()
