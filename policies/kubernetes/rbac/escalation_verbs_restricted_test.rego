package policies.kubernetes.rbac.escalation_verbs_restricted_test

import data.policies.kubernetes.rbac.escalation_verbs_restricted

test_bound_to_listed_subjects_it_passes if {
	role := _role([_granting], [{"kind": "Group", "name": "platform"}])
	escalation_verbs_restricted.findings == set() with input as role
	escalation_verbs_restricted.unknowns == set() with input as role
}

test_bound_to_other_subjects_it_fails if {
	escalation_verbs_restricted.findings == {_finding("User:ada", 1)} with input as _role(
		[_harmless, _granting],
		[{"kind": "Group", "name": "platform"}, {"kind": "User", "name": "ada"}],
	)
}

test_bound_to_the_control_plane_a_default_role_passes if {
	controller := [{"kind": "ServiceAccount", "namespace": "kube-system", "name": "controller"}]
	escalation_verbs_restricted.findings == set() with input as object.union(
		_role([_granting], controller),
		{"attributes": {"metadata": {
			"name": "system:controller:a",
			"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"},
		}}},
	)
	escalation_verbs_restricted.findings == {_finding("ServiceAccount:kube-system/controller", 0)} with input as _role(
		[_granting],
		controller,
	)
}

test_unbound_it_passes if {
	role := object.union(_role([_granting], []), {"related": {"bindings": []}})
	escalation_verbs_restricted.findings == set() with input as role
	escalation_verbs_restricted.unknowns == set() with input as role
}

test_without_a_list_every_subject_fails if {
	escalation_verbs_restricted.findings == {_finding("User:ada", 0)} with input as object.remove(
		_role([_granting], [{"kind": "User", "name": "ada"}]),
		["parameters"],
	)
}

test_whom_it_is_bound_to_is_unknown_where_no_bindings_were_joined if {
	every role in [
		{"attributes": {"rules": [_granting]}},
		{"attributes": {"rules": [_granting]}, "related": {"bindings": "none"}},
	] {
		escalation_verbs_restricted.findings == set() with input as role
		escalation_verbs_restricted.unknowns == {"which bindings grant the role is not known"} with input as role
	}
}

test_a_harmless_role_passes_whatever_its_bindings if {
	escalation_verbs_restricted.findings == set() with input as _role([_harmless], [{"kind": "User", "name": "ada"}])
	escalation_verbs_restricted.unknowns == set() with input as _role([_harmless], [{"kind": "User", "name": "ada"}])
	escalation_verbs_restricted.unknowns == set() with input as {"attributes": {"rules": [_harmless]}}
}

test_what_an_aggregated_role_grants_is_unknown_where_it_may_be_held if {
	doubt := {"its rules are filled in from the roles that its aggregationRule selects"}
	escalation_verbs_restricted.unknowns == doubt with input as {"attributes": {"aggregationRule": {}}}
	escalation_verbs_restricted.unknowns == doubt with input as _aggregated([{"kind": "User", "name": "ada"}])
	escalation_verbs_restricted.unknowns == set() with input as _aggregated([{"kind": "Group", "name": "platform"}])
}

test_it_applies_to_roles_other_than_cluster_admin if {
	escalation_verbs_restricted.applies with input as _role([_granting], [])
	escalation_verbs_restricted.applies with input as {}
	escalation_verbs_restricted.applies == false with input as {
		"kind": "kubernetes.rbac.authorization.k8s.io.ClusterRole",
		"attributes": {"metadata": {"name": "cluster-admin"}},
	}
}

test_nothing_configured_passes if {
	every role in [{}, {"attributes": {}}, _role([], [{"kind": "User", "name": "ada"}])] {
		escalation_verbs_restricted.findings == set() with input as role
		escalation_verbs_restricted.unknowns == set() with input as role
	}
}

test_each_way_to_escalate_fails if {
	every right in [
		["rbac.authorization.k8s.io", "roles", "bind"],
		["rbac.authorization.k8s.io", "clusterroles", "bind"],
		["rbac.authorization.k8s.io", "roles", "escalate"],
		["rbac.authorization.k8s.io", "clusterroles", "escalate"],
		["rbac.authorization.k8s.io", "roles", "*"],
		["rbac.authorization.k8s.io", "*", "bind"],
		["*", "clusterroles", "escalate"],
		["", "users", "impersonate"],
		["", "groups", "impersonate"],
		["", "serviceaccounts", "impersonate"],
		["", "users", "*"],
		["*", "*", "impersonate"],
	] {
		_holding(_rule(right[0], right[1], right[2])) == {_finding("User:ada", 0)}
	}
}

test_what_escalates_nothing_passes if {
	_holding(_rule("rbac.authorization.k8s.io", "roles", "create")) == set()
	_holding(_rule("rbac.authorization.k8s.io", "rolebindings", "bind")) == set()
	_holding(_rule("apps", "roles", "bind")) == set()
	_holding(_rule("", "pods", "impersonate")) == set()
	_holding(_rule("apps", "users", "impersonate")) == set()
}

_granting := _rule("rbac.authorization.k8s.io", "roles", "escalate")

_harmless := _rule("rbac.authorization.k8s.io", "roles", "get")

_role(rules, subjects) := {
	"kind": "kubernetes.rbac.authorization.k8s.io.Role",
	"attributes": {"metadata": {"name": "operator"}, "rules": rules},
	"related": {"bindings": [{"id": "RoleBinding/ml/operators", "attributes": {"subjects": subjects}}]},
	"parameters": {"rbac_escalation_subjects": ["Group:platform"]},
}

_aggregated(subjects) := object.union(_role([], subjects), {"attributes": {"aggregationRule": {}}})

_rule(group, resource, verb) := {"apiGroups": [group], "resources": [resource], "verbs": [verb]}

_holding(rule) := found if {
	found := escalation_verbs_restricted.findings with input as _role([rule], [{"kind": "User", "name": "ada"}])
}

_finding(subject, index) := {
	"message": sprintf("%s may take on more rights than it was given through RoleBinding/ml/operators", [subject]),
	"path": ["rules", index],
}
