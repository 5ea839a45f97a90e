# METADATA
# title: Root user is not used day to day
# description: >-
#   Neither the password nor an access key of the root user was used in the last days, as many as the parameter
#   iam_root_user_unused_days says.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html
# custom:
#   severity: high
#   resources: [aws.account]
#   objectives: [no-shared-accounts, emergency-access]
#   remediation: >-
#     Do the work with a role; keep the root user for the tasks that need it, and waive this control for their time.
package policies.aws.iam.root_user_unused

import data.lib.aws.times

findings contains finding if {
	some column, credential in _columns
	times.age_in_days(input.attributes.RootCredentials[column], input.now) < input.parameters.iam_root_user_unused_days
	finding := {
		"message": sprintf("%s of the root user was used in the last %v days", [credential, input.parameters.iam_root_user_unused_days]),
		"path": ["RootCredentials", column],
	}
}

unknowns contains reason if {
	some column, credential in _columns
	not _tells_last_use(column)
	reason := sprintf("the credential report does not tell when %s of the root user was last used", [credential])
}

_columns := {
	"password_last_used": "the password",
	"access_key_1_last_used_date": "the first access key",
	"access_key_2_last_used_date": "the second access key",
}

# Either a time, or one of the words for what was never used or does not exist.
_tells_last_use(column) if times.age_in_days(input.attributes.RootCredentials[column], input.now)

_tells_last_use(column) if input.attributes.RootCredentials[column] in {"N/A", "no_information"}
