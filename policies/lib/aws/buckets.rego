# METADATA
# title: Who gets into a bucket
# description: >-
#   What the controls on buckets share. A bucket is taken as `input`, or as it stands under `related`, where its account is not
#   joined and only its own settings count.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
package lib.aws.buckets

import data.lib.aws.labels
import data.lib.aws.policies

# Whether a Block Public Access setting is on. S3 applies what is on for the bucket or for its account.
is_blocked(bucket, setting) if bucket.attributes.PublicAccessBlock[setting] == true

is_blocked(bucket, setting) if bucket.related.account[_].attributes.PublicAccessBlock[setting] == true

# Every way in that is open to the public, as findings. Objects' own access control lists are not read.
openings(bucket) := (_open_statements(bucket) | _open_status(bucket)) | _open_grants(bucket)

# Why it can't be told whether a bucket is public.
doubts(bucket) := {"the bucket policy can't be read as a policy" |
	policies.is_unreadable_for_resource(bucket.attributes.Policy)
} | {"the bucket's access control list is missing" |
	not _ignores_lists(bucket)
	not _lists_grants(bucket)
}

# Whether a bucket counts as holding sensitive data: it does unless a label says otherwise.
is_sensitive(bucket) if not _is_declared_otherwise(bucket)

_is_declared_otherwise(bucket) if labels.has_any(bucket.labels, bucket.parameters.s3_labels_not_sensitive)

_lists_grants(bucket) if is_array(bucket.attributes.Acl.Grants)

_open_statements(bucket) := {finding |
	not is_blocked(bucket, "RestrictPublicBuckets")
	some path, statement in policies.statements(bucket.attributes.Policy)
	policies.is_public(statement)
	finding := {
		"message": "a statement of the bucket policy lets everyone in",
		"path": array.concat(["Policy"], path),
	}
}

# S3's own judgement, for what it sees and the above does not.
_open_status(bucket) := {finding |
	not is_blocked(bucket, "RestrictPublicBuckets")
	_open_statements(bucket) == set()
	bucket.attributes.PolicyStatus.IsPublic == true
	finding := {
		"message": "S3 itself takes the bucket policy for public",
		"path": ["PolicyStatus", "IsPublic"],
		"expected": false,
	}
}

_open_grants(bucket) := {finding |
	not _ignores_lists(bucket)
	_lists_grants(bucket)
	some index, grant in bucket.attributes.Acl.Grants
	group := {
		"http://acs.amazonaws.com/groups/global/AllUsers": "everyone",
		"http://acs.amazonaws.com/groups/global/AuthenticatedUsers": "every AWS account",
	}[grant.Grantee.URI]
	finding := {
		"message": sprintf("the access control list grants %v to %s", [object.get(grant, "Permission", "access"), group]),
		"path": ["Acl", "Grants", index],
	}
}

_ignores_lists(bucket) if is_blocked(bucket, "IgnorePublicAcls")

_ignores_lists(bucket) if bucket.attributes.OwnershipControls.Rules[_].ObjectOwnership == "BucketOwnerEnforced"
