"""What the HTML report says: `Page.shown` for the templates, `Page.data` for the script, from one summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scanner import __version__
from scanner.interfaces import Evidence
from scanner.model import SEVERITIES, Json, Outcome
from scanner.reporters._html_data import OUTCOMES, Table, printed
from scanner.summary import ControlSummary, Counts, FrameworkSummary, Status, Summary

_BAR = 1000
"""Width of a framework's bar in its own units."""
_BETWEEN = 3
_NARROWEST = 8
"""No part of a bar is thinner: one exception among a thousand requirements must still be seen."""

_MANY_FRAMEWORKS = 6
"""Above this a table reads better than cards."""

_BEYOND_A_SCAN = (Status.MANUAL, Status.ORGANISATIONAL, Status.WITHDRAWN)

_RESULTS_OF_CONTROL = (
    (Outcome.FAIL, Status.EXCEPTIONS),
    (Outcome.UNKNOWN, Status.UNKNOWN),
    (Outcome.WAIVED, Status.WAIVED),
    (Outcome.PASS, Status.NO_EXCEPTIONS),
)
"""The first outcome that occurs gives a control's state, in the words of requirements."""


@dataclass(frozen=True, slots=True)
class Page:
    """One report in the making."""

    evidence: Evidence
    summary: Summary
    table: Table
    words: Mapping[str, Json]
    """reports/html/words.json."""

    def shown(self) -> dict[str, Json]:
        """What the templates call `report`."""
        summary, manifest = self.summary, self.evidence.manifest
        return {
            "version": __version__,
            "title": f"Compliance evidence for {_listed(self._scopes())}",
            "started": _moment(manifest["started_at"]),
            "finished": _moment(manifest["finished_at"]),
            "answer": _answer(summary),
            "conclusive": _is_conclusive(summary),
            "interrupted": None if summary.complete else f"The scan did not finish: {summary.reason}.",
            "pages": self._pages(),
            "figures": _figures(summary),
            "states": self._states(),
            "cards": [self._card(framework) for framework in summary.frameworks],
            "many": len(summary.frameworks) > _MANY_FRAMEWORKS,
            "trust": self._trust(),
            "declared": self._declared(),
            "scopes": self._scope_rows(),
            "kinds": self._kind_rows(),
            "gaps": self._gap_rows(),
            "unknowns": self._unknown_rows(),
            "skipped": [{"reason": reason, "count": f"{count:,}"} for reason, count in summary.skipped.items()],
            "idle_controls": [
                {"id": control.id, "title": control.title} for control in summary.controls if control.judged_nothing
            ],
            "questions": self._questions(),
            "limits": self.words["limits"],
            "frameworks": self.evidence.catalog["frameworks"],
            "terms": self._terms(),
        }

    def data(self) -> dict[str, Json]:
        """What the script calls `data`."""
        states, outcomes, causes = self.words["states"], self.words["outcomes"], self.words["causes"]
        return {
            **self.table.as_json(),
            "outcomes": OUTCOMES,
            "states": list(states),
            "severities": SEVERITIES,
            "words": {name: entry["word"] for name, entry in (states | outcomes).items()},
            "icons": {name: entry["icon"] for name, entry in outcomes.items()} | {name: name for name in states},
            "kindWords": self.words["kinds"],
            "causeWords": {kind: cause["word"] for kind, cause in causes.items()},
            "remedies": {kind: cause["remedy"] for kind, cause in causes.items()},
            "objectives": {one["id"]: one["statement"] for one in self.evidence.catalog["objectives"]},
            "controls": [printed(control) for control in self._controls()],
            "frameworks": [printed(framework) for framework in self._frameworks()],
            "policy": self.evidence.manifest["policy_digest"],
            "manifest": self.evidence.manifest_digest,
            "command": self._command(),
        }

    def _scopes(self) -> list[str]:
        observed = self.evidence.manifest["observed"]
        return sorted({*observed, *self.table.results_by_scope, *(gap.scope for gap in self.summary.gap_groups)})

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

    def _states(self) -> list[dict[str, Json]]:
        """Columns of the table of many frameworks: what a scan can say, and of the rest what occurs."""
        occur = {status for one in self.summary.frameworks for status, count in one.statuses.items() if count}
        return [
            {"state": state, "word": entry["word"]}
            for state, entry in self.words["states"].items()
            if (status := Status[state.upper()]) in occur or status not in _BEYOND_A_SCAN
        ]

    def _card(self, framework: FrameworkSummary) -> dict[str, Json]:
        counts = {state: framework.statuses[Status[state.upper()]] for state in self.words["states"]}
        segments = _segments([(state, count) for state, count in counts.items() if count])
        for segment in segments:
            segment["word"] = self.words["states"][segment["state"]]["word"].lower()
        return {
            "id": framework.id,
            "name": framework.name,
            "statement": _requirements_statement(framework),
            "counts": counts,
            "segments": segments,
            "label": f"{framework.name}: " + ", ".join(f"{one['count']} {one['word']}" for one in segments),
        }

    def _trust(self) -> dict[str, Json]:
        manifest = self.evidence.manifest
        engine = manifest["engine"]
        judged = f"{self.summary.verdicts:,} over {_many(self.table.listed, 'resource')}"
        return {
            "run": manifest["run_id"],
            "manifest_digest": self.evidence.manifest_digest,
            "level": self.words["trust"]["level"],
            "level_note": self.words["trust"]["note"],
            "rows": (
                ("Bundle", manifest["run_id"], True),
                ("Manifest", self.evidence.manifest_digest, True),
                ("Policy", manifest["policy_digest"], True),
                ("Engine", f"{engine['name']} {engine['version']}", False),
                ("Results", judged, False),
                ("Coverage", f"{self.summary.coverage_text} % of what was asked could be judged", False),
            ),
            "command": self._command(),
            "not_proven": self.words["trust"]["not_proven"],
        }

    def _command(self) -> str:
        """How to verify the bundle, under the name that a scan gives it."""
        manifest = self.evidence.manifest
        started = manifest["started_at"].replace("-", "").replace(":", "")
        return f"vouch evidence verify evidence/{started}-{manifest['run_id'][:8]}"

    def _declared(self) -> list[dict[str, Json]]:
        """What the user asked for, as sealed before anything was read."""
        manifest = self.evidence.manifest
        chosen = ((name, value) for name, value in manifest["selection"].items() if value)
        rows = [("Sources", manifest["sources"]), *((name.capitalize(), value) for name, value in chosen)]
        return [{"name": name, "value": _plain(value)} for name, value in rows]

    def _scope_rows(self) -> list[dict[str, Json]]:
        observed = self.evidence.manifest["observed"]
        gaps = Counter[str]()
        for group in self.summary.gap_groups:
            gaps[group.scope] += group.count
        return [
            {
                "name": scope,
                "read": f"{sum(observed.get(scope, {}).values()):,}",
                "judged": f"{self.table.listed_by_scope[scope]:,}",
                "results": f"{self.table.results_by_scope[scope]:,}",
                "gaps": f"{gaps[scope]:,}",
            }
            for scope in self._scopes()
        ]

    def _kind_rows(self) -> list[dict[str, Json]]:
        return [
            {"kind": kind, "scope": scope, "read": f"{read:,}", "judged": f"{self.table.listed_by_kind[scope, kind]:,}"}
            for scope, kinds in sorted(self.evidence.manifest["observed"].items())
            for kind, read in sorted(kinds.items())
        ]

    def _gap_rows(self) -> list[dict[str, Json]]:
        return [
            {
                "what": "anything" if group.kind == "*" else group.kind,
                "where": " · ".join((group.scope, *group.regions)),
                **self._cause(group.cause.kind, group.cause.detail, group.cause.permission),
                "times": f"{group.count:,}",
            }
            for group in self.summary.gap_groups
        ]

    def _unknown_rows(self) -> list[dict[str, Json]]:
        return [
            {
                **self._cause(cause.kind, cause.detail, cause.permission),
                "kind": cause.kind,
                "controls": f"{cause.controls:,}",
                "results": f"{cause.verdicts:,}",
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
        results = ({**entry, "state": state} for state, entry in self.words["states"].items())
        return [*results, *({**term, "state": None} for term in self.words["terms"])]

    def _controls(self) -> Iterator[dict[str, Json]]:
        entries = {entry["id"]: entry for entry in self.evidence.catalog["controls"]}
        for control in self.summary.controls:
            entry, unlisted = entries[control.id], self.table.unlisted[control.id]
            yield {
                **{key: entry[key] for key in ("id", "title", "description", "severity", "objectives", "remediation")},
                **{key: entry[key] for key in ("references", "scope_note", "path", "digest")},
                "kinds": entry["resources"],
                "state": _control_state(control),
                "statement": _statement(control.counts, control.gaps, unlisted, "resource"),
                "tally": [control.counts[outcome] for outcome in OUTCOMES],
                "gaps": control.gaps + unlisted,
            }

    def _frameworks(self) -> Iterator[dict[str, Json]]:
        for framework, entry in zip(self.summary.frameworks, self.evidence.catalog["frameworks"], strict=True):
            yield {
                "id": framework.id,
                "name": framework.name,
                "version": framework.version,
                "requirements": list(self._requirements(framework, entry["requirements"])),
            }

    def _requirements(
        self, framework: FrameworkSummary, entries: Iterable[Mapping[str, Json]]
    ) -> Iterator[dict[str, Json]]:
        for one, entry in zip(framework.requirements, entries, strict=True):
            unlisted = sum(self.table.unlisted[control] for control in one.controls)
            yield {
                "id": one.id,
                "title": one.title,
                "kind": one.kind,
                "reason": one.reason,
                "objectives": entry["objectives"],
                "details": {name.replace("_", " "): _plain(value) for name, value in entry["details"].items() if value},
                "controls": [self.table.controls[control] for control in one.controls],
                "state": one.status.name.lower(),
                "statement": _statement(one.counts, one.gaps, unlisted, "result") if one.controls else "",
            }


def _control_state(control: ControlSummary) -> str:
    state = next((state for outcome, state in _RESULTS_OF_CONTROL if control.counts[outcome]), Status.NOT_ASSESSED)
    hides = control.gaps and state is not Status.EXCEPTIONS
    return (Status.UNKNOWN if hides else state).name.lower()


def _statement(counts: Counts, gaps: int, unlisted: int, noun: str) -> str:
    """`No exceptions noted in 7 of 9 resources; 2 gaps may hide more`; `unlisted` verdicts are of gaps themselves."""
    judged = sum(counts.values()) - counts[Outcome.NOT_APPLICABLE] - unlisted
    hidden = _many(gaps + unlisted, "gap") if gaps + unlisted else ""
    more = f"; {hidden} may hide more" if hidden else ""
    if judged:
        return f"No exceptions noted in {counts[Outcome.PASS]:,} of {_many(judged, noun)}{more}"
    if counts[Outcome.NOT_APPLICABLE]:
        return f"Applies to none of {_many(counts[Outcome.NOT_APPLICABLE], noun)}{more}"
    return f"No resource was read; {hidden}" if hidden else "No resource of its kind in scope"


def _requirements_statement(framework: FrameworkSummary) -> str:
    testable = sum(count for status, count in framework.statuses.items() if status not in _BEYOND_A_SCAN)
    clean = framework.statuses[Status.NO_EXCEPTIONS]
    return f"No exceptions noted in {clean:,} of {testable:,} that a scan can show"


def _segments(states: list[tuple[str, int]]) -> list[dict[str, Json]]:
    """Parts of a bar, in proportion, none too thin to be seen; together they fill it."""
    total = sum(count for _, count in states)
    room = _BAR - _NARROWEST * len(states) - _BETWEEN * (len(states) - 1)
    segments: list[dict[str, Json]] = []
    start = 0.0
    for state, count in states:
        width = round(_NARROWEST + room * count / total, 1)
        segments.append({"state": state, "count": f"{count:,}", "x": round(start, 1), "width": width})
        start += width + _BETWEEN
    return segments


def _is_conclusive(summary: Summary) -> bool:
    return summary.complete and summary.judged > 0 and not summary.gaps and not summary.outcomes[Outcome.UNKNOWN]


def _answer(summary: Summary) -> str:
    """Where we stand, in sentences that a reader can quote."""
    return " ".join((_stand(summary), *_reservations(summary)))


def _stand(summary: Summary) -> str:
    if not summary.judged:
        return "Nothing was judged, so this report says nothing about compliance."
    failing = sum(1 for control in summary.controls if control.counts[Outcome.FAIL])
    judging = sum(1 for control in summary.controls if sum(control.counts.values()))
    if failing:
        return f"{failing:,} of {_many(judging, 'control')} {'has' if failing == 1 else 'have'} exceptions."
    return f"No exceptions noted by {_many(judging, 'control')} in {_many(summary.judged, 'result')}."


def _reservations(summary: Summary) -> Iterator[str]:
    unknown, gaps = summary.outcomes[Outcome.UNKNOWN], summary.gaps
    parts = [f"{_many(unknown, 'result')} {'is' if unknown == 1 else 'are'} unknown"] if unknown else []
    parts += [f"{_many(gaps, 'thing')} could not be read"] if gaps else []
    if parts:
        yield f"{' and '.join(parts)}; what is not known is not counted as in order."
    if not summary.complete:
        yield f"The scan did not finish ({summary.reason})."


def _figures(summary: Summary) -> list[dict[str, Json]]:
    counts, controls = summary.outcomes, summary.controls
    failing = sum(1 for control in controls if control.counts[Outcome.FAIL])
    clean = sum(1 for control in controls if _control_state(control) == "no_exceptions")
    unknown = sum(1 for control in controls if control.counts[Outcome.UNKNOWN])
    idle = sum(1 for control in controls if control.judged_nothing)
    figures = (
        ("exceptions", "Controls with exceptions", failing, _severities(summary), "controls?result=exceptions"),
        ("unknown", "Unknown results", counts[Outcome.UNKNOWN], f"in {_many(unknown, 'control')}", "unknowns"),
        ("gap", "Gaps", summary.gaps, f"{summary.coverage_text} % coverage", "completeness"),
        (
            "no_exceptions",
            "Controls without exceptions",
            clean,
            f"of {_many(len(controls), 'control')}" + (f"; {idle:,} met no resource" if idle else ""),
            "controls?result=no_exceptions",
        ),
    )
    return [
        {"state": state, "name": name, "number": f"{number:,}", "note": note, "href": href}
        for state, name, number, note, href in figures
    ]


def _severities(summary: Summary) -> str:
    """`5 critical, 197 high; 3 waived` of results."""
    failing = ", ".join(f"{count:,} {level}" for level, count in summary.failing.items() if count)
    waived = summary.outcomes[Outcome.WAIVED]
    return "; ".join((failing or "none failing", *([f"{waived:,} waived"] if waived else [])))


def _listed(names: list[str], shown: int = 3) -> str:
    """`a, b and c`, or `a, b, c and 4 more`."""
    if not names:
        return "an empty scope"
    head = names if len(names) <= shown else [*names[:shown], f"{len(names) - shown:,} more"]
    return " and ".join(filter(None, (", ".join(head[:-1]), head[-1])))


def _moment(timestamp: str) -> str:
    """`2026-11-24 10:00:00 UTC` of an RFC 3339 time."""
    return timestamp.replace("T", " ").replace("Z", " UTC")


def _plain(value: Json) -> str:
    """A value of a catalogue or manifest as a person writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    return str(value)


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
