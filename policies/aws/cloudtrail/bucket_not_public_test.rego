package policies.aws.cloudtrail.bucket_not_public_test

import data.policies.aws.cloudtrail.bucket_not_public

test_a_private_bucket_passes if {
	bucket_not_public.findings == set() with input as _trail({"Acl": {"Grants": []}})
	bucket_not_public.unknowns == set() with input as _trail({"Acl": {"Grants": []}})
}

test_a_public_bucket_fails if {
	bucket_not_public.findings == {{
		"message": "the bucket of the trail is public: a statement of the bucket policy lets everyone in",
		"path": ["S3BucketName"],
	}} with input as _trail({
		"Acl": {"Grants": []},
		"Policy": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}]},
	})
}

test_a_bucket_that_is_not_read_is_unknown if {
	bucket_not_public.findings == set() with input as _trail({})
	bucket_not_public.unknowns == {"the bucket's access control list is missing"} with input as _trail({})
}

test_a_bucket_that_is_not_joined_is_unknown if {
	every given in [{"attributes": {"S3BucketName": "logs"}}, {"attributes": {}, "related": {"bucket": []}}] {
		bucket_not_public.findings == set() with input as given
		bucket_not_public.unknowns == {"the bucket of the trail is not known"} with input as given
	}
}

_trail(bucket) := {
	"attributes": {"S3BucketName": "logs"},
	"related": {"bucket": [{"kind": "aws.s3.bucket", "attributes": bucket}]},
}
