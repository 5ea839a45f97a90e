"""Reads a sealed bundle back, line by line. It trusts what it reads; `verify.py` is what does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import orjson

from scanner.errors import BundleError
from scanner.evidence import bundle, codec
from scanner.evidence.files import is_inside, lines
from scanner.model import Gap, Json, Question, Resource, Skipped, Verdict

T = TypeVar("T")


class Reader:
    """See `Evidence`. Raises `BundleError` when `path` is no sealed bundle, or of a newer form."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest: Mapping[str, Json] = read_manifest(path)
        self.manifest_digest = f"sha256:{sha256(_bytes(path / bundle.MANIFEST)).hexdigest()}"
        self.catalog: Mapping[str, Json] = _document(path / bundle.CATALOG)
        self.parameters: Mapping[str, Json] = _document(path / bundle.PARAMETERS)

    def verdicts(self) -> Iterator[Verdict]:
        return self._values(bundle.VERDICTS, codec.verdict_from)

    def gaps(self) -> Iterator[Gap]:
        return self._values(bundle.GAPS, codec.gap_from)

    def skipped(self) -> Iterator[Skipped]:
        return self._values(bundle.SKIPPED, codec.skipped_from)

    def questions(self) -> Iterator[Question]:
        return self._values(bundle.LEDGER, codec.question_from)

    def resources(self) -> Iterator[Resource]:
        """All resources as they were judged, by scope, kind and id."""
        for name in self.state_files():
            yield from self._values(name, codec.resource_from)

    def state_files(self) -> list[str]:
        """Names of the files that hold resources, in the order of the Merkle tree over them."""
        return sorted(name for name in self.manifest["files"] if name.startswith("state/"))

    def modules(self) -> dict[str, str]:
        """Path -> Rego as run."""
        names = (name for name in self.manifest["files"] if name.startswith(bundle.REGO))
        return {name.removeprefix(bundle.REGO): _bytes(self.path / name).decode() for name in names}

    def _values(self, name: str, value: Callable[[codec.Record], T]) -> Iterator[T]:
        path = self.path / name
        for number, line in enumerate(lines(path), start=1):
            try:
                item = value(orjson.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BundleError(f"{path}:{number} is damaged: {error!r}") from error
            yield item


def read_manifest(path: Path) -> Mapping[str, Json]:
    """The manifest of the bundle at `path`, whose form is known and whose files lie inside. Raises `BundleError`."""
    if not (path / bundle.MANIFEST).is_file():
        raise _no_bundle(path)
    manifest = _document(path / bundle.MANIFEST)
    if manifest.get("format") != bundle.FORMAT or not isinstance(manifest.get("version"), int):
        raise BundleError(f"{path} is not an evidence bundle of vouch")
    if manifest["version"] > bundle.VERSION:
        raise BundleError(
            f"{path} is of form {manifest['version']}, this vouch reads up to {bundle.VERSION}", hint="Update vouch."
        )
    files = manifest.get("files")
    if not isinstance(files, dict) or not all(map(is_inside, files)):
        raise BundleError(f"{path / bundle.MANIFEST} names files outside the bundle, or none")
    return manifest


def _no_bundle(path: Path) -> BundleError:
    if (path / bundle.INTENT).is_file():
        return BundleError(f"{path} is incomplete: the scan was stopped before it could seal its evidence")
    inside = sorted(item.parent.name for item in path.glob(f"*/{bundle.MANIFEST}"))
    hint = f"It holds bundles; the newest is {path / inside[-1]}." if inside else None
    return BundleError(f"{path} is not an evidence bundle: it has no {bundle.MANIFEST}", hint=hint)


def _document(path: Path) -> dict[str, Json]:
    try:
        document = orjson.loads(_bytes(path))
    except ValueError as error:
        raise BundleError(f"{path} is damaged: {error}") from error
    if not isinstance(document, dict):
        raise BundleError(f"{path} is damaged: it holds no object")
    return document


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror}") from error
