package policies.kubernetes.rbac.no_anonymous_bindings_test

import data.policies.kubernetes.rbac.no_anonymous_bindings

test_authenticated_subjects_pass if {
	no_anonymous_bindings.findings == set() with input as _binding("readers", "view", [
		{"kind": "Group", "name": "system:authenticated"},
		{"kind": "User", "name": "ada"},
		{"kind": "User", "name": "system:unauthenticated"},
		{"kind": "Group", "name": "system:anonymous"},
	])
}

test_anonymous_subjects_fail if {
	no_anonymous_bindings.findings == {
		{"message": "User:system:anonymous needs no authentication", "path": ["subjects", 0]},
		{"message": "Group:system:unauthenticated needs no authentication", "path": ["subjects", 2]},
	} with input as _binding("readers", "view", [
		{"kind": "User", "name": "system:anonymous"},
		{"kind": "User", "name": "ada"},
		{"kind": "Group", "name": "system:unauthenticated"},
	])
}

test_a_subject_outside_a_list_fails if {
	no_anonymous_bindings.findings == {_finding} with input as _binding("readers", "view", _unauthenticated[0])
}

test_the_default_bindings_pass if {
	every name in ["system:discovery", "system:public-info-viewer"] {
		no_anonymous_bindings.findings == set() with input as _binding(name, name, _unauthenticated)
	}
}

test_a_default_name_with_another_role_fails if {
	no_anonymous_bindings.findings == {_finding} with input as _binding("system:discovery", "view", _unauthenticated)
	no_anonymous_bindings.findings == {_finding} with input as _binding(
		"system:discovery",
		"system:public-info-viewer",
		_unauthenticated,
	)
}

test_another_name_with_a_default_role_fails if {
	no_anonymous_bindings.findings == {_finding} with input as _binding("readers", "system:discovery", _unauthenticated)
}

test_another_binding_of_a_role_to_its_own_name_fails if {
	no_anonymous_bindings.findings == {_finding} with input as _binding("view", "view", _unauthenticated)
}

test_a_default_name_with_a_role_of_a_namespace_fails if {
	no_anonymous_bindings.findings == {_finding} with input as object.union(
		_binding("system:discovery", "system:discovery", _unauthenticated),
		{"attributes": {"roleRef": {"kind": "Role"}}},
	)
}

test_a_default_name_in_a_namespace_fails if {
	no_anonymous_bindings.findings == {_finding} with input as object.union(
		_binding("system:discovery", "system:discovery", _unauthenticated),
		{"kind": "kubernetes.rbac.authorization.k8s.io.RoleBinding"},
	)
}

test_nothing_configured_passes if {
	no_anonymous_bindings.findings == set() with input as {}
	no_anonymous_bindings.findings == set() with input as {"attributes": {}}
}

_unauthenticated := [{"kind": "Group", "name": "system:unauthenticated"}]

_binding(name, role, subjects) := {
	"kind": "kubernetes.rbac.authorization.k8s.io.ClusterRoleBinding",
	"attributes": {
		"metadata": {"name": name},
		"roleRef": {"kind": "ClusterRole", "name": role},
		"subjects": subjects,
	},
}

_finding := {"message": "Group:system:unauthenticated needs no authentication", "path": ["subjects", 0]}
