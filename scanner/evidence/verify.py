"""Checks a bundle without trusting it: every digest, tree and count is taken again and compared with the manifest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import orjson
import rfc8785

from scanner.errors import BundleError
from scanner.evidence import bundle
from scanner.evidence.codec import verdict_from
from scanner.evidence.files import Stored, lines, state_name, stored
from scanner.evidence.merkle import Tree
from scanner.evidence.read import Reader, read_manifest
from scanner.model import Json, Outcome

UNLISTED = frozenset({bundle.MANIFEST, bundle.MANIFEST_DIGEST})
"""Files that the manifest cannot list."""

NOT_PROVEN = (
    "who made the bundle: it is not signed",
    "when it was made: no independent time is attached",
    "that the sources told the truth",
    "anything that the ledger does not list as asked",
)

_MOST_PROBLEMS = 100


class Status(StrEnum):
    """The answer."""

    VERIFIED = "VERIFIED"
    MISMATCH = "MISMATCH"
    CANNOT_VERIFY = "CANNOT VERIFY"


@dataclass(frozen=True, slots=True)
class Result:
    """What could be established of a bundle."""

    status: Status
    problems: tuple[str, ...] = ()
    """What does not match, or why it can't be verified; the first hundred."""
    complete: bool = False
    """Whether the scan ended by itself. A bundle sealed after an interruption verifies and is not complete."""
    reason: str | None = None
    """Why it is not complete."""
    trust: str | None = None
    """The level that was reached."""
    manifest_digest: str | None = None
    """`sha256:…` of manifest.json: what to compare with a digest that was kept elsewhere."""
    not_proven: tuple[str, ...] = NOT_PROVEN


def verify(path: Path) -> Result:
    """Recompute all digests, trees and counts of the bundle at `path`. Never raises for what it finds there."""
    try:
        if strange := [name for name, item in _walk(path) if item.is_symlink() or not item.is_file()]:
            return _mismatch(f"{name} is a link or a device; a bundle holds plain files" for name in strange)
        if problem := _manifest_problem(path):
            return _mismatch([problem])
        manifest = read_manifest(path)
        # The files first: nothing is read from a file that is not the one that was sealed.
        problems = _file_problems(path, manifest["files"]) or _content_problems(Reader(path))
    except BundleError as error:
        return Result(Status.CANNOT_VERIFY, problems=(str(error),), reason=_stopped(path))
    except OSError as error:
        return Result(Status.CANNOT_VERIFY, problems=(f"{error.filename} cannot be read: {error.strerror}",))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return Result(Status.CANNOT_VERIFY, problems=(f"{path} has not the documented form: {error!r}",))
    return _mismatch(problems) if problems else _verified(path, manifest)


def _verified(path: Path, manifest: Mapping[str, Json]) -> Result:
    return Result(
        Status.VERIFIED,
        complete=manifest["complete"],
        reason=manifest["reason"],
        trust="L1 hashes match",
        manifest_digest=f"sha256:{stored(path / bundle.MANIFEST).sha256}",
    )


def _mismatch(problems: Iterable[str]) -> Result:
    found = [*problems]
    more = [f"and {len(found) - _MOST_PROBLEMS:,} more"] if len(found) > _MOST_PROBLEMS else []
    return Result(Status.MISMATCH, problems=(*found[:_MOST_PROBLEMS], *more))


def _stopped(path: Path) -> str | None:
    """What an unsealed bundle says of the scan that was stopped."""
    if (path / bundle.MANIFEST).exists() or not (path / bundle.INTENT).is_file():
        return None
    return "the scan was stopped before it could seal its evidence"


def _walk(path: Path) -> Iterator[tuple[str, Path]]:
    """Everything in the folder that is not a folder, and folders that are links, by name; links are not followed."""
    for item in sorted(path.iterdir()) if path.is_dir() else ():
        if item.is_dir() and not item.is_symlink():
            yield from ((f"{item.name}/{name}", below) for name, below in _walk(item))
        else:
            yield item.name, item


def _manifest_problem(path: Path) -> str | None:
    """Whether manifest.json is as it was sealed; None as well where there is none, which the reader words better."""
    manifest, digest = path / bundle.MANIFEST, path / bundle.MANIFEST_DIGEST
    if not manifest.is_file():
        return None
    if not digest.is_file():
        return f"{bundle.MANIFEST_DIGEST} is missing"
    if digest.read_bytes() != f"{stored(manifest).sha256}  {bundle.MANIFEST}\n".encode():
        return f"{bundle.MANIFEST} is not the one that {bundle.MANIFEST_DIGEST} names"
    return None


