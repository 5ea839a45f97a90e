# METADATA
# title: Access keys are rotated
# description: >-
#   No active access key is older than the parameter iam_access_key_max_age_days allows.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyMetadata.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html#Using_RotateAccessKey
# custom:
#   severity: medium
#   resources: [aws.iam.user]
#   objectives: [credentials-rotate]
#   remediation: >-
#     Create a second key, move its users over, deactivate and delete the old one; better, give the workload a role.
package policies.aws.iam.access_keys_rotated

import data.lib.aws.times

findings contains finding if {
	_lists_keys
	some index, key in input.attributes.AccessKeys
	not _is_inactive(key)
	times.age_in_days(key.CreateDate, input.now) > input.parameters.iam_access_key_max_age_days
	finding := {
		"message": sprintf("an active access key is older than %v days", [input.parameters.iam_access_key_max_age_days]),
		"path": ["AccessKeys", index, "CreateDate"],
	}
}

unknowns contains "the list of the user's access keys is missing" if not _lists_keys

unknowns contains "the age of an active access key can't be told" if {
	key := input.attributes.AccessKeys[_]
	not _is_inactive(key)
	not _has_age(key)
}

_lists_keys if is_array(input.attributes.AccessKeys)

_has_age(key) if times.age_in_days(key.CreateDate, input.now)

_is_inactive(key) if key.Status in {"Inactive", "Expired"}
