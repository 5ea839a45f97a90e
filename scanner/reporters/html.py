"""The HTML report: one file for an auditor, an executive and an engineer, that opens anywhere and asks no network.

The first screen, completeness, method and terms are rendered here, by Jinja; the long tables come from packed data (see
`_html_data`) that the page's own script unfolds. Templates, style, script and wording are in reports/html/.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scanner import __version__, resources
from scanner.interfaces import Evidence
from scanner.model import SEVERITIES, Json, Outcome
from scanner.reporters._html_data import OUTCOMES, Table, pack, printable, printed
from scanner.summary import ControlSummary, Counts, FrameworkSummary, Status, Summary, summarize

_BAR = 1000
"""Width of a framework's bar in its own units."""
_NARROWEST = 8
"""No part of a bar is thinner: one exception among a thousand requirements must still be seen."""


def write(evidence: Evidence, out: BinaryIO) -> None:
    """See `Reporter.write`."""
    summary = summarize(evidence)
    table = _table(evidence)
    report = _Report(evidence, summary, table, _words())
    out.write(_render(report.page(), pack(report.data())).encode())


def _render(report: Mapping[str, Json], data: str) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    folder = _folder()
    style = (folder / "report.css").read_text(encoding="utf-8")
    script = _dense((folder / "report.js").read_text(encoding="utf-8"))
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["number"] = "{:,}".format
    return environment.get_template("report.html").render(
        report=printed(report),
        # Ours, and base64: nothing in them came from a scan.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        data=Markup(data),  # noqa: S704
        policy=_content_security_policy(style, script),
    )


