"""Reads Kubernetes objects from YAML and JSON files: a folder, a file or standard input.

Every document is accounted for: objects, a `Skipped` that names what it is instead, or a `Gap` that says why it can't
be read. Files are read one after another and document by document, so memory is bounded by the largest document.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from scanner.collectors import kubernetes_yaml, pods
from scanner.collectors.kubernetes_yaml import Document, Line, UnreadableError
from scanner.collectors.kustomize import NAMES as KUSTOMIZATIONS
from scanner.collectors.kustomize import Kustomize, is_chart_file, is_chart_template
from scanner.collectors.objects import (
    DEFINITION,
    DEFINITION_KIND,
    EMPTY,
    HELM_FILE,
    HELM_TEMPLATE,
    KUSTOMIZE_FILE,
    KUSTOMIZE_PATCH,
    NOT_AN_OBJECT,
    KubernetesObject,
    objects,
)
from scanner.errors import ConfigurationError
from scanner.interfaces import Collected
from scanner.model import Cause, Gap, Json, Question, Resource, Skipped, Source, Wanted
from scanner.model import Path as Steps
from scanner.redact import Redacted, Redactor, load_key

STANDARD_INPUT = "-"
_ENDINGS = (".yaml", ".yml", ".json")
_BLOCK = 128 * 1024
_KEPT_INPUT = 64 * 1024 * 1024
"""Bytes of standard input that are kept to look lines up in, as it can't be read a second time."""