def _file_problems(path: Path, listed: Mapping[str, Mapping[str, Json]]) -> list[str]:
    """What is missing, was added, or has another size or digest."""
    there = dict(_walk(path))
    missing = [f"{name} is missing" for name in sorted(listed.keys() - there.keys())]
    added = [f"{name} is not in the manifest" for name in sorted(there.keys() - listed.keys() - UNLISTED)]
    changed = [
        text
        for name in sorted(listed.keys() & there.keys())
        if (text := _difference(name, Stored(**listed[name]), stored(there[name])))
    ]
    return missing + added + changed


def _difference(name: str, wanted: Stored, found: Stored) -> str | None:
    if found.size != wanted.size:
        return f"{name} has {found.size:,} bytes, the manifest says {wanted.size:,}"
    if found.sha256 != wanted.sha256:
        return f"{name} was changed: its digest is not the manifest's"
    return None


@dataclass(slots=True)
class _Recount:
    """All that the manifest claims of the content, taken again from the content."""

    reader: Reader
    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    observed: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    digests: set[bytes] = field(default_factory=set)
    """Of all resources."""
    merkle: dict[str, Json] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def take(self) -> None:
        self._state()
        self._verdicts()
        self._ledger()
        for name, values in (("gaps", self.reader.gaps()), ("skipped", self.reader.skipped())):
            self.counts[name] = sum(1 for _ in values)

    def _state(self) -> None:
        tree = Tree()
        for name in self.reader.state_files():
            for line in lines(self.reader.path / name):
                tree.add(line)
                self.digests.add(sha256(line).digest())
                self._resource(name, orjson.loads(line))
        self.counts["resources"] = tree.leaves
        self.merkle["state"] = _claim(tree)

    def _resource(self, name: str, record: Mapping[str, Json]) -> None:
        scope, kind = record["scope"], record["kind"]
        self.observed[scope][kind] += 1
        if state_name(scope, kind) != name:
            self.problems.append(f"{name} holds a {kind} of {scope}")

    def _verdicts(self) -> None:
        tree = Tree()
        last: tuple[str | int, ...] = ()
        controls = {control["id"]: control["digest"] for control in self.reader.catalog["controls"]}
        for number, line in enumerate(lines(self.reader.path / bundle.VERDICTS), start=1):
            tree.add(line)
            verdict = verdict_from(orjson.loads(line))
            self.outcomes[verdict.outcome] += 1
            place = f"{bundle.VERDICTS}:{number}"
            if controls.get(verdict.control) != verdict.control_digest:
                self.problems.append(f"{place} is by a control that is not in {bundle.CATALOG}")
            if verdict.resource_digest and _digest(verdict.resource_digest) not in self.digests:
                self.problems.append(f"{place} is about a resource that is not in the state")
            if verdict.order < last:
                self.problems.append(f"{place} is out of order")
            last = verdict.order
        self.merkle["verdicts"] = _claim(tree)

    def _ledger(self) -> None:
        tree = Tree()
        for line in lines(self.reader.path / bundle.LEDGER):
            tree.add(line)
        self.counts["questions"] = tree.leaves
        self.merkle["ledger"] = _claim(tree)

    def claims(self) -> dict[str, Json]:
        """What the manifest should say."""
        return {
            "counts": {**self.counts, "verdicts": {outcome.value: self.outcomes[outcome] for outcome in Outcome}},
            "merkle": self.merkle,
            "observed": {scope: dict(kinds) for scope, kinds in self.observed.items()},
            "policy_digest": _policy_digest(self.reader),
        }


def _content_problems(reader: Reader) -> list[str]:
    """What the files, each as it was sealed, do not agree on among each other."""
    recount = _Recount(reader)
    recount.take()
    intent = orjson.loads((reader.path / bundle.INTENT).read_bytes())
    claims = intent | recount.claims()
    differing = [name for name, claim in sorted(claims.items()) if reader.manifest.get(name) != claim]
    problems = [f"the manifest's {name} is not what the files say" for name in differing]
    if rfc8785.dumps(dict(reader.manifest)) != (reader.path / bundle.MANIFEST).read_bytes():
        problems.append(f"{bundle.MANIFEST} is not in its canonical form")
    return problems + recount.problems


def _claim(tree: Tree) -> dict[str, Json]:
    return {"leaves": tree.leaves, "root": tree.root()}


def _digest(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("sha256:"))


def _policy_digest(reader: Reader) -> str:
    digests = {path: f"sha256:{sha256(text.encode()).hexdigest()}" for path, text in reader.modules().items()}
    return bundle.policy_digest(digests, (reader.path / bundle.PARAMETERS).read_bytes())
