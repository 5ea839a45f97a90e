# METADATA
# title: S3 buckets are encrypted with a KMS key
# description: >-
#   Default encryption uses KMS (`aws:kms` or `aws:kms:dsse`). A bucket counts as holding sensitive data unless a label says
#   otherwise, so one that nobody labelled needs KMS; one with a label of the parameter s3_labels_not_sensitive may use any default
#   encryption.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
# custom:
#   severity: high
#   resources: [aws.s3.bucket]
#   objectives: [encryption-at-rest, key-management]
#   remediation: >-
#     Set the default encryption of the bucket to SSE-KMS (`SSEAlgorithm: aws:kms`), or label it with its classification if its
#     data are not sensitive.
package policies.aws.s3.encrypted_with_kms

import data.lib.aws.buckets

findings contains finding if {
	buckets.is_sensitive(input)
	some index, rule in _rules
	not _uses_kms(rule)
	finding := {
		"message": "the default encryption does not use KMS",
		"path": ["Encryption", "Rules", index, "ApplyServerSideEncryptionByDefault", "SSEAlgorithm"],
		"expected": "aws:kms",
	}
}

findings contains {"message": "the bucket has no default encryption", "path": ["Encryption", "Rules"]} if {
	not _has_default_encryption
}

_rules := input.attributes.Encryption.Rules if is_array(input.attributes.Encryption.Rules)

_uses_kms(rule) if rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm in {"aws:kms", "aws:kms:dsse"}

_has_default_encryption if is_string(_rules[_].ApplyServerSideEncryptionByDefault.SSEAlgorithm)
