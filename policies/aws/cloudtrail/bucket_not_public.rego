# METADATA
# title: Bucket of the trail is not public
# description: >-
#   The bucket that the trail writes to is not public: neither its policy nor its access control list lets everyone in, or its own
#   Block Public Access settings make what they say void.
# related_resources:
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
# custom:
#   severity: high
#   resources: [aws.cloudtrail.trail]
#   objectives: [logs-protected]
#   remediation: >-
#     Turn on Block Public Access for the bucket, and remove the statement or grant that lets everyone in.
package policies.aws.cloudtrail.bucket_not_public

import data.lib.aws.buckets

findings contains finding if {
	bucket := input.related.bucket[_]
	some opening in buckets.openings(bucket)
	finding := {
		"message": sprintf("the bucket of the trail is public: %s", [opening.message]),
		"path": ["S3BucketName"],
	}
}

unknowns contains doubt if some doubt in buckets.doubts(input.related.bucket[_])

unknowns contains "the bucket of the trail is not known" if not _has_bucket

# Not by its attributes as a whole: then any that could not be read would count.
_has_bucket if input.related.bucket[_].kind
