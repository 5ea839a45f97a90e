"""Joins: who is put beside whom, and what is unread when the other side could not be listed."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from scanner.errors import ConfigurationError
from scanner.link import JOINS, Linker
from scanner.model import Cause, Control, Gap, ReadPath, Resource

_DENIED = Cause("access_denied", "AccessDenied", "the:Permission")
_RBAC = "kubernetes.rbac.authorization.k8s.io"


def control(kind: str, *reads: str, name: str = "a.b.c") -> Control:
    paths: frozenset[ReadPath] = frozenset(tuple(read.split(".")) for read in reads)
    return Control(name, "", "", "high", (kind,), (), "", "a/b/c.rego", "sha256:0", frozenset({"findings"}), paths)


def resource(kind: str, name: str, scope: str = "s", **attributes: object) -> Resource:
    return Resource(kind, f"{kind}/{name}", name, scope, attributes)


def linked(linker: Linker, resources: Iterable[Resource], gaps: Iterable[Gap] = ()) -> dict[str, Resource]:
    found = [ready for each in resources for ready in linker.add(each)]
    for gap in gaps:
        linker.gap(gap)
    return {each.name: each for each in [*found, *linker.finish()]}


def names(resource: Resource, join: str) -> list[str]:
    return [each["name"] for each in resource.related[join]]


def test_a_bucket_is_joined_with_its_own_account_and_only_the_attributes_that_are_read() -> None:
    linker = Linker({"x": control("aws.s3.bucket", "related.account.*.attributes.PublicAccessBlock.**")})
    found = linked(
        linker,
        [
            resource("aws.s3.bucket", "logs", "aws:1", Name="logs"),
            resource("aws.account", "1", "aws:1", PublicAccessBlock={"BlockPublicAcls": True}, SummaryMap={"Users": 1}),
            resource("aws.account", "2", "aws:2", PublicAccessBlock={}),
        ],
    )
    assert found["logs"].related == {
        "account": [
            {
                "kind": "aws.account",
                "id": "aws.account/1",
                "name": "1",
                "region": None,
                "labels": {},
                "attributes": {"PublicAccessBlock": {"BlockPublicAcls": True}},
            }
        ]
    }
    assert found["logs"].unread == {}


def test_only_what_a_control_or_a_join_reads_is_wanted() -> None:
    linker = Linker(
        {
            "x": control("aws.s3.bucket", "attributes.Policy.**", "related.account.*.attributes.PublicAccessBlock.**"),
            "y": control("aws.cloudtrail.trail", "labels.**", "related.bucket.*.attributes.Acl.**", name="d.e.f"),
        }
    )
    assert linker.wanted == {
        "aws.s3.bucket": {"Policy", "Acl"},
        "aws.account": {"PublicAccessBlock"},
        "aws.cloudtrail.trail": {"labels", "S3BucketName"},
    }


def test_a_namespace_is_joined_with_the_policies_in_it() -> None:
    linker = Linker({"x": control("kubernetes.core.Namespace", "related.network_policies.*.attributes.spec.**")})
    policy = "kubernetes.networking.k8s.io.NetworkPolicy"
    found = linked(
        linker,
        [
            resource("kubernetes.core.Namespace", "ml"),
            resource("kubernetes.core.Namespace", "default"),
            resource(policy, "b", metadata={"namespace": "ml"}, spec={}),
            resource(policy, "a", metadata={"namespace": "ml"}, spec={}),
            resource(policy, "c", metadata={}, spec={}),
            resource(policy, "d", "other", metadata={"namespace": "ml"}, spec={}),
        ],
    )
    assert names(found["ml"], "network_policies") == ["a", "b"]
    assert names(found["default"], "network_policies") == ["c"]


def test_a_role_is_joined_with_its_bindings() -> None:
    linker = Linker(
        {
            "x": control(f"{_RBAC}.ClusterRole", "related.bindings.*.attributes.subjects.**"),
            "y": control(f"{_RBAC}.Role", "related.bindings.*.attributes.subjects.**"),
        }
    )
    cluster_role = {"kind": "ClusterRole", "name": "reader"}
    role = {"kind": "Role", "name": "reader"}
    found = linked(
        linker,
        [
            resource(f"{_RBAC}.ClusterRole", "reader"),
            Resource(f"{_RBAC}.Role", "Role/ml/reader", "reader-role", "s", {"metadata": {"namespace": "ml"}}),
            resource(f"{_RBAC}.ClusterRoleBinding", "all", roleRef=cluster_role),
            resource(f"{_RBAC}.RoleBinding", "ml", metadata={"namespace": "ml"}, roleRef=cluster_role),
            resource(f"{_RBAC}.RoleBinding", "ml-role", metadata={"namespace": "ml"}, roleRef=role),
            resource(f"{_RBAC}.RoleBinding", "broken", roleRef="reader"),
        ],
    )
    assert names(found["reader"], "bindings") == ["all", "ml"]
    assert names(found["reader-role"], "bindings") == []


def test_a_pod_is_joined_with_the_service_account_it_runs_as() -> None:
    linker = Linker({"x": control("kubernetes.PodSpec", "related.service_account.*.attributes.x.**")})
    found = linked(
        linker,
        [
            resource("kubernetes.PodSpec", "app", metadata={"namespace": "ml"}, spec={"serviceAccountName": "app"}),
            resource("kubernetes.PodSpec", "other", metadata={"namespace": "ml"}, spec={}),
            resource("kubernetes.core.ServiceAccount", "app", metadata={"namespace": "ml"}),
            resource("kubernetes.core.ServiceAccount", "default", metadata={"namespace": "else"}),
        ],
    )
    assert names(found["app"], "service_account") == ["app"]
    assert names(found["other"], "service_account") == []
    assert found["other"].unread == {}


def test_what_must_be_there_and_is_not_found_is_unknown_rather_than_absent() -> None:
    linker = Linker({"x": control("aws.cloudtrail.trail", "related.bucket.*.attributes.Acl.**")})
    found = linked(linker, [resource("aws.cloudtrail.trail", "trail", "aws:1", S3BucketName="logs")])
    assert found["trail"].unread == {
        "related.bucket": Cause("unresolved", "the bucket it refers to is not among what was read")
    }


def test_a_bucket_in_another_scanned_account_is_found() -> None:
    linker = Linker({"x": control("aws.cloudtrail.trail", "related.bucket.*.attributes.Acl.**")})
    found = linked(
        linker,
        [
            resource("aws.cloudtrail.trail", "trail", "aws:1", S3BucketName="logs"),
            resource("aws.s3.bucket", "logs", "aws:2", Acl={}),
        ],
    )
    assert names(found["trail"], "bucket") == ["logs"]


@pytest.mark.parametrize(
    ("gap", "cause"),
    [
        (Gap("aws:1", "aws.cloudtrail.trail", _DENIED, region="eu-west-1"), _DENIED),
        (Gap("aws:1", "*", _DENIED), _DENIED),
        (Gap("aws:2", "aws.cloudtrail.trail", _DENIED), None),
        (Gap("aws:1", "aws.iam.user", _DENIED), None),
    ],
)
def test_a_list_that_could_not_be_read_makes_the_join_unread(gap: Gap, cause: Cause | None) -> None:
    linker = Linker({"x": control("aws.account", "related.trails.*.attributes.Name.**")})
    found = linked(linker, [resource("aws.account", "1", "aws:1")], [gap])
    assert found["1"].unread == ({"related.trails": cause} if cause else {})


def test_what_could_not_be_read_of_a_joined_thing_is_unread_in_the_join() -> None:
    linker = Linker({"x": control("aws.s3.bucket", "related.account.*.attributes.PublicAccessBlock.**")})
    account = Resource("aws.account", "1", "1", "aws:1", {}, unread={"attributes.PublicAccessBlock": _DENIED})
    found = linked(linker, [resource("aws.s3.bucket", "logs", "aws:1"), account])
    assert found["logs"].unread == {"related.account.*.attributes.PublicAccessBlock": _DENIED}


def test_a_join_that_nobody_reads_holds_nothing_back() -> None:
    linker = Linker({"x": control("aws.s3.bucket", "attributes.Policy.**")})
    bucket = resource("aws.s3.bucket", "logs", "aws:1")
    assert list(linker.add(bucket)) == [bucket]


def test_a_join_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigurationError, match=r"reads input\.related\.acount, but") as no:
        Linker({"x": control("aws.s3.bucket", "related.acount.**")})
    assert no.value.hint == "Did you mean account?"


def test_no_two_joins_have_one_name_on_one_kind() -> None:
    assert len({(join.onto, join.name) for join in JOINS}) == len(JOINS)
