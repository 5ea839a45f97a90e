"""The text report: whole, readable in a terminal, and deaf to what hostile names would tell the terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.evidence.bundle import Bundle, Policy
from scanner.evidence.read import Reader
from scanner.interfaces import Evidence
from scanner.model import Finding, Gap
from scanner.reporters import text
from tests.golden.compare import assert_golden
from tests.unit.evidence import sample


def test_the_whole_report(tmp_path: Path) -> None:
    assert_golden("sample.txt", _report(sample.evidence(tmp_path)).encode())


def test_colours_change_nothing_but_colours(tmp_path: Path) -> None:
    evidence = sample.evidence(tmp_path)
    coloured = _report(evidence, colour=True)
    assert coloured != _report(evidence)
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == _report(evidence)


def test_nothing_that_a_terminal_obeys_or_nobody_sees_is_left(tmp_path: Path) -> None:
    report = _report(sample.evidence(tmp_path))
    assert {char for char in report if not char.isprintable()} == {"\n"}
    assert all(line == line.rstrip() for line in report.splitlines())


def test_an_interrupted_scan_says_so_at_the_top(tmp_path: Path) -> None:
    report = _report(Reader(sample.write(tmp_path, complete=False, reason="interrupted")))
    assert report.splitlines()[1] == "INCOMPLETE: interrupted"


def test_a_scan_of_nothing_is_no_clean_result(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path, intent=sample.INTENT, policy=_policy(frameworks=[]))
    bundle.seal(complete=True)
    assert _report(Reader(bundle.path)) == (
        "Scan of manifests:deploy, aws, 2026-11-24T10:00:00Z\n"
        "7 controls on 0 resources in 0 scopes: 0 verdicts\n"
        "0 pass, 0 fail, 0 waived, 0 unknown, 0 not applicable; 0 gaps; coverage 0.0 %\n"
        "\n"
        "GAPS: none; all that was asked for could be read.\n"
        "\n"
        "NO RESOURCE IN SCOPE: 7 controls had nothing to judge\n"
        "  aws: all 3 controls\n"
        "  kubernetes: all 4 controls\n"
    )


def test_of_many_failing_resources_a_few_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    report = _report(_evidence_of_many(tmp_path))
    assert "  kubernetes.pod.no_privileged: 12 of 12 resources\n" in report
    assert report.count("  - Deployment/ml/") == 3
    assert "    and 9 more\n" in report


def test_of_many_findings_on_one_resource_a_few_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    failing = sample.verdicts({resource.id: "sha256:00" for resource in sample.RESOURCES})[0]
    findings = tuple(Finding(f"container {number} is privileged") for number in range(30))
    bundle = Bundle.create(tmp_path, intent=sample.INTENT, policy=sample.POLICY)
    bundle.verdict(replace(failing, findings=findings))
    bundle.seal(complete=True)
    report = _report(Reader(bundle.path))
    assert report.count(" is privileged\n") == 3
    assert "      and 27 more\n" in report


def test_of_many_files_that_cannot_be_read_a_few_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    report = _report(_evidence_of_many(tmp_path))
    assert "  anything in manifests:deploy, 12 times: unparseable\n" in report
    assert "      f00.yaml:1: no mapping\n" in report
    assert report.count(".yaml:1: no mapping\n") == 5
    assert "      and 7 more\n" in report


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("plain ü 漢", "plain ü 漢"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b2J", "\\x9b2J"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\u202eexe", "\\u202eexe"),
        ("\u2066\u200b\ufeff", "\\u2066\\u200b\\ufeff"),
        ("\u2028\u2029\x85", "\\u2028\\u2029\\x85"),
        ("caf\udce9", "caf\\udce9"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_hostile_text_is_made_visible(hostile: str, shown: str) -> None:
    assert text.visible(hostile) == shown


def _report(evidence: Evidence, *, colour: bool = False) -> str:
    out = io.BytesIO()
    text.write(evidence, out, colour=colour)
    return out.getvalue().decode()


def _policy(frameworks: list[object]) -> Policy:
    return replace(sample.POLICY, catalog={**sample.CATALOG, "frameworks": frameworks})


def _evidence_of_many(directory: Path) -> Reader:
    """Twelve pods that fail, and twelve files that can't be read."""
    bundle = Bundle.create(directory, intent=sample.INTENT, policy=sample.POLICY)
    failing = sample.verdicts({resource.id: "sha256:00" for resource in sample.RESOURCES})[0]
    unreadable = next(gap for gap in sample.GAPS if gap.source)
    for number in range(12):
        name = f"Deployment/ml/{number:02}"
        bundle.verdict(replace(failing, resource=replace(failing.resource, id=name)))
        bundle.ledger(_gap(unreadable, number))
    bundle.seal(complete=True)
    return Reader(bundle.path)


def _gap(gap: Gap, number: int) -> Gap:
    assert gap.source is not None
    source = replace(gap.source, file=f"f{number:02}.yaml", line=1)
    return replace(gap, source=source, cause=replace(gap.cause, detail="no mapping"))
