"""The report for a person at a terminal or in a CI log: what fails and how to mend it, and what could not be told.

Plain ASCII apart from names, laid out for 100 columns; identifiers are never cut, so that they can be copied.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import BinaryIO, Final

from scanner.interfaces import Evidence
from scanner.model import SEVERITIES, Json, Outcome, Source, Verdict
from scanner.summary import CauseSummary, ControlSummary, FrameworkSummary, GapSummary, Status, Summary, summarize

WIDTH = 100

_FEW = 3
"""Failing resources shown per control, and findings per resource; the rest are counted."""

_MOST_CAUSES = 12
"""Causes of unknown verdicts that are listed, the most frequent ones; the rest are counted."""

_MOST_FRAMEWORKS = 3
"""With more of them in the scan, what a control bears on would fill the page, and is left to the other formats."""

_COLOURS: Final[Mapping[str, str]] = {
    "heading": "1",
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "warning": "1;33",
}
"""Style -> SGR parameters of a terminal (ECMA-48, 8.3.117)."""

_COLUMNS: Final[Mapping[str, tuple[Status, ...]]] = {
    "exceptions": (Status.EXCEPTIONS,),
    "unknown": (Status.UNKNOWN,),
    "waived": (Status.WAIVED,),
    "no exceptions": (Status.NO_EXCEPTIONS,),
    "not assessed": (Status.NOT_ASSESSED,),
    "manual": (Status.MANUAL, Status.ORGANISATIONAL),
}
"""Columns of the table of frameworks. Manual: only a person's evidence can show it."""


def write(evidence: Evidence, out: BinaryIO, colour: bool = False) -> None:
    """See `Reporter.write`. `colour` adds terminal colours; the words are the same without."""
    text = _Text(evidence, summarize(evidence), colour)
    sections = (section for section in map("\n".join, text.sections()) if section)
    out.write(("\n\n".join(sections) + "\n").encode())


