"""A small account with things that are in order and things that are not, in two regions of moto's server.

What is what is said by the names: `vouch-open` is a bucket that anyone can read, `vouch-closed` one that is in order.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import boto3

from scanner.model import Json, Resource

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail import CloudTrailClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client

ACCOUNT = "123456789012"
HOME = "us-east-1"
ABROAD: Final = "eu-west-1"

_ALL_ON = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


@dataclass(frozen=True, slots=True)
class Estate:
    """What was made under a name that AWS chose."""

    rotated_key: str
    """ARN of a symmetric key with rotation, at home."""
    plain_key: str
    """ARN of a symmetric key without, abroad."""
    signing_key: str
    """ARN of an asymmetric key, at home."""
    doomed_key: str
    """ARN of a key that anyone may use and that is going to be deleted, at home."""


def build(server: str) -> Estate:
    """Make it all in the account that is empty so far."""
    estate = _keys(boto3.client("kms", HOME, endpoint_url=server), boto3.client("kms", ABROAD, endpoint_url=server))
    _buckets(boto3.client("s3", HOME, endpoint_url=server), boto3.client("s3", ABROAD, endpoint_url=server), estate)
    _identities(boto3.client("iam", HOME, endpoint_url=server))
    _trails(
        boto3.client("cloudtrail", HOME, endpoint_url=server),
        boto3.client("cloudtrail", ABROAD, endpoint_url=server),
        estate,
    )
    return estate


def settled(resource: Resource) -> Resource:
    """The resource without what changes by asking: moto delivers logs each time a trail's status is read."""
    if "Status" not in resource.attributes:
        return resource
    status = {name: value for name, value in resource.attributes["Status"].items() if "Delivery" not in name}
    return replace(resource, attributes={**resource.attributes, "Status": status})


def statement(effect: str, action: Json, resource: Json, **more: Json) -> dict[str, Json]:
    """A statement of a policy."""
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Json]) -> str:
    """A policy as its owner writes it."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _keys(home: KMSClient, abroad: KMSClient) -> Estate:
    anyone = document(statement("Allow", "kms:*", "*", Principal={"AWS": "*"}))
    rotated = home.create_key(Description="rotated", Tags=[{"TagKey": "team", "TagValue": "data"}])["KeyMetadata"]
    home.enable_key_rotation(KeyId=rotated["KeyId"])
    plain = abroad.create_key(Description="plain")["KeyMetadata"]
    signing = home.create_key(Description="signing", KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    doomed = home.create_key(Description="doomed", Policy=anyone)["KeyMetadata"]
    home.schedule_key_deletion(KeyId=doomed["KeyId"], PendingWindowInDays=7)
    return Estate(rotated["Arn"], plain["Arn"], signing["Arn"], doomed["Arn"])


def _buckets(home: S3Client, abroad: S3Client, estate: Estate) -> None:
    home.create_bucket(Bucket="vouch-logs")
    home.put_public_access_block(Bucket="vouch-logs", PublicAccessBlockConfiguration=_ALL_ON)  # type: ignore[arg-type]
    home.create_bucket(Bucket="vouch-open", ACL="public-read")
    public = [{"Key": "data-classification", "Value": "public"}]
    home.put_bucket_tagging(Bucket="vouch-open", Tagging={"TagSet": public})  # type: ignore[typeddict-item]
    anyone = statement("Allow", "s3:GetObject", "arn:aws:s3:::vouch-open/*", Principal="*")
    home.put_bucket_policy(Bucket="vouch-open", Policy=document(anyone))
    abroad.create_bucket(
        Bucket="vouch-closed",
        CreateBucketConfiguration={"LocationConstraint": ABROAD},
        ObjectLockEnabledForBucket=True,
    )
    _close(abroad, estate)


def _close(s3: S3Client, estate: Estate) -> None:
    bucket = "vouch-closed"
    resources = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    without_tls = {"Bool": {"aws:SecureTransport": "false"}}
    deny = statement("Deny", "s3:*", resources, Principal="*", Condition=without_tls)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=_ALL_ON)  # type: ignore[arg-type]
    s3.put_bucket_policy(Bucket=bucket, Policy=document(deny))
    s3.put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    s3.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
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
    )
    s3.put_object_lock_configuration(
        Bucket=bucket,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}},
        },
    )
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={
            "Rules": [{"ID": "expire", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 365}}]
        },
    )
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "class", "Value": "confidential"}]})


def _identities(iam: IAMClient) -> None:
    everything = document(statement("Allow", "*", "*"))
    iam.update_account_password_policy(MinimumPasswordLength=14, RequireSymbols=True, PasswordReusePrevention=24)
    administration = iam.create_policy(PolicyName="everything", PolicyDocument=everything)["Policy"]["Arn"]
    reading = document(statement("Allow", ["s3:GetObject"], "arn:aws:s3:::vouch-closed/*"))
    iam.create_policy(PolicyName="read-closed", PolicyDocument=reading, Tags=[{"Key": "team", "Value": "data"}])
    _users(iam, administration, reading)
    _roles(iam, administration)


def _users(iam: IAMClient, administration: str, reading: str) -> None:
    iam.create_group(GroupName="readers")
    iam.put_group_policy(GroupName="readers", PolicyName="read", PolicyDocument=reading)
    iam.create_user(UserName="alice", Tags=[{"Key": "team", "Value": "data"}])
    iam.add_user_to_group(GroupName="readers", UserName="alice")
    iam.create_login_profile(UserName="alice", Password="correct-Horse-8-battery")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="alice")["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(
        UserName="alice", SerialNumber=device, AuthenticationCode1="123456", AuthenticationCode2="654321"
    )
    iam.create_user(UserName="mallory")
    iam.create_login_profile(UserName="mallory", Password="correct-Horse-9-battery")
    iam.create_access_key(UserName="mallory")
    iam.create_access_key(UserName="mallory")
    iam.attach_user_policy(UserName="mallory", PolicyArn=administration)
    iam.put_user_policy(UserName="mallory", PolicyName="inline", PolicyDocument=document(statement("Allow", "*", "*")))


def _roles(iam: IAMClient, administration: str) -> None:
    here = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    iam.create_role(
        RoleName="deploy",
        AssumeRolePolicyDocument=document(here),
        MaxSessionDuration=3600,
        Tags=[{"Key": "team", "Value": "platform"}],
    )
    anyone = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="anyone", AssumeRolePolicyDocument=document(anyone), MaxSessionDuration=43200)
    iam.attach_role_policy(RoleName="anyone", PolicyArn=administration)


def _trails(home: CloudTrailClient, abroad: CloudTrailClient, estate: Estate) -> None:
    home.create_trail(
        Name="vouch-all",
        S3BucketName="vouch-logs",
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=estate.rotated_key,
        TagsList=[{"Key": "team", "Value": "security"}],
    )
    home.put_event_selectors(
        TrailName="vouch-all",
        EventSelectors=[
            {
                "ReadWriteType": "All",
                "IncludeManagementEvents": True,
                "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::vouch-closed/"]}],
            }
        ],
    )
    home.start_logging(Name="vouch-all")
    abroad.create_trail(Name="vouch-stopped", S3BucketName="vouch-open")
