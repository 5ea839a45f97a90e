"""The account: what holds for all of it, and the resource on which existence and coverage are judged."""

from __future__ import annotations

from scanner.collectors.aws.iam import CREDENTIAL_REPORT
from scanner.collectors.aws.tables import Call, Kind, Row

KINDS = (
    Kind(
        name="aws.account",
        id="arn:{partition}:iam::{AccountId}:root",
        title="{AccountId}",
        attributes={
            "PublicAccessBlock": Call(
                "s3control:GetPublicAccessBlock",
                "PublicAccessBlockConfiguration",
                parameters={"AccountId": "{AccountId}"},
                absent=("NoSuchPublicAccessBlockConfiguration",),
                permission="s3:GetAccountPublicAccessBlock",
            ),
            "SummaryMap": Call("iam:GetAccountSummary", "SummaryMap", requires=("Users", "AccountMFAEnabled")),
            "PasswordPolicy": Call("iam:GetAccountPasswordPolicy", "PasswordPolicy", absent=("NoSuchEntity",)),
            # moto's report has no row for the root user, so this was seen through a stubbed answer only.
            "RootCredentials": Row(CREDENTIAL_REPORT, key="arn:{partition}:iam::{AccountId}:root"),
        },
    ),
)
