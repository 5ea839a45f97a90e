# METADATA
# title: S3 buckets block public access
# description: >-
#   Every bucket turns on all four Block Public Access settings, itself or through its account: S3 applies a setting that is on
#   in either place.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
# custom:
#   severity: high
#   resources: [aws.s3.bucket]
#   objectives: [data-not-public]
#   remediation: >-
#     Turn on Block Public Access for the account (`aws s3control put-public-access-block`); exempt single buckets only by
#     waiver.
package policies.aws.s3.block_public_access

import data.lib.aws.buckets

findings contains finding if {
	some setting in {"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"}
	not buckets.is_blocked(input, setting)
	finding := {
		"message": sprintf("%s is off for the bucket and for its account", [setting]),
		"path": ["PublicAccessBlock", setting],
		"expected": true,
	}
}
