# METADATA
# title: No policy grants full administration
# description: >-
#   No customer managed policy that is attached, and no inline policy, allows everything on everything, or everything but a few things
#   that leave IAM open; and the AWS managed policy AdministratorAccess is attached to nobody. Roles, users and groups that
#   the parameter iam_full_admin_principals names are exempt. Conditions do not excuse a statement.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
# custom:
#   severity: critical
#   resources: [aws.iam.policy, aws.iam.role, aws.iam.user, aws.iam.group]
#   objectives: [privileged-access-limited, least-privilege]
#   scope: roles, users, groups, and policies that are attached
#   remediation: >-
#     Replace the statement by the actions that are needed; add the break-glass role to the parameter iam_full_admin_principals.
package policies.aws.iam.no_full_admin_policies

import data.lib.aws.policies

default applies := false

# A customer managed policy that is attached to nobody grants nothing.
applies if not input.attributes.AttachmentCount == 0

findings contains finding if {
	not _is_exempt
	some place, document in _documents
	some path, statement in policies.statements(document)
	policies.is_full_administration(statement)
	finding := {"message": "a statement allows everything on everything", "path": array.concat(place, path)}
}

findings contains finding if {
	not _is_exempt
	is_array(input.attributes.AttachedPolicies)
	some index, attached in input.attributes.AttachedPolicies
	is_string(attached.PolicyArn)
	endswith(attached.PolicyArn, ":iam::aws:policy/AdministratorAccess")
	finding := {
		"message": "the AWS managed policy AdministratorAccess is attached",
		"path": ["AttachedPolicies", index],
	}
}

unknowns contains "a policy document can't be read as a policy" if {
	some document in _documents
	policies.is_unreadable(document)
}

unknowns contains "the document of the policy is missing" if {
	input.kind == "aws.iam.policy"
	not input.attributes.Document
}

unknowns contains "the list of attached or inline policies is missing" if {
	input.kind in {"aws.iam.role", "aws.iam.user", "aws.iam.group"}
	not _lists_policies
}

_documents[["Document"]] := input.attributes.Document

_documents[["InlinePolicies", index, "PolicyDocument"]] := document if {
	is_array(input.attributes.InlinePolicies)
	some index, inline in input.attributes.InlinePolicies
	document := inline.PolicyDocument
}

_lists_policies if {
	is_array(input.attributes.AttachedPolicies)
	every attached in input.attributes.AttachedPolicies {
		is_string(attached.PolicyArn)
	}
	is_array(input.attributes.InlinePolicies)
	every inline in input.attributes.InlinePolicies {
		inline.PolicyDocument
	}
}

_is_exempt if {
	some field in {"RoleName", "UserName", "GroupName"}
	name := input.attributes[field]
	is_string(name)
	entry := input.parameters.iam_full_admin_principals[_]
	is_string(entry)
	_is_meant(entry, name)
}

_is_meant(entry, name) if entry == name

_is_meant(entry, name) if {
	endswith(entry, "*")
	startswith(name, trim_suffix(entry, "*"))
}
