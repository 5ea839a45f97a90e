# METADATA
# title: S3 buckets keep versions
# description: >-
#   Versioning is enabled on every bucket that may hold sensitive data: on all but those with a label of the parameter
#   s3_labels_not_sensitive.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
# custom:
#   severity: medium
#   resources: [aws.s3.bucket]
#   objectives: [data-integrity, backups]
#   scope: buckets that no label declares to hold no sensitive data
#   remediation: >-
#     Enable versioning (`aws s3api put-bucket-versioning --versioning-configuration Status=Enabled`) with a lifecycle rule for
#     noncurrent versions, or label the bucket with its classification if its data are not sensitive.
package policies.aws.s3.versioning_enabled

import data.lib.aws.buckets

default applies := false

applies if buckets.is_sensitive(input)

findings contains finding if {
	applies
	not input.attributes.Versioning.Status == "Enabled"
	finding := {
		"message": "the bucket does not keep versions",
		"path": ["Versioning", "Status"],
		"expected": "Enabled",
	}
}
