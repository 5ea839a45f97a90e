package policies.aws.iam.access_keys_rotated_test

import data.policies.aws.iam.access_keys_rotated

test_young_keys_pass if {
	given := _user([{"Status": "Active", "CreateDate": "2026-08-26T00:00:00+00:00"}])
	access_keys_rotated.findings == set() with input as given
	access_keys_rotated.unknowns == set() with input as given
}

test_old_keys_fail if {
	access_keys_rotated.findings == {{
		"message": "an active access key is older than 90 days",
		"path": ["AccessKeys", 1, "CreateDate"],
	}} with input as _user([
		{"Status": "Active", "CreateDate": "2026-11-01T00:00:00+00:00"},
		{"Status": "Active", "CreateDate": "2026-08-25T23:59:59+00:00"},
	])
}

test_keys_out_of_use_pass if {
	given := _user([
		{"Status": "Inactive", "CreateDate": "2020-01-01T00:00:00+00:00"},
		{"Status": "Expired", "CreateDate": "2020-01-01T00:00:00+00:00"},
		{"Status": "Inactive"},
	])
	access_keys_rotated.findings == set() with input as given
	access_keys_rotated.unknowns == set() with input as given
}

test_no_keys_pass if {
	access_keys_rotated.findings == set() with input as _user([])
	access_keys_rotated.unknowns == set() with input as _user([])
}

test_a_key_without_a_date_is_unknown if {
	given := _user([{"Status": "Active"}])
	access_keys_rotated.findings == set() with input as given
	access_keys_rotated.unknowns == {"the age of an active access key can't be told"} with input as given
}

test_a_missing_list_is_unknown if {
	every given in [{"attributes": {}}, _user("none")] {
		access_keys_rotated.findings == set() with input as given
		access_keys_rotated.unknowns == {"the list of the user's access keys is missing"} with input as given
	}
}

_user(keys) := {
	"now": "2026-11-24T00:00:00Z",
	"parameters": {"iam_access_key_max_age_days": 90},
	"attributes": {"AccessKeys": keys},
}
