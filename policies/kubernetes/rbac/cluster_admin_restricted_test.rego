package policies.kubernetes.rbac.cluster_admin_restricted_test

import data.policies.kubernetes.rbac.cluster_admin_restricted

test_listed_subjects_pass if {
	cluster_admin_restricted.findings == set() with input as _binding([
		{"kind": "Group", "name": "break-glass"},
		{"kind": "ServiceAccount", "namespace": "flux-system", "name": "flux"},
	])
}

test_other_subjects_fail if {
	cluster_admin_restricted.findings == {
		_finding("User:break-glass", 0),
		_finding("ServiceAccount:ml/flux", 2),
	} with input as _binding([
		{"kind": "User", "name": "break-glass"},
		{"kind": "Group", "name": "break-glass"},
		{"kind": "ServiceAccount", "namespace": "ml", "name": "flux"},
	])
}

test_subjects_of_another_form_fail if {
	cluster_admin_restricted.findings == {_finding("a subject that is not readable", 0)} with input as _binding("everyone")
}

test_without_a_list_every_subject_fails if {
	cluster_admin_restricted.findings == {_finding("Group:break-glass", 0)} with input as {"attributes": {
		"roleRef": {"kind": "ClusterRole", "name": "cluster-admin"},
		"subjects": [{"kind": "Group", "name": "break-glass"}],
	}}
}

test_no_subjects_pass if {
	cluster_admin_restricted.findings == set() with input as _binding([])
	cluster_admin_restricted.findings == set() with input as _binding(null)
}

test_it_applies_to_bindings_of_cluster_admin if {
	cluster_admin_restricted.applies with input as _binding([])
}

test_bindings_of_other_roles_do_not_apply if {
	every reference in [
		{"kind": "ClusterRole", "name": "edit"},
		{"kind": "Role", "name": "cluster-admin"},
		{"name": "cluster-admin"},
	] {
		binding := {"attributes": {"roleRef": reference, "subjects": [{"kind": "User", "name": "ada"}]}}
		cluster_admin_restricted.applies == false with input as binding
		cluster_admin_restricted.findings == set() with input as binding
	}
}

test_nothing_configured_does_not_apply if {
	cluster_admin_restricted.applies == false with input as {}
}

_binding(subjects) := {
	"attributes": {"roleRef": {"kind": "ClusterRole", "name": "cluster-admin"}, "subjects": subjects},
	"parameters": {"rbac_cluster_admin_subjects": ["Group:break-glass", "ServiceAccount:flux-system/flux"]},
}

_finding(subject, index) := {
	"message": sprintf("%s holds cluster-admin", [subject]),
	"path": ["subjects", index],
}
