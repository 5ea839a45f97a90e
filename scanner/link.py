"""Joins: what belongs to what. Done once, here, so that a control sees all it needs in one resource.

The joins are a table. Only those that a selected control reads are made, and only the attributes that are read are
kept. A resource that waits for a join lies in a spool until everything is collected; all others pass straight through.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from tempfile import SpooledTemporaryFile
from typing import Any

from scanner.errors import ConfigurationError, nearest
from scanner.model import Cause, Control, Gap, Json, ReadPath, Resource, Wanted

_RBAC = "kubernetes.rbac.authorization.k8s.io"
_SPOOL_IN_MEMORY = 16 << 20

Key = Callable[[Resource], Hashable]


@dataclass(frozen=True, slots=True)
class Join:
    """Puts resources of some kinds under `related.<name>` of another."""

    onto: str
    name: str
    kinds: tuple[str, ...]
    onto_key: Key
    key: Key
    """Resources whose `key` equals the `onto_key` are joined. None joins nothing."""
    onto_needs: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Attributes that the two keys look at, beside what controls read."""
    required: bool = False
    """Whether there must be one: none found is then unknown, not an empty list."""
    everywhere: bool = False
    """Whether it may lie in another scope (bucket names are global)."""


def _namespace(resource: Resource) -> Hashable:
    metadata = resource.attributes.get("metadata")
    return metadata.get("namespace") if isinstance(metadata, dict) else None


def _service_account(resource: Resource) -> Hashable:
    spec = resource.attributes.get("spec")
    if not isinstance(spec, dict):
        return None
    return (
        _namespace(resource) or "default",
        spec.get("serviceAccountName") or spec.get("serviceAccount") or "default",
    )


def _role(resource: Resource) -> Hashable:
    """The role that a binding grants: its namespace (None for a ClusterRole) and name."""
    reference = resource.attributes.get("roleRef")
    if not isinstance(reference, dict):
        return None
    return (_namespace(resource) if reference.get("kind") == "Role" else None, reference.get("name"))


def _namespaced(resource: Resource) -> Hashable:
    return (_namespace(resource) or "default", resource.name)


def _whole_scope(_: Resource) -> Hashable:
    return True


JOINS = (
    Join(
        onto="kubernetes.core.Namespace",
        name="network_policies",
        kinds=("kubernetes.networking.k8s.io.NetworkPolicy",),
        onto_key=lambda resource: resource.name,
        key=lambda resource: _namespace(resource) or "default",
        needs=("metadata",),
    ),
    Join(
        onto="kubernetes.PodSpec",
        name="service_account",
        kinds=("kubernetes.core.ServiceAccount",),
        onto_key=_service_account,
        key=_namespaced,
        onto_needs=("metadata", "spec"),
        needs=("metadata",),
    ),
    Join(
        onto=f"{_RBAC}.ClusterRole",
        name="bindings",
        kinds=(f"{_RBAC}.ClusterRoleBinding", f"{_RBAC}.RoleBinding"),
        onto_key=lambda resource: (None, resource.name),
        key=_role,
        needs=("metadata", "roleRef"),
    ),
    Join(
        onto=f"{_RBAC}.Role",
        name="bindings",
        kinds=(f"{_RBAC}.RoleBinding",),
        onto_key=lambda resource: (_namespace(resource), resource.name),
        key=_role,
        onto_needs=("metadata",),
        needs=("metadata", "roleRef"),
    ),
    Join("aws.s3.bucket", "account", ("aws.account",), _whole_scope, _whole_scope, required=True),
    Join("aws.s3.bucket", "trails", ("aws.cloudtrail.trail",), _whole_scope, _whole_scope),
    Join("aws.account", "trails", ("aws.cloudtrail.trail",), _whole_scope, _whole_scope),
    Join(
        onto="aws.cloudtrail.trail",
        name="bucket",
        kinds=("aws.s3.bucket",),
        onto_key=lambda resource: resource.attributes.get("S3BucketName"),
        key=lambda resource: resource.name,
        onto_needs=("S3BucketName",),
        required=True,
        everywhere=True,
    ),
)


