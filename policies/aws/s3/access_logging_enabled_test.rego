package policies.aws.s3.access_logging_enabled_test

import data.policies.aws.s3.access_logging_enabled

test_access_logs_pass if {
	given := _bucket({}, {"Logging": {"TargetBucket": "logs"}}, [])
	access_logging_enabled.applies with input as given
	access_logging_enabled.findings == set() with input as given
}

test_data_events_of_a_trail_pass if {
	access_logging_enabled.findings == set() with input as _bucket({}, {}, [_trail("All", {})])
	access_logging_enabled.findings == set() with input as _bucket({}, {}, [_trail("ReadOnly", {}), _trail("WriteOnly", {})])
}

test_half_of_the_events_fails if {
	access_logging_enabled.findings == {_finding("read")} with input as _bucket({}, {}, [_trail("WriteOnly", {})])
	access_logging_enabled.findings == {_finding("write")} with input as _bucket({}, {}, [_trail("ReadOnly", {})])
}

test_a_trail_that_records_nothing_here_fails if {
	every parts in [{"Status": {"IsLogging": false}}, {"HomeRegion": "us-east-1"}] {
		access_logging_enabled.findings == {_finding("read"), _finding("write")} with input as _bucket({}, {}, [_trail("All", parts)])
	}
}

test_nothing_configured_fails if {
	access_logging_enabled.findings == {_finding("read"), _finding("write")} with input as {"attributes": {}}
	access_logging_enabled.findings == {_finding("read"), _finding("write")} with input as _bucket({}, {"Logging": {"TargetBucket": ""}}, [])
	access_logging_enabled.findings == {_finding("read"), _finding("write")} with input as _bucket({}, {"Logging": {"TargetBucket": 1}}, [])
}

test_data_that_are_not_sensitive_are_out_of_scope if {
	given := _bucket({"data-classification": "public"}, {}, [])
	access_logging_enabled.applies == false with input as given
	access_logging_enabled.findings == set() with input as given
}

_bucket(labels, attributes, trails) := {
	"region": "eu-west-1",
	"labels": labels,
	"parameters": {"s3_labels_not_sensitive": ["data-classification=public"]},
	"attributes": object.union({"Name": "ml"}, attributes),
	"related": {"trails": trails},
}

_trail(mode, parts) := {"attributes": object.union(
	{
		"HomeRegion": "eu-west-1",
		"Status": {"IsLogging": true},
		"EventSelectors": {"EventSelectors": [{
			"ReadWriteType": mode,
			"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::ml/"]}],
		}]},
	},
	parts,
)}

_finding(mode) := {
	"message": concat("", ["the bucket has no access logs and no trail records who ", mode, "s its objects"]),
	"path": ["Logging"],
}
