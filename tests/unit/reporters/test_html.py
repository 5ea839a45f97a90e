"""The HTML report as bytes: one file, closed to the network, the same each time, hostile text disarmed.

What it does in a browser is in tests/e2e/.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scanner.evidence.bundle import Bundle
from scanner.evidence.read import Reader
from scanner.interfaces import Evidence
from scanner.model import SEVERITIES, Json, Outcome
from scanner.reporters import html
from scanner.reporters._html_data import LONGEST_VALUE, Table, pack, printable
from scanner.resources import folder
from scanner.summary import Status
from tests.e2e.estate import ATTACK, SHOWN, Estate
from tests.unit.evidence import sample


def test_an_old_bundle_gives_the_same_bytes_again(tmp_path: Path) -> None:
    path = sample.write(tmp_path)
    assert _report(Reader(path)) == _report(Reader(path))


def test_the_policy_allows_its_own_style_and_script_and_nothing_else(tmp_path: Path) -> None:
    page = _Elements.of(_report(sample.evidence(tmp_path)))
    [style], [_, script] = page.texts["style"], page.texts["script"]
    [policy] = [one["content"] for one in page.attributes["meta"] if one.get("http-equiv") == "Content-Security-Policy"]
    assert policy == (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def test_nothing_in_it_points_outside(tmp_path: Path) -> None:
    page = _Elements.of(_report(sample.evidence(tmp_path)))
    assert sorted(page.attributes.keys() & {"link", "img", "iframe", "object", "form", "base"}) == []
    [style] = page.texts["style"]
    assert re.findall(r"@import|url\((?!#)", style) == []
    references = [one.get("href") or one.get("src") for elements in page.attributes.values() for one in elements]
    assert {reference[0] for reference in references if reference} == {"#"}


def test_no_attribute_carries_script_or_style(tmp_path: Path) -> None:
    page = _Elements.of(_report(sample.evidence(tmp_path)))
    names = {name for elements in page.attributes.values() for one in elements for name in one}
    assert sorted(name for name in names if name == "style" or name.startswith("on")) == []


def test_the_script_is_small_and_makes_no_markup_from_text(tmp_path: Path) -> None:
    [_, script] = _Elements.of(_report(sample.evidence(tmp_path))).texts["script"]
    assert len(script.encode()) < 30_000
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|\.style\b|fetch\("
    assert re.findall(forbidden, script) == []


def test_hostile_text_is_only_ever_text() -> None:
    plain, hostile = (_Elements.of(_report(Estate(5, attack=text))) for text in ("x", ATTACK))
    assert {name: len(elements) for name, elements in hostile.attributes.items()} == {
        name: len(elements) for name, elements in plain.attributes.items()
    }
    assert f"The scan did not finish: {SHOWN}." in hostile.text


def test_every_verdict_is_in_the_data(tmp_path: Path) -> None:
    data = _data(_report(sample.evidence(tmp_path)))
    verdicts, resources = data["verdicts"], data["resources"]
    rows = zip(verdicts["control"], verdicts["resource"], verdicts["outcome"], strict=True)
    read = sorted(
        (data["controls"][control]["id"], resources["id"][resource], data["outcomes"][outcome])
        for control, resource, outcome in rows
    )
    made = sample.verdicts({resource.id: "sha256:00" for resource in sample.RESOURCES})
    assert read == sorted((one.control, printable(one.resource.id), one.outcome.value) for one in made)


def test_a_finding_keeps_all_that_a_verdict_says_of_it(tmp_path: Path) -> None:
    data = _data(_report(sample.evidence(tmp_path)))
    findings = data["findings"]
    row = next(row for row, verdict in enumerate(findings["verdict"]) if _outcome(data, verdict) == "waived")
    verdict = findings["verdict"][row]
    note = data["notes"]["verdict"].index(verdict)
    resource = data["verdicts"]["resource"][verdict]
    strings = data["strings"]
    assert {name: strings[findings[name][row]] for name in ("message", "path", "expected", "actual")} == {
        "message": "main is privileged",
        "path": "spec.containers.0.securityContext.privileged",
        "expected": "false",
        "actual": "true",
    }
    assert (strings[data["resources"]["file"][resource]], data["notes"]["line"][note]) == ("deploy/pods.yaml", 1)
    assert strings[data["notes"]["waiver"][note]] == "expires: 2027-01-31 · owner: ml · reason: GPU driver"
    assert data["resources"]["count"][resource] == 3


def test_every_requirement_has_a_state_and_a_statement(tmp_path: Path) -> None:
    data = _data(_report(sample.evidence(tmp_path)))
    states = [(one["id"], one["state"], one["statement"]) for one in data["frameworks"][0]["requirements"]]
    assert states == [
        ("A.1", "no_exceptions", "No exceptions noted in 1 of 1 result"),
        ("A.2", "not_assessed", "Applies to none of 1 result"),
        ("A.3", "exceptions", "No exceptions noted in 0 of 3 results; 2 gaps may hide more"),
        ("A.4", "unknown", "No exceptions noted in 0 of 1 result; 1 gap may hide more"),
        ("A.5", "exceptions", "No exceptions noted in 0 of 1 result; 2 gaps may hide more"),
        ("A.6", "unknown", "No resource was read; 2 gaps"),
        ("A.7", "not_assessed", ""),
        ("B.1", "manual", ""),
        ("B.2", "organisational", ""),
        ("B.3", "withdrawn", ""),
    ]


def test_the_parts_of_a_bar_fill_it_and_none_is_too_thin_to_see(tmp_path: Path) -> None:
    page = _Elements.of(_report(sample.evidence(tmp_path)))
    parts = [(float(one["x"]), float(one["width"])) for one in page.attributes["rect"] if "x" in one]
    ends = [index for index, (x, _) in enumerate(parts) if x == 0] + [len(parts)]
    bars = [parts[start:end] for start, end in itertools.pairwise(ends)]
    assert len(bars) == len(sample.FRAMEWORKS)
    assert [round(bar[-1][0] + bar[-1][1]) for bar in bars] == [1000] * len(bars)
    assert min(width for bar in bars for _, width in bar) >= 8


def test_many_frameworks_stand_in_a_table(tmp_path: Path) -> None:
    frameworks = [{**sample.FRAMEWORKS[0], "id": f"f{number}"} for number in range(12)]
    evidence = sample.evidence(tmp_path)
    evidence.catalog = {**evidence.catalog, "frameworks": frameworks}
    page = _Elements.of(_report(evidence))
    assert [one["class"] for one in page.attributes["table"] if "class" in one] == ["standing"]
    assert [one for one in page.attributes["li"] if one.get("class") == "card"] == []


def test_a_scan_of_nothing_says_that_it_says_nothing(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path, intent=sample.INTENT, policy=sample.POLICY)
    bundle.seal(complete=False, reason="stopped by SIGTERM")
    text = _Elements.of(_report(Reader(bundle.path))).text
    assert "Nothing was judged, so this report says nothing about compliance." in text
    assert "The scan did not finish: stopped by SIGTERM." in text


def test_the_trust_panel_names_the_bundle_by_its_manifest(tmp_path: Path) -> None:
    evidence = sample.evidence(tmp_path)
    text = _Elements.of(_report(evidence)).text
    assert evidence.manifest_digest in text
    assert f"vouch evidence verify evidence/{sample.NAME}" in text


def test_a_long_value_is_cut_and_says_so() -> None:
    verdict = next(one for one in Estate(1).verdicts() if one.findings)
    long = replace(verdict, findings=(replace(verdict.findings[0], actual="a" * 5000),))
    table = Table({verdict.control: 0})
    table.add(long)
    shown = list(table.strings)[table.findings["actual"][0]]
    assert shown == '"' + "a" * (LONGEST_VALUE - 1) + " … (cut)"


def test_packed_data_is_the_same_each_time_and_reads_back() -> None:
    value = {"b": [1, "caf\u00e9"], "a": None}
    assert pack(value) == pack(value)
    assert json.loads(gzip.decompress(base64.b64decode(pack(value)))) == value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, naïve 漢字 🙂", "plain text, naïve 漢字 🙂"),
        ("two\tcolumns\nand lines", "two\tcolumns\nand lines"),
        ("\x00\x1b[2J", "⟨U+0000⟩⟨U+001B⟩[2J"),
        ("a\u202eb\u2066c", "a⟨U+202E⟩b⟨U+2066⟩c"),
        ("\udce9\u2028", "⟨U+DCE9⟩⟨U+2028⟩"),
    ],
)
def test_what_cannot_be_seen_is_named(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_every_result_has_its_word_and_its_own_icon() -> None:
    words = json.loads((folder("reports") / "html" / "words.json").read_text(encoding="utf-8"))
    sprite = (folder("reports") / "html" / "sprite.html").read_text(encoding="utf-8")
    assert list(words["outcomes"]) == [outcome.value for outcome in Outcome]
    assert sorted(words["states"]) == sorted(status.name.lower() for status in Status)
    icons = {*words["states"], *(entry["icon"] for entry in words["outcomes"].values())}
    assert sorted(icon for icon in icons if f'id="i-{icon}"' not in sprite) == []


def test_every_severity_has_its_colour() -> None:
    style = (folder("reports") / "html" / "report.css").read_text(encoding="utf-8")
    assert [level for level in SEVERITIES if not re.search(rf"\.{level}\b.*--shade", style)] == []


def _report(evidence: Evidence) -> bytes:
    out = io.BytesIO()
    html.write(evidence, out)
    return out.getvalue()


def _data(report: bytes) -> dict[str, Json]:
    [packed, _] = _Elements.of(report).texts["script"]
    data: dict[str, Json] = json.loads(gzip.decompress(base64.b64decode(packed)))
    return data


def _outcome(data: dict[str, Json], verdict: int) -> str:
    return str(data["outcomes"][data["verdicts"]["outcome"][verdict]])


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


class _Elements(HTMLParser):
    """Elements of a page by name: their attributes, and the texts of those that hold one."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: dict[str, list[dict[str, str]]] = {}
        self.texts: dict[str, list[str]] = {}
        self.text = ""

    @classmethod
    def of(cls, report: bytes) -> _Elements:
        page = cls()
        page.feed(report.decode())
        page.close()
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.setdefault(tag, []).append({name: value or "" for name, value in attrs})

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.lasttag in ("style", "script") and data.strip():
            self.texts.setdefault(self.lasttag, []).append(data)
