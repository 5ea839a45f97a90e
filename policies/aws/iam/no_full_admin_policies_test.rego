package policies.aws.iam.no_full_admin_policies_test

import data.policies.aws.iam.no_full_admin_policies

test_a_policy_that_grants_less_passes if {
	given := _policy({"Document": _document("s3:*")})
	no_full_admin_policies.findings == set() with input as given
	no_full_admin_policies.unknowns == set() with input as given
}

test_a_policy_that_grants_everything_fails if {
	no_full_admin_policies.findings == {_finding(["Document", "Statement", 0])} with input as _policy({"Document": _document("*")})
	no_full_admin_policies.findings == {_finding(["Document", "Statement"])} with input as _policy({
		"AttachmentCount": 1,
		"Document": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
	})
}

test_it_applies_to_what_is_attached if {
	no_full_admin_policies.applies == false with input as _policy({"AttachmentCount": 0, "Document": _document("*")})
	every given in [_policy({"AttachmentCount": 1}), _policy({}), _holder("aws.iam.role", {})] {
		no_full_admin_policies.applies == true with input as given
	}
}

test_inline_policies_are_read if {
	every kind in ["aws.iam.role", "aws.iam.user", "aws.iam.group"] {
		given := _holder(kind, {"InlinePolicies": [
			{"PolicyName": "a", "PolicyDocument": _document("s3:*")},
			{"PolicyName": "b", "PolicyDocument": _document("*")},
		]})
		no_full_admin_policies.findings == {_finding(["InlinePolicies", 1, "PolicyDocument", "Statement", 0])} with input as given
		no_full_admin_policies.unknowns == set() with input as given
	}
}

test_the_managed_policy_of_aws_fails if {
	every partition in ["aws", "aws-cn", "aws-us-gov"] {
		no_full_admin_policies.findings == {_attached(1)} with input as _holder("aws.iam.role", {"AttachedPolicies": [
			{"PolicyName": "a", "PolicyArn": sprintf("arn:%s:iam::aws:policy/PowerUserAccess", [partition])},
			{"PolicyName": "b", "PolicyArn": sprintf("arn:%s:iam::aws:policy/AdministratorAccess", [partition])},
			{"PolicyName": "c", "PolicyArn": sprintf("arn:%s:iam::111122223333:policy/AdministratorAccess", [partition])},
			{"PolicyName": "d", "PolicyArn": 1},
		]})
	}
}

test_named_principals_are_exempt if {
	every names in [
		{"RoleName": "break-glass"},
		{"UserName": "break-glass"},
		{"GroupName": "break-glass"},
		{"RoleName": "AWSReservedSSO_AdministratorAccess_1a2b"},
	] {
		given := _holder("aws.iam.role", object.union(names, _both))
		no_full_admin_policies.findings == set() with input as given
		no_full_admin_policies.unknowns == set() with input as given
	}
}

test_others_are_not_exempt if {
	every names in [
		{"RoleName": "break-glass-2"},
		{"RoleName": "XAWSReservedSSO_AdministratorAccess_1a2b"},
		{"PolicyName": "break-glass"},
		{"RoleName": 1},
		{"RoleName": "exact"},
		{},
	] {
		no_full_admin_policies.findings == {
			_finding(["InlinePolicies", 0, "PolicyDocument", "Statement", 0]),
			_attached(0),
		} with input as _holder("aws.iam.role", object.union(names, _both))
	}
}

test_what_is_no_policy_is_unknown if {
	given := _policy({"Document": "{}"})
	no_full_admin_policies.findings == set() with input as given
	no_full_admin_policies.unknowns == {"a policy document can't be read as a policy"} with input as given
}

test_nothing_read_is_unknown if {
	no_full_admin_policies.unknowns == {"the document of the policy is missing"} with input as {"kind": "aws.iam.policy", "attributes": {}}
	every attributes in [
		{},
		{"AttachedPolicies": {}, "InlinePolicies": []},
		{"AttachedPolicies": "none", "InlinePolicies": []},
		{"AttachedPolicies": [], "InlinePolicies": {}},
		{"AttachedPolicies": [], "InlinePolicies": "none"},
		{"AttachedPolicies": [{"PolicyName": "a"}], "InlinePolicies": []},
		{"AttachedPolicies": [{"PolicyName": "a", "PolicyArn": 1}], "InlinePolicies": []},
		{"AttachedPolicies": [], "InlinePolicies": [{"PolicyName": "a"}]},
	] {
		every kind in ["aws.iam.role", "aws.iam.user", "aws.iam.group"] {
			given := {"kind": kind, "attributes": attributes}
			no_full_admin_policies.findings == set() with input as given
			no_full_admin_policies.unknowns == {"the list of attached or inline policies is missing"} with input as given
		}
	}
}

_document(action) := {"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}

_policy(attributes) := {"kind": "aws.iam.policy", "attributes": attributes}

_holder(kind, attributes) := {
	"kind": kind,
	"parameters": {"iam_full_admin_principals": [1, "break-glass", "AWSReservedSSO_AdministratorAccess_*", "exac"]},
	"attributes": object.union({"AttachedPolicies": [], "InlinePolicies": []}, attributes),
}

_both := {
	"AttachedPolicies": [{"PolicyName": "a", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}],
	"InlinePolicies": [{"PolicyName": "b", "PolicyDocument": _document("*")}],
}

_finding(path) := {"message": "a statement allows everything on everything", "path": path}

_attached(index) := {
	"message": "the AWS managed policy AdministratorAccess is attached",
	"path": ["AttachedPolicies", index],
}
