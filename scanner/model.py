"""The words of the program: frozen values that every layer shares.

`Resource` goes in, `Verdict` comes out. A `Gap` is what could not be read, a `Question` what was asked, a `Skipped`
what was seen and is not ours. Controls meet frameworks in objectives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeAlias

Json: TypeAlias = Any
"""A JSON value as orjson reads it: dict, list, str, int, float, bool or None."""

Path: TypeAlias = tuple[str | int, ...]
"""Steps into a JSON value: `("spec", "containers", 0, "image")`."""

ReadPath: TypeAlias = tuple[str, ...]
"""Where a control looks in `input`: `("attributes", "spec", "containers", "*", "image", "**")`. `*` is any key or
index; a last `**` says that the value is used, with all below it, and not only passed through."""

SEVERITIES = ("critical", "high", "medium", "low")
"""Most severe first."""


class Outcome(StrEnum):
    """What is known of one control on one resource. Only `PASS` says that it was read, judged and found in order."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    WAIVED = "waived"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is unknown or does not apply."""

    kind: str
    """One of: access_denied, throttled, unreachable, timed_out, interrupted, credentials, invalid_answer, vanished,
    unparseable, unresolved, not_in_source, partial, engine_error, engine_timeout, engine_crash, not_applicable,
    unsupported."""
    detail: str
    """A sentence for a person; never holds secret values."""
    permission: str | None = None
    """The permission that would close it, in the provider's own words: `s3:GetBucketPolicy`."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where in a file a resource was read."""

    file: str
    """The path as the user gave it, joined with what lies below; `-` for standard input."""
    line: int | None = None
    """1-based line of the object's first key."""
    document: int = 0
    """0-based index of the YAML document in the file."""
    item: int | None = None
    """0-based index in a `List`, or None."""
    prefix: Path = ()
    """Where the resource's `attributes` begin inside the object: `("spec", "template")` for the pods of a
    Deployment."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing that controls judge, with all that a verdict may depend on."""

    kind: str
    """Provider, service and thing: `aws.s3.bucket`, `kubernetes.core.Pod`, `kubernetes.PodSpec`."""
    id: str
    """Unique within scope, kind and source: an ARN, or `Deployment/namespace/name` for Kubernetes (`ClusterRole/name`
    without one)."""
    name: str
    scope: str
    """The account, cluster or folder it belongs to: `aws:123456789012`, `cluster:prod`, `manifests:path`."""
    attributes: Mapping[str, Json]
    """The provider's own JSON, redacted."""
    region: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    """Labels or tags; hostile text."""
    related: Mapping[str, Json] = field(default_factory=dict)
    """Joined facts, put there by the linker: join name -> list of {kind, id, name, region, labels, attributes}."""
    facts: Mapping[str, Json] = field(default_factory=dict)
    """What the collector saw in content that it did not keep: `{"credentials": [{"path": [...], "pattern":
    "..."}]}`."""
    unread: Mapping[str, Cause] = field(default_factory=dict)
    """Dotted read path -> why it could not be read: `{"attributes.Policy": Cause("access_denied", …,
    "s3:GetBucketPolicy")}`."""
    source: Source | None = None
    """Only where a file was read."""
    count: int = 1
    """How many equal things this row stands for (replicas of one template)."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be listed or opened, so that nothing is known of what it holds."""

    scope: str
    kind: str
    """The kind of resource that is missing, `*` when it could be any (a file that is not readable)."""
    cause: Cause
    region: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was seen and is not an object to judge: a Helm template, a Kustomize patch, an empty document."""

    source: Source
    reason: str
    """A short noun phrase, the same words for the same case: empty document, empty list, list in a list, object without
    a name, not a Kubernetes object, Kustomize patch, Kustomize file, Helm template, Helm chart file, custom resource
    definition."""


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the ledger: what was asked of whom, and how it went."""

    scope: str
    endpoint: str
    """Service or file system that was asked: `https://s3.eu-west-1.amazonaws.com`, `file`."""
    operation: str
    """`s3:ListBuckets`, `read`."""
    parameters: Mapping[str, Json]
    principal: str | None
    asked_at: str
    """RFC 3339, UTC."""
    status: str
    """`ok`, or the provider's error code."""
    pages: int = 1
    items: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the control wants it."""

    message: str
    path: Path = ()
    """Into `attributes` of the resource; empty when the finding is about the whole."""
    expected: Json = None
    actual: Json = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine says of one control on one input."""

    findings: tuple[Finding, ...] = ()
    applies: bool = True
    unknowns: tuple[str, ...] = ()
    error: Cause | None = None
    """Set when the engine could not tell; the other fields then mean nothing."""


