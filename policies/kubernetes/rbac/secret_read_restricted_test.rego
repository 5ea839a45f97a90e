package policies.kubernetes.rbac.secret_read_restricted_test

import data.policies.kubernetes.rbac.secret_read_restricted

test_bound_to_listed_subjects_it_passes if {
	role := _role([_granting], [{"kind": "Group", "name": "platform"}])
	secret_read_restricted.findings == set() with input as role
	secret_read_restricted.unknowns == set() with input as role
}

test_bound_to_other_subjects_it_fails if {
	secret_read_restricted.findings == {_finding("User:ada", 1)} with input as _role(
		[_harmless, _granting],
		[{"kind": "Group", "name": "platform"}, {"kind": "User", "name": "ada"}],
	)
}

test_bound_to_the_control_plane_a_default_role_passes if {
	controller := [{"kind": "ServiceAccount", "namespace": "kube-system", "name": "controller"}]
	secret_read_restricted.findings == set() with input as object.union(
		_role([_granting], controller),
		{"attributes": {"metadata": {
			"name": "system:controller:a",
			"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"},
		}}},
	)
	secret_read_restricted.findings == {_finding("ServiceAccount:kube-system/controller", 0)} with input as _role(
		[_granting],
		controller,
	)
}

test_unbound_it_passes if {
	role := object.union(_role([_granting], []), {"related": {"bindings": []}})
	secret_read_restricted.findings == set() with input as role
	secret_read_restricted.unknowns == set() with input as role
}

test_without_a_list_every_subject_fails if {
	secret_read_restricted.findings == {_finding("User:ada", 0)} with input as object.remove(
		_role([_granting], [{"kind": "User", "name": "ada"}]),
		["parameters"],
	)
}

test_whom_it_is_bound_to_is_unknown_where_no_bindings_were_joined if {
	every role in [
		{"attributes": {"rules": [_granting]}},
		{"attributes": {"rules": [_granting]}, "related": {"bindings": "none"}},
	] {
		secret_read_restricted.findings == set() with input as role
		secret_read_restricted.unknowns == {"which bindings grant the role is not known"} with input as role
	}
}

test_a_harmless_role_passes_whatever_its_bindings if {
	secret_read_restricted.findings == set() with input as _role([_harmless], [{"kind": "User", "name": "ada"}])
	secret_read_restricted.unknowns == set() with input as _role([_harmless], [{"kind": "User", "name": "ada"}])
	secret_read_restricted.unknowns == set() with input as {"attributes": {"rules": [_harmless]}}
}

test_what_an_aggregated_role_grants_is_unknown_where_it_may_be_held if {
	doubt := {"its rules are filled in from the roles that its aggregationRule selects"}
	secret_read_restricted.unknowns == doubt with input as {"attributes": {"aggregationRule": {}}}
	secret_read_restricted.unknowns == doubt with input as _aggregated([{"kind": "User", "name": "ada"}])
	secret_read_restricted.unknowns == set() with input as _aggregated([{"kind": "Group", "name": "platform"}])
}

test_it_applies_to_roles_other_than_cluster_admin if {
	secret_read_restricted.applies with input as _role([_granting], [])
	secret_read_restricted.applies with input as {}
	secret_read_restricted.applies == false with input as {
		"kind": "kubernetes.rbac.authorization.k8s.io.ClusterRole",
		"attributes": {"metadata": {"name": "cluster-admin"}},
	}
}

test_nothing_configured_passes if {
	every role in [{}, {"attributes": {}}, _role([], [{"kind": "User", "name": "ada"}])] {
		secret_read_restricted.findings == set() with input as role
		secret_read_restricted.unknowns == set() with input as role
	}
}

test_each_verb_that_reads_fails if {
	every verb in ["get", "list", "watch", "*"] {
		_holding(_rule("", "secrets", verb)) == {_finding("User:ada", 0)}
	}
}

test_wildcards_fail if {
	_holding(_rule("*", "secrets", "get")) == {_finding("User:ada", 0)}
	_holding(_rule("", "*", "get")) == {_finding("User:ada", 0)}
}

test_what_reads_no_secrets_passes if {
	_holding(_rule("", "secrets", "create")) == set()
	_holding(_rule("", "configmaps", "get")) == set()
	_holding(_rule("apps", "secrets", "get")) == set()
}

test_a_rule_for_named_secrets_passes if {
	_holding(object.union(_granting, {"resourceNames": ["model-registry"]})) == set()
}

test_resource_names_that_limit_nothing_fail if {
	every names in [[], null, "model-registry"] {
		_holding(object.union(_granting, {"resourceNames": names})) == {_finding("User:ada", 0)}
	}
}

_granting := _rule("", "secrets", "get")

_harmless := _rule("", "configmaps", "get")

_role(rules, subjects) := {
	"kind": "kubernetes.rbac.authorization.k8s.io.Role",
	"attributes": {"metadata": {"name": "operator"}, "rules": rules},
	"related": {"bindings": [{"id": "RoleBinding/ml/operators", "attributes": {"subjects": subjects}}]},
	"parameters": {"rbac_secret_read_subjects": ["Group:platform"]},
}

_aggregated(subjects) := object.union(_role([], subjects), {"attributes": {"aggregationRule": {}}})

_rule(group, resource, verb) := {"apiGroups": [group], "resources": [resource], "verbs": [verb]}

_holding(rule) := found if {
	found := secret_read_restricted.findings with input as _role([rule], [{"kind": "User", "name": "ada"}])
}

_finding(subject, index) := {
	"message": sprintf("%s may read all Secrets through RoleBinding/ml/operators", [subject]),
	"path": ["rules", index],
}
