# METADATA
# title: Trails are streamed to where they are reviewed
# description: >-
#   The trail has delivered to a CloudWatch Logs log group within the hours that the parameter cloudtrail_delivery_max_hours allows.
# related_resources:
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html
# custom:
#   severity: medium
#   resources: [aws.cloudtrail.trail]
#   objectives: [logs-reviewed]
#   remediation: >-
#     Set a log group and a role that may write to it (`aws cloudtrail update-trail --cloud-watch-logs-log-group-arn ...`). Trails read
#     by another system, such as EventBridge or CloudTrail Lake, take a waiver that names it.
package policies.aws.cloudtrail.logs_exported

import data.lib.aws.times

findings contains finding if {
	not _has_log_group
	finding := {"message": "the trail has no log group", "path": ["CloudWatchLogsLogGroupArn"]}
}

findings contains finding if {
	_has_log_group
	not _has_delivered
	finding := {
		"message": sprintf("the trail has delivered nothing to its log group in the last %v hours", [input.parameters.cloudtrail_delivery_max_hours]),
		"path": ["Status", "LatestCloudWatchLogsDeliveryTime"],
	}
}

_has_log_group if {
	is_string(input.attributes.CloudWatchLogsLogGroupArn)
	input.attributes.CloudWatchLogsLogGroupArn != ""
}

_has_delivered if {
	days := times.age_in_days(input.attributes.Status.LatestCloudWatchLogsDeliveryTime, input.now)
	days * 24 <= input.parameters.cloudtrail_delivery_max_hours
}
