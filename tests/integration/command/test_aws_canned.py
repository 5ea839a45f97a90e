"""What AWS says and moto doesn't is judged, through answers that are checked against the models of the services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from scanner.model import Json, Outcome
from tests.integration.aws.estate import HOME
from tests.integration.command.conftest import NOW, Bench
from tests.unit.collectors.aws.canned import Account, Canned

_ROOT = "arn:aws-us-gov:iam::123456789012:root"
_TRAIL = {"Name": "all", "HomeRegion": HOME, "TrailARN": f"arn:aws-us-gov:cloudtrail:{HOME}:123456789012:trail/all"}
_LOG_GROUP = f"arn:aws-us-gov:logs:{HOME}:123456789012:log-group:trail:*"
_LONG_AGO = "2025-01-02T03:04:05+00:00"
_LATELY = "2026-01-01T03:04:05+00:00"


@pytest.mark.parametrize(
    ("root", "delivered", "outcome"),
    [
        ({"keys": 0, "devices": 1, "signed in": "no_information", "key used": "N/A"}, _LATELY, Outcome.PASS),
        ({"keys": 0, "devices": 1, "signed in": _LONG_AGO, "key used": _LONG_AGO}, NOW, Outcome.PASS),
        ({"keys": 1, "devices": 0, "signed in": _LATELY, "key used": "N/A"}, _LONG_AGO, Outcome.FAIL),
        ({"keys": 1, "devices": 0, "signed in": "no_information", "key used": _LATELY}, _LONG_AGO, Outcome.FAIL),
    ],
)
def test_the_root_user_and_the_log_group_of_a_trail_are_judged(
    bench: Bench, root: Mapping[str, Json], delivered: str, outcome: Outcome
) -> None:
    reader = bench.scan(Account(answers(root, delivered)).session, regions=(HOME,))
    said = {verdict.control: verdict.outcome for verdict in reader.verdicts()}
    controls = ("cloudtrail.logs_exported", "iam.no_root_access_keys", "iam.root_mfa_enabled", "iam.root_user_unused")
    assert {control: said[f"aws.{control}"] for control in controls} == dict.fromkeys(controls, outcome)
    assert list(reader.gaps()) == []


def answers(root: Mapping[str, Json], delivered: str) -> Mapping[str, Canned]:
    """An account with a root user, a trail, and nothing else."""
    return {
        "iam:GetAccountSummary": {
            "SummaryMap": {"Users": 0, "AccountMFAEnabled": root["devices"], "AccountAccessKeysPresent": root["keys"]}
        },
        "iam:GenerateCredentialReport": {"State": "COMPLETE"},
        "iam:GetCredentialReport": {"Content": report(root)},
        "cloudtrail:DescribeTrails": {"trailList": [{**_TRAIL, "CloudWatchLogsLogGroupArn": _LOG_GROUP}]},
        "cloudtrail:GetTrailStatus": {
            "IsLogging": True,
            "LatestCloudWatchLogsDeliveryTime": datetime.fromisoformat(delivered).astimezone(UTC),
        },
        "cloudtrail:GetEventSelectors": {"TrailARN": _TRAIL["TrailARN"]},
        "iam:GetAccountPasswordPolicy": "NoSuchEntity",
        "s3control:GetPublicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
        "iam:GetAccountAuthorizationDetails": {
            "UserDetailList": [],
            "GroupDetailList": [],
            "RoleDetailList": [],
            "Policies": [],
        },
        "iam:ListUsers": {"Users": []},
        "iam:ListGroups": {"Groups": []},
        "iam:ListRoles": {"Roles": []},
        "iam:ListPolicies": {"Policies": []},
        "kms:ListKeys": {"Keys": []},
        "s3:ListBuckets": {"Buckets": []},
    }


def report(root: Mapping[str, Json]) -> bytes:
    """The credential report, whose first row is that of the root user."""
    row = {
        "user": "<root_account>",
        "arn": _ROOT,
        "password_last_used": root["signed in"],
        "access_key_1_last_used_date": root["key used"],
        "access_key_2_last_used_date": "N/A",
    }
    return f"{','.join(row)}\n{','.join(row.values())}\n".encode()
