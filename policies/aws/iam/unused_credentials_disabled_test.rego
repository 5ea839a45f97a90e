package policies.aws.iam.unused_credentials_disabled_test

import data.policies.aws.iam.unused_credentials_disabled

test_credentials_in_use_pass if {
	given := _user({
		"password_enabled": "true",
		"password_last_used": "2026-10-10T00:00:00+00:00",
		"access_key_1_active": "true",
		"access_key_1_last_used_date": "2026-11-23T00:00:00+00:00",
	})
	unused_credentials_disabled.findings == set() with input as given
	unused_credentials_disabled.unknowns == set() with input as given
}

test_inactive_credentials_pass if {
	given := _user({"password_last_used": "2020-01-01T00:00:00+00:00"})
	unused_credentials_disabled.findings == set() with input as given
	unused_credentials_disabled.unknowns == set() with input as given
}

test_credentials_not_in_use_fail if {
	unused_credentials_disabled.findings == {
		_finding("the console password", "password_last_used"),
		_finding("the first access key", "access_key_1_last_used_date"),
		_finding("the second access key", "access_key_2_last_used_date"),
	} with input as _user({
		"password_enabled": "true",
		"password_last_used": "2026-10-09T23:59:59+00:00",
		"access_key_1_active": "true",
		"access_key_1_last_used_date": "2026-01-01T00:00:00+00:00",
		"access_key_2_active": "true",
		"access_key_2_last_used_date": "2025-01-01T00:00:00+00:00",
	})
}

test_never_used_counts_from_when_it_was_set if {
	unused_credentials_disabled.findings == {
		_finding("the console password", "password_last_used"),
		_finding("the first access key", "access_key_1_last_used_date"),
		_finding("the second access key", "access_key_2_last_used_date"),
	} with input as _user({
		"password_enabled": "true",
		"password_last_used": "no_information",
		"password_last_changed": "2026-01-01T00:00:00+00:00",
		"access_key_1_active": "true",
		"access_key_1_last_used_date": "N/A",
		"access_key_1_last_rotated": "2026-01-01T00:00:00+00:00",
		"access_key_2_active": "true",
		"access_key_2_last_used_date": "N/A",
		"access_key_2_last_rotated": "2026-01-01T00:00:00+00:00",
	})
	given := _user({
		"access_key_1_active": "true",
		"access_key_1_last_used_date": "N/A",
		"access_key_1_last_rotated": "2026-11-01T00:00:00+00:00",
	})
	unused_credentials_disabled.findings == set() with input as given
	unused_credentials_disabled.unknowns == set() with input as given
}

test_an_active_credential_without_a_date_is_unknown if {
	given := _user({"access_key_1_active": "true", "access_key_1_last_used_date": "lately", "access_key_1_last_rotated": "2026-11-01T00:00:00Z"})
	unused_credentials_disabled.findings == set() with input as given
	unused_credentials_disabled.unknowns == {"the credential report does not tell when the first access key was last used"} with input as given
}

test_a_user_that_the_report_lacks_is_unknown if {
	unused_credentials_disabled.findings == set() with input as {"attributes": {}}
	unused_credentials_disabled.unknowns == {
		"the credential report does not tell whether the console password is active",
		"the credential report does not tell whether the first access key is active",
		"the credential report does not tell whether the second access key is active",
	} with input as {"attributes": {}}
}

_user(columns) := {
	"now": "2026-11-24T00:00:00Z",
	"parameters": {"iam_credential_unused_max_days": 45},
	"attributes": {"Credentials": object.union(
		{"password_enabled": "false", "access_key_1_active": "false", "access_key_2_active": "false"},
		columns,
	)},
}

_finding(credential, column) := {
	"message": concat("", [credential, " was not used in the last 45 days"]),
	"path": ["Credentials", column],
}