class Manifests:
    """Collects from `manifests:PATH`; `-` is standard input."""

    def __init__(
        self, source: str, path: str, *, redactor: Redactor | None = None, stdin: BinaryIO | None = None
    ) -> None:
        self.source = source
        self._path = path
        self._scope = f"manifests:{path}"
        self._redactor = redactor or Redactor(load_key())
        self._stdin = stdin
        self._kustomize = Kustomize(())
        self._places: dict[str, array[int]] = {}
        """File -> offset and line of each of its documents, one after the other."""
        self._input: dict[int, Document] = {}
        self._input_size = 0
        self._located: tuple[tuple[str, int], Line] | None = None
        """The lines of the document that was asked for last: findings come grouped by file."""

    def collect(self, wanted: Wanted) -> Iterator[Collected]:
        """See `Collector.collect`. A folder without any YAML or JSON file is an error too: an empty pass otherwise."""
        top = Path(self._path)
        if self._path == STANDARD_INPUT:
            return self._read_input(wanted)
        if not top.exists():
            raise ConfigurationError(f"{self._path}: no such file or folder")
        return self._read_folder(top, wanted) if top.is_dir() else self._read_single(top, wanted)

    def locate(self, source: Source, path: Steps) -> int | None:
        """See `Collector.locate`. Reads the document once more, and keeps the lines of the last one."""
        try:
            lines = self._lines(source)
        except (OSError, UnreadableError):  # the file has changed since
            return source.line
        start: Steps = () if source.item is None else ("items", source.item)
        value = lines.at(start) if lines else None
        if value is None:
            return source.line
        holder = value.at(source.prefix)
        if holder and path[:1] == ("spec",) and "spec" not in holder.children:
            path = path[1:]  # a pod spec that lies at the prefix itself, without a template around it
        return value.nearest((*source.prefix, *path))

    def _lines(self, source: Source) -> Line | None:
        key = (source.file, source.document)
        if self._located is None or self._located[0] != key:
            document = self._again(source)
            if document is None:
                return None
            self._located = (key, kubernetes_yaml.lines(document))
        return self._located[1]

    def _again(self, source: Source) -> Document | None:
        """The document that `source` names, read once more."""
        if source.file == STANDARD_INPUT:
            return self._input.get(source.document)
        offset, line = self._places[source.file][2 * source.document : 2 * source.document + 2]
        with Path(source.file).open("rb") as stream:
            stream.seek(offset)
            return replace(next(kubernetes_yaml.documents(stream)), line=line)

    def _remember(self, shown: str, document: Document) -> None:
        """Where to find the document again; standard input can't be read twice, so its beginning is kept itself."""
        if shown != STANDARD_INPUT:
            self._places.setdefault(shown, array("Q")).extend((document.offset, document.line))
        elif self._input_size + len(document.text) <= _KEPT_INPUT:
            self._input_size += len(document.text)
            self._input[document.index] = document

    # --- which files

    def _read_folder(self, top: Path, wanted: Wanted) -> Iterator[Collected]:
        unlisted: list[Gap] = []
        files = list(self._files(top, unlisted))
        yield from unlisted
        if not files and not unlisted:
            raise ConfigurationError(
                f"{self._path}: there is no YAML or JSON file in this folder",
                hint="Name the folder that holds the manifests, or pipe what renders them into `vouch scan -`.",
            )
        self._kustomize = Kustomize(file for file in files if file.name in KUSTOMIZATIONS)
        for file in files:
            yield from self._read_file(file, wanted)

    def _read_single(self, file: Path, wanted: Wanted) -> Iterator[Collected]:
        beside = (file.parent / name for name in KUSTOMIZATIONS)
        self._kustomize = Kustomize(each for each in beside if each.is_file())
        yield from self._read_file(file, wanted)

    def _files(self, top: Path, unlisted: list[Gap]) -> Iterator[Path]:
        """Sorted; hidden folders left out; each folder once, however many links lead to it."""
        seen: set[tuple[int, int]] = set()

        def refused(error: OSError) -> None:
            cause = Cause("access_denied", f"the folder can't be listed: {error.strerror}")
            unlisted.append(Gap(self._scope, "*", cause, source=Source(str(error.filename))))

        for folder, folders, names in os.walk(top, onerror=refused, followlinks=True):
            status = Path(folder).stat()
            if (status.st_dev, status.st_ino) in seen:
                folders.clear()
                continue
            seen.add((status.st_dev, status.st_ino))
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            found = (Path(folder, name) for name in sorted(names))
            yield from (file for file in found if file.suffix.lower() in _ENDINGS or file.name in KUSTOMIZATIONS)

    # --- one file

    def _read_input(self, wanted: Wanted) -> Iterator[Collected]:
        yield from self._read(_Tap(self._stdin or sys.stdin.buffer), STANDARD_INPUT, None, wanted)

    def _read_file(self, file: Path, wanted: Wanted) -> Iterator[Collected]:
        shown = str(file)
        try:
            with file.open("rb") as stream:
                yield from self._read(_Tap(stream), shown, file, wanted)
        except OSError as error:
            kind = "access_denied" if isinstance(error, PermissionError) else "unreachable"
            detail = f"the file can't be read: {error.strerror}"
            yield Gap(self._scope, "*", Cause(kind, detail), source=Source(shown))
            yield self._question(shown, None, _now(), status=type(error).__name__, error=detail)

    def _read(self, tap: _Tap, shown: str, file: Path | None, wanted: Wanted) -> Iterator[Collected]:
        asked_at, count = _now(), 0
        is_template = file is not None and is_chart_template(file)
        for document in kubernetes_yaml.documents(tap.lines):
            self._remember(shown, document)
            if is_template and b"{{" in document.text:
                yield Skipped(Source(shown, document.first_line, document.index), HELM_TEMPLATE)
                continue
            for found in self._found(document, shown, file):
                if isinstance(found, KubernetesObject):
                    count += 1
                    yield from self._resources(found, wanted)
                else:
                    yield found
        yield self._question(shown, tap.digest.hexdigest(), asked_at, items=count)

    def _question(
        self,
        shown: str,
        digest: str | None,
        asked_at: str,
        *,
        status: str = "ok",
        items: int = 0,
        error: str | None = None,
    ) -> Question:
        parameters = {"path": shown, "sha256": digest}
        return Question(self._scope, "file", "read", parameters, None, asked_at, status, items=items, error=error)

    # --- one document

    def _found(self, document: Document, shown: str, file: Path | None) -> Iterator[KubernetesObject | Skipped | Gap]:
        source = Source(shown, document.first_line, document.index)
        if document.is_blank:
            yield Skipped(source, EMPTY)
            return
        try:
            value = kubernetes_yaml.load(document)
        except UnreadableError as error:
            yield self._unreadable(error, document, source)
            return
        for found in objects(value, source, lambda: kubernetes_yaml.lines(document)):
            yield self._by_place(found, file) if file else found

    def _unreadable(self, error: UnreadableError, document: Document, source: Source) -> Gap:
        hint = "; it looks like a template: render it and scan what comes out" if b"{{" in document.text else ""
        detail = f"line {error.line}: {self._redactor.text(error.problem)}{hint}"
        at = Source(source.file, error.line, source.document)
        return Gap(self._scope, "*", Cause("unparseable", detail), source=at)

    def _by_place(self, found: KubernetesObject | Skipped, file: Path) -> KubernetesObject | Skipped:
        """A name for what the files around it tell apart."""
        if self._kustomize.is_patch(file):
            return Skipped(found.source, KUSTOMIZE_PATCH)
        if isinstance(found, KubernetesObject) or found.reason != NOT_AN_OBJECT:
            return found
        if self._kustomize.is_settings(file):
            return Skipped(found.source, KUSTOMIZE_FILE)
        return Skipped(found.source, HELM_FILE) if is_chart_file(file) else found

    # --- one object

    def _resources(self, found: KubernetesObject, wanted: Wanted) -> Iterator[Resource | Skipped]:
        kind = f"kubernetes.{found.kind}"
        as_pods = pods.KIND in wanted and pods.bears_pods(found.kind)
        if found.kind == DEFINITION_KIND and kind not in wanted:
            yield Skipped(found.source, DEFINITION)
        if kind not in wanted and not as_pods:
            return
        redacted = self._redactor.kubernetes(found.kind, found.value)
        found = replace(found, id=self._redactor.mask(found.id), name=self._redactor.mask(found.name))
        if kind in wanted:
            yield self._resource(found, kind, redacted.value, redacted.credentials)
        if as_pods:
            yield from self._pod_specs(found, redacted)

    def _pod_specs(self, found: KubernetesObject, redacted: Redacted) -> Iterator[Resource]:
        for template in pods.templates(found.kind, redacted.value, found.namespace):
            credentials = template.credentials(redacted.credentials)
            resource = self._resource(found, pods.KIND, template.attributes, credentials)
            yield replace(
                resource,
                id="/".join(filter(None, (resource.id, template.label))),
                unread=template.unread,
                source=replace(found.source, prefix=template.prefix),
            )

    def _resource(
        self,
        found: KubernetesObject,
        kind: str,
        attributes: Mapping[str, Json],
        credentials: Sequence[Mapping[str, Json]],
    ) -> Resource:
        return Resource(
            kind=kind,
            id=found.id,
            name=found.name,
            scope=self._scope,
            attributes=attributes,
            labels=_labels(attributes),
            facts={"credentials": list(credentials)} if credentials else {},
            source=found.source,
        )


class _Tap(io.RawIOBase):
    """A stream with the digest of what went through it; buffered, so that lines are made without Python's help."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()
        self.lines = io.BufferedReader(self, _BLOCK)

    def readable(self) -> bool:
        """See `io.IOBase.readable`."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """See `io.RawIOBase.readinto`."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.digest.update(data)
        return len(data)


def _labels(attributes: Mapping[str, Json]) -> dict[str, str]:
    metadata = attributes.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, dict) else None
    if not isinstance(labels, dict):
        return {}
    return {key: value for key, value in labels.items() if isinstance(value, str)}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
