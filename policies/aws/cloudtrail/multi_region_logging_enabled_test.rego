package policies.aws.cloudtrail.multi_region_logging_enabled_test

import data.policies.aws.cloudtrail.multi_region_logging_enabled

test_a_trail_of_all_regions_passes if {
	multi_region_logging_enabled.findings == set() with input as _account([_trail({})])
	multi_region_logging_enabled.findings == set() with input as _account([_trail({"IsMultiRegionTrail": false}), _trail({})])
}

test_a_trail_may_leave_out_what_is_listed if {
	multi_region_logging_enabled.findings == set() with input as _account([_trail({"EventSelectors": {"EventSelectors": [{
		"ReadWriteType": "All",
		"IncludeManagementEvents": true,
		"ExcludeManagementEventSources": ["rdsdata.amazonaws.com"],
	}]}})])
}

test_trails_that_record_less_fail if {
	every parts in [
		{"IsMultiRegionTrail": false},
		{"Status": {"IsLogging": false}},
		{"EventSelectors": {"EventSelectors": [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": true}]}},
		{"EventSelectors": {"EventSelectors": [{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": true}]}},
		{"EventSelectors": {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": false}]}},
		{"EventSelectors": {"EventSelectors": [{
			"ReadWriteType": "All",
			"IncludeManagementEvents": true,
			"ExcludeManagementEventSources": ["kms.amazonaws.com"],
		}]}},
		{"EventSelectors": {}},
	] {
		multi_region_logging_enabled.findings == {_insufficient} with input as _account([_trail(parts)])
	}
}

test_two_trails_with_half_of_the_events_each_fail if {
	multi_region_logging_enabled.findings == {_insufficient} with input as _account([_half("ReadOnly"), _half("WriteOnly")])
}

test_without_a_trail_it_fails if {
	finding := {"message": "the account has no trail", "path": []}
	multi_region_logging_enabled.findings == {finding} with input as _account([])
	multi_region_logging_enabled.findings == {finding} with input as {"attributes": {}}
}

_account(trails) := {
	"parameters": {"cloudtrail_excludable_event_sources": ["rdsdata.amazonaws.com"]},
	"attributes": {"AccountId": "111122223333"},
	"related": {"trails": trails},
}

# Not a union of objects: that would keep the selectors beside those they are replaced by.
_trail(parts) := {
	"kind": "aws.cloudtrail.trail",
	"attributes": {field: object.get(parts, field, value) | some field, value in _complete},
}

_half(mode) := _trail({"EventSelectors": {"EventSelectors": [{"ReadWriteType": mode, "IncludeManagementEvents": true}]}})

_complete := {
	"IsMultiRegionTrail": true,
	"Status": {"IsLogging": true},
	"EventSelectors": {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": true}]},
}

_insufficient := {
	"message": "no trail of all regions is logging read and write management events",
	"path": [],
}
