package policies.aws.iam.root_mfa_enabled_test

import data.policies.aws.iam.root_mfa_enabled

test_a_second_factor_passes if {
	root_mfa_enabled.findings == set() with input as _account({"AccountMFAEnabled": 1})
	root_mfa_enabled.unknowns == set() with input as _account({"AccountMFAEnabled": 1})
}

test_none_fails if {
	every summary in [
		{"AccountMFAEnabled": 0},
		{"AccountMFAEnabled": 0, "AccountPasswordPresent": 1, "AccountAccessKeysPresent": 0},
		{"AccountMFAEnabled": 0, "AccountPasswordPresent": 0, "AccountAccessKeysPresent": 1},
		{"AccountMFAEnabled": 0, "AccountPasswordPresent": 0},
		{"AccountMFAEnabled": "1"},
	] {
		root_mfa_enabled.findings == {{
			"message": "the root user can sign in without a second factor",
			"path": ["SummaryMap", "AccountMFAEnabled"],
			"expected": 1,
		}} with input as _account(summary)
	}
}

test_no_credentials_pass if {
	root_mfa_enabled.findings == set() with input as _account({
		"AccountMFAEnabled": 0,
		"AccountPasswordPresent": 0,
		"AccountAccessKeysPresent": 0,
	})
}

test_nothing_read_is_unknown if {
	root_mfa_enabled.findings == set() with input as {"attributes": {}}
	root_mfa_enabled.unknowns == {"the account summary does not tell whether the root user has a second factor"} with input as {"attributes": {}}
}

_account(summary) := {"attributes": {"SummaryMap": summary}}
