# METADATA
# title: Access to S3 objects is logged
# description: >-
#   Every bucket that may hold sensitive data (all but those with a label of the parameter s3_labels_not_sensitive) writes server
#   access logs, or trails that are logging record reads and writes of all its objects as data events.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/logging-with-S3.html
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
# custom:
#   severity: medium
#   resources: [aws.s3.bucket]
#   objectives: [data-access-logged]
#   scope: buckets that no label declares to hold no sensitive data
#   remediation: >-
#     Turn on server access logging with a target bucket, or record data events of type `AWS::S3::Object` for the bucket in a trail.
package policies.aws.s3.access_logging_enabled

import data.lib.aws.buckets
import data.lib.aws.trails

default applies := false

applies if buckets.is_sensitive(input)

findings contains finding if {
	applies
	not _writes_access_logs
	some mode in {"read", "write"}
	not mode in _recorded
	finding := {
		"message": sprintf("the bucket has no access logs and no trail records who %ss its objects", [mode]),
		"path": ["Logging"],
	}
}

_writes_access_logs if {
	is_string(input.attributes.Logging.TargetBucket)
	input.attributes.Logging.TargetBucket != ""
}

_recorded contains mode if {
	trail := input.related.trails[_]
	trails.is_logging(trail)
	trails.covers_region(trail, input.region)
	some mode in trails.object_events(trail, input.attributes.Name)
}
