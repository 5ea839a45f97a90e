# METADATA
# title: Trail files can be validated
# description: >-
#   The trail writes signed digests with which its log files can be validated.
# related_resources:
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
# custom:
#   severity: medium
#   resources: [aws.cloudtrail.trail]
#   objectives: [logs-protected]
#   remediation: >-
#     Turn on validation: `aws cloudtrail update-trail --name TRAIL --enable-log-file-validation`.
package policies.aws.cloudtrail.log_validation_enabled

findings contains finding if {
	not input.attributes.LogFileValidationEnabled == true
	finding := {
		"message": "the log files of the trail can't be validated",
		"path": ["LogFileValidationEnabled"],
		"expected": true,
	}
}
