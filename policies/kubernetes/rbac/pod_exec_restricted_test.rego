package policies.kubernetes.rbac.pod_exec_restricted_test

import data.policies.kubernetes.rbac.pod_exec_restricted

test_bound_to_listed_subjects_it_passes if {
	role := _role([_granting], [{"kind": "Group", "name": "platform"}])
	pod_exec_restricted.findings == set() with input as role
	pod_exec_restricted.unknowns == set() with input as role
}

test_bound_to_other_subjects_it_fails if {
	pod_exec_restricted.findings == {_finding("User:ada", 1)} with input as _role(
		[_harmless, _granting],
		[{"kind": "Group", "name": "platform"}, {"kind": "User", "name": "ada"}],
	)
}

test_bound_to_the_control_plane_a_default_role_passes if {
	controller := [{"kind": "ServiceAccount", "namespace": "kube-system", "name": "controller"}]
	pod_exec_restricted.findings == set() with input as object.union(
		_role([_granting], controller),
		{"attributes": {"metadata": {
			"name": "system:controller:a",
			"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"},
		}}},
	)
	pod_exec_restricted.findings == {_finding("ServiceAccount:kube-system/controller", 0)} with input as _role(
		[_granting],
		controller,
	)
}

test_unbound_it_passes if {
	role := object.union(_role([_granting], []), {"related": {"bindings": []}})
	pod_exec_restricted.findings == set() with input as role
	pod_exec_restricted.unknowns == set() with input as role
}

test_without_a_list_every_subject_fails if {
	pod_exec_restricted.findings == {_finding("User:ada", 0)} with input as object.remove(
		_role([_granting], [{"kind": "User", "name": "ada"}]),
		["parameters"],
	)
}

test_whom_it_is_bound_to_is_unknown_where_no_bindings_were_joined if {
	every role in [
		{"attributes": {"rules": [_granting]}},
		{"attributes": {"rules": [_granting]}, "related": {"bindings": "none"}},
	] {
		pod_exec_restricted.findings == set() with input as role
		pod_exec_restricted.unknowns == {"which bindings grant the role is not known"} with input as role
	}
}

test_a_harmless_role_passes_whatever_its_bindings if {
	pod_exec_restricted.findings == set() with input as _role([_harmless], [{"kind": "User", "name": "ada"}])
	pod_exec_restricted.unknowns == set() with input as _role([_harmless], [{"kind": "User", "name": "ada"}])
	pod_exec_restricted.unknowns == set() with input as {"attributes": {"rules": [_harmless]}}
}

test_what_an_aggregated_role_grants_is_unknown_where_it_may_be_held if {
	doubt := {"its rules are filled in from the roles that its aggregationRule selects"}
	pod_exec_restricted.unknowns == doubt with input as {"attributes": {"aggregationRule": {}}}
	pod_exec_restricted.unknowns == doubt with input as _aggregated([{"kind": "User", "name": "ada"}])
	pod_exec_restricted.unknowns == set() with input as _aggregated([{"kind": "Group", "name": "platform"}])
}

test_it_applies_to_roles_other_than_cluster_admin if {
	pod_exec_restricted.applies with input as _role([_granting], [])
	pod_exec_restricted.applies with input as {}
	pod_exec_restricted.applies == false with input as {
		"kind": "kubernetes.rbac.authorization.k8s.io.ClusterRole",
		"attributes": {"metadata": {"name": "cluster-admin"}},
	}
}

test_nothing_configured_passes if {
	every role in [{}, {"attributes": {}}, _role([], [{"kind": "User", "name": "ada"}])] {
		pod_exec_restricted.findings == set() with input as role
		pod_exec_restricted.unknowns == set() with input as role
	}
}

test_each_way_into_a_pod_fails if {
	every entrance in [
		["pods/exec", "create"],
		["pods/exec", "get"],
		["pods/attach", "create"],
		["pods/attach", "get"],
		["pods/portforward", "create"],
		["pods/portforward", "get"],
		["pods/ephemeralcontainers", "patch"],
		["pods/ephemeralcontainers", "update"],
		["pods/exec", "*"],
		["*/exec", "create"],
		["*", "create"],
		["*", "patch"],
	] {
		_holding(_rule("", entrance[0], entrance[1])) == {_finding("User:ada", 0)}
	}
}

test_what_opens_no_pod_passes if {
	_holding(_rule("", "pods", "create")) == set()
	_holding(_rule("", "pods/log", "get")) == set()
	_holding(_rule("", "pods/exec", "delete")) == set()
	_holding(_rule("", "pods/ephemeralcontainers", "get")) == set()
	_holding(_rule("apps", "pods/exec", "create")) == set()
}

_granting := _rule("", "pods/exec", "create")

_harmless := _rule("", "pods", "get")

_role(rules, subjects) := {
	"kind": "kubernetes.rbac.authorization.k8s.io.Role",
	"attributes": {"metadata": {"name": "operator"}, "rules": rules},
	"related": {"bindings": [{"id": "RoleBinding/ml/operators", "attributes": {"subjects": subjects}}]},
	"parameters": {"rbac_pod_exec_subjects": ["Group:platform"]},
}

_aggregated(subjects) := object.union(_role([], subjects), {"attributes": {"aggregationRule": {}}})

_rule(group, resource, verb) := {"apiGroups": [group], "resources": [resource], "verbs": [verb]}

_holding(rule) := found if {
	found := pod_exec_restricted.findings with input as _role([rule], [{"kind": "User", "name": "ada"}])
}

_finding(subject, index) := {
	"message": sprintf("%s may enter running pods through RoleBinding/ml/operators", [subject]),
	"path": ["rules", index],
}
