"""A whole account, read over HTTP from moto's server by boto3's standard chain."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import boto3
import pytest

from scanner.collectors.aws import Aws, iam, kinds, permissions
from scanner.errors import ConfigurationError
from scanner.interfaces import Collected
from scanner.model import Cause, Gap, Question, Resource, Wanted
from tests.integration.aws.estate import ABROAD, ACCOUNT, HOME, build, settled
from tests.integration.aws.faults import Wire, denied

pytestmark = pytest.mark.moto

ALL = {name: frozenset("*") for name in kinds()}
SCOPE = f"aws:{ACCOUNT}"


def test_a_bucket_is_read_whole_and_in_its_own_region(aws: str) -> None:
    estate = build(aws)
    bucket = resources(collect({"aws.s3.bucket": frozenset("*")}))["arn:aws:s3:::vouch-closed"]
    attributes = dict(bucket.attributes)
    owner = attributes.pop("Acl")["Owner"]
    created = attributes.pop("CreationDate")

    assert attributes == {
        "Name": "vouch-closed",
        "PublicAccessBlock": {
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
        "Policy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Deny",
                    "Action": "s3:*",
                    "Resource": ["arn:aws:s3:::vouch-closed", "arn:aws:s3:::vouch-closed/*"],
                    "Principal": "*",
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        },
        "PolicyStatus": {"IsPublic": False},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "Encryption": {
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {
                        "SSEAlgorithm": "aws:kms",
                        "KMSMasterKeyID": estate.plain_key,
                    },
                    "BucketKeyEnabled": True,
                }
            ]
        },
        "Versioning": {"Status": "Enabled"},
        "ObjectLock": {
            "ObjectLockEnabled": "Enabled",
            # moto adds the zero, AWS would not.
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30, "Years": 0}},
        },
        "Lifecycle": {
            "Rules": [{"ID": "expire", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 365}}]
        },
    }
    assert owner["ID"]
    assert datetime.strptime(created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) <= datetime.now(UTC)
    assert replace(bucket, attributes={}) == Resource(
        "aws.s3.bucket",
        "arn:aws:s3:::vouch-closed",
        "vouch-closed",
        SCOPE,
        {},
        region=ABROAD,
        labels={"class": "confidential"},
    )


def test_a_user_has_its_keys_its_policies_and_its_row_of_the_credential_report(aws: str) -> None:
    build(aws)
    user = resources(collect({"aws.iam.user": frozenset("*")}))[f"arn:aws:iam::{ACCOUNT}:user/mallory"]

    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    assert user.attributes["AttachedPolicies"] == [
        {"PolicyName": "everything", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/everything"}
    ]
    assert user.attributes["InlinePolicies"] == [
        {"PolicyName": "inline", "PolicyDocument": {"Version": "2012-10-17", "Statement": [everything]}}
    ]
    assert [key["Status"] for key in user.attributes["AccessKeys"]] == ["Active", "Active"]
    assert {
        name: user.attributes["Credentials"][name]
        for name in ("user", "password_enabled", "mfa_active", "access_key_1_active", "access_key_2_active")
    } == {
        "user": "mallory",
        "password_enabled": "true",
        "mfa_active": "false",
        "access_key_1_active": "true",
        "access_key_2_active": "true",
    }


def test_policies_roles_and_groups_have_their_documents_as_json(aws: str) -> None:
    build(aws)
    read = resources(collect({f"aws.iam.{thing}": frozenset("*") for thing in ("policy", "role", "group")}))

    reading = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::vouch-closed/*"}
    here = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    policy = read[f"arn:aws:iam::{ACCOUNT}:policy/read-closed"]
    role = read[f"arn:aws:iam::{ACCOUNT}:role/deploy"]
    group = read[f"arn:aws:iam::{ACCOUNT}:group/readers"]
    assert policy.attributes["Document"] == {"Version": "2012-10-17", "Statement": [reading]}
    assert role.attributes["AssumeRolePolicyDocument"] == {"Version": "2012-10-17", "Statement": [here]}
    assert [entry["PolicyDocument"]["Statement"] for entry in group.attributes["InlinePolicies"]] == [[reading]]
    assert (policy.labels, role.labels) == ({"team": "data"}, {"team": "platform"})


def test_a_trail_of_all_regions_is_taken_once_and_asked_at_home(aws: str) -> None:
    estate = build(aws)
    collected = collect({"aws.cloudtrail.trail": frozenset("*")})
    trails = {trail.name: trail for trail in resources(collected).values()}

    assert {name: trail.region for name, trail in trails.items()} == {"vouch-all": HOME, "vouch-stopped": ABROAD}
    trail = trails["vouch-all"]
    assert trail.attributes["Status"]["IsLogging"] is True
    assert trail.attributes["EventSelectors"]["EventSelectors"][0]["ReadWriteType"] == "All"
    assert (trail.attributes["KmsKeyId"], trail.labels) == (estate.rotated_key, {"team": "security"})
    assert trails["vouch-stopped"].attributes["Status"]["IsLogging"] is False
    assert operations(collected)["cloudtrail:GetTrailStatus"] == 2


def test_keys_of_all_regions_are_read_with_rotation_and_policy(aws: str) -> None:
    estate = build(aws)
    keys = resources(collect({"aws.kms.key": frozenset("*")}))

    assert {key: resource.region for key, resource in keys.items()} == {
        estate.rotated_key: HOME,
        estate.plain_key: ABROAD,
        estate.signing_key: HOME,
        estate.doomed_key: HOME,
    }
    assert keys[estate.rotated_key].attributes["Rotation"]["KeyRotationEnabled"] is True
    assert keys[estate.rotated_key].labels == {"team": "data"}
    assert keys[estate.doomed_key].attributes["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert keys[estate.doomed_key].attributes["Policy"]["Statement"][0]["Principal"] == {"AWS": "*"}


def test_the_account_holds_what_is_true_of_all_of_it(aws: str) -> None:
    build(aws)
    [account] = resources(collect({"aws.account": frozenset("*")})).values()

    assert (account.id, account.name, account.region) == (f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT, None)
    assert account.attributes["PasswordPolicy"]["MinimumPasswordLength"] == 14
    assert account.attributes["SummaryMap"]["Users"] == 2
    # moto's credential report has no row for the root user.
    assert account.unread == {
        "attributes.RootCredentials": Cause("not_in_source", "iam:GetCredentialReport has no row for it.")
    }


def test_only_the_calls_are_made_that_the_wanted_names_need(aws: str) -> None:
    build(aws)
    wire = Wire()
    collect({"aws.s3.bucket": frozenset({"Name", "PublicAccessBlock"}), "aws.account": frozenset()}, wire)
    assert Counter(wire.requests) == {
        "sts:GetCallerIdentity": 1,
        "s3:ListBuckets": 1,
        "s3:GetBucketLocation": 3,
        "s3:GetPublicAccessBlock": 3,
    }


def test_what_is_known_of_all_users_at_once_is_not_asked_of_each(aws: str) -> None:
    build(aws)
    wire = Wire()
    collect({"aws.iam.user": frozenset({"AttachedPolicies", "InlinePolicies", "Credentials", "labels"})}, wire)
    requests = Counter(wire.requests)
    assert requests.pop("iam:GenerateCredentialReport") >= 1
    assert requests == {
        "sts:GetCallerIdentity": 1,
        "iam:GetAccountAuthorizationDetails": 1,
        "iam:GetCredentialReport": 1,
        "iam:ListUsers": 1,
    }


def test_kinds_of_other_sources_and_an_empty_wish_ask_nothing(aws: str) -> None:
    wire = Wire()
    assert collect({"kubernetes.core.Pod": frozenset("*")}, wire) == []
    assert wire.requests == []


def test_a_kind_that_is_in_no_table_is_a_gap(aws: str) -> None:
    gaps = [
        one for one in collect({"aws.s3.glacier": frozenset(), "aws.tables.x": frozenset()}) if isinstance(one, Gap)
    ]
    assert gaps == [
        Gap(SCOPE, kind, Cause("unsupported", f"{kind} is not among the kinds that this version collects."))
        for kind in ("aws.s3.glacier", "aws.tables.x")
    ]


def test_the_permissions_are_those_of_the_calls_of_a_full_scan_and_no_other(aws: str) -> None:
    build(aws)
    wire = Wire()
    collect(ALL, wire)
    actions = {call.name: call.action for kind in kinds().values() for call in kind.calls(frozenset("*"))}
    made = {actions.get(request, request) for request in wire.requests}
    assert {action for statement in permissions(ALL)["Statement"] for action in statement["Action"]} == made


def test_the_ledger_holds_every_request_that_was_sent(aws: str) -> None:
    build(aws)
    wire = Wire()
    collected = collect(ALL, wire)
    assert operations(collected) == Counter(wire.requests)


def test_a_question_says_who_asked_whom_what_and_when(aws: str) -> None:
    boto3.client("s3", HOME, endpoint_url=aws).create_bucket(Bucket="vouch-logs")
    collected = list(
        Aws("aws", clock=lambda: datetime(2026, 1, 2, 3, 4, 5, 678, UTC)).collect(
            {"aws.s3.bucket": frozenset({"Policy"})}
        )
    )
    assert [one for one in collected if isinstance(one, Question)][-1] == Question(
        SCOPE,
        aws,
        "s3:GetBucketPolicy",
        {"Bucket": "vouch-logs"},
        f"arn:aws:sts::{ACCOUNT}:user/moto",
        "2026-01-02T03:04:05Z",
        "NoSuchBucketPolicy",
        pages=1,
        items=0,
    )


def test_only_the_regions_that_are_asked_for_are_read(aws: str) -> None:
    estate = build(aws)
    wire = Wire()
    read = resources(Aws("aws", regions=[ABROAD], session=wire.session).collect(ALL))
    placed = {resource.id for resource in read.values() if resource.region}

    assert "ec2:DescribeRegions" not in wire.requests
    assert placed == {
        "arn:aws:s3:::vouch-closed",
        estate.plain_key,
        f"arn:aws:cloudtrail:{ABROAD}:{ACCOUNT}:trail/vouch-stopped",
        # At home elsewhere, but it logs this region too.
        f"arn:aws:cloudtrail:{HOME}:{ACCOUNT}:trail/vouch-all",
    }


def test_all_pages_of_a_listing_are_read(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    build(aws)
    whole = collect({"aws.iam.role": frozenset()})
    one_by_one(monkeypatch)
    paged = collect({"aws.iam.role": frozenset()})

    assert resources(paged) == resources(whole)
    listing = questions(paged)[-1]
    assert (listing.operation, listing.pages, listing.items) == ("iam:ListRoles", 2, 2)


def test_a_listing_that_breaks_off_keeps_what_came_and_leaves_a_gap(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    build(aws)
    one_by_one(monkeypatch)
    wire = Wire()
    wire.spoil("iam:ListRoles", denied, after=1)
    collected = collect({"aws.iam.role": frozenset()}, wire)

    detail = "iam:ListRoles was refused: AccessDenied. Before that came 1 item on 1 page."
    assert len(resources(collected)) == 1
    assert [one for one in collected if isinstance(one, Gap)] == [
        Gap(SCOPE, "aws.iam.role", Cause("partial", detail, "iam:ListRoles"))
    ]


def test_a_thing_that_vanishes_after_it_was_listed_is_said_to_have(aws: str) -> None:
    s3_client = boto3.client("s3", HOME, endpoint_url=aws)
    s3_client.create_bucket(Bucket="vouch-brief")
    wire = Wire()
    wire.session.get_component("event_emitter").register(
        "before-send.s3.GetBucketAcl", lambda **_: s3_client.delete_bucket(Bucket="vouch-brief") and None
    )
    [bucket] = resources(collect({"aws.s3.bucket": frozenset({"Acl"})}, wire)).values()
    assert bucket.unread == {
        "attributes.Acl": Cause("vanished", "s3:GetBucketAcl found nothing there any more: NoSuchBucket.")
    }


def test_without_credentials_there_is_one_gap(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    detail = "sts:GetCallerIdentity was refused because of the credentials: NoCredentials."
    assert [one for one in collect(ALL) if isinstance(one, Gap)] == [Gap("aws", "*", Cause("credentials", detail))]


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1", "not a url"])
def test_a_wrong_endpoint_is_one_gap(aws: str, monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    [gap] = [one for one in collect(ALL) if isinstance(one, Gap)]
    assert (gap.scope, gap.kind, gap.cause.kind) == ("aws", "*", "unreachable")


def test_an_unknown_profile_is_an_error_of_configuration(aws: str) -> None:
    with pytest.raises(ConfigurationError, match="there is no AWS profile production"):
        next(Aws("aws:production", profile="production").collect(ALL))


def test_what_cannot_be_a_region_is_an_error_of_configuration_with_the_nearest_name(aws: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        next(Aws("aws", regions=["eu-west1"]).collect(ALL))
    assert (str(caught.value), caught.value.hint) == (
        "'eu-west1' is not the name of an AWS region",
        "Did you mean eu-west-1?",
    )


def test_a_reader_that_leaves_ends_the_scan(aws: str) -> None:
    build(aws)
    wire = Wire()
    collected = Aws("aws", jobs=1, session=wire.session).collect(ALL)
    next(one for one in collected if isinstance(one, Resource))
    collected.close()  # type: ignore[attr-defined]
    everything = Wire()
    collect(ALL, everything)
    assert len(wire.requests) < len(everything.requests) / 2


def test_two_scans_of_the_same_state_read_the_same(aws: str) -> None:
    build(aws)
    assert resources(collect(ALL)) == resources(collect(ALL, jobs=1))


def test_all_that_is_read_is_json(aws: str) -> None:
    build(aws)
    for resource in resources(collect(ALL)).values():
        assert json.loads(json.dumps(resource.attributes)) == resource.attributes


def collect(wanted: Wanted, wire: Wire | None = None, jobs: int = 8) -> list[Collected]:
    return list(Aws("aws", jobs=jobs, session=wire.session if wire else None).collect(wanted))


def resources(collected: object) -> dict[str, Resource]:
    assert hasattr(collected, "__iter__")
    return {one.id: settled(one) for one in collected if isinstance(one, Resource)}


def questions(collected: list[Collected]) -> list[Question]:
    return [one for one in collected if isinstance(one, Question)]


def operations(collected: list[Collected]) -> Mapping[str, int]:
    return Counter(question.operation for question in questions(collected) for _ in range(question.pages))


def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each page of IAM's listings hold one item."""
    tables = [replace(kind, listing=replace(kind.listing, page_size=1)) for kind in iam.KINDS if kind.listing]
    monkeypatch.setattr(iam, "KINDS", tuple(tables))
