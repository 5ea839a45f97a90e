package lib.aws.trails_test

import data.lib.aws.trails

test_logging_is_said_by_the_status if {
	trails.is_logging({"attributes": {"Status": {"IsLogging": true}}})
	not trails.is_logging({"attributes": {"Status": {"IsLogging": false}}})
	not trails.is_logging({"attributes": {}})
}

test_a_trail_covers_its_region_or_all if {
	trails.covers_region({"attributes": {"IsMultiRegionTrail": true}}, "eu-west-1")
	trails.covers_region({"attributes": {"IsMultiRegionTrail": false, "HomeRegion": "eu-west-1"}}, "eu-west-1")
	not trails.covers_region({"attributes": {"IsMultiRegionTrail": false, "HomeRegion": "us-east-1"}}, "eu-west-1")
	not trails.covers_region({"attributes": {"IsMultiRegionTrail": false, "HomeRegion": null}}, null)
	not trails.covers_region({"attributes": {}}, "eu-west-1")
}

test_basic_selectors_of_management_events if {
	_managed({"IncludeManagementEvents": true, "ReadWriteType": "All"}) == {"read", "write"}
	_managed({"IncludeManagementEvents": true, "ReadWriteType": "ReadOnly"}) == {"read"}
	_managed({"IncludeManagementEvents": true, "ReadWriteType": "WriteOnly"}) == {"write"}
	_managed({"IncludeManagementEvents": false, "ReadWriteType": "All"}) == set()
	_managed({"IncludeManagementEvents": true}) == set()
	_managed({"ReadWriteType": "All"}) == set()
}

test_basic_selectors_may_leave_out_what_is_listed if {
	_managed(_leaving_out([])) == {"read", "write"}
	_managed(_leaving_out(["rdsdata.amazonaws.com"])) == {"read", "write"}
	_managed(_leaving_out(["rdsdata.amazonaws.com", "kms.amazonaws.com"])) == set()
}

test_advanced_selectors_of_management_events if {
	_managed_advanced([_management]) == {"read", "write"}
	_managed_advanced([_management, {"Field": "readOnly", "Equals": ["true"]}]) == {"read"}
	_managed_advanced([_management, {"Field": "readOnly", "Equals": ["false"]}]) == {"write"}
	_managed_advanced([_management, {"Field": "readOnly", "Equals": ["maybe"]}]) == set()
	_managed_advanced([{"Field": "eventCategory", "Equals": ["Data"]}]) == set()
	_managed_advanced([]) == set()
}

test_advanced_selectors_may_leave_out_what_is_listed if {
	_managed_advanced([_management, {"Field": "eventSource", "NotEquals": ["rdsdata.amazonaws.com"]}]) == {"read", "write"}
	_managed_advanced([_management, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}]) == set()
}

test_advanced_selectors_that_are_narrowed_otherwise_record_nothing if {
	every part in [
		{"Field": "eventName", "Equals": ["CreateUser"]},
		{"Field": "eventSource", "Equals": ["iam.amazonaws.com"]},
		{"Field": "eventSource", "NotEquals": [], "EndsWith": ["iam.amazonaws.com"]},
		{"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
		{"Equals": ["x"]},
		"eventName",
	] {
		_managed_advanced([_management, part]) == set()
	}
	trails.management_events({"attributes": {"EventSelectors": {"AdvancedEventSelectors": [{"FieldSelectors": {"a": _management}}]}}}, []) == set()
}

test_modes_of_several_selectors_add_up if {
	trails.management_events(
		{"attributes": {"EventSelectors": {"AdvancedEventSelectors": [
			{"FieldSelectors": [_management, {"Field": "readOnly", "Equals": ["true"]}]},
			{"FieldSelectors": [_management, {"Field": "readOnly", "Equals": ["false"]}]},
		]}}},
		[],
	) == {"read", "write"}
}

test_no_selectors_record_nothing if {
	trails.management_events({"attributes": {}}, []) == set()
	trails.object_events({"attributes": {}}, "ml") == set()
}

test_basic_selectors_of_object_events if {
	every prefix in ["arn:aws:s3", "arn:aws:s3:::", "arn:aws:s3:::ml/", "arn:aws-cn:s3:::ml/"] {
		_objects_basic("All", "AWS::S3::Object", [prefix]) == {"read", "write"}
	}
	_objects_basic("ReadOnly", "AWS::S3::Object", ["arn:aws:s3:::other/", "arn:aws:s3:::ml/"]) == {"read"}
}

test_basic_selectors_of_other_data_record_nothing_here if {
	every prefix in ["arn:aws:s3:::other/", "arn:aws:s3:::ml/models", "arn:aws:s3:::m", "arn:aws:lambda", "s3:::ml/", "urn:aws:s3", "arn", "", 1] {
		_objects_basic("All", "AWS::S3::Object", [prefix]) == set()
	}
	_objects_basic("All", "AWS::Lambda::Function", ["arn:aws:s3:::ml/"]) == set()
	trails.object_events(
		{"attributes": {"EventSelectors": {"EventSelectors": [{
			"ReadWriteType": "All",
			"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::1/"]}],
		}]}}},
		1,
	) == set()
}

