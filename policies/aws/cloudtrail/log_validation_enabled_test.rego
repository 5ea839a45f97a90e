package policies.aws.cloudtrail.log_validation_enabled_test

import data.policies.aws.cloudtrail.log_validation_enabled

test_validation_passes if {
	log_validation_enabled.findings == set() with input as {"attributes": {"LogFileValidationEnabled": true}}
}

test_no_validation_fails if {
	log_validation_enabled.findings == {_finding} with input as {"attributes": {"LogFileValidationEnabled": false}}
}

test_nothing_configured_fails if {
	log_validation_enabled.findings == {_finding} with input as {"attributes": {}}
}

_finding := {
	"message": "the log files of the trail can't be validated",
	"path": ["LogFileValidationEnabled"],
	"expected": true,
}
