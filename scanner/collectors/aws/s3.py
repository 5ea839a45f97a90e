"""S3: buckets. https://docs.aws.amazon.com/AmazonS3/latest/API/

Permissions not called like their operation: user guide, "Required permissions for Amazon S3 API operations".
"""

from __future__ import annotations

from collections.abc import Mapping

from scanner.collectors.aws.tables import Call, Kind, policy, tags
from scanner.model import Json


def _region(constraint: Json) -> Json:
    """The region that a location constraint stands for: none is the first region, `EU` an old name of Ireland."""
    return {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}.get(constraint, constraint)


_BUCKET: Mapping[str, Json] = {"Bucket": "{Name}"}

KINDS = (
    Kind(
        name="aws.s3.bucket",
        # S3 tells the region of each bucket only when the request has a parameter, such as the page size.
        listing=Call("s3:ListBuckets", "Buckets", permission="s3:ListAllMyBuckets", page_size=1000),
        id="arn:{partition}:s3:::{Name}",
        title="{Name}",
        keeps=("Name", "CreationDate"),
        region="{BucketRegion}",
        region_call=Call("s3:GetBucketLocation", "LocationConstraint", _BUCKET, transform=_region),
        attributes={
            "PublicAccessBlock": Call(
                "s3:GetPublicAccessBlock",
                "PublicAccessBlockConfiguration",
                _BUCKET,
                absent=("NoSuchPublicAccessBlockConfiguration",),
                permission="s3:GetBucketPublicAccessBlock",
            ),
            "Policy": Call("s3:GetBucketPolicy", "Policy", _BUCKET, absent=("NoSuchBucketPolicy",), transform=policy),
            "PolicyStatus": Call(
                "s3:GetBucketPolicyStatus",
                "PolicyStatus",
                _BUCKET,
                absent=("NoSuchBucketPolicy",),
                requires=("IsPublic",),
            ),
            "Acl": Call(
                "s3:GetBucketAcl",
                parameters=_BUCKET,
                requires=("Owner", "Grants"),
                keeps=("Owner", "Grants"),
            ),
            "OwnershipControls": Call(
                "s3:GetBucketOwnershipControls",
                "OwnershipControls",
                _BUCKET,
                absent=("OwnershipControlsNotFoundError",),
                requires=("Rules",),
            ),
            "Encryption": Call(
                "s3:GetBucketEncryption",
                "ServerSideEncryptionConfiguration",
                _BUCKET,
                absent=("ServerSideEncryptionConfigurationNotFoundError",),
                requires=("Rules",),
                permission="s3:GetEncryptionConfiguration",
            ),
            # A bucket whose versioning was never set answers with an empty document.
            "Versioning": Call("s3:GetBucketVersioning", parameters=_BUCKET, keeps=("Status", "MFADelete")),
            "Logging": Call("s3:GetBucketLogging", "LoggingEnabled", _BUCKET, optional=True),
            "ObjectLock": Call(
                "s3:GetObjectLockConfiguration",
                "ObjectLockConfiguration",
                _BUCKET,
                absent=("ObjectLockConfigurationNotFoundError",),
                permission="s3:GetBucketObjectLockConfiguration",
            ),
            "Lifecycle": Call(
                "s3:GetBucketLifecycleConfiguration",
                parameters=_BUCKET,
                absent=("NoSuchLifecycleConfiguration",),
                requires=("Rules",),
                keeps=("Rules",),
                permission="s3:GetLifecycleConfiguration",
            ),
            "Replication": Call(
                "s3:GetBucketReplication",
                "ReplicationConfiguration",
                _BUCKET,
                absent=("ReplicationConfigurationNotFoundError",),
                requires=("Rules",),
                permission="s3:GetReplicationConfiguration",
            ),
        },
        labels=Call(
            "s3:GetBucketTagging",
            "TagSet",
            _BUCKET,
            absent=("NoSuchTagSet",),
            transform=tags("Key", "Value"),
        ),
    ),
)
