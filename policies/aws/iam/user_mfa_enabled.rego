# METADATA
# title: Console users have multi-factor authentication
# description: >-
#   Every user with a console password has an active device for multi-factor authentication.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html
# custom:
#   severity: high
#   resources: [aws.iam.user]
#   objectives: [multi-factor-sign-in]
#   scope: users with a console password
#   remediation: >-
#     Register a device (`aws iam enable-mfa-device`), or delete the login profile of a user who signs in through an identity
#     provider.
package policies.aws.iam.user_mfa_enabled

default applies := false

applies if not _has_no_password

findings contains finding if {
	input.attributes.Credentials.password_enabled == "true"
	not input.attributes.Credentials.mfa_active == "true"
	finding := {
		"message": "the user signs in with a password alone",
		"path": ["Credentials", "mfa_active"],
		"expected": "true",
	}
}

unknowns contains "the credential report does not tell whether the user has a password" if {
	applies
	not input.attributes.Credentials.password_enabled == "true"
}

_has_no_password if input.attributes.Credentials.password_enabled == "false"
