package policies.aws.iam.root_user_unused_test

import data.policies.aws.iam.root_user_unused

test_long_ago_passes if {
	given := _account({"password_last_used": "2026-08-26T00:00:00+00:00"})
	root_user_unused.findings == set() with input as given
	root_user_unused.unknowns == set() with input as given
}

test_never_passes if {
	every word in ["N/A", "no_information"] {
		root_user_unused.findings == set() with input as _account({"password_last_used": word})
		root_user_unused.unknowns == set() with input as _account({"password_last_used": word})
	}
}

test_lately_fails if {
	root_user_unused.findings == {
		_finding("password_last_used", "the password"),
		_finding("access_key_1_last_used_date", "the first access key"),
		_finding("access_key_2_last_used_date", "the second access key"),
	} with input as _account({
		"password_last_used": "2026-08-26T00:00:01+00:00",
		"access_key_1_last_used_date": "2026-11-24T00:00:00+00:00",
		"access_key_2_last_used_date": "2026-11-25T00:00:00+00:00",
	})
}

test_nothing_read_is_unknown if {
	root_user_unused.findings == set() with input as {"attributes": {}}
	root_user_unused.unknowns == {
		_doubt("the password"),
		_doubt("the first access key"),
		_doubt("the second access key"),
	} with input as {"attributes": {}}
}

test_another_word_is_unknown if {
	every word in ["yesterday", "not_supported", ""] {
		root_user_unused.findings == set() with input as _account({"password_last_used": word})
		root_user_unused.unknowns == {_doubt("the password")} with input as _account({"password_last_used": word})
	}
}

_account(columns) := {
	"now": "2026-11-24T00:00:00Z",
	"parameters": {"iam_root_user_unused_days": 90},
	"attributes": {"RootCredentials": object.union(
		{"password_last_used": "N/A", "access_key_1_last_used_date": "N/A", "access_key_2_last_used_date": "N/A"},
		columns,
	)},
}

_finding(column, credential) := {
	"message": concat("", [credential, " of the root user was used in the last 90 days"]),
	"path": ["RootCredentials", column],
}

_doubt(credential) := sprintf("the credential report does not tell when %s of the root user was last used", [credential])
