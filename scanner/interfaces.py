"""The seams: what the scan asks of its parts, on one page. Implementations say "See `Engine.judge`"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, Protocol, TypeAlias

from scanner.model import (
    Answer,
    Gap,
    Json,
    Path,
    Question,
    Resource,
    Skipped,
    Source,
    Task,
    Verdict,
    Wanted,
)

Collected: TypeAlias = Resource | Gap | Skipped | Question


class Collector(Protocol):
    """Reads one source. A module in `scanner/collectors/` has a class of this form."""

    source: str
    """As the user wrote it: `aws:prod`, `manifests:deploy/`."""

    def collect(self, wanted: Wanted) -> Iterator[Collected]:
        """Yield what there is, in any order, page by page; already redacted.

        A provider's refusal becomes a `Gap` (could not be listed) or an `unread` entry (could not be read); it is never
        raised and never an empty answer. Kinds that are not in `wanted` are not asked for. Raises `ConfigurationError`
        before the first item when the source as given can't be read at all because of what the user wrote (no such
        folder).
        """
        ...

    def locate(self, source: Source, path: Path) -> int | None:
        """The 1-based line of `path` (into the resource's attributes) in the file that `source` names, or the nearest
        there is of it.

        None where no file was read. Slow: called for findings only.
        """
        ...


class Engine(Protocol):
    """Evaluates Rego."""

    name: str
    version: str

    def judge(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Sequence[Answer]]]:
        """Yield each task once, in any order, with one answer per control in the task's order.

        Takes tasks lazily, as it can work on them. A control that errs, hangs or kills its worker gets an answer with
        `error` set; no task is lost. Raises `EngineError` when the engine itself cannot go on.
        """
        ...

    def close(self) -> None:
        """Stop workers or servers. May be called twice."""
        ...


class Recorder(Protocol):
    """Takes all that a scan learns, as it learns it. `scanner/evidence/bundle.py` writes a bundle; see docs there."""

    def ledger(self, entry: Question | Gap | Skipped) -> None:
        """Note what was asked, what could not be read, what was passed over."""
        ...

    def state(self, resource: Resource) -> str:
        """Keep a resource as it will be judged; returns its digest, `sha256:…` of the stored line."""
        ...

    def verdict(self, verdict: Verdict) -> None:
        """Keep a verdict."""
        ...

    def seal(self, *, complete: bool, reason: str | None = None) -> None:
        """Write what is missing, sort, hash and close. `complete=False` for an interrupted scan, with the reason."""
        ...


class Evidence(Protocol):
    """What a report is made of: a sealed bundle, read back."""

    manifest: Mapping[str, Json]
    """manifest.json."""
    manifest_digest: str
    """`sha256:…` of manifest.json: what stands for the whole bundle."""
    catalog: Mapping[str, Json]
    """policy/catalog.json: `{"controls": [...], "objectives": [...], "frameworks": [...], "parameters": {...}}`."""

    def verdicts(self) -> Iterator[Verdict]:
        """In the order of `Verdict.order`."""
        ...

    def gaps(self) -> Iterator[Gap]: ...

    def skipped(self) -> Iterator[Skipped]: ...

    def questions(self) -> Iterator[Question]: ...


class Reporter(Protocol):
    """A report format: a module in `scanner/reporters/` whose name is the format's name."""

    def write(self, evidence: Evidence, out: BinaryIO) -> None:
        """Write the report, UTF-8. The same evidence gives the same bytes."""
        ...
