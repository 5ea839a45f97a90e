"""Writes an evidence bundle while a scan goes on, in memory that does not grow with the estate.

What was intended is on disk before anything is read. The folder carries the ending `.partial` until it is sealed, so
a scan that was killed leaves something that says so by its name and by having no manifest.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain, groupby
from pathlib import Path

import orjson
import rfc8785

from scanner.encoding import encode
from scanner.errors import EvidenceError
from scanner.evidence.codec import gap_line, question_line, resource_line, skipped_line, verdict_line
from scanner.evidence.files import LineWriter, Stored, is_inside, lines, state_name, stored
from scanner.evidence.merkle import Tree
from scanner.evidence.sort import BUDGET, Sorter, first_part, keyed, last_part, line_of, number
from scanner.model import Gap, Json, Outcome, Question, Resource, Skipped, Source, Verdict

FORMAT = "vouch-bundle"
VERSION = 1
"""Of the format; raised when an older reader would misread a bundle, not when something is added."""

PARTIAL = ".partial"

LEDGER = "collection/ledger.jsonl"
GAPS = "collection/gaps.jsonl"
SKIPPED = "collection/skipped.jsonl"
VERDICTS = "verdicts.jsonl.gz"
CATALOG = "policy/catalog.json"
PARAMETERS = "policy/parameters.json"
REGO = "policy/rego/"
INTENT = "intent.json"
MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sha256"
"""One line for `sha256sum --check`: an accident to the manifest itself shows without a signature."""

_SPOOL = "spool"


@dataclass(frozen=True, slots=True)
class Policy:
    """What resources are judged by, exactly as it is run."""

    modules: Mapping[str, str]
    """Path relative to its policies folder -> Rego."""
    catalog: Mapping[str, Json]
    """See `Evidence.catalog`."""
    parameters: Mapping[str, Json]
    """Name -> value in force."""


class Bundle:
    """See `Recorder`. Used by one thread."""

    @classmethod
    def create(
        cls,
        directory: Path,
        *,
        intent: Mapping[str, Json],
        policy: Policy,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        budget: int = BUDGET,
    ) -> Bundle:
        """Begin a bundle in a new folder in `directory`, which is made when it is missing.

        `intent` says what the scan is about to do: `started_at` (RFC 3339, UTC), `tool`, `sources`, `selection`,
        `engine`. A `run_id` (32 hexadecimal digits) is added where there is none, and the policy's digest. All of it,
        and the policy, is on disk when this returns. `budget` is the memory in bytes for verdicts, and again for
        resources. Raises `EvidenceError` when it can't be written.
        """
        intent = {"run_id": secrets.token_hex(16), **intent}
        name = f"{_compact(intent['started_at'])}-{intent['run_id'][:8]}"
        with _writing(directory):
            bundle = cls(directory / name, clock=clock, budget=budget)
            bundle._begin(intent, policy)
        return bundle

    def __init__(self, path: Path, *, clock: Callable[[], datetime], budget: int) -> None:
        self.path = path
        """Where the bundle is once it is sealed."""
        self._partial = path.with_name(path.name + PARTIAL)
        self._partial.mkdir(parents=True)
        self._clock = clock
        self._intent: dict[str, Json] = {}
        self._files: dict[str, Stored] = {}
        (self._partial / LEDGER).parent.mkdir()
        self._ledger = (self._partial / LEDGER).open("xb")
        spool = self._partial / _SPOOL
        self._resources = Sorter(spool / "resources", budget=budget)
        self._verdicts = Sorter(spool / "verdicts", budget=budget)
        self._gaps = Sorter(spool / "gaps", budget=budget // 8)
        self._skipped = Sorter(spool / "skipped", budget=budget // 8)

    def ledger(self, entry: Question | Gap | Skipped) -> None:
        """See `Recorder.ledger`. Questions are on disk at once, in the order in which they were asked."""
        with _writing(self.path.parent):
            match entry:
                case Question():
                    self._ledger.write(question_line(entry) + b"\n")
                    self._ledger.flush()
                case Gap():
                    place = (entry.scope, entry.kind, entry.region or "", *_source_order(entry.source))
                    self._gaps.add(keyed(place, gap_line(entry)))
                case Skipped():
                    self._skipped.add(keyed(_source_order(entry.source), skipped_line(entry)))

    def state(self, resource: Resource) -> str:
        """See `Recorder.state`."""
        line = resource_line(resource)
        place = (state_name(resource.scope, resource.kind), resource.id, *_source_order(resource.source))
        with _writing(self.path.parent):
            self._resources.add(keyed(place, line))
        return f"sha256:{sha256(line).hexdigest()}"

    def verdict(self, verdict: Verdict) -> None:
        """See `Recorder.verdict`."""
        control, scope, kind, name, file, line = verdict.order
        place = (control, scope, kind, name, file, number(line), verdict.outcome.value)
        try:
            self._verdicts.add(keyed(place, verdict_line(verdict)))
        except OSError as error:
            raise _cannot_write(self.path.parent, error) from error

    def seal(self, *, complete: bool, reason: str | None = None) -> None:
        """See `Recorder.seal`. Afterwards the bundle is at `path`.

        All counts are taken from what is written here, so that they agree wherever an interruption struck.
        """
        with _writing(self.path.parent):
            content = self._write_content()
            self._write_manifest({"complete": complete, "reason": reason, **content})
            shutil.rmtree(self._partial / _SPOOL, ignore_errors=True)
            self._partial.rename(self.path)
            _sync_folder(self.path.parent)

    def _begin(self, intent: Mapping[str, Json], policy: Policy) -> None:
        digests = {path: f"sha256:{sha256(text.encode()).hexdigest()}" for path, text in policy.modules.items()}
        parameters = encode(policy.parameters)
        digest = policy_digest(digests, parameters)
        # Through JSON once, so that what is kept here is what a reader of the file gets.
        self._intent = orjson.loads(encode({"format": FORMAT, "version": VERSION, **intent, "policy_digest": digest}))
        self._store(INTENT, rfc8785.dumps(self._intent), sync=True)
        for path, text in policy.modules.items():
            self._store(f"{REGO}{path}", text.encode())
        self._store(CATALOG, encode(policy.catalog))
        self._store(PARAMETERS, parameters)

    def _store(self, name: str, data: bytes, *, sync: bool = False) -> None:
        if not is_inside(name):
            raise EvidenceError(f"a file of the bundle cannot be named {name!r}")
        path = self._partial / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        self._files[name] = Stored(sha256(data).hexdigest(), len(data))

    def _write_content(self) -> dict[str, Json]:
        """Ledger, state, verdicts, gaps and what was passed over; returns what the manifest says of them."""
        outcomes = Counter[bytes]()
        state, observed = self._write_state()
        trees = {
            "ledger": self._close_ledger(),
            "state": state,
            "verdicts": self._write_sorted(VERDICTS, _counted(self._verdicts.items(), outcomes)),
        }
        return {
            "observed": observed,
            "counts": {
                "resources": state.leaves,
                "questions": trees["ledger"].leaves,
                "gaps": self._write_sorted(GAPS, self._gaps.items()).leaves,
                "skipped": self._write_sorted(SKIPPED, self._skipped.items()).leaves,
                "verdicts": {outcome.value: outcomes[outcome.value.encode()] for outcome in Outcome},
            },
            "merkle": {name: {"leaves": tree.leaves, "root": tree.root()} for name, tree in trees.items()},
        }

    def _close_ledger(self) -> Tree:
        """The ledger as it is on disk, without a last line that an interruption cut."""
        self._ledger.close()
        path = self._partial / LEDGER
        os.truncate(path, path.read_bytes().rfind(b"\n") + 1)
        tree = Tree()
        for line in lines(path):
            tree.add(line)
        self._files[LEDGER] = stored(path)
        return tree

    def _write_state(self) -> tuple[Tree, dict[str, dict[str, int]]]:
        """One file per scope and kind, and one tree over all of them in the order of their names.

        Returns it with the number of resources: scope -> kind -> number.
        """
        tree = Tree()
        observed: dict[str, dict[str, int]] = defaultdict(dict)
        for name, items in groupby(self._resources.items(), key=first_part):
            before = tree.leaves
            scope, kind = self._write_kind(name.decode(), items, tree)
            observed[scope][kind] = tree.leaves - before
        return tree, observed

    def _write_kind(self, name: str, items: Iterator[bytes], tree: Tree) -> tuple[str, str]:
        """One file of resources; returns the scope and kind that all of them have."""
        first = next(items)
        self._write_sorted(name, chain([first], items), tree)
        resource = orjson.loads(line_of(first))
        return resource["scope"], resource["kind"]

    def _write_sorted(self, name: str, items: Iterable[bytes], tree: Tree | None = None) -> Tree:
        tree = tree or Tree()
        writer = LineWriter(self._partial / name, tree)
        for item in items:
            writer.write(line_of(item))
        self._files[name] = writer.close()
        return tree

    def _write_manifest(self, result: Mapping[str, Json]) -> None:
        manifest = {
            **self._intent,
            **result,
            "finished_at": self._clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "files": {name: asdict(stored) for name, stored in self._files.items()},
        }
        data = rfc8785.dumps(orjson.loads(encode(manifest)))
        self._store(MANIFEST_DIGEST, f"{sha256(data).hexdigest()}  {MANIFEST}\n".encode(), sync=True)
        self._store(MANIFEST, data, sync=True)


def policy_digest(modules: Mapping[str, str], parameters: bytes) -> str:
    """`sha256:…` over the digest of every module, by path, and of the parameters as they are stored."""
    record: Mapping[str, Json] = {"modules": dict(modules), "parameters": f"sha256:{sha256(parameters).hexdigest()}"}
    return f"sha256:{sha256(rfc8785.dumps(dict(record))).hexdigest()}"


def _compact(time: str) -> str:
    """`2026-11-24T10:00:00Z` as a file name that sorts by time: `20261124T100000Z`."""
    return datetime.fromisoformat(time).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _counted(items: Iterable[bytes], outcomes: Counter[bytes]) -> Iterator[bytes]:
    """The verdicts, counted by outcome, the last part of their key, as they pass."""
    for item in items:
        outcomes[last_part(item)] += 1
        yield item


def _source_order(source: Source | None) -> tuple[str, ...]:
    if source is None:
        return ("",)
    return (source.file, *map(number, (source.line, source.document, source.item)))


@contextmanager
def _writing(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _cannot_write(directory, error) from error


def _cannot_write(directory: Path, error: OSError) -> EvidenceError:
    return EvidenceError(
        f"cannot write the evidence to {directory}: {error.strerror or error}",
        hint="Make room or give another folder with --evidence; what was written so far ends in .partial.",
    )


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
