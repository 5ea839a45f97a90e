"""The tables themselves, without an account."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from botocore.model import Shape, StructureShape
from botocore.session import Session

from scanner.collectors.aws import Aws, kinds, permissions
from scanner.collectors.aws.calls import fill, plain
from scanner.collectors.aws.tables import AnswerError, Call, policy, table, tags
from scanner.interfaces import Collector
from scanner.model import Json, Source


def test_the_kinds_and_their_attributes_are_those_that_the_documentation_names() -> None:
    assert {name: sorted(kind.attributes) for name, kind in kinds().items()} == {
        "aws.account": ["PasswordPolicy", "PublicAccessBlock", "RootCredentials", "SummaryMap"],
        "aws.cloudtrail.trail": ["EventSelectors", "Status"],
        "aws.iam.group": ["AttachedPolicies", "InlinePolicies"],
        "aws.iam.policy": ["Document"],
        "aws.iam.role": ["AttachedPolicies", "InlinePolicies"],
        "aws.iam.user": ["AccessKeys", "AttachedPolicies", "Credentials", "InlinePolicies"],
        "aws.kms.key": ["KeyMetadata", "Policy", "Rotation"],
        "aws.s3.bucket": [
            "Acl",
            "Encryption",
            "Lifecycle",
            "Logging",
            "ObjectLock",
            "OwnershipControls",
            "Policy",
            "PolicyStatus",
            "PublicAccessBlock",
            "Replication",
            "Versioning",
        ],
    }


def test_the_tables_are_read_without_botocore() -> None:
    program = (
        "import sys, scanner.collectors.aws as aws\n"
        "aws.permissions({name: frozenset('*') for name in aws.kinds()})\n"
        "sys.exit('botocore' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_every_call_fits_the_model_of_its_service() -> None:
    session = Session()
    for call in {call.name: call for kind in kinds().values() for call in kind.calls(frozenset("*"))}.values():
        operation = session.get_service_model(call.service).operation_model(call.operation)
        assert call.parameters.keys() <= _members(operation.input_shape), call.name
        assert {call.result} - {""} <= _members(operation.output_shape), call.name
        shape = operation.output_shape
        if isinstance(shape, StructureShape):
            inner = shape.members[call.result] if call.result else shape
            assert not isinstance(inner, StructureShape) or {*call.requires, *call.keeps} <= _members(inner), call.name


def _members(shape: Shape | None) -> set[str]:
    return set(shape.members) if isinstance(shape, StructureShape) else set()


@pytest.mark.parametrize(
    ("constraint", "region"),
    [(None, "us-east-1"), ("EU", "eu-west-1"), ("ap-south-1", "ap-south-1")],
)
def test_a_location_constraint_stands_for_a_region(constraint: str | None, region: str) -> None:
    call = kinds()["aws.s3.bucket"].region_call
    assert call is not None
    assert call.transform is not None
    assert call.transform(constraint) == region


def test_permissions_are_a_policy_with_a_statement_for_each_service() -> None:
    assert permissions({"aws.kms.key": frozenset({"Policy"}), "aws.s3.bucket": frozenset({"Encryption"})}) == {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "ReadEc2", "Effect": "Allow", "Action": ["ec2:DescribeRegions"], "Resource": "*"},
            {"Sid": "ReadKms", "Effect": "Allow", "Action": ["kms:GetKeyPolicy", "kms:ListKeys"], "Resource": "*"},
            {
                "Sid": "ReadS3",
                "Effect": "Allow",
                "Action": ["s3:GetBucketLocation", "s3:GetEncryptionConfiguration", "s3:ListAllMyBuckets"],
                "Resource": "*",
            },
            {"Sid": "ReadSts", "Effect": "Allow", "Action": ["sts:GetCallerIdentity"], "Resource": "*"},
        ],
    }


def test_nothing_wanted_takes_no_permission() -> None:
    assert permissions({"kubernetes.core.Pod": frozenset("*")}) == {"Version": "2012-10-17", "Statement": []}


def test_labels_are_asked_for_by_name_only() -> None:
    key = kinds()["aws.kms.key"]
    assert [call.name for call in key.calls(frozenset({"labels"}))] == ["kms:ListKeys", "kms:ListResourceTags"]
    assert [call.name for call in key.calls(frozenset())] == ["kms:ListKeys"]


def test_a_call_takes_the_permission_of_its_own_name_unless_told() -> None:
    assert Call("kms:ListKeys").action == "kms:ListKeys"
    assert Call("s3:ListBuckets", permission="s3:ListAllMyBuckets").action == "s3:ListAllMyBuckets"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 1, 2, 4, 4, 5, 999, timezone(timedelta(hours=1))), "2026-01-02T03:04:05Z"),
        (b"\x00\xff", "AP8="),
        ({"a": None, "b": [datetime(2026, 1, 2, tzinfo=UTC), {"c": None}]}, {"b": ["2026-01-02T00:00:00Z", {}]}),
        (True, True),
    ],
)
def test_answers_become_json(value: Json, expected: Json) -> None:
    assert plain(value) == expected


def test_templates_are_filled_but_never_what_fills_them() -> None:
    known = {"Name": "{account}", "account": "1"}
    assert fill({"Bucket": "{Name}", "Ids": ["{account}"], "All": True}, known) == {
        "Bucket": "{account}",
        "Ids": ["1"],
        "All": True,
    }


def test_a_template_without_its_value_says_which() -> None:
    with pytest.raises(AnswerError, match="an item has no Arn"):
        fill("{Arn}", {})


def test_a_policy_is_read_from_text_or_taken_as_it_is() -> None:
    assert policy('{"Statement": []}') == policy({"Statement": []}) == {"Statement": []}


@pytest.mark.parametrize("document", ["", "{", "[]", "[" * 100_000, None, 5])
def test_what_is_no_policy_is_refused(document: Json) -> None:
    with pytest.raises(AnswerError):
        policy(document)


def test_tags_become_a_mapping_and_one_without_a_value_an_empty_text() -> None:
    assert tags("Key", "Value")([{"Key": "a", "Value": "1"}, {"Key": "b"}]) == {"a": "1", "b": ""}


def test_a_tag_without_a_key_is_refused() -> None:
    with pytest.raises(AnswerError, match="a tag has no Key"):
        tags("Key", "Value")([{"Value": "1"}])


def test_a_csv_report_is_rows_of_texts() -> None:
    assert table(b'user,arn\n"a,b",x\n') == [{"user": "a,b", "arn": "x"}]


def test_a_report_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(AnswerError, match="not CSV in UTF-8"):
        table(b"\xff\xfe")


def test_the_account_is_a_source_that_has_no_lines() -> None:
    collector: Collector = Aws("aws:production", profile="production")
    assert (collector.source, collector.locate(Source("-"), ())) == ("aws:production", None)
