package policies.aws.iam.no_root_access_keys_test

import data.policies.aws.iam.no_root_access_keys

test_no_keys_pass if {
	no_root_access_keys.findings == set() with input as _account({"AccountAccessKeysPresent": 0})
	no_root_access_keys.unknowns == set() with input as _account({"AccountAccessKeysPresent": 0})
}

test_keys_fail if {
	every keys in [1, 2, "0"] {
		no_root_access_keys.findings == {{
			"message": "the root user has access keys",
			"path": ["SummaryMap", "AccountAccessKeysPresent"],
			"expected": 0,
		}} with input as _account({"AccountAccessKeysPresent": keys})
	}
}

test_nothing_read_is_unknown if {
	no_root_access_keys.findings == set() with input as {"attributes": {}}
	no_root_access_keys.unknowns == {"the account summary does not tell whether the root user has access keys"} with input as {"attributes": {}}
}

_account(summary) := {"attributes": {"SummaryMap": summary}}
