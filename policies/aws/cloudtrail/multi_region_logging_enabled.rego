# METADATA
# title: A multi-region trail records management events
# description: >-
#   A trail of all regions is logging, and records read and write management events. It may leave out the event sources that the
#   parameter cloudtrail_excludable_event_sources lists.
# related_resources:
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
# custom:
#   severity: critical
#   resources: [aws.account]
#   objectives: [administrative-activity-logged]
#   remediation: >-
#     Create a trail with `--is-multi-region-trail`, start its logging, and let it record all management events.
package policies.aws.cloudtrail.multi_region_logging_enabled

import data.lib.aws.trails

findings contains {"message": "the account has no trail", "path": []} if not _has_trail

findings contains finding if {
	_has_trail
	not _records_everything
	finding := {
		"message": "no trail of all regions is logging read and write management events",
		"path": [],
	}
}

# Not by its attributes as a whole: then any that could not be read would count.
_has_trail if input.related.trails[_].kind

_records_everything if {
	trail := input.related.trails[_]
	trail.attributes.IsMultiRegionTrail == true
	trails.is_logging(trail)
	trails.management_events(trail, input.parameters.cloudtrail_excludable_event_sources) == {"read", "write"}
}
