package lib.kubernetes.network_test

import data.lib.kubernetes.network

test_a_policy_without_rules_denies_its_directions if {
	both := {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
	_denied(both) == {"Ingress", "Egress"}
	_denied({"podSelector": {}, "policyTypes": ["Ingress"]}) == {"Ingress"}
	_denied({"podSelector": {}, "policyTypes": ["Egress"]}) == {"Egress"}
	_allowed(both) == set()
}

test_null_and_empty_rules_are_none if {
	every none in [null, []] {
		_denied({"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "ingress": none, "egress": none}) == {
			"Ingress",
			"Egress",
		}
	}
}

test_any_rule_ends_the_denial if {
	limited := [{"from": [{"podSelector": {}}], "to": [{"podSelector": {}}]}]
	_denied({"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "ingress": limited}) == {"Egress"}
	_denied({"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "egress": limited}) == {"Ingress"}
	_denied({"podSelector": {}, "policyTypes": ["Ingress"], "ingress": "none"}) == set()
}

test_without_policy_types_only_ingress_is_denied if {
	_denied({"podSelector": {}}) == {"Ingress"}
	_denied({"podSelector": {}, "policyTypes": []}) == {"Ingress"}
	_denied({"podSelector": {}, "policyTypes": null, "egress": []}) == {"Ingress"}
}

test_without_policy_types_egress_rules_make_a_policy_about_egress_too if {
	_allowed({"podSelector": {}, "egress": [{}], "ingress": [{}]}) == {"Ingress", "Egress"}
	_denied({"podSelector": {}, "egress": [{}]}) == {"Ingress"}
}

test_policy_types_leave_rules_of_the_other_direction_without_effect if {
	_allowed({"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}], "egress": [{}]}) == {"Ingress"}
	_allowed({"podSelector": {}, "policyTypes": ["Egress"], "ingress": [{}], "egress": [{}]}) == {"Egress"}
}

test_policy_types_of_another_form_are_about_nothing if {
	every types in ["Ingress", {"first": "Ingress"}] {
		_denied({"podSelector": {}, "policyTypes": types}) == set()
	}
}

test_an_empty_or_missing_selector_selects_every_pod if {
	every spec in [
		{"policyTypes": ["Egress"]},
		{"policyTypes": ["Egress"], "podSelector": null},
		{"policyTypes": ["Egress"], "podSelector": {"matchLabels": {}, "matchExpressions": []}},
		{"policyTypes": ["Egress"], "podSelector": {"matchLabels": null, "matchExpressions": null}},
	] {
		_denied(spec) == {"Egress"}
	}
}

test_a_selector_of_some_pods_denies_and_allows_nothing_for_all if {
	every selector in [
		{"matchLabels": {"app": "mlflow"}},
		{"matchExpressions": [{"key": "app", "operator": "Exists"}]},
		"all",
		["all"],
	] {
		_denied({"podSelector": selector}) == set()
		_allowed({"podSelector": selector, "ingress": [{}], "egress": [{}]}) == set()
	}
}

test_a_rule_without_peers_and_ports_allows_everything if {
	every rule in [{}, {"from": [], "to": [], "ports": []}, {"from": null, "to": null, "ports": null}] {
		_allowed({"podSelector": {}, "ingress": [rule], "egress": [rule]}) == {"Ingress", "Egress"}
	}
}

test_one_unlimited_rule_among_others_allows_everything if {
	_allowed({"podSelector": {}, "ingress": [{"ports": [{"port": 443}]}, {}]}) == {"Ingress"}
}

test_a_rule_with_peers_or_ports_allows_something_only if {
	peers := [{"podSelector": {}}]
	_allowed({"podSelector": {}, "ingress": [{"from": peers}], "egress": [{"to": peers}]}) == set()
	_allowed({"podSelector": {}, "ingress": [{"ports": [{"port": 443}]}], "egress": [{"ports": [{"port": 443}]}]}) == set()
}

test_peers_of_the_other_direction_limit_nothing if {
	peers := [{"podSelector": {}}]
	_allowed({"podSelector": {}, "ingress": [{"to": peers}], "egress": [{"from": peers}]}) == {"Ingress", "Egress"}
}

test_rules_of_another_form_allow_nothing if {
	every rules in ["all", {"first": {}}, ["all"], [[]]] {
		_allowed({"podSelector": {}, "ingress": rules, "egress": rules}) == set()
	}
}

test_a_policy_without_a_spec_does_nothing if {
	every policy in [{}, {"spec": "all"}, "all"] {
		not network.denies_all(policy, "Ingress")
		not network.allows_all(policy, "Ingress")
	}
}

_denied(spec) := {direction |
	some direction in {"Ingress", "Egress"}
	network.denies_all({"spec": spec}, direction)
}

_allowed(spec) := {direction |
	some direction in {"Ingress", "Egress"}
	network.allows_all({"spec": spec}, direction)
}
