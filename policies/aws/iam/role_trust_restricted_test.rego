package policies.aws.iam.role_trust_restricted_test

import data.policies.aws.iam.role_trust_restricted

test_known_principals_pass if {
	every principal in [
		{"Service": "ec2.amazonaws.com"},
		{"AWS": "arn:aws:iam::111122223333:root"},
		{"AWS": ["111122223333", "arn:aws:sts::444455556666:assumed-role/app/session"]},
		{"AWS": ["AROAEXAMPLE1", "AIDAEXAMPLE2"]},
		{"Federated": "arn:aws:iam::111122223333:saml-provider/directory"},
	] {
		role_trust_restricted.findings == set() with input as _role([_statement({"Principal": principal})])
		role_trust_restricted.unknowns == set() with input as _role([_statement({"Principal": principal})])
	}
}

test_everyone_fails if {
	role_trust_restricted.findings == {{
		"message": "everyone may assume the role",
		"path": ["AssumeRolePolicyDocument", "Statement", 1],
	}} with input as _role([
		_statement({"Effect": "Deny", "Principal": "*"}),
		_statement({"Principal": {"AWS": "*"}}),
	])
}

test_everyone_of_any_account_fails_once if {
	role_trust_restricted.findings == {{
		"message": "everyone may assume the role",
		"path": ["AssumeRolePolicyDocument", "Statement", 0],
	}} with input as _role([_statement({"Principal": {"AWS": "arn:aws:iam::*:root"}})])
}

test_everyone_of_an_organisation_passes if {
	role_trust_restricted.findings == set() with input as _role([_statement({
		"Principal": "*",
		"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}},
	})])
}

test_accounts_that_are_not_trusted_fail if {
	every principal in ["777788889999", "arn:aws:iam::777788889999:root", "arn:aws-cn:iam::777788889999:user/a"] {
		role_trust_restricted.findings == {_untrusted} with input as _role([_statement({"Principal": {"AWS": principal}})])
	}
}

