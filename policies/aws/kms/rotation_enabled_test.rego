package policies.aws.kms.rotation_enabled_test

import data.policies.aws.kms.rotation_enabled

test_a_key_that_rotates_passes if {
	rotation_enabled.applies with input as _key({}, {"KeyRotationEnabled": true})
	rotation_enabled.findings == set() with input as _key({}, {"KeyRotationEnabled": true})
}

test_a_key_that_does_not_rotate_fails if {
	rotation_enabled.findings == {_finding} with input as _key({}, {"KeyRotationEnabled": false})
	rotation_enabled.findings == {_finding} with input as _key({}, {})
}

test_other_keys_are_out_of_scope if {
	every metadata in [
		{"KeyManager": "AWS"},
		{"KeySpec": "RSA_2048"},
		{"KeyState": "Disabled"},
		{"Origin": "EXTERNAL"},
	] {
		given := _key(metadata, {"KeyRotationEnabled": false})
		rotation_enabled.applies == false with input as given
		rotation_enabled.findings == set() with input as given
	}
}

test_what_the_metadata_leave_open_is_in_scope if {
	every metadata in [
		{"KeySpec": "SYMMETRIC_DEFAULT", "KeyState": "Enabled", "Origin": "AWS_KMS"},
		{"KeyManager": "CUSTOMER"},
		{},
	] {
		given := {"attributes": {"KeyMetadata": metadata}}
		rotation_enabled.applies with input as given
		rotation_enabled.findings == {_finding} with input as given
	}
}

test_nothing_read_fails if {
	rotation_enabled.applies with input as {"attributes": {}}
	rotation_enabled.findings == {_finding} with input as {"attributes": {}}
}

_key(metadata, rotation) := {"attributes": {
	"KeyMetadata": object.union(
		{"KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT", "KeyState": "Enabled", "Origin": "AWS_KMS"},
		metadata,
	),
	"Rotation": rotation,
}}

_finding := {"message": "the key does not rotate", "path": ["Rotation", "KeyRotationEnabled"], "expected": true}
