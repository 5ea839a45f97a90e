# METADATA
# title: Root user has multi-factor authentication
# description: >-
#   A device for multi-factor authentication is registered for the root user, or the root user has neither password nor access
#   keys to sign in with (centrally managed root access removes them).
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
# custom:
#   severity: critical
#   resources: [aws.account]
#   objectives: [multi-factor-sign-in, no-shared-accounts]
#   remediation: >-
#     Sign in as the root user and register a hardware or passkey device under Security credentials; or remove the root
#     credentials of member accounts in IAM of the management account.
package policies.aws.iam.root_mfa_enabled

findings contains finding if {
	input.attributes.SummaryMap.AccountMFAEnabled != 1
	not _has_no_credentials
	finding := {
		"message": "the root user can sign in without a second factor",
		"path": ["SummaryMap", "AccountMFAEnabled"],
		"expected": 1,
	}
}

unknowns contains "the account summary does not tell whether the root user has a second factor" if {
	not input.attributes.SummaryMap.AccountMFAEnabled
}

_has_no_credentials if {
	input.attributes.SummaryMap.AccountPasswordPresent == 0
	input.attributes.SummaryMap.AccountAccessKeysPresent == 0
}
