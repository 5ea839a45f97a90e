package policies.aws.kms.not_public_test

import data.policies.aws.kms.not_public

test_the_account_alone_passes if {
	given := _key([_statement({"AWS": "arn:aws:iam::111122223333:root"}, {})])
	not_public.findings == set() with input as given
	not_public.unknowns == set() with input as given
}

test_everyone_fails if {
	not_public.findings == {{
		"message": "a statement of the key policy lets everyone in",
		"path": ["Policy", "Statement", 1],
	}} with input as _key([
		_statement({"AWS": "arn:aws:iam::111122223333:root"}, {}),
		_statement("*", {}),
	])
}

test_everyone_of_the_account_through_a_service_passes if {
	not_public.findings == set() with input as _key([_statement({"AWS": "*"}, {"StringEquals": {
		"kms:ViaService": "s3.eu-west-1.amazonaws.com",
		"kms:CallerAccount": "111122223333",
	}})])
}

test_everyone_through_a_service_fails if {
	not_public.findings == {{
		"message": "a statement of the key policy lets everyone in",
		"path": ["Policy", "Statement", 0],
	}} with input as _key([_statement({"AWS": "*"}, {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}})])
}

test_what_is_no_policy_is_unknown if {
	given := {"attributes": {"Policy": {"Statement": [{"Effect": "Allow", "Action": "kms:*"}]}}}
	not_public.findings == set() with input as given
	not_public.unknowns == {"the key policy can't be read as a policy"} with input as given
}

test_nothing_read_is_unknown if {
	not_public.findings == set() with input as {"attributes": {}}
	not_public.unknowns == {"the key policy is missing"} with input as {"attributes": {}}
}

_key(statements) := {"attributes": {"Policy": {"Statement": statements}}}

_statement(principal, condition) := {
	"Effect": "Allow",
	"Principal": principal,
	"Action": "kms:Decrypt",
	"Resource": "*",
	"Condition": condition,
}
