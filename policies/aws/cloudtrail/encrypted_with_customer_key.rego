# METADATA
# title: Trail files are encrypted with a customer key
# description: >-
#   The trail names a KMS key that encrypts its log files.
# related_resources:
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
# custom:
#   severity: medium
#   resources: [aws.cloudtrail.trail]
#   objectives: [encryption-at-rest, logs-protected]
#   remediation: >-
#     Set a key whose policy lets CloudTrail use it: `aws cloudtrail update-trail --name TRAIL --kms-key-id KEY_ARN`.
package policies.aws.cloudtrail.encrypted_with_customer_key

findings contains finding if {
	not _has_key
	finding := {"message": "the trail names no KMS key for its log files", "path": ["KmsKeyId"]}
}

_has_key if {
	is_string(input.attributes.KmsKeyId)
	input.attributes.KmsKeyId != ""
}