@dataclass(frozen=True, slots=True)
class Task:
    """One input with the controls to judge it by."""

    input: bytes
    """The JSON document that Rego sees as `input`, UTF-8."""
    controls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResourceRef:
    """What a verdict says of the resource it judged."""

    kind: str
    id: str
    name: str
    scope: str
    region: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """One control on one resource."""

    control: str
    resource: ResourceRef
    outcome: Outcome
    evaluated_at: str
    """RFC 3339, UTC; the scan's own clock, the same for all verdicts of a scan."""
    control_digest: str
    """`sha256:…` over the control, the libraries it uses and its parameters."""
    resource_digest: str | None
    """`sha256:…` of the resource's line in the bundle's state, None where nothing was read (a gap)."""
    findings: tuple[Finding, ...] = ()
    cause: Cause | None = None
    source: Source | None = None
    waiver: Mapping[str, Json] | None = None
    reused_from: str | None = None

    @property
    def order(self) -> tuple[str, str, str, str, str, int]:
        """The order of every output: control, scope, kind, id, then file and line."""
        source = self.source
        place = (source.file, source.line or 0) if source else ("", 0)
        return (self.control, self.resource.scope, self.resource.kind, self.resource.id, *place)


@dataclass(frozen=True, slots=True)
class Objective:
    """What controls achieve and requirements ask for: the place where both meet."""

    id: str
    statement: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of a framework, titled in our own words."""

    framework: str
    id: str
    title: str
    kind: Literal["automatable", "partially", "manual", "organisational", "withdrawn"]
    reason: str
    """Why it is manual or only partly testable; empty for `automatable`."""
    objectives: tuple[str, ...] = ()
    """Objectives whose controls evidence it."""
    controls: Mapping[str, str] = field(default_factory=dict)
    """Named exceptions: single controls that evidence it beside the objectives -> the reason (may be empty)."""
    details: Mapping[str, Json] = field(default_factory=dict)
    """The framework's own columns: group, section, part, specification, baselines, benchmark, level, …"""

    @property
    def testable(self) -> bool:
        """Whether any control could show it, wholly or partly."""
        return self.kind in ("automatable", "partially")


@dataclass(frozen=True, slots=True)
class Framework:
    """A standard, law or benchmark with all its requirements."""

    id: str
    name: str
    version: str
    publisher: str
    licence_note: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold or list that controls take from the user instead of holding it."""

    name: str
    description: str
    type: Literal["integer", "number", "string", "boolean", "list"]
    default: Json
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """One rule, with all that is known of it without running it."""

    id: str
    title: str
    description: str
    severity: str
    resources: tuple[str, ...]
    """Kinds that it judges."""
    objectives: tuple[str, ...]
    remediation: str
    path: str
    """File, relative to its policies folder."""
    digest: str
    """`sha256:…` over its module, the library modules it uses and the values of its parameters."""
    rules: frozenset[str]
    """Which of `findings`, `applies`, `unknowns` it defines."""
    reads: frozenset[ReadPath]
    """Where it looks in `input`, derived from its Rego."""
    references: tuple[str, ...] = ()
    scope_note: str | None = None
    """For a control with `applies`: what it applies to, as a noun phrase."""
    formerly: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    """Paths of the library modules it uses, sorted."""

    @property
    def package(self) -> str:
        """The Rego package: `policies.aws.s3.block_public_access`."""
        return f"policies.{self.id}"

    @property
    def parameters(self) -> frozenset[str]:
        """Names of the parameters it reads."""
        return frozenset(path[1] for path in self.reads if path[0] == "parameters" and len(path) > 1)


Wanted: TypeAlias = Mapping[str, frozenset[str]]
"""Kind -> top-level attribute names to collect; `*` among them means all."""


def overlaps(read: ReadPath, unread: Sequence[str]) -> bool:
    """Whether a control that looks at `read` needs what could not be read at `unread`; `*` matches any step."""
    for ours, theirs in zip(read, unread, strict=False):
        if ours == "**":
            return True
        if ours != theirs and "*" not in (ours, theirs):
            return False
    return len(read) >= len(unread)
