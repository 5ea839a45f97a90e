package lib.kubernetes.rbac_test

import data.lib.kubernetes.rbac

test_rules_are_those_of_the_role if {
	rbac.rules({"rules": [{"verbs": ["get"]}]}) == [{"verbs": ["get"]}]
}

test_rules_that_are_no_list_are_none if {
	not rbac.rules({"rules": "all"})
	not rbac.rules({})
}

test_a_rule_grants_what_it_lists if {
	rbac.grants(_rule("apps", "deployments", "get"), "apps", "deployments", "get")
}

test_a_rule_grants_only_what_it_lists if {
	not rbac.grants(_rule("batch", "deployments", "get"), "apps", "deployments", "get")
	not rbac.grants(_rule("apps", "statefulsets", "get"), "apps", "deployments", "get")
	not rbac.grants(_rule("apps", "deployments", "list"), "apps", "deployments", "get")
}

test_a_rule_grants_by_wildcard if {
	rbac.grants(_rule("*", "deployments", "get"), "apps", "deployments", "get")
	rbac.grants(_rule("apps", "*", "get"), "apps", "deployments", "get")
	rbac.grants(_rule("apps", "deployments", "*"), "apps", "deployments", "get")
}

test_a_subresource_is_granted_by_name_or_for_any_resource if {
	rbac.grants(_rule("", "pods/exec", "create"), "", "pods/exec", "create")
	rbac.grants(_rule("", "*/exec", "create"), "", "pods/exec", "create")
	rbac.grants(_rule("", "*", "create"), "", "pods/exec", "create")
}

test_a_subresource_is_not_granted_with_its_resource_or_with_another if {
	not rbac.grants(_rule("", "pods", "create"), "", "pods/exec", "create")
	not rbac.grants(_rule("", "pods/*", "create"), "", "pods/exec", "create")
	not rbac.grants(_rule("", "*/log", "create"), "", "pods/exec", "create")
	not rbac.grants(_rule("", "*/exec", "create"), "", "pods", "create")
}

test_a_rule_of_another_form_grants_nothing if {
	not rbac.grants({"apiGroups": "*", "resources": ["*"], "verbs": ["*"]}, "", "pods", "get")
	not rbac.grants({"apiGroups": ["*"], "resources": {"all": "*"}, "verbs": ["*"]}, "", "pods", "get")
	not rbac.grants({"apiGroups": ["*"], "resources": ["*"], "verbs": {"all": "*"}}, "", "pods", "get")
	not rbac.grants("*", "", "pods", "get")
}

test_an_aggregated_role_without_rules_is_in_doubt if {
	every role in [{}, {"rules": null}, {"rules": []}] {
		aggregated := object.union(role, {"aggregationRule": {"clusterRoleSelectors": []}})
		rbac.doubt(aggregated) == "its rules are filled in from the roles that its aggregationRule selects"
	}
}

test_an_aggregated_role_with_rules_is_not_in_doubt if {
	not rbac.doubt({"aggregationRule": {}, "rules": [_rule("", "pods", "get")]})
}

test_a_role_without_rules_is_not_in_doubt if {
	not rbac.doubt({})
	not rbac.doubt({"rules": []})
	not rbac.doubt({"rules": null})
	not rbac.doubt({"aggregationRule": null})
}

test_rules_of_the_right_form_are_not_in_doubt if {
	not rbac.doubt({"rules": [_rule("", "pods", "get"), {"nonResourceURLs": ["/healthz"], "verbs": ["get"]}]})
}

