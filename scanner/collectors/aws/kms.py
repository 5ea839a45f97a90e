"""KMS: keys, those that AWS manages too (`KeyMetadata.KeyManager`). https://docs.aws.amazon.com/kms/latest/APIReference/"""

from __future__ import annotations

from scanner.collectors.aws.tables import Call, Kind, policy, tags

KINDS = (
    Kind(
        name="aws.kms.key",
        listing=Call("kms:ListKeys", "Keys", page_size=1000),
        id="{KeyArn}",
        title="{KeyId}",
        keeps=(),
        regional=True,
        attributes={
            "KeyMetadata": Call(
                "kms:DescribeKey",
                "KeyMetadata",
                parameters={"KeyId": "{KeyId}"},
                requires=("KeyId", "KeyManager", "KeyState"),
            ),
            # Asymmetric, HMAC and custom store keys have no rotation, which KMS says by this error.
            "Rotation": Call(
                "kms:GetKeyRotationStatus",
                parameters={"KeyId": "{KeyId}"},
                requires=("KeyRotationEnabled",),
                absent=("UnsupportedOperationException",),
            ),
            "Policy": Call(
                "kms:GetKeyPolicy",
                "Policy",
                parameters={"KeyId": "{KeyId}", "PolicyName": "default"},
                transform=policy,
            ),
        },
        labels=Call(
            "kms:ListResourceTags",
            "Tags",
            parameters={"KeyId": "{KeyId}"},
            transform=tags("TagKey", "TagValue"),
        ),
    ),
)