def _content_security_policy(style: str, script: str) -> str:
    """Only this style and this script, no connection to anywhere, and no HTML made from text."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash_source(style)}",
            f"script-src {_hash_source(script)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash_source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _dense(script: str) -> str:
    """The script without indentation and comment lines; it has no string that spans lines."""
    return re.sub(r"^(?:\s*//.*\n|\s+)", "", script, flags=re.MULTILINE)


def _folder() -> Path:
    return resources.folder("reports") / "html"


def _words() -> Mapping[str, Json]:
    words: Mapping[str, Json] = json.loads((_folder() / "words.json").read_text(encoding="utf-8"))
    return words


def _table(evidence: Evidence) -> Table:
    table = Table({control["id"]: index for index, control in enumerate(evidence.catalog["controls"])})
    for verdict in evidence.verdicts():
        table.add(verdict)
    for gap in evidence.gaps():
        table.add_gap(gap)
    for skipped in evidence.skipped():
        table.add_skipped(skipped)
    return table


@dataclass(frozen=True, slots=True)
class _Report:
    """One report in the making: what the template sees (`page`) and what the script sees (`data`)."""

    evidence: Evidence
    summary: Summary
    table: Table
    words: Mapping[str, Json]

    def page(self) -> dict[str, Json]:
        summary = self.summary
        return {
            "version": __version__,
            "title": f"Compliance evidence for {_listed(self._scopes())}",
            "started": _moment(self.evidence.manifest["started_at"]),
            "finished": _moment(self.evidence.manifest["finished_at"]),
            "answer": _answer(summary),
            "conclusive": _is_conclusive(summary),
            "interrupted": None if summary.complete else f"The scan did not finish: {summary.reason}.",
            "pages": self._pages(),
            "figures": _figures(summary),
            "cards": [self._card(framework) for framework in summary.frameworks],
            "trust": self._trust(),
            "scopes": self._scope_rows(),
            "gaps": self._gap_rows(),
            "unknowns": self._unknown_rows(),
            "skipped": list(summary.skipped.items()),
            "idle_controls": [
                {"id": control.id, "title": control.title} for control in summary.controls if control.judged_nothing
            ],
            "questions": self._questions(),
            "limits": self.words["limits"],
            "frameworks": self.evidence.catalog["frameworks"],
            "terms": self._terms(),
        }

    def data(self) -> dict[str, Json]:
        catalog = self.evidence.catalog
        states, causes = self.words["states"], self.words["causes"]
        return {
            **self.table.as_json(),
            "outcomes": OUTCOMES,
            "states": list(states),
            "severities": SEVERITIES,
            "words": {name: entry["word"] for name, entry in (states | self.words["outcomes"]).items()},
            "icons": {name: entry["icon"] for name, entry in self.words["outcomes"].items()},
            "kindWords": self.words["kinds"],
            "causeWords": {kind: cause["word"] for kind, cause in causes.items()},
            "remedies": {kind: cause["remedy"] for kind, cause in causes.items()},
            "objectives": {one["id"]: one["statement"] for one in catalog["objectives"]},
            "controls": [printed(control) for control in self._controls()],
            "frameworks": [printed(framework) for framework in self._frameworks()],
            "bundle": {
                "scopes": [printable(scope) for scope in self._scopes()],
                "policy": self.evidence.manifest["policy_digest"],
                "commands": [self._trust()["command"]],
            },
        }

    def _scopes(self) -> list[str]:
        return sorted({*self.table.resources_by_scope, *(gap.scope for gap in self.summary.gap_groups)})

    def _pages(self) -> list[dict[str, Json]]:
        catalog = self.evidence.catalog
        requirements = sum(len(framework["requirements"]) for framework in catalog["frameworks"])
        pages = (
            ("summary", "Summary", None),
            ("completeness", "Completeness", None),
            ("requirements", "Requirements", requirements),
            ("controls", "Controls", len(catalog["controls"])),
            ("deviations", "Deviations", len(self.table.findings["verdict"])),
            ("unknowns", "Unknowns", self.summary.outcomes[Outcome.UNKNOWN]),
            ("method", "Method", None),
            ("terms", "Terms", None),
        )
        return [
            {"id": name, "title": title, "tally": None if tally is None else f"{tally:,}"}
            for name, title, tally in pages
        ]

    def _card(self, framework: FrameworkSummary) -> dict[str, Json]:
        states = [(state, framework.statuses[Status[state.upper()]]) for state in self.words["states"]]
        segments = _segments([(state, count) for state, count in states if count])
        for segment in segments:
            segment["word"] = self.words["states"][segment["state"]]["word"].lower()
        return {
            "id": framework.id,
            "name": framework.name,
            "statement": _requirements_statement(framework),
            "segments": segments,
            "label": f"{framework.name}: " + ", ".join(f"{one['count']} {one['word']}" for one in segments),
        }

    def _trust(self) -> dict[str, Json]:
        manifest = self.evidence.manifest
        engine = manifest["engine"]
        rows = (
            ("Bundle", manifest["run_id"], True),
            ("Manifest", self._manifest_digest(), True),
            ("Policy", manifest["policy_digest"], True),
            ("Engine", f"{engine['name']} {engine['version']}", False),
            ("Results", f"{self.summary.verdicts:,} over {len(self.table.resources['id']):,} resources", False),
            ("Coverage", f"{self.summary.coverage_text} % of what was asked could be judged", False),
        )
        return {
            "run": manifest["run_id"],
            "manifest_digest": self._manifest_digest(),
            "level": self.words["trust"]["level"],
            "level_note": self.words["trust"]["note"],
            "rows": rows,
            "command": f"vouch evidence verify evidence/{manifest['run_id']}",
            "not_proven": self.words["trust"]["not_proven"],
        }

    def _manifest_digest(self) -> str:
        return "sha256:?"

    def _scope_rows(self) -> list[dict[str, Json]]:
        gaps = Counter[str]()
        for group in self.summary.gap_groups:
            gaps[group.scope] += group.count
        return [
            {
                "name": scope,
                "declared": "",
                "resources": f"{self.table.resources_by_scope[scope]:,}",
                "results": f"{self.table.verdicts_by_scope[scope]:,}",
                "gaps": f"{gaps[scope]:,}",
            }
            for scope in self._scopes()
        ]

    def _gap_rows(self) -> list[dict[str, Json]]:
        return [
            {
                "kind": "anything" if group.kind == "*" else group.kind,
                "scope": " · ".join((group.scope, *group.regions)),
                **self._cause(group.cause.kind, group.cause.detail, group.cause.permission),
                "times": f"{group.count:,}",
            }
            for group in self.summary.gap_groups
        ]

    def _unknown_rows(self) -> list[dict[str, Json]]:
        return [
            {
                "kind": f"{_many(cause.verdicts, 'result')} of {_many(cause.controls, 'control')}",
                "scope": "",
                **self._cause(cause.kind, cause.detail, cause.permission),
                "times": f"{cause.verdicts:,}",
            }
            for cause in self.summary.unknown_causes
        ]

    def _cause(self, kind: str, detail: str, permission: str | None) -> dict[str, Json]:
        words = self.words["causes"].get(kind, {"word": kind, "remedy": ""})
        return {"reason": words["word"], "detail": detail, "permission": permission, "remedy": words["remedy"]}

    def _questions(self) -> str:
        asked = Counter(question.status == "ok" for question in self.evidence.questions())
        refused = f", {asked[False]:,} of them not answered" if asked[False] else ", all of them answered"
        return f"{_many(asked.total(), 'question')}{refused}." if asked else "No question was asked of a service."

    def _terms(self) -> list[dict[str, Json]]:
        results = ({**entry, "state": state, "icon": state} for state, entry in self.words["states"].items())
        return [*results, *({**term, "state": None, "icon": None} for term in self.words["terms"])]

    def _controls(self) -> Iterable[dict[str, Json]]:
        for control, entry in zip(self.summary.controls, self.evidence.catalog["controls"], strict=True):
            yield {
                **{key: entry[key] for key in ("id", "title", "description", "severity", "objectives", "remediation")},
                **{key: entry[key] for key in ("references", "scope_note", "path", "digest")},
                "kinds": entry["resources"],
                "state": _control_state(control),
                "statement": _statement(control.counts, control.gaps, "resource"),
                "tally": [control.counts[outcome] for outcome in OUTCOMES],
            }

    def _frameworks(self) -> Iterable[dict[str, Json]]:
        index = self.table.controls
        for framework, entry in zip(self.summary.frameworks, self.evidence.catalog["frameworks"], strict=True):
            requirements = [
                {
                    "id": one.id,
                    "title": one.title,
                    "kind": one.kind,
                    "reason": one.reason,
                    "objectives": declared["objectives"],
                    "details": {name: value for name, value in declared["details"].items() if value},
                    "controls": [index[control] for control in one.controls],
                    "state": one.status.name.lower(),
                    "statement": _statement(one.counts, one.gaps, "result") if one.controls else "",
                }
                for one, declared in zip(framework.requirements, entry["requirements"], strict=True)
            ]
            yield {
                "id": framework.id,
                "name": framework.name,
                "version": framework.version,
                "requirements": requirements,
            }


def _control_state(control: ControlSummary) -> str:
    """The state of a control in the words of requirements."""
    ladder = (
        (control.counts[Outcome.FAIL], Status.EXCEPTIONS),
        (control.counts[Outcome.UNKNOWN] or control.gaps, Status.UNKNOWN),
        (control.counts[Outcome.WAIVED], Status.WAIVED),
        (control.counts[Outcome.PASS], Status.NO_EXCEPTIONS),
    )
    return next((status for count, status in ladder if count), Status.NOT_ASSESSED).name.lower()


def _statement(counts: Counts, gaps: int, noun: str) -> str:
    """`No exceptions noted in 7 of 9 resources; 2 gaps may hide more`."""
    judged = sum(counts.values()) - counts[Outcome.NOT_APPLICABLE]
    hidden = f"; {_many(gaps, 'gap')} may hide more" if gaps else ""
    if judged:
        return f"No exceptions noted in {counts[Outcome.PASS]:,} of {_many(judged, noun)}{hidden}"
    if counts[Outcome.NOT_APPLICABLE]:
        return f"Applies to none of {_many(counts[Outcome.NOT_APPLICABLE], noun)}{hidden}"
    return f"No resource was read; {_many(gaps, 'gap')}" if gaps else "No resource of its kind in scope"


def _requirements_statement(framework: FrameworkSummary) -> str:
    beyond = (Status.MANUAL, Status.ORGANISATIONAL, Status.WITHDRAWN)
    testable = sum(count for status, count in framework.statuses.items() if status not in beyond)
    return (
        f"No exceptions noted in {framework.statuses[Status.NO_EXCEPTIONS]:,} of {testable:,} "
        f"requirements that a scan can show"
    )


def _segments(states: list[tuple[str, int]]) -> list[dict[str, Json]]:
    """Parts of a bar, in proportion, none too thin to be seen; together they fill it."""
    total = sum(count for _, count in states)
    gap = 3
    room = _BAR - _NARROWEST * len(states) - gap * (len(states) - 1)
    segments: list[dict[str, Json]] = []
    start = 0.0
    for state, count in states:
        width = round(_NARROWEST + room * count / total, 1)
        segments.append({"state": state, "count": count, "x": round(start, 1), "width": width})
        start += width + gap
    return segments


def _is_conclusive(summary: Summary) -> bool:
    return summary.complete and summary.judged > 0 and not summary.gaps and not summary.outcomes[Outcome.UNKNOWN]


def _answer(summary: Summary) -> str:
    """Where we stand, in two sentences that a reader can quote."""
    return " ".join((_stand(summary), *_reservations(summary)))


def _stand(summary: Summary) -> str:
    if not summary.judged:
        return "Nothing was judged, so this report says nothing about compliance."
    failing = sum(1 for control in summary.controls if control.counts[Outcome.FAIL])
    judging = sum(1 for control in summary.controls if not control.judged_nothing)
    if failing:
        return f"{failing:,} of {_many(judging, 'control')} {'has' if failing == 1 else 'have'} exceptions."
    return f"No exceptions noted by {_many(judging, 'control')} in {_many(summary.judged, 'result')}."


def _reservations(summary: Summary) -> Iterable[str]:
    unknown, gaps = summary.outcomes[Outcome.UNKNOWN], summary.gaps
    parts = [f"{_many(unknown, 'result')} {'is' if unknown == 1 else 'are'} unknown"] if unknown else []
    parts += [f"{_many(gaps, 'thing')} could not be read"] if gaps else []
    if parts:
        yield f"{' and '.join(parts).capitalize()}; what is not known is not counted as in order."
    if not summary.complete:
        yield f"The scan did not finish ({summary.reason})."


def _figures(summary: Summary) -> list[dict[str, Json]]:
    counts = summary.outcomes
    failing = sum(1 for control in summary.controls if control.counts[Outcome.FAIL])
    clean = sum(1 for control in summary.controls if _control_state(control) == "no_exceptions")
    unknown = sum(1 for control in summary.controls if control.counts[Outcome.UNKNOWN])
    severities = ", ".join(f"{count:,} {level}" for level, count in summary.failing.items() if count)
    waived = f"{counts[Outcome.WAIVED]:,} waived" if counts[Outcome.WAIVED] else ""
    figures = (
        (
            "exceptions",
            "Controls with exceptions",
            failing,
            "; ".join(filter(None, (severities, waived))) or "none failing",
            "controls?result=exceptions",
        ),
        ("unknown", "Unknown results", counts[Outcome.UNKNOWN], f"in {_many(unknown, 'control')}", "unknowns"),
        ("gap", "Gaps", summary.gaps, f"{summary.coverage_text} % coverage", "completeness"),
        (
            "no_exceptions",
            "Controls without exceptions",
            clean,
            f"{counts[Outcome.PASS]:,} of {summary.verdicts:,} results",
            "controls?result=no_exceptions",
        ),
    )
    return [
        {"state": state, "icon": state, "name": name, "number": f"{number:,}", "note": note, "href": href}
        for state, name, number, note, href in figures
    ]


def _listed(names: list[str], shown: int = 3) -> str:
    """`a, b and c`, or `a, b, c and 4 more`."""
    if not names:
        return "an empty scope"
    head = names if len(names) <= shown else [*names[:shown], f"{len(names) - shown:,} more"]
    return " and ".join(filter(None, (", ".join(head[:-1]), head[-1])))


def _moment(timestamp: str | None) -> str:
    """`2026-11-24 10:00:00 UTC` of an RFC 3339 time."""
    return timestamp.replace("T", " ").replace("Z", " UTC") if timestamp else "not finished"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