def visible(text: str) -> str:
    r"""The text with all that a terminal would obey, or nobody would see, written out: `\x1b`, `\n`, `\u202e`."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


class _Text:
    """The sections, each a run of lines; one that has nothing to say is empty."""

    def __init__(self, evidence: Evidence, summary: Summary, colour: bool) -> None:
        self.manifest = evidence.manifest
        self.catalog = {control["id"]: control for control in evidence.catalog["controls"]}
        self.summary = summary
        self.colour = colour

    def sections(self) -> Iterator[Iterable[str]]:
        yield self.head()
        yield self.frameworks()
        yield from self.failing()
        yield self.waived()
        yield self.unknown()
        yield self.gaps()
        yield self.skipped()
        yield self.not_applicable()
        yield self.without_resources()

    def paint(self, style: str, text: str) -> str:
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if self.colour else text

    def head(self) -> Iterator[str]:
        summary, manifest = self.summary, self.manifest
        yield self.paint("heading", f"Scan of {visible(', '.join(manifest['sources']))}, {manifest['started_at']}")
        if not summary.complete:
            yield self.paint("warning", f"INCOMPLETE: {visible(summary.reason or 'the scan did not finish')}")
        counts = manifest["counts"]
        yield (
            f"{_many(len(summary.controls), 'control')} on {_many(counts['resources'], 'resource')} in"
            f" {_many(len(manifest['observed']), 'scope')}: {_many(summary.verdicts, 'verdict')}"
        )
        outcomes = [f"{summary.outcomes[outcome]:,} {_words(outcome)}" for outcome in Outcome]
        yield f"{', '.join(outcomes)}; {_many(summary.gaps, 'gap')}; coverage {summary.coverage_text} %"

    def frameworks(self) -> Iterator[str]:
        frameworks = self.summary.frameworks
        if not frameworks:
            return
        width = max(len("Requirements of"), *(len(framework.id) for framework in frameworks))
        heading = "  ".join(["Requirements of".ljust(width), *_COLUMNS, "  all"])
        yield self.paint("heading", heading)
        for framework in frameworks:
            yield _framework_row(framework, width)

    def failing(self) -> Iterator[Iterable[str]]:
        for severity in SEVERITIES:
            controls = [
                control
                for control in self.summary.controls
                if control.severity == severity and control.counts[Outcome.FAIL]
            ]
            if controls:
                heading = f"{severity.upper()}: {_many(len(controls), 'control')} failing"
                yield [self.paint(severity, heading)]
            yield from map(self.failing_control, controls)

    def failing_control(self, control: ControlSummary) -> Iterator[str]:
        entry = self.catalog[control.id]
        failing = control.counts[Outcome.FAIL]
        yield f"  {self.paint('heading', control.id)}: {failing:,} of {_many(sum(control.counts.values()), 'resource')}"
        yield from _wrapped(control.title, "  ")
        for verdict in control.failing[:_FEW]:
            yield from _verdict_lines(verdict)
        if failing > _FEW:
            yield f"    and {failing - _FEW:,} more"
        yield from _wrapped(f"Remedy: {entry['remediation']}", "  ")
        if len(self.summary.frameworks) <= _MOST_FRAMEWORKS:
            yield from _wrapped(_requirements(entry), "  ")

    def waived(self) -> Iterator[str]:
        yield from self.per_control("WAIVED: would fail, and a waiver is in force", Outcome.WAIVED)

    def unknown(self) -> Iterator[str]:
        causes = self.summary.unknown_causes
        if causes:
            total = self.summary.outcomes[Outcome.UNKNOWN]
            yield self.paint("warning", f"UNKNOWN: {_many(total, 'verdict')} could not be reached")
        for cause in causes[:_MOST_CAUSES]:
            yield from _cause_lines(cause)
        if len(causes) > _MOST_CAUSES:
            yield f"  and {_many(len(causes) - _MOST_CAUSES, 'cause')} more"

    def gaps(self) -> Iterator[str]:
        total = self.summary.gaps
        if not total:
            yield "GAPS: none; all that was asked for could be read."
            return
        yield self.paint(
            "warning", f"GAPS: {_many(total, 'time')} something could not be read; what it holds is unknown"
        )
        for group in self.summary.gap_groups:
            yield from _gap_lines(group)

    def skipped(self) -> Iterator[str]:
        skipped = self.summary.skipped
        if skipped:
            yield f"SKIPPED: {_many(sum(skipped.values()), 'document')} that no control judges"
            yield from (f"  {count:6,} {visible(reason)}" for reason, count in skipped.items())

    def not_applicable(self) -> Iterator[str]:
        yield from self.per_control("NOT APPLICABLE", Outcome.NOT_APPLICABLE)

    def without_resources(self) -> Iterator[str]:
        names = [control.id for control in self.summary.controls if control.judged_nothing]
        if names:
            yield f"NO RESOURCE IN SCOPE: {_many(len(names), 'control')} had nothing to judge"
        judging = {_provider(control.id) for control in self.summary.controls if not control.judged_nothing}
        for provider, several in groupby(names, key=_provider):
            if provider not in judging:
                yield f"  {provider}: all {_many(len([*several]), 'control')}"
                continue
            for service, ids in groupby(several, key=lambda name: name.rsplit(".", 1)[0]):
                yield from _wrapped(f"{service}: {', '.join(name.rsplit('.', 1)[1] for name in ids)}", "  ")

    def per_control(self, heading: str, outcome: Outcome) -> Iterator[str]:
        """A line for each control that has such verdicts."""
        controls = [control for control in self.summary.controls if control.counts[outcome]]
        if controls:
            yield f"{heading}: {_many(self.summary.outcomes[outcome], 'verdict')}"
        for control in controls:
            note = self.catalog[control.id]["scope_note"] if outcome is Outcome.NOT_APPLICABLE else None
            applies = f" (applies to {note})" if note else ""
            yield f"  {control.counts[outcome]:6,} {control.id}{applies}"


def _framework_row(framework: FrameworkSummary, width: int) -> str:
    counts = [sum(framework.statuses[status] for status in statuses) for statuses in _COLUMNS.values()]
    cells = [f"{count:,}".rjust(len(name)) for name, count in zip(_COLUMNS, counts, strict=True)]
    return "  ".join([framework.id.ljust(width), *cells, f"{sum(counts):5,}"])


def _verdict_lines(verdict: Verdict) -> Iterator[str]:
    resource = verdict.resource
    region = f", {resource.region}" if resource.region else ""
    copies = f", {resource.count:,} alike" if resource.count > 1 else ""
    # Where there is a file, its path says more than the scope, which is the path that was asked for.
    place = _place(verdict.source) or f" in {visible(resource.scope)}{region}"
    yield f"  - {visible(resource.id)}{copies}{place}"
    for finding in verdict.findings[:_FEW]:
        yield from _wrapped(finding.message, "      ")
    if len(verdict.findings) > _FEW:
        yield f"      and {len(verdict.findings) - _FEW:,} more"


def _cause_lines(cause: CauseSummary) -> Iterator[str]:
    yield (
        f"  {_many(cause.verdicts, 'verdict')} of {_many(cause.controls, 'control')}:"
        f" {_closing(cause.kind, cause.permission)}"
    )
    yield from _wrapped(cause.detail, "      ")


def _gap_lines(group: GapSummary) -> Iterator[str]:
    kind = "anything" if group.kind == "*" else visible(group.kind)
    times = f", {group.count:,} times" if group.count > 1 else ""
    yield f"  {kind} in {visible(group.scope)}{times}: {_closing(group.cause.kind, group.cause.permission)}"
    if group.regions:
        yield from _wrapped(f"in {', '.join(group.regions)}", "      ")
    yield from _gap_places(group)


def _gap_places(group: GapSummary) -> Iterator[str]:
    """What the first ones say, file by file where there are files."""
    for source, cause in group.samples:
        at = f"{_location(source)}: " if source else ""
        yield from _wrapped(f"{at}{cause.detail}", "      ")
    if group.count > len(group.samples) and group.samples[-1][0]:
        yield f"      and {group.count - len(group.samples):,} more"


def _closing(kind: str, permission: str | None) -> str:
    """The cause in words, and what would close it."""
    words = _words(kind)
    return f"{words}; closed by {visible(permission)}" if permission else words


def _place(source: Source | None) -> str:
    return f", {_location(source)}" if source else ""


def _location(source: Source) -> str:
    return visible(source.file if source.line is None else f"{source.file}:{source.line}")


def _provider(control: str) -> str:
    return control.split(".", 1)[0]


def _requirements(control: Mapping[str, Json]) -> str:
    parts = [f"{name} {', '.join(ids)}" for name, ids in control["requirements"].items() if ids]
    return f"Bears on: {'; '.join(parts)}" if parts else ""


def _wrapped(text: str, indent: str) -> Sequence[str]:
    """The text, made visible, in lines of the width; further lines are indented by two more."""
    return textwrap.wrap(
        visible(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
