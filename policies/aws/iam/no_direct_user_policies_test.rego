package policies.aws.iam.no_direct_user_policies_test

import data.policies.aws.iam.no_direct_user_policies

test_no_policies_pass if {
	given := {"attributes": {"AttachedPolicies": [], "InlinePolicies": []}}
	no_direct_user_policies.findings == set() with input as given
	no_direct_user_policies.unknowns == set() with input as given
}

test_policies_of_the_user_fail if {
	given := {"attributes": {
		"AttachedPolicies": [
			{"PolicyName": "a", "PolicyArn": "arn:aws:iam::aws:policy/a"},
			{"PolicyName": "b", "PolicyArn": "arn:aws:iam::aws:policy/b"},
		],
		"InlinePolicies": [{"PolicyName": "c", "PolicyDocument": {}}],
	}}
	no_direct_user_policies.findings == {
		{"message": "the user has an attached policy of its own", "path": ["AttachedPolicies", 0]},
		{"message": "the user has an attached policy of its own", "path": ["AttachedPolicies", 1]},
		{"message": "the user has an inline policy of its own", "path": ["InlinePolicies", 0]},
	} with input as given
	no_direct_user_policies.unknowns == set() with input as given
}

test_lists_that_are_missing_or_of_another_form_are_unknown if {
	every attributes in [{}, {"AttachedPolicies": "none", "InlinePolicies": [1]}, {"AttachedPolicies": {}, "InlinePolicies": null}] {
		no_direct_user_policies.findings == set() with input as {"attributes": attributes}
		no_direct_user_policies.unknowns == {
			"it can't be told whether the user has an attached policy",
			"it can't be told whether the user has an inline policy",
		} with input as {"attributes": attributes}
	}
}
