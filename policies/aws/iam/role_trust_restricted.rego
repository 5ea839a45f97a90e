# METADATA
# title: Role trust policies restrict who may assume them
# description: >-
#   No role lets everyone assume it. Other accounts, named as principals or by a condition, may assume it only if the parameter
#   iam_trusted_accounts lists them, and identities of an OpenID Connect or social identity provider only if a condition fixes the
#   subject (or, for the built-in providers, the application).
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
# custom:
#   severity: high
#   resources: [aws.iam.role]
#   objectives: [third-party-access-controlled, least-privilege]
#   scope: roles that are not linked to a service, whose trust AWS itself fixes
#   remediation: >-
#     Name the principals; add accounts of partners to the parameter iam_trusted_accounts once approved; add a condition such as
#     `StringEquals` on `token.actions.githubusercontent.com:sub`.
package policies.aws.iam.role_trust_restricted

import data.lib.aws.policies

default applies := false

applies if not _is_linked_to_service

findings contains finding if {
	some path, statement in _allowing
	policies.is_open_to_everyone(statement)
	finding := {"message": "everyone may assume the role", "path": path}
}

findings contains finding if {
	some path, statement in _allowing
	some account in _accounts(statement)
	not _is_trusted(account)
	finding := {
		"message": sprintf("the account %s may assume the role and is not a trusted one", [account]),
		"path": path,
	}
}

findings contains finding if {
	some path, statement in _allowing
	some principal in policies.principals(statement)
	principal.type == "Federated"
	not _is_company_directory(principal)
	not _fixes_identity(statement, principal)
	finding := {
		"message": sprintf("whoever signs in at %s may assume the role", [principal.name]),
		"path": path,
	}
}

unknowns contains "the trust policy can't be read as a policy" if {
	policies.is_unreadable_for_resource(input.attributes.AssumeRolePolicyDocument)
}

unknowns contains "the trust policy is missing" if not input.attributes.AssumeRolePolicyDocument

unknowns contains "the account of a principal can't be told" if {
	some statement in _allowing
	some name in _principals(statement)
	not _is_understood(name)
}

_is_linked_to_service if {
	is_string(input.attributes.Path)
	startswith(input.attributes.Path, "/aws-service-role/")
}

_allowing[path] := statement if {
	some place, statement in policies.statements(input.attributes.AssumeRolePolicyDocument)
	statement.Effect == "Allow"
	path := array.concat(["AssumeRolePolicyDocument"], place)
}

_principals(statement) := {principal.name |
	some principal in policies.principals(statement)
	principal.type == "AWS"
}

# The accounts that a statement names as principals, or to which its conditions limit a wildcard.
_accounts(statement) := {account |
	some name in _principals(statement)
	account := _account(name)
} | {account |
	policies.names_everyone(statement)
	some condition in policies.conditions(statement)
	condition.key in {"aws:principalaccount", "aws:principalarn"}
	not _is_negative(condition)
	some value in condition.values
	is_string(value)
	account := _account(value)
}

_is_negative(condition) if contains(condition.operator, "not")

_is_understood(name) if _account(name)

_is_understood(name) if contains(name, "*")

# What AWS leaves of a user or role that was deleted: its unique id, as which nobody can sign in any more.
_is_understood(name) if regex.match(`^A(IDA|ROA)[A-Z0-9]+$`, name)

# The account of a principal: all of it, or a user, role or session in it.
_account(name) := name if regex.match(`^[0-9]{12}$`, name)

_account(name) := account if {
	account := split(name, ":")[4]
	regex.match(`^[0-9]{12}$`, account)
}

_is_trusted(account) if {
	is_string(input.attributes.Arn)
	account == _account(input.attributes.Arn)
}

_is_trusted(account) if account == input.parameters.iam_trusted_accounts[_]

# Who may sign in at a SAML provider is decided there.
_is_company_directory(principal) if contains(principal.name, ":saml-provider/")

_fixes_identity(statement, principal) if {
	some suffix in _identity_keys(principal.name)
	some condition in policies.conditions(statement)
	endswith(condition.key, suffix)
	condition.operator in {
		"stringequals",
		"stringequalsignorecase",
		"stringlike",
		"foranyvalue:stringequals",
		"foranyvalue:stringequalsignorecase",
		"foranyvalue:stringlike",
	}
	count(condition.values) > 0
	every value in condition.values {
		_is_fixed(value)
	}
}

# Anyone may have a repository or pool at the provider, all for the same audience; an application of a built-in one is yours.
_identity_keys(provider) := {":sub", ":aud", ":app_id"} if {
	provider in {"accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"}
}

else := {":sub"}

# Without a wildcard, or with one only behind two whole parts that say whose it is, as in `repo:owner/*`: anyone may register
# a name that begins like the owner's, so `repo:own*` fixes nothing.
_is_fixed(value) if {
	is_string(value)
	regex.match(`^([^*?$]+|[^*?$:/]+[:/][^*?$:/]+[:/][^$]*)$`, value)
}
