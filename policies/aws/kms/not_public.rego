# METADATA
# title: Key policies are not open to everyone
# description: >-
#   No statement of the key policy lets everyone in without a condition that fixes account, organisation, network or source.
#   `kms:ViaService` alone is no such condition: anyone may call through a service.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account
# custom:
#   severity: critical
#   resources: [aws.kms.key]
#   objectives: [key-management, least-privilege]
#   remediation: >-
#     Name the principals in the statement, or add a condition such as `kms:CallerAccount` or `aws:PrincipalOrgID`.
package policies.aws.kms.not_public

import data.lib.aws.policies

findings contains finding if {
	some path, statement in policies.statements(input.attributes.Policy)
	policies.is_public(statement)
	finding := {
		"message": "a statement of the key policy lets everyone in",
		"path": array.concat(["Policy"], path),
	}
}

unknowns contains "the key policy can't be read as a policy" if {
	policies.is_unreadable_for_resource(input.attributes.Policy)
}

unknowns contains "the key policy is missing" if not input.attributes.Policy