class Linker:
    """Takes what is collected and gives back what can be judged."""

    def __init__(self, controls: Mapping[str, Control], joins: Iterable[Join] = JOINS) -> None:
        """Raises `ConfigurationError` when a control reads a join that there is none of."""
        self._reads = _reads_by_kind(controls.values())
        self._joins = _chosen(controls.values(), tuple(joins))
        self._sources = {kind for join in self._joins for kind in join.kinds}
        self._targets = {join.onto for join in self._joins}
        self._facts: dict[tuple[str, str, str | None, Hashable], list[_Fact]] = {}
        self._gaps: list[Gap] = []
        self._spool = SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY)  # noqa: SIM115 - lives as long as the scan
        self._spooled = 0

    @property
    def wanted(self) -> Wanted:
        """What must be collected: by kind, the attributes that a control or a join looks at."""
        wanted: dict[str, set[str]] = {}
        for kind, reads in self._reads.items():
            wanted.setdefault(kind, set()).update(_attributes(reads))
        for join in self._joins:
            wanted[join.onto].update(join.onto_needs)
            for kind in join.kinds:
                wanted.setdefault(kind, set()).update(join.needs, _attributes(self._below(join)))
        return {kind: frozenset(names) for kind, names in wanted.items()}

    def add(self, resource: Resource) -> Iterator[Resource]:
        """Take one resource; yields it at once unless it waits for a join."""
        if resource.kind in self._sources:
            self._keep(resource)
        if resource.kind in self._targets:
            pickle.dump(resource, self._spool, protocol=pickle.HIGHEST_PROTOCOL)
            self._spooled += 1
        else:
            yield resource

    def gap(self, gap: Gap) -> None:
        """Note what could not be listed: a join that needs it is then unread."""
        self._gaps.append(gap)

    def finish(self) -> Iterator[Resource]:
        """Everything is collected: yield what waited, joined."""
        self._spool.seek(0)
        for _ in range(self._spooled):
            yield self._joined(pickle.load(self._spool))  # noqa: S301 - written by ourselves
        self._spool.close()

    def _keep(self, resource: Resource) -> None:
        for join in self._joins:
            key = join.key(resource) if resource.kind in join.kinds else None
            if key is not None:
                scope = None if join.everywhere else resource.scope
                names = _attributes(self._below(join))
                self._facts.setdefault((join.onto, join.name, scope, key), []).append(_fact(resource, names))

    def _joined(self, resource: Resource) -> Resource:
        related: dict[str, Json] = {}
        unread = dict(resource.unread)
        for join in self._joins:
            if join.onto != resource.kind:
                continue
            scope = None if join.everywhere else resource.scope
            facts = self._facts.get((join.onto, join.name, scope, join.onto_key(resource)), [])
            related[join.name] = [fact.value for fact in sorted(facts, key=lambda fact: fact.order)]
            for fact in facts:
                unread.update({f"related.{join.name}.*.{path}": cause for path, cause in fact.unread.items()})
            cause = self._missing(join, resource, found=bool(facts))
            if cause:
                unread[f"related.{join.name}"] = cause
        return replace(resource, related=related, unread=unread)

    def _missing(self, join: Join, resource: Resource, *, found: bool) -> Cause | None:
        """Why the joined list can't be trusted to be whole, or None when it can."""
        if join.required and found:
            return None
        for gap in self._gaps:
            if gap.kind in (*join.kinds, "*") and (join.everywhere or gap.scope == resource.scope):
                return _in_file(gap)
        if join.required:
            return Cause("unresolved", f"the {join.name.replace('_', ' ')} it refers to is not among what was read")
        return None

    def _below(self, join: Join) -> list[ReadPath]:
        """What controls look at in each thing of a join, as read paths of that thing."""
        reads = self._reads.get(join.onto, [])
        return [
            read[3:] if len(read) > 3 else ("**",) for read in reads if _names_join(read, join.name) and _inside(read)
        ]


def _in_file(gap: Gap) -> Cause:
    """The cause of a gap as one says it elsewhere: with the file that it is about."""
    return replace(gap.cause, detail=f"{gap.source.file}: {gap.cause.detail}") if gap.source else gap.cause


@dataclass(frozen=True, slots=True)
class _Fact:
    """One joined thing as it stands under `related`."""

    value: Json
    order: tuple[str, str]
    unread: Mapping[str, Cause]


def _fact(resource: Resource, names: set[str]) -> _Fact:
    attributes = resource.attributes
    kept = (
        dict(attributes) if "*" in names else {name: attributes[name] for name in sorted(names) if name in attributes}
    )
    value: dict[str, Any] = {
        "kind": resource.kind,
        "id": resource.id,
        "name": resource.name,
        "region": resource.region,
        "labels": dict(resource.labels),
        "attributes": kept,
    }
    return _Fact(value, (resource.kind, resource.id), resource.unread)


def _reads_by_kind(controls: Iterable[Control]) -> dict[str, list[ReadPath]]:
    reads: dict[str, list[ReadPath]] = {}
    for control in controls:
        for kind in control.resources:
            reads.setdefault(kind, []).extend(sorted(control.reads))
    return reads


def _chosen(controls: Iterable[Control], joins: tuple[Join, ...]) -> tuple[Join, ...]:
    chosen: list[Join] = []
    for control in controls:
        for name in sorted({read[1] for read in control.reads if read[0] == "related" and len(read) > 1}):
            for kind in control.resources:
                there = {join.name: join for join in joins if join.onto == kind}
                if name not in there:
                    message = f"{control.path}: {control.id} reads input.related.{name}, but {kind} has no such join"
                    raise ConfigurationError(message, hint=nearest(name, there))
                if there[name] not in chosen:
                    chosen.append(there[name])
    return tuple(chosen)


def _attributes(reads: Iterable[ReadPath]) -> set[str]:
    """Top-level attribute names that read paths need; `labels` stands for labels, `*` for everything."""
    names: set[str] = set()
    for read in reads:
        if read[0] == "**":
            names.add("*")
        elif read[0] == "labels":
            names.add("labels")
        elif read[0] == "attributes" and len(read) > 1:
            names.add("*" if read[1] in ("*", "**") else read[1])
    return names


def _names_join(read: ReadPath, name: str) -> bool:
    return read[:2] == ("related", name)


def _inside(read: ReadPath) -> bool:
    """Whether a read of a join looks into its things: not at the list alone."""
    return len(read) > 3 or read[-1] == "**"
