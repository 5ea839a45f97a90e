# METADATA
# title: Password policy is strong
# description: >-
#   The password policy of the account asks for at least as many characters as the parameter iam_password_min_length, and refuses
#   as many former passwords as the parameter iam_password_reuse_prevention. Without a policy of its own an account has the
#   weaker default of AWS.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
# custom:
#   severity: medium
#   resources: [aws.account]
#   objectives: [password-strength]
#   remediation: >-
#     Set the policy: `aws iam update-account-password-policy --minimum-password-length 14 --password-reuse-prevention 24` with the
#     other requirements you have.
package policies.aws.iam.password_policy_strong

findings contains finding if {
	not _asks_for_length
	finding := {
		"message": "the password policy accepts short passwords",
		"path": ["PasswordPolicy", "MinimumPasswordLength"],
		"expected": input.parameters.iam_password_min_length,
	}
}

findings contains finding if {
	not _refuses_former_passwords
	finding := {
		"message": "the password policy accepts former passwords",
		"path": ["PasswordPolicy", "PasswordReusePrevention"],
		"expected": input.parameters.iam_password_reuse_prevention,
	}
}

_asks_for_length if {
	is_number(input.attributes.PasswordPolicy.MinimumPasswordLength)
	input.attributes.PasswordPolicy.MinimumPasswordLength >= input.parameters.iam_password_min_length
}

_refuses_former_passwords if {
	is_number(input.attributes.PasswordPolicy.PasswordReusePrevention)
	input.attributes.PasswordPolicy.PasswordReusePrevention >= input.parameters.iam_password_reuse_prevention
}
