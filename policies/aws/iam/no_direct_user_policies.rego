# METADATA
# title: Permissions reach users through groups or roles
# description: >-
#   No policy is attached to the user, and the user has no inline policies.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
# custom:
#   severity: low
#   resources: [aws.iam.user]
#   objectives: [least-privilege, separation-of-duties]
#   remediation: >-
#     Put the user into a group that has the policy, or let it assume a role, then detach or delete the policy of the user.
package policies.aws.iam.no_direct_user_policies

findings contains finding if {
	some field, name in _lists
	is_array(input.attributes[field])
	some index, policy in input.attributes[field]
	policy.PolicyName
	finding := {"message": sprintf("the user has %s of its own", [name]), "path": [field, index]}
}

unknowns contains reason if {
	some field, name in _lists
	not _lists_policies(field)
	reason := sprintf("it can't be told whether the user has %s", [name])
}

_lists := {"AttachedPolicies": "an attached policy", "InlinePolicies": "an inline policy"}

_lists_policies(field) if {
	is_array(input.attributes[field])
	every policy in input.attributes[field] {
		policy.PolicyName
	}
}
