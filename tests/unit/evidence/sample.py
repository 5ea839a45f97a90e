"""A small bundle with one of everything: every outcome, two frameworks, gaps, things passed over, and hostile names.

The catalog has the form of `Catalog.describe`; controls and requirements are invented for the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from scanner.evidence.bundle import Bundle, Policy
from scanner.evidence.read import Reader
from scanner.model import (
    Cause,
    Finding,
    Gap,
    Json,
    Outcome,
    Question,
    Resource,
    ResourceRef,
    Skipped,
    Source,
    Verdict,
)

NOW = "2026-11-24T10:00:00Z"
RUN_ID = "0123456789abcdef0123456789abcdef"
NAME = "20261124T100000Z-01234567"

HOSTILE = "x\x1b[2J\r\n\u202egnp.exe\u2028<script>alert(1)</script>=1+1"
"""Terminal escape, line ends, a bidirectional override, a line separator, HTML and a formula."""


def _control(
    name: str, severity: str, kind: str, requirements: Mapping[str, list[str]], scope_note: str | None = None
) -> dict[str, Json]:
    title = name.rsplit(".", 1)[1].replace("_", " ").capitalize()
    return {
        "id": name,
        "title": title,
        "description": f"{title}, on every resource.",
        "severity": severity,
        "resources": [kind],
        "objectives": ["least-privilege"],
        "requirements": dict(requirements),
        "remediation": f"Set it so that this holds: {title.lower()}.",
        "references": ["https://kubernetes.io/docs/concepts/security/"],
        "scope_note": scope_note,
        "formerly": [],
        "path": f"{name.replace('.', '/')}.rego",
        "modules": [],
        "rules": ["applies", "findings"] if scope_note else ["findings"],
        "reads": ["input.attributes.spec.containers"],
        "digest": _control_digest(name),
    }


def _control_digest(name: str) -> str:
    return f"sha256:{name.encode().hex():0>64.64}"


CONTROLS = [
    _control("aws.iam.root_mfa_enabled", "critical", "aws.account", {"demo": ["A.1"], "other": ["1.1"]}),
    _control("aws.kms.rotation_enabled", "medium", "aws.kms.key", {"demo": ["A.2"]}, "symmetric customer managed keys"),
    _control("aws.s3.tls_required", "medium", "aws.s3.bucket", {"demo": ["A.4"], "other": ["1.2"]}),
    _control("kubernetes.network.default_deny", "low", "kubernetes.core.Namespace", {"demo": ["A.5"]}),
    _control("kubernetes.pod.no_privileged", "critical", "kubernetes.PodSpec", {"demo": ["A.3"]}),
    _control("kubernetes.pod.read_only_root", "high", "kubernetes.PodSpec", {"other": ["1.3"]}),
    _control("kubernetes.rbac.no_wildcards", "high", "kubernetes.rbac.authorization.k8s.io.Role", {"demo": ["A.6"]}),
]


def _requirement(framework: str, name: str, kind: str, reason: str = "") -> dict[str, Json]:
    return {
        "framework": framework,
        "id": name,
        "title": f"Requirement {name}",
        "kind": kind,
        "reason": reason,
        "objectives": ["least-privilege"] if kind in ("automatable", "partially") else [],
        "controls": {},
        "details": {},
    }


FRAMEWORKS = [
    {
        "id": "demo",
        "name": "Demonstration Standard",
        "version": "2026",
        "publisher": "The tests",
        "licence_note": "Invented.",
        "requirements": [
            *(_requirement("demo", f"A.{number}", "automatable") for number in range(1, 8)),
            _requirement("demo", "B.1", "manual", "A person signs"),
            _requirement("demo", "B.2", "organisational", "A board decides"),
            _requirement("demo", "B.3", "withdrawn", "Merged into A.1"),
        ],
    },
    {
        "id": "other",
        "name": "Other Benchmark",
        "version": "1.0",
        "publisher": "The tests",
        "licence_note": "Invented.",
        "requirements": [_requirement("other", f"1.{number}", "partially", "In part") for number in range(1, 4)],
    },
]

CATALOG: dict[str, Json] = {
    "controls": CONTROLS,
    "objectives": [{"id": "least-privilege", "statement": "Nobody can do more than they must."}],
    "frameworks": FRAMEWORKS,
    "parameters": {"retention_days": 365},
}

POLICY = Policy(
    modules={
        "kubernetes/pod/no_privileged.rego": "package policies.kubernetes.pod.no_privileged\n",
        "lib/kubernetes/pods.rego": "package lib.kubernetes.pods\n",
    },
    catalog=CATALOG,
    parameters={"retention_days": 365},
)

INTENT: dict[str, Json] = {
    "run_id": RUN_ID,
    "started_at": NOW,
    "tool": {"name": "vouch", "version": "0.1.0"},
    "sources": ["manifests:deploy", "aws"],
    "selection": {"framework": ["demo", "other"], "control": [], "exclude": [], "severity": None, "regions": []},
    "engine": {"name": "embedded", "version": "0.13.0"},
}

_DENIED = Cause("access_denied", "AccessDenied: not allowed to s3:GetBucketPolicy", "s3:GetBucketPolicy")

PODS = tuple(
    Resource(
        kind="kubernetes.PodSpec",
        id=f"Deployment/ml/{name}",
        name=name,
        scope="manifests:deploy",
        attributes={"metadata": {"namespace": "ml"}, "spec": {"containers": [{"name": "main", "image": "a:1"}]}},
        labels={"team": "ml"},
        source=Source("deploy/pods.yaml", line, prefix=("spec", "template")),
        count=count,
    )
    for name, line, count in (("mlflow", 41, 1), ("batch", 1, 3), (HOSTILE, 80, 1))
)
NAMESPACE = Resource(
    kind="kubernetes.core.Namespace",
    id="Namespace/ml",
    name="ml",
    scope="manifests:deploy",
    attributes={"metadata": {"name": "ml"}},
    related={"network_policies": []},
    source=Source("deploy/namespace.yaml", 1),
)
ACCOUNT = Resource(
    kind="aws.account", id="111122223333", name="111122223333", scope="aws:111122223333", attributes={"SummaryMap": {}}
)
KEY = Resource(
    kind="aws.kms.key",
    id="arn:aws:kms:eu-west-1:111122223333:key/1",
    name="1",
    scope="aws:111122223333",
    region="eu-west-1",
    attributes={"KeyMetadata": {"KeySpec": "RSA_2048"}},
)
BUCKET = Resource(
    kind="aws.s3.bucket",
    id="arn:aws:s3:::logs",
    name="logs",
    scope="aws:111122223333",
    region="eu-west-1",
    attributes={"Name": "logs"},
    unread={"attributes.Policy": _DENIED},
)
RESOURCES = (*PODS, NAMESPACE, ACCOUNT, KEY, BUCKET)

GAPS = (
    Gap("aws:111122223333", "aws.s3.bucket", _DENIED, "us-east-1"),
    Gap(
        "manifests:deploy",
        "*",
        Cause("unparseable", "line 3: mapping values are not allowed"),
        source=Source("b.yaml", 3),
    ),
    Gap("manifests:deploy", "*", Cause("unparseable", f"line 1: {HOSTILE}"), source=Source(f"{HOSTILE}.yaml", 1)),
)
SKIPPED = (
    Skipped(Source("deploy/values.yaml", 1), "not a Kubernetes object"),
    Skipped(Source("deploy/empty.yaml"), "empty document"),
    Skipped(Source("deploy/chart/templates/a.yaml", 1), "Helm template"),
    Skipped(Source("deploy/chart/templates/b.yaml", 1), "Helm template"),
)
QUESTIONS = (
    Question("manifests:deploy", "file", "read", {"path": "deploy/pods.yaml"}, None, NOW, "ok", items=3),
    Question(
        "aws:111122223333",
        "https://s3.us-east-1.amazonaws.com",
        "s3:ListBuckets",
        {},
        "arn:aws:iam::111122223333:role/audit",
        NOW,
        "AccessDenied",
        error="AccessDenied",
    ),
)


def write(directory: Path, *, complete: bool = True, reason: str | None = None, budget: int = 1 << 20) -> Path:
    """The sample as a sealed bundle in `directory`."""
    bundle = Bundle.create(directory, intent=INTENT, policy=POLICY, clock=_clock, budget=budget)
    for entry in (*QUESTIONS, *SKIPPED, *GAPS):
        bundle.ledger(entry)
    for verdict in verdicts({resource.id: bundle.state(resource) for resource in RESOURCES}):
        bundle.verdict(verdict)
    bundle.seal(complete=complete, reason=reason)
    return bundle.path


def evidence(directory: Path) -> Reader:
    """The sample, read back."""
    return Reader(write(directory))


def verdicts(digests: Mapping[str, str]) -> list[Verdict]:
    """Every verdict of the sample, in no particular order."""
    mlflow, batch, hostile = PODS
    privileged = ("spec", "containers", 0, "securityContext", "privileged")

    def verdict(
        control: str,
        resource: Resource,
        outcome: Outcome,
        *findings: Finding,
        cause: Cause | None = None,
        waiver: Mapping[str, Json] | None = None,
    ) -> Verdict:
        return Verdict(
            control=control,
            resource=_reference(resource),
            outcome=outcome,
            evaluated_at=NOW,
            control_digest=_control_digest(control),
            resource_digest=digests[resource.id],
            findings=findings,
            cause=cause,
            source=resource.source,
            waiver=waiver,
        )

    return [
        verdict(
            "kubernetes.pod.no_privileged", mlflow, Outcome.FAIL, Finding("main is privileged", privileged, False, True)
        ),
        verdict(
            "kubernetes.pod.no_privileged",
            batch,
            Outcome.WAIVED,
            Finding("main is privileged", privileged, False, True),
            waiver={"owner": "ml", "reason": "GPU driver", "expires": "2027-01-31"},
        ),
        verdict(
            "kubernetes.pod.no_privileged",
            hostile,
            Outcome.FAIL,
            Finding(f"{HOSTILE} is privileged", privileged, False, True),
        ),
        verdict("kubernetes.pod.read_only_root", mlflow, Outcome.PASS),
        verdict("kubernetes.pod.read_only_root", batch, Outcome.PASS),
        verdict(
            "kubernetes.pod.read_only_root",
            hostile,
            Outcome.UNKNOWN,
            cause=Cause("engine_timeout", "no answer in 10 seconds"),
        ),
        verdict(
            "kubernetes.network.default_deny", NAMESPACE, Outcome.FAIL, Finding("no network policy selects all pods")
        ),
        verdict("aws.iam.root_mfa_enabled", ACCOUNT, Outcome.PASS),
        verdict(
            "aws.kms.rotation_enabled",
            KEY,
            Outcome.NOT_APPLICABLE,
            cause=Cause("not_applicable", "applies to symmetric customer managed keys"),
        ),
        verdict("aws.s3.tls_required", BUCKET, Outcome.UNKNOWN, cause=_DENIED),
        Verdict(
            control="aws.s3.tls_required",
            resource=ResourceRef("aws.s3.bucket", "*", "*", "aws:111122223333", "us-east-1", 0),
            outcome=Outcome.UNKNOWN,
            evaluated_at=NOW,
            control_digest=_control_digest("aws.s3.tls_required"),
            resource_digest=None,
            cause=_DENIED,
        ),
    ]


def _reference(resource: Resource) -> ResourceRef:
    return ResourceRef(resource.kind, resource.id, resource.name, resource.scope, resource.region, resource.count)


def _clock() -> datetime:
    return datetime(2026, 11, 24, 10, 5, tzinfo=UTC)
