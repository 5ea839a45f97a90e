# METADATA
# title: Unused credentials are disabled
# description: >-
#   Every console password and active access key was used in the last days, as many as the parameter iam_credential_unused_max_days
#   says. For one that was never used, the days count from when it was set.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
# custom:
#   severity: medium
#   resources: [aws.iam.user]
#   objectives: [access-removed-when-unused]
#   remediation: >-
#     Deactivate the access key (`aws iam update-access-key --status Inactive`) or delete the login profile; delete the user when
#     nobody misses it.
package policies.aws.iam.unused_credentials_disabled

import data.lib.aws.times

findings contains finding if {
	some credential in _credentials
	_is_active(credential)
	_unused_days(credential) > input.parameters.iam_credential_unused_max_days
	finding := {
		"message": sprintf("%s was not used in the last %v days", [credential.name, input.parameters.iam_credential_unused_max_days]),
		"path": ["Credentials", credential.used],
	}
}

unknowns contains reason if {
	some credential in _credentials
	not _is_active(credential)
	not _is_inactive(credential)
	reason := sprintf("the credential report does not tell whether %s is active", [credential.name])
}

unknowns contains reason if {
	some credential in _credentials
	_is_active(credential)
	not _unused_days(credential)
	reason := sprintf("the credential report does not tell when %s was last used", [credential.name])
}

_credentials := [
	{
		"name": "the console password",
		"active": "password_enabled",
		"used": "password_last_used",
		"set": "password_last_changed",
	},
	{
		"name": "the first access key",
		"active": "access_key_1_active",
		"used": "access_key_1_last_used_date",
		"set": "access_key_1_last_rotated",
	},
	{
		"name": "the second access key",
		"active": "access_key_2_active",
		"used": "access_key_2_last_used_date",
		"set": "access_key_2_last_rotated",
	},
]

_is_active(credential) if input.attributes.Credentials[credential.active] == "true"

_is_inactive(credential) if input.attributes.Credentials[credential.active] == "false"

_unused_days(credential) := times.age_in_days(input.attributes.Credentials[credential.used], input.now)

# Never used.
_unused_days(credential) := times.age_in_days(input.attributes.Credentials[credential.set], input.now) if {
	input.attributes.Credentials[credential.used] in {"N/A", "no_information"}
}
