package policies.aws.iam.user_mfa_enabled_test

import data.policies.aws.iam.user_mfa_enabled

test_a_second_factor_passes if {
	given := _user({"password_enabled": "true", "mfa_active": "true"})
	user_mfa_enabled.applies with input as given
	user_mfa_enabled.findings == set() with input as given
	user_mfa_enabled.unknowns == set() with input as given
}

test_a_password_alone_fails if {
	every credentials in [{"password_enabled": "true", "mfa_active": "false"}, {"password_enabled": "true"}] {
		user_mfa_enabled.findings == {{
			"message": "the user signs in with a password alone",
			"path": ["Credentials", "mfa_active"],
			"expected": "true",
		}} with input as _user(credentials)
	}
}

test_users_without_a_password_are_out_of_scope if {
	given := _user({"password_enabled": "false", "mfa_active": "false"})
	user_mfa_enabled.applies == false with input as given
	user_mfa_enabled.findings == set() with input as given
	user_mfa_enabled.unknowns == set() with input as given
}

test_a_user_that_the_report_lacks_is_unknown if {
	user_mfa_enabled.applies with input as {"attributes": {}}
	user_mfa_enabled.findings == set() with input as {"attributes": {}}
	user_mfa_enabled.unknowns == {"the credential report does not tell whether the user has a password"} with input as {"attributes": {}}
}

_user(credentials) := {"attributes": {"Credentials": credentials}}
