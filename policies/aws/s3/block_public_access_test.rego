package policies.aws.s3.block_public_access_test

import data.policies.aws.s3.block_public_access

test_four_settings_of_the_bucket_pass if {
	block_public_access.findings == set() with input as {"attributes": {"PublicAccessBlock": _all_on}}
}

test_four_settings_of_the_account_pass if {
	block_public_access.findings == set() with input as _in_account(_all_on, {})
}

test_settings_add_up if {
	block_public_access.findings == set() with input as _in_account(
		{"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": false},
		{"BlockPublicPolicy": true, "RestrictPublicBuckets": true, "BlockPublicAcls": false},
	)
}

test_each_setting_that_is_off_fails if {
	block_public_access.findings == {
		_finding("BlockPublicAcls"),
		_finding("IgnorePublicAcls"),
	} with input as _in_account(
		{"BlockPublicAcls": false},
		{"BlockPublicAcls": false, "BlockPublicPolicy": true, "RestrictPublicBuckets": true},
	)
}

test_nothing_configured_fails if {
	block_public_access.findings == {_finding(setting) | some setting, _ in _all_on} with input as {"attributes": {}}
}

_all_on := {"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true}

_in_account(account, own) := {
	"attributes": {"PublicAccessBlock": own},
	"related": {"account": [{"attributes": {"PublicAccessBlock": account}}]},
}

_finding(setting) := {
	"message": concat("", [setting, " is off for the bucket and for its account"]),
	"path": ["PublicAccessBlock", setting],
	"expected": true,
}
