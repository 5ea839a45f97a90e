package policies.aws.s3.versioning_enabled_test

import data.policies.aws.s3.versioning_enabled

test_enabled_passes if {
	versioning_enabled.applies with input as _bucket({}, {"Status": "Enabled"})
	versioning_enabled.findings == set() with input as _bucket({}, {"Status": "Enabled"})
}

test_suspended_fails if {
	versioning_enabled.findings == {_finding} with input as _bucket({}, {"Status": "Suspended"})
}

test_nothing_configured_fails if {
	versioning_enabled.findings == {_finding} with input as _bucket({}, {})
	versioning_enabled.findings == {_finding} with input as {"attributes": {}}
}

test_data_that_are_not_sensitive_are_out_of_scope if {
	given := _bucket({"data-classification": "internal"}, {})
	versioning_enabled.applies == false with input as given
	versioning_enabled.findings == set() with input as given
}

_bucket(labels, versioning) := {
	"labels": labels,
	"parameters": {"s3_labels_not_sensitive": ["data-classification=internal"]},
	"attributes": {"Versioning": versioning},
}

_finding := {"message": "the bucket does not keep versions", "path": ["Versioning", "Status"], "expected": "Enabled"}