test_rules_of_another_form_are_in_doubt if {
	every rules in [
		"all",
		{"verbs": ["get"]},
		{"first": _rule("", "pods", "get")},
		["all"],
		[{"apiGroups": "", "resources": ["pods"], "verbs": ["get"]}],
		[{"apiGroups": [""], "resources": "pods", "verbs": ["get"]}],
		[{"apiGroups": [""], "resources": ["pods"], "verbs": "get"}],
		[{"apiGroups": [""], "resources": ["pods"], "verbs": [1]}],
		[{"apiGroups": [""], "resources": ["pods"], "verbs": {"first": "get"}}],
		[_rule("", "pods", "get"), {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", null]}],
	] {
		rbac.doubt({"rules": rules}) == "its rules are not of the form that Kubernetes accepts"
	}
}

test_default_roles_are_told_by_label_and_name if {
	every name in ["system:node", "admin", "cluster-admin", "edit", "view"] {
		rbac.is_default_role({"name": name, "labels": _default_labels})
	}
}

test_the_label_alone_makes_no_default_role if {
	not rbac.is_default_role({"name": "editor", "labels": _default_labels})
	not rbac.is_default_role({"name": "my-system:node", "labels": _default_labels})
	not rbac.is_default_role({"name": 1, "labels": _default_labels})
	not rbac.is_default_role({"labels": _default_labels})
}

test_the_name_alone_makes_no_default_role if {
	not rbac.is_default_role({"name": "system:node"})
	not rbac.is_default_role({"name": "system:node", "labels": {"kubernetes.io/bootstrapping": "rbac"}})
	not rbac.is_default_role({"name": "edit", "labels": {"bootstrapping": "rbac-defaults"}})
}

test_cluster_admin_is_a_cluster_role_of_that_name if {
	rbac.is_cluster_admin("kubernetes.rbac.authorization.k8s.io.ClusterRole", {"name": "cluster-admin"})
	not rbac.is_cluster_admin("kubernetes.rbac.authorization.k8s.io.Role", {"name": "cluster-admin"})
	not rbac.is_cluster_admin("kubernetes.rbac.authorization.k8s.io.ClusterRole", {"name": "admin"})
}

test_holders_are_the_subjects_of_all_bindings if {
	rbac.holders({}, [
		{"id": "RoleBinding/ml/a", "attributes": {"subjects": [
			{"kind": "User", "name": "ada"},
			{"kind": "Group", "name": "data"},
		]}},
		{"id": "ClusterRoleBinding/b", "attributes": {"subjects": [{"kind": "User", "name": "ada"}]}},
	]) == {
		{"subject": "User:ada", "binding": "RoleBinding/ml/a"},
		{"subject": "Group:data", "binding": "RoleBinding/ml/a"},
		{"subject": "User:ada", "binding": "ClusterRoleBinding/b"},
	}
}

test_a_binding_without_id_still_has_its_holder if {
	every binding in [{}, {"id": 1}] {
		rbac.holders({}, [object.union(binding, {"attributes": {"subjects": [{"kind": "User", "name": "ada"}]}})]) == {{
			"subject": "User:ada",
			"binding": "a binding",
		}}
	}
}

test_no_bindings_have_no_holders if {
	rbac.holders({}, []) == set()
	rbac.holders({}, "none") == set()
	rbac.holders({}, {"a": {"id": "b", "attributes": {"subjects": [{"kind": "User", "name": "ada"}]}}}) == set()
	rbac.holders({}, [{"id": "RoleBinding/ml/a", "attributes": {}}]) == set()
}

test_the_control_plane_holds_default_roles if {
	every subject in [
		{"kind": "Group", "name": "system:masters"},
		{"kind": "Group", "name": "system:nodes"},
		{"kind": "User", "name": "system:kube-controller-manager"},
		{"kind": "User", "name": "system:kube-proxy"},
		{"kind": "User", "name": "system:kube-scheduler"},
		{"kind": "ServiceAccount", "namespace": "kube-system", "name": "namespace-controller"},
	] {
		_holders_of("system:node", _default_labels, subject) == set()
	}
}

test_others_hold_default_roles_as_any_role if {
	_holders_of("system:node", _default_labels, {"kind": "Group", "name": "system:authenticated"}) == {"Group:system:authenticated"}
	_holders_of("system:node", _default_labels, _service_account("ml", "reader")) == {"ServiceAccount:ml/reader"}
}

test_a_service_account_of_kube_system_is_no_exception_for_other_roles if {
	_holders_of("edit", _default_labels, _service_account("kube-system", "tiller")) == {"ServiceAccount:kube-system/tiller"}
	_holders_of("system:node", {}, _service_account("kube-system", "tiller")) == {"ServiceAccount:kube-system/tiller"}
}

test_subjects_are_listed_in_order if {
	rbac.subjects({"subjects": ["a", "b"]}) == ["a", "b"]
}

test_subjects_that_are_no_list_count_as_one if {
	rbac.subjects({"subjects": {"kind": "User", "name": "ada"}}) == [{"kind": "User", "name": "ada"}]
}

test_absent_subjects_are_none if {
	not rbac.subjects({})
	not rbac.subjects({"subjects": null})
}

test_subjects_are_named_as_allow_lists_name_them if {
	rbac.subject_name({"kind": "User", "name": "ada"}) == "User:ada"
	rbac.subject_name({"kind": "User", "namespace": "ml", "name": "ada"}) == "User:ada"
	rbac.subject_name({"kind": "Group", "name": "data"}) == "Group:data"
	rbac.subject_name(_service_account("ml", "reader")) == "ServiceAccount:ml/reader"
	rbac.subject_name({"kind": "ServiceAccount", "name": "reader"}) == "ServiceAccount:/reader"
}

test_subjects_of_another_form_have_a_name_that_no_list_holds if {
	every subject in [
		"ada",
		{"kind": "Users", "name": "ada"},
		{"kind": "User"},
		{"kind": "Group", "name": 1},
		{"kind": "ServiceAccount", "namespace": null, "name": "reader"},
		{"kind": "ServiceAccount", "namespace": "ml"},
		{"kind": "ServiceAccount", "namespace": "ml", "name": ["reader"]},
	] {
		rbac.subject_name(subject) == "a subject that is not readable"
	}
}

_default_labels := {"kubernetes.io/bootstrapping": "rbac-defaults"}

_rule(group, resource, verb) := {"apiGroups": [group], "resources": [resource], "verbs": [verb]}

_service_account(namespace, name) := {"kind": "ServiceAccount", "namespace": namespace, "name": name}

_holders_of(name, labels, subject) := {holder.subject |
	some holder in rbac.holders(
		{"metadata": {"name": name, "labels": labels}},
		[{"id": "ClusterRoleBinding/a", "attributes": {"subjects": [subject]}}],
	)
}
