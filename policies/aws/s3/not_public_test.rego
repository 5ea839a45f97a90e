package policies.aws.s3.not_public_test

import data.policies.aws.s3.not_public

test_named_principals_pass if {
	given := {"attributes": {"Policy": _policy({"AWS": "arn:aws:iam::111122223333:root"}), "Acl": {"Grants": []}}}
	not_public.findings == set() with input as given
	not_public.unknowns == set() with input as given
}

test_everyone_fails if {
	not_public.findings == {
		{"message": "a statement of the bucket policy lets everyone in", "path": ["Policy", "Statement"]},
		{"message": "the access control list grants READ to everyone", "path": ["Acl", "Grants", 0]},
	} with input as {"attributes": {"Policy": _policy("*"), "Acl": {"Grants": [_everyone]}}}
}

test_the_account_may_block_it if {
	given := {
		"attributes": {"Policy": _policy("*"), "Acl": {"Grants": [_everyone]}},
		"related": {"account": [{"attributes": {"PublicAccessBlock": {
			"IgnorePublicAcls": true,
			"RestrictPublicBuckets": true,
		}}}]},
	}
	not_public.findings == set() with input as given
	not_public.unknowns == set() with input as given
}

test_nothing_read_is_unknown if {
	not_public.findings == set() with input as {"attributes": {}}
	not_public.unknowns == {"the bucket's access control list is missing"} with input as {"attributes": {}}
}

_policy(principal) := {"Statement": {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject"}}

_everyone := {"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ"}
