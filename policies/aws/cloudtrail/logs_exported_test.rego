package policies.aws.cloudtrail.logs_exported_test

import data.policies.aws.cloudtrail.logs_exported

test_a_recent_delivery_passes if {
	logs_exported.findings == set() with input as _trail({"LatestCloudWatchLogsDeliveryTime": "2026-11-23T12:00:00+00:00"})
}

test_an_old_delivery_fails if {
	logs_exported.findings == {_stale} with input as _trail({"LatestCloudWatchLogsDeliveryTime": "2026-11-23T11:00:00+00:00"})
}

test_no_delivery_fails if {
	logs_exported.findings == {_stale} with input as _trail({})
	logs_exported.findings == {_stale} with input as _trail({"LatestCloudWatchLogsDeliveryTime": "never"})
}

test_nothing_configured_fails if {
	every group in [{}, {"CloudWatchLogsLogGroupArn": ""}, {"CloudWatchLogsLogGroupArn": 1}] {
		logs_exported.findings == {{
			"message": "the trail has no log group",
			"path": ["CloudWatchLogsLogGroupArn"],
		}} with input as {"parameters": {"cloudtrail_delivery_max_hours": 24}, "attributes": group}
	}
}

_trail(status) := {
	"now": "2026-11-24T12:00:00Z",
	"parameters": {"cloudtrail_delivery_max_hours": 24},
	"attributes": {
		"CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*",
		"Status": status,
	},
}

_stale := {
	"message": "the trail has delivered nothing to its log group in the last 24 hours",
	"path": ["Status", "LatestCloudWatchLogsDeliveryTime"],
}
