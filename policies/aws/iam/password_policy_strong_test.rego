package policies.aws.iam.password_policy_strong_test

import data.policies.aws.iam.password_policy_strong

test_a_strong_policy_passes if {
	password_policy_strong.findings == set() with input as _account({"MinimumPasswordLength": 14, "PasswordReusePrevention": 24})
	password_policy_strong.findings == set() with input as _account({"MinimumPasswordLength": 20, "PasswordReusePrevention": 25})
}

test_a_weak_policy_fails if {
	password_policy_strong.findings == {_length} with input as _account({"MinimumPasswordLength": 13, "PasswordReusePrevention": 24})
	password_policy_strong.findings == {_reuse} with input as _account({"MinimumPasswordLength": 14, "PasswordReusePrevention": 23})
}

test_the_default_of_aws_fails if {
	password_policy_strong.findings == {_length, _reuse} with input as {"parameters": _parameters, "attributes": {}}
}

test_what_is_no_number_fails if {
	password_policy_strong.findings == {_length, _reuse} with input as _account({
		"MinimumPasswordLength": "14",
		"PasswordReusePrevention": "24",
	})
}

_parameters := {"iam_password_min_length": 14, "iam_password_reuse_prevention": 24}

_account(policy) := {"parameters": _parameters, "attributes": {"PasswordPolicy": policy}}

_length := {
	"message": "the password policy accepts short passwords",
	"path": ["PasswordPolicy", "MinimumPasswordLength"],
	"expected": 14,
}

_reuse := {
	"message": "the password policy accepts former passwords",
	"path": ["PasswordPolicy", "PasswordReusePrevention"],
	"expected": 24,
}