test_advanced_selectors_of_object_events if {
	_objects_advanced([_data, _of_objects]) == {"read", "write"}
	_objects_advanced([_data, _of_objects, {"Field": "readOnly", "Equals": ["false"]}]) == {"write"}
	_objects_advanced([_data, _of_objects, {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::ml/"]}]) == {"read", "write"}
	_objects_advanced([
		_data,
		_of_objects,
		{"Field": "readOnly", "Equals": ["true"]},
		{"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::other/", "arn:aws:s3:::ml/"]},
	]) == {"read"}
}

test_advanced_selectors_take_any_beginning_of_an_arn if {
	every prefix in ["arn:aws:s3:::ml", "arn:aws:s3:::m", "arn:aws:s3:::", "arn:aws:s3", "arn:aws-cn:s3:::ml/", "arn:aws:"] {
		_objects_advanced([_data, _of_objects, {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::other/", prefix]}]) == {"read", "write"}
	}
}

test_advanced_selectors_may_leave_out_other_buckets if {
	every prefixes in [["arn:aws:s3:::logs/"], ["arn:aws:s3:::logs", "arn:aws:s3:::ml-logs/", "arn:aws:s3:::mlx"]] {
		_objects_advanced([_data, _of_objects, {"Field": "resources.ARN", "NotStartsWith": prefixes}]) == {"read", "write"}
	}
}

test_advanced_selectors_that_leave_out_this_bucket_or_a_part_of_it_record_nothing if {
	every prefix in ["arn:aws:s3:::ml/", "arn:aws:s3:::ml", "arn:aws:s3:::m", "arn:aws:s3:::", "arn:aws:s3", "arn:aws-cn:s3:::ml/a", "arn", "ml", 1] {
		_objects_advanced([_data, _of_objects, {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::logs/", prefix]}]) == set()
	}
}

test_all_that_an_advanced_selector_says_of_the_arn_must_hold if {
	wide := {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3"]}
	_objects_advanced([_data, _of_objects, wide, {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::logs/"]}]) == {"read", "write"}
	_objects_advanced([_data, _of_objects, wide, {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::ml/"]}]) == set()
	_objects_advanced([_data, _of_objects, object.union(wide, {"NotStartsWith": ["arn:aws:s3:::ml/"]})]) == set()
}

test_advanced_selectors_of_other_data_record_nothing_here if {
	every parts in [
		[_data],
		[_of_objects],
		[_management, _of_objects],
		[_data, {"Field": "resources.type", "Equals": ["AWS::Lambda::Function"]}],
		[_data, _of_objects, {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::other/"]}],
		[_data, _of_objects, {"Field": "resources.ARN", "Equals": ["arn:aws:s3:::ml/"]}],
		[_data, _of_objects, {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::ml/models/"]}],
		[_data, _of_objects, {"Field": "resources.ARN", "StartsWith": ["ml", "s3:::ml/", 1]}],
		[_data, _of_objects, {"Field": "resources.ARN", "StartsWith": []}],
		[_data, _of_objects, {"Field": "resources.ARN", "NotStartsWith": {"first": "arn:aws:s3:::logs/"}}],
		[_data, _of_objects, {"Field": "eventName", "Equals": ["GetObject"]}],
		[_data, _of_objects, {"Field": "eventSource", "NotEquals": ["s3.amazonaws.com"]}],
		[_data, _of_objects, {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::ml/"]}, {"Field": "eventName", "Equals": ["GetObject"]}],
		[_management, _of_objects, {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::ml/"]}],
	] {
		_objects_advanced(parts) == set()
	}
}

_management := {"Field": "eventCategory", "Equals": ["Management"]}

_data := {"Field": "eventCategory", "Equals": ["Data"]}

_of_objects := {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}

_managed(selector) := trails.management_events(
	{"attributes": {"EventSelectors": {"EventSelectors": [selector]}}},
	["rdsdata.amazonaws.com"],
)

_leaving_out(sources) := {
	"IncludeManagementEvents": true,
	"ReadWriteType": "All",
	"ExcludeManagementEventSources": sources,
}

_managed_advanced(parts) := trails.management_events(
	{"attributes": {"EventSelectors": {"AdvancedEventSelectors": [{"FieldSelectors": parts}]}}},
	["rdsdata.amazonaws.com"],
)

_objects_basic(mode, type, values) := trails.object_events(
	{"attributes": {"EventSelectors": {"EventSelectors": [{
		"ReadWriteType": mode,
		"IncludeManagementEvents": false,
		"DataResources": [{"Type": type, "Values": values}],
	}]}}},
	"ml",
)

_objects_advanced(parts) := trails.object_events(
	{"attributes": {"EventSelectors": {"AdvancedEventSelectors": [{"FieldSelectors": parts}]}}},
	"ml",
)
