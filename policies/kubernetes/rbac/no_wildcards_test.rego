package policies.kubernetes.rbac.no_wildcards_test

import data.policies.kubernetes.rbac.no_wildcards

test_a_role_without_wildcards_passes if {
	role := _role([{"apiGroups": ["apps"], "resources": ["deployments", "*/scale"], "verbs": ["get", "list"]}])
	no_wildcards.findings == set() with input as role
	no_wildcards.unknowns == set() with input as role
}

test_a_wildcard_elsewhere_passes if {
	no_wildcards.findings == set() with input as _role([{"nonResourceURLs": ["*"], "verbs": ["get"]}])
}

test_each_wildcard_fails if {
	no_wildcards.findings == {
		{"message": "the rule has * among its verbs", "path": ["rules", 0, "verbs"]},
		{"message": "the rule has * among its resources", "path": ["rules", 1, "resources"]},
		{"message": "the rule has * among its apiGroups", "path": ["rules", 1, "apiGroups"]},
	} with input as _role([
		{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "*"]},
		{"apiGroups": ["*"], "resources": ["*"], "verbs": ["get"]},
	])
}

test_a_wildcard_in_what_is_no_list_is_unknown if {
	role := _role([{"apiGroups": "*", "resources": {"all": "*"}, "verbs": ["get"]}])
	no_wildcards.findings == set() with input as role
	no_wildcards.unknowns == {"its rules are not of the form that Kubernetes accepts"} with input as role
}

test_an_aggregated_role_without_rules_is_unknown if {
	role := {"attributes": {"aggregationRule": {"clusterRoleSelectors": []}, "rules": []}}
	no_wildcards.findings == set() with input as role
	no_wildcards.unknowns == {"its rules are filled in from the roles that its aggregationRule selects"} with input as role
}

test_nothing_configured_passes if {
	every role in [{}, {"attributes": {}}, _role([])] {
		no_wildcards.findings == set() with input as role
		no_wildcards.unknowns == set() with input as role
	}
}

test_it_applies_to_roles_other_than_the_default_ones if {
	no_wildcards.applies with input as _role([])
	no_wildcards.applies with input as {}
	no_wildcards.applies == false with input as {"attributes": {"metadata": {
		"name": "cluster-admin",
		"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"},
	}}}
}

_role(rules) := {"attributes": {"metadata": {"name": "operator"}, "rules": rules}}
