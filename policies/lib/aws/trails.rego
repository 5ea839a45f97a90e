# METADATA
# title: What a trail records
# description: >-
#   Event selectors of a CloudTrail trail, basic and advanced. A selector that is narrowed by anything this module does not
#   know counts as recording nothing.
# related_resources:
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
package lib.aws.trails

is_logging(trail) if trail.attributes.Status.IsLogging == true

# Whether the events of a region reach the trail.
covers_region(trail, _) if trail.attributes.IsMultiRegionTrail == true

covers_region(trail, region) if {
	is_string(region)
	trail.attributes.HomeRegion == region
}

# Which management events a trail records: `read`, `write`, both or neither. It may leave out the event sources listed.
management_events(trail, excludable) := {mode |
	selector := trail.attributes.EventSelectors.EventSelectors[_]
	selector.IncludeManagementEvents == true
	_all_listed({source | source := selector.ExcludeManagementEventSources[_]}, excludable)
	some mode in _modes(selector)
} | {mode |
	selector := trail.attributes.EventSelectors.AdvancedEventSelectors[_]
	_selects_only(selector, {"eventCategory", "readOnly", "eventSource"})
	"Management" in _values(selector, "eventCategory", "Equals")
	_all_listed(_values(selector, "eventSource", "NotEquals"), excludable)
	some mode in _advanced_modes(selector)
}

# Which events on the objects of a bucket a trail records: `read`, `write`, both or neither.
object_events(trail, bucket) := {mode |
	selector := trail.attributes.EventSelectors.EventSelectors[_]
	data_resource := selector.DataResources[_]
	data_resource.Type == "AWS::S3::Object"
	_covers_bucket(data_resource.Values[_], bucket)
	some mode in _modes(selector)
} | {mode |
	selector := trail.attributes.EventSelectors.AdvancedEventSelectors[_]
	_selects_only(selector, {"eventCategory", "readOnly", "resources.type", "resources.ARN"})
	_selects_objects(selector)
	_selects_bucket(selector, bucket)
	some mode in _advanced_modes(selector)
}

_modes(selector) := {
	"All": {"read", "write"},
	"ReadOnly": {"read"},
	"WriteOnly": {"write"},
}[selector.ReadWriteType]

_advanced_modes(selector) := {"read", "write"} if _values(selector, "readOnly", "Equals") == set()

else := {{"true": "read", "false": "write"}[value] | some value in _values(selector, "readOnly", "Equals")}

_selects_objects(selector) if {
	"Data" in _values(selector, "eventCategory", "Equals")
	"AWS::S3::Object" in _values(selector, "resources.type", "Equals")
}

# A selector that leaves out the objects of other buckets, such as the trail's own, still has those of this one.
_selects_bucket(selector, bucket) if {
	every part in selector.FieldSelectors {
		_lets_in(part, bucket)
	}
}

_lets_in(part, _) if part.Field != "resources.ARN"

_lets_in(part, bucket) if startswith(_objects_of(bucket), _behind_partition(part.StartsWith[_]))

_lets_in(part, bucket) if {
	is_array(part.NotStartsWith)
	every prefix in part.NotStartsWith {
		_is_elsewhere(_behind_partition(prefix), _objects_of(bucket))
	}
}

_is_elsewhere(prefix, objects) if {
	not startswith(objects, prefix)
	not startswith(prefix, objects)
}

# The values that a field of an advanced selector is compared with.
_values(selector, field, operator) := {value |
	part := selector.FieldSelectors[_]
	part.Field == field
	value := part[operator][_]
}

_selects_only(selector, fields) if {
	is_array(selector.FieldSelectors)
	every part in selector.FieldSelectors {
		part.Field in fields
		some operator in _operators(part.Field)
		object.keys(part) == {"Field", operator}
	}
}

# The operators by which a field is understood here.
_operators("eventSource") := {"NotEquals"}

_operators("resources.ARN") := {"NotStartsWith", "StartsWith"}

_operators(field) := {"Equals"} if field in {"eventCategory", "readOnly", "resources.type"}

_all_listed(left_out, excludable) if {
	every source in left_out {
		source == excludable[_]
	}
}

# An ARN prefix for all buckets, or for all objects of this one.
_covers_bucket(prefix, bucket) if _behind_partition(prefix) in {"s3", "s3:::", _objects_of(bucket)}

# An ARN or the beginning of one, without `arn` and the partition, which may be any.
_behind_partition(text) := concat(":", array.slice(parts, 2, count(parts))) if {
	is_string(text)
	parts := split(text, ":")
	parts[0] == "arn"
}

_objects_of(bucket) := sprintf("s3:::%s/", [bucket]) if is_string(bucket)
