# METADATA
# title: Root user has no access keys
# description: >-
#   The account summary counts no access keys of the root user.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html
# custom:
#   severity: critical
#   resources: [aws.account]
#   objectives: [no-shared-accounts, privileged-access-limited]
#   remediation: >-
#     Give what uses the key a role, then delete the key as the root user under Security credentials.
package policies.aws.iam.no_root_access_keys

findings contains finding if {
	input.attributes.SummaryMap.AccountAccessKeysPresent != 0
	finding := {
		"message": "the root user has access keys",
		"path": ["SummaryMap", "AccountAccessKeysPresent"],
		"expected": 0,
	}
}

unknowns contains "the account summary does not tell whether the root user has access keys" if {
	not input.attributes.SummaryMap.AccountAccessKeysPresent
}
