"""What AWS does and moto doesn't, through answers that are checked against the models of the services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from scanner.collectors.aws import Aws, calls
from scanner.interfaces import Collected
from scanner.model import Cause, Gap, Json, Resource
from tests.unit.collectors.aws.canned import Account, Canned

SCOPE = "aws:123456789012"
REPORT = b"user,arn,password_last_used\n<root_account>,arn:aws-us-gov:iam::123456789012:root,no_information\n"


def test_the_root_row_of_the_credential_report_belongs_to_the_account_in_its_own_partition() -> None:
    states = iter(["STARTED", "INPROGRESS", "COMPLETE"])
    account = Account(
        {
            "iam:GenerateCredentialReport": lambda *_: {"State": next(states)},
            "iam:GetCredentialReport": {"Content": REPORT},
        }
    )
    assert resources(collect(account, "aws.account", "RootCredentials")) == [
        Resource(
            "aws.account",
            "arn:aws-us-gov:iam::123456789012:root",
            "123456789012",
            SCOPE,
            {
                "AccountId": "123456789012",
                "RootCredentials": {
                    "user": "<root_account>",
                    "arn": "arn:aws-us-gov:iam::123456789012:root",
                    "password_last_used": "no_information",
                },
            },
        )
    ]
    assert Counter(call for call, _ in account.asked)["iam:GenerateCredentialReport"] == 3


def test_a_report_that_is_never_done_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_POLLS", 2)
    account = Account({"iam:GenerateCredentialReport": {"State": "INPROGRESS"}})
    [root] = resources(collect(account, "aws.account", "RootCredentials"))
    assert root.unread == {
        "attributes.RootCredentials": Cause("timed_out", "iam:GenerateCredentialReport was not done after 2 times.")
    }


def test_a_report_that_is_refused_is_not_fetched() -> None:
    account = Account({"iam:GenerateCredentialReport": "AccessDenied"})
    [root] = resources(collect(account, "aws.account", "RootCredentials"))
    detail = "iam:GenerateCredentialReport was refused: AccessDenied."
    assert root.unread == {"attributes.RootCredentials": Cause("access_denied", detail, "iam:GenerateCredentialReport")}


def test_a_user_younger_than_the_report_has_no_row_in_it() -> None:
    account = Account(
        {
            "iam:GenerateCredentialReport": {"State": "COMPLETE"},
            "iam:GetCredentialReport": {"Content": REPORT},
            "iam:ListUsers": {"Users": [user("new")]},
        }
    )
    [new] = resources(collect(account, "aws.iam.user", "Credentials"))
    assert new.unread == {
        "attributes.Credentials": Cause("not_in_source", "iam:GetCredentialReport has no row for it.")
    }


def test_what_the_details_leave_out_is_an_empty_list() -> None:
    details = {"Arn": user("plain")["Arn"], "UserName": "plain"}
    account = Account(
        {
            "iam:ListUsers": {"Users": [user("plain")]},
            "iam:GetAccountAuthorizationDetails": {"UserDetailList": [details]},
        }
    )
    [plain] = resources(collect(account, "aws.iam.user", "AttachedPolicies", "InlinePolicies", "labels"))
    assert (plain.attributes["AttachedPolicies"], plain.attributes["InlinePolicies"], plain.labels) == ([], [], {})


def test_a_policy_document_is_that_of_the_version_in_force() -> None:
    versions = [
        {"Document": "%7B%22Statement%22%3A%5B%5D%7D", "VersionId": "v2", "IsDefaultVersion": True},
        {"Document": "%7B%7D", "VersionId": "v1", "IsDefaultVersion": False},
    ]
    assert documents(versions) == ({"Statement": []}, {})


@pytest.mark.parametrize(
    ("document", "reason"),
    [("%7Bhalf", "the policy is not JSON"), ("%5B%5D", "the policy is not a JSON object")],
)
def test_a_policy_that_is_not_one_is_unread(document: str, reason: str) -> None:
    detail = f"iam:GetAccountAuthorizationDetails got an answer that can't be used: {reason}."
    assert documents([{"Document": document, "VersionId": "v1", "IsDefaultVersion": True}]) == (
        None,
        {"attributes.Document": Cause("invalid_answer", detail)},
    )


def test_a_trust_policy_that_is_not_json_leaves_that_field_unread() -> None:
    role = {
        "Path": "/",
        "RoleName": "odd",
        "RoleId": "AROAEXAMPLEEXAMPLE",
        "Arn": "arn:aws-us-gov:iam::123456789012:role/odd",
        "CreateDate": datetime(2026, 1, 2, tzinfo=UTC),
        "AssumeRolePolicyDocument": "{half",
    }
    [odd] = resources(collect(Account({"iam:ListRoles": {"Roles": [role]}}), "aws.iam.role"))
    assert "AssumeRolePolicyDocument" not in odd.attributes
    assert odd.unread == {
        "attributes.AssumeRolePolicyDocument": Cause(
            "invalid_answer", "AssumeRolePolicyDocument can't be used: the policy is not JSON."
        )
    }


def test_a_key_that_has_no_rotation_lacks_the_attribute() -> None:
    account = Account({**one_key(), "kms:GetKeyRotationStatus": "UnsupportedOperationException"})
    [key] = resources(collect(account, "aws.kms.key", "Rotation", regions=["eu-west-1"]))
    assert (dict(key.attributes), dict(key.unread)) == ({}, {})


def test_a_key_in_a_state_without_an_answer_is_unread() -> None:
    account = Account({**one_key(), "kms:GetKeyRotationStatus": "KMSInvalidStateException"})
    [key] = resources(collect(account, "aws.kms.key", "Rotation", regions=["eu-west-1"]))
    detail = "kms:GetKeyRotationStatus got an answer that can't be used: KMSInvalidStateException."
    assert key.unread == {"attributes.Rotation": Cause("invalid_answer", detail)}


def test_a_trail_of_the_organisation_is_taken_once_by_its_arn() -> None:
    trail = {
        "Name": "all-accounts",
        "HomeRegion": "eu-central-1",
        "TrailARN": "arn:aws:cloudtrail:eu-central-1:999999999999:trail/all-accounts",
        "IsOrganizationTrail": True,
    }
    account = Account(
        {
            "cloudtrail:DescribeTrails": lambda parameters, _: {
                "trailList": [trail] if parameters["includeShadowTrails"] else []
            },
            "cloudtrail:GetTrailStatus": lambda parameters, region: (
                {"IsLogging": True}
                if (parameters["Name"], region) == (trail["TrailARN"], "eu-central-1")
                else "TrailNotFoundException"
            ),
        }
    )
    regions = ["eu-west-1", "eu-west-2"]
    assert resources(collect(account, "aws.cloudtrail.trail", "Status", regions=regions)) == [
        Resource(
            "aws.cloudtrail.trail",
            str(trail["TrailARN"]),
            "all-accounts",
            SCOPE,
            {**trail, "Status": {"IsLogging": True}},
            region="eu-central-1",
        )
    ]


def test_a_bucket_whose_region_was_listed_is_not_asked_for_it() -> None:
    account = Account(
        {
            "s3:ListBuckets": {"Buckets": [{"Name": "logs", "BucketRegion": "eu-west-3"}]},
            "s3:GetBucketVersioning": {"Status": "Enabled"},
        }
    )
    [bucket] = resources(collect(account, "aws.s3.bucket", "Versioning"))
    assert (bucket.id, bucket.region, dict(bucket.attributes)) == (
        "arn:aws-us-gov:s3:::logs",
        "eu-west-3",
        {"Name": "logs", "Versioning": {"Status": "Enabled"}},
    )
    assert account.asked[1:] == [("s3:ListBuckets", "us-east-1"), ("s3:GetBucketVersioning", "eu-west-3")]


def test_an_answer_without_what_was_asked_for_is_no_empty_list() -> None:
    detail = "kms:ListKeys got an answer that can't be used: it has no Keys."
    collected = collect(Account({"kms:ListKeys": {}}), "aws.kms.key", regions=["eu-west-1"])
    assert [one for one in collected if isinstance(one, Gap)] == [
        Gap(SCOPE, "aws.kms.key", Cause("invalid_answer", detail), "eu-west-1")
    ]


def test_an_item_without_a_name_is_a_gap() -> None:
    detail = "kms:ListKeys got an answer that can't be used: an item has no KeyArn."
    collected = collect(Account({"kms:ListKeys": {"Keys": [{"KeyId": "1"}]}}), "aws.kms.key", regions=["eu-west-1"])
    assert [one for one in collected if not isinstance(one, Resource)][-1] == Gap(
        SCOPE, "aws.kms.key", Cause("invalid_answer", detail), "eu-west-1"
    )


def test_regions_that_are_off_are_not_asked() -> None:
    regions = [
        {"RegionName": "us-east-1", "OptInStatus": "opt-in-not-required"},
        {"RegionName": "af-south-1", "OptInStatus": "opted-in"},
        {"RegionName": "ap-east-1", "OptInStatus": "not-opted-in"},
    ]
    account = Account({"ec2:DescribeRegions": {"Regions": regions}, "kms:ListKeys": {"Keys": []}})
    collect(account, "aws.kms.key")
    assert sorted(region for call, region in account.asked if call == "kms:ListKeys") == ["af-south-1", "us-east-1"]


def collect(account: Account, kind: str, *names: str, regions: list[str] | None = None) -> list[Collected]:
    collector = Aws("aws", regions=regions or [], session=account.session)
    return list(collector.collect({kind: frozenset(names)}))


def resources(collected: list[Collected]) -> list[Resource]:
    return [one for one in collected if isinstance(one, Resource)]


def user(name: str) -> dict[str, Json]:
    return {
        "Path": "/",
        "UserName": name,
        "UserId": "AIDAEXAMPLEEXAMPLE",
        "Arn": f"arn:aws-us-gov:iam::123456789012:user/{name}",
        "CreateDate": datetime(2026, 1, 2, tzinfo=UTC),
    }


def one_key() -> Mapping[str, Canned]:
    return {"kms:ListKeys": {"Keys": [{"KeyId": "1", "KeyArn": "arn:aws:kms:eu-west-1:123456789012:key/1"}]}}


def documents(versions: list[dict[str, Json]]) -> tuple[Json, Mapping[str, Cause]]:
    """The document that is read of a policy with these versions, and what is unread."""
    policy = {"PolicyName": "reading", "Arn": "arn:aws-us-gov:iam::123456789012:policy/reading"}
    account = Account(
        {
            "iam:ListPolicies": {"Policies": [policy]},
            "iam:GetAccountAuthorizationDetails": {"Policies": [{**policy, "PolicyVersionList": versions}]},
        }
    )
    [resource] = resources(collect(account, "aws.iam.policy", "Document"))
    return resource.attributes.get("Document"), resource.unread
