package policies.kubernetes.network.default_deny_egress_test

import data.policies.kubernetes.network.default_deny_egress

test_a_policy_that_allows_nothing_passes if {
	default_deny_egress.findings == set() with input as _namespace([_deny])
}

test_narrower_policies_beside_it_pass if {
	default_deny_egress.findings == set() with input as _namespace([_allow_some, _deny])
}

test_no_policy_fails if {
	default_deny_egress.findings == {_nothing_denied} with input as _namespace([])
}

test_policies_that_were_not_joined_fail if {
	default_deny_egress.findings == {_nothing_denied} with input as {"attributes": {"metadata": {"name": "ml"}}}
	default_deny_egress.findings == {_nothing_denied} with input as {}
	default_deny_egress.findings == {_nothing_denied} with input as {"related": {"network_policies": {"a": {"attributes": _deny}}}}
}

test_joined_facts_of_another_form_hide_no_policy if {
	every fact in [{}, [], 1, "all", null] {
		default_deny_egress.findings == set() with input as {"related": {"network_policies": [fact, {"attributes": _deny}, fact]}}
	}
}

test_a_policy_of_some_pods_fails if {
	default_deny_egress.findings == {_nothing_denied} with input as _namespace([{"spec": {
		"podSelector": {"matchLabels": {"app": "mlflow"}},
		"policyTypes": ["Egress"],
	}}])
}

test_a_policy_of_the_other_direction_fails if {
	default_deny_egress.findings == {_nothing_denied} with input as _namespace([{"spec": {
		"podSelector": {},
		"policyTypes": [_other_direction],
	}}])
}

test_a_policy_that_allows_something_fails if {
	default_deny_egress.findings == {_nothing_denied} with input as _namespace([_allow_some])
}

test_a_policy_that_allows_everything_undoes_the_denial if {
	default_deny_egress.findings == {_everything_allowed} with input as _namespace([_deny, _allow_all])
}

test_a_policy_that_allows_everything_alone_has_both_faults if {
	default_deny_egress.findings == {_nothing_denied, _everything_allowed} with input as _namespace([_allow_all])
}

test_it_applies_to_namespaces_other_than_those_of_kubernetes if {
	default_deny_egress.applies with input as _namespace([])
	default_deny_egress.applies with input as {}
	not default_deny_egress.applies with input as object.union(_namespace([]), {"attributes": {"metadata": {"name": "kube-system"}}})
}

_other_direction := "Ingress"

_deny := {"spec": {"podSelector": {}, "policyTypes": ["Egress"]}}

_allow_some := {"spec": {
	"podSelector": {},
	"policyTypes": ["Egress"],
	"egress": [{"to": [{"podSelector": {}}]}],
}}

_allow_all := {"spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}}

_namespace(policies) := {
	"attributes": {"metadata": {"name": "ml"}},
	"related": {"network_policies": [{"attributes": policy} | some policy in policies]},
	"parameters": {"namespace_system_names": ["kube-system"]},
}

_nothing_denied := {"message": "no network policy of the namespace denies outbound traffic by default", "path": []}

_everything_allowed := {"message": "a network policy of the namespace allows all outbound traffic of every pod", "path": []}