test_accounts_to_which_a_condition_limits_everyone_are_compared if {
	every condition in [
		{"StringEquals": {"aws:PrincipalAccount": "777788889999"}},
		{"StringEquals": {"aws:PrincipalAccount": ["111122223333", "777788889999"]}},
		{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::777788889999:role/*"}},
	] {
		role_trust_restricted.findings == {_untrusted} with input as _role([_statement({"Principal": "*", "Condition": condition})])
	}
	every condition in [
		{"StringEquals": {"aws:PrincipalAccount": ["111122223333", "444455556666"]}},
		{
			"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid", "aws:ResourceAccount": "777788889999"},
			"StringNotEquals": {"aws:PrincipalAccount": "777788889999"},
		},
		{"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid", "aws:PrincipalAccount": [1]}},
	] {
		role_trust_restricted.findings == set() with input as _role([_statement({"Principal": "*", "Condition": condition})])
	}
}

test_a_condition_that_names_accounts_adds_none_to_a_principal if {
	role_trust_restricted.findings == set() with input as _role([_statement({
		"Principal": {"AWS": "111122223333"},
		"Condition": {"StringEquals": {"aws:PrincipalAccount": "777788889999"}},
	})])
}

test_a_principal_of_another_form_is_unknown if {
	every name in ["arn:aws:iam", "AKIAEXAMPLE", "AROA", "arn:aws:iam::cloudfront:user/a", "xAROAEXAMPLE1"] {
		given := _role([_statement({"Principal": {"AWS": ["111122223333", name]}})])
		role_trust_restricted.findings == set() with input as given
		role_trust_restricted.unknowns == {"the account of a principal can't be told"} with input as given
	}
	every principal in ["*", {"AWS": "arn:aws:iam::*:root"}, {"Service": "ec2.amazonaws.com"}] {
		role_trust_restricted.unknowns == set() with input as _role([_statement({"Principal": principal})])
	}
}

test_it_applies_to_roles_not_linked_to_a_service if {
	role_trust_restricted.applies == false with input as {"attributes": {"Path": "/aws-service-role/ecs.amazonaws.com/"}}
	every attributes in [{}, {"Path": 1}, {"Path": "/"}, {"Path": "/own/aws-service-role/"}, {"Path": "/aws-service-roles/"}] {
		role_trust_restricted.applies == true with input as {"attributes": attributes}
	}
}

test_a_role_of_no_known_account_trusts_only_those_listed if {
	role_trust_restricted.findings == {{
		"message": "the account 111122223333 may assume the role and is not a trusted one",
		"path": ["AssumeRolePolicyDocument", "Statement", 0],
	}} with input as {"attributes": {
		"Arn": null,
		"AssumeRolePolicyDocument": {"Statement": [_statement({"Principal": {"AWS": "111122223333"}})]},
	}}
}

test_a_denial_trusts_nobody if {
	role_trust_restricted.findings == set() with input as _role([
		_statement({"Effect": "Deny", "Principal": {"AWS": "777788889999"}}),
		_statement({"Effect": "Deny", "Principal": {"Federated": _github}}),
	])
}

test_identities_with_a_fixed_subject_pass if {
	every subject in [
		"repo:owner/*",
		"repo:owner/name:*",
		"repo:owner/name:ref:refs/heads/main",
		"system:serviceaccount:*",
		"org/0a1b/project/*",
		"12345",
		["repo:a/b:*", "repo:a/c"],
	] {
		every operator in [
			"StringEquals",
			"StringLike",
			"StringEqualsIgnoreCase",
			"ForAnyValue:StringEquals",
			"ForAnyValue:StringLike",
			"ForAnyValue:StringEqualsIgnoreCase",
		] {
			role_trust_restricted.findings == set() with input as _role([_statement({
				"Principal": {"Federated": _github},
				"Condition": {operator: {"token.actions.githubusercontent.com:sub": subject}},
			})])
		}
	}
}

test_identities_without_a_fixed_subject_fail if {
	every condition in [
		{},
		{"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}},
		{"StringNotLike": {"token.actions.githubusercontent.com:sub": "repo:owner/name"}},
		{"StringLike": {"token.actions.githubusercontent.com:sub": "*"}},
		{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:*"}},
		{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:own*"}},
		{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:own*/name:*"}},
		{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:owne?/name:*"}},
		{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:/*"}},
		{"StringLike": {"token.actions.githubusercontent.com:sub": "repo*:owner/name"}},
		{"StringLike": {"token.actions.githubusercontent.com:sub": "${token.actions.githubusercontent.com:sub}"}},
		{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:owner/${aws:PrincipalTag/any}"}},
		{"StringLike": {"token.actions.githubusercontent.com:sub": ["repo:owner/name", "*"]}},
		{"StringLike": {"token.actions.githubusercontent.com:sub": []}},
		{"StringLike": {"token.actions.githubusercontent.com:sub": [1]}},
	] {
		given := _role([_statement({"Principal": {"Federated": _github}, "Condition": condition})])
		role_trust_restricted.findings == {_whoever(_github)} with input as given
	}
}

test_built_in_providers_need_a_fixed_application if {
	every provider, keys in {
		"cognito-identity.amazonaws.com": ["aud", "sub"],
		"graph.facebook.com": ["app_id"],
		"www.amazon.com": ["app_id"],
		"accounts.google.com": ["aud", "sub"],
	} {
		role_trust_restricted.findings == {_whoever(provider)} with input as _role([_statement({"Principal": {"Federated": provider}})])
		every key in keys {
			role_trust_restricted.findings == set() with input as _role([_statement({
				"Principal": {"Federated": provider},
				"Condition": {"StringEquals": {concat(":", [provider, key]): "1234567890"}},
			})])
		}
	}
}

test_the_application_of_another_provider_fixes_nobody if {
	role_trust_restricted.findings == {_whoever("example.com")} with input as _role([_statement({
		"Principal": {"Federated": "example.com"},
		"Condition": {"StringEquals": {"example.com:aud": "1234567890"}},
	})])
}

test_what_is_no_policy_is_unknown if {
	given := {"attributes": {"AssumeRolePolicyDocument": "{}"}}
	role_trust_restricted.findings == set() with input as given
	role_trust_restricted.unknowns == {"the trust policy can't be read as a policy"} with input as given
}

test_nothing_read_is_unknown if {
	role_trust_restricted.findings == set() with input as {"attributes": {}}
	role_trust_restricted.unknowns == {"the trust policy is missing"} with input as {"attributes": {}}
}

_github := "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"

_statement(parts) := object.union({"Effect": "Allow", "Action": "sts:AssumeRole"}, parts)

_role(statements) := {
	"parameters": {"iam_trusted_accounts": ["444455556666"]},
	"attributes": {
		"Arn": "arn:aws:iam::111122223333:role/app",
		"AssumeRolePolicyDocument": {"Statement": statements},
	},
}

_untrusted := {
	"message": "the account 777788889999 may assume the role and is not a trusted one",
	"path": ["AssumeRolePolicyDocument", "Statement", 0],
}

_whoever(provider) := {
	"message": concat("", ["whoever signs in at ", provider, " may assume the role"]),
	"path": ["AssumeRolePolicyDocument", "Statement", 0],
}
