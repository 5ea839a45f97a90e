package policies.kubernetes.namespace.pod_security_enforced_test

import data.policies.kubernetes.namespace.pod_security_enforced

test_restricted_passes if {
	pod_security_enforced.findings == set() with input as _namespace("ml", {_label: "restricted"})
}

test_baseline_fails if {
	pod_security_enforced.findings == {_finding("restricted")} with input as _namespace("ml", {_label: "baseline"})
}

test_baseline_passes_where_it_is_recorded_as_enough if {
	pod_security_enforced.findings == set() with input as _namespace("gpu", {_label: "baseline"})
}

test_restricted_passes_where_baseline_is_enough if {
	pod_security_enforced.findings == set() with input as _namespace("gpu", {_label: "restricted"})
}

test_privileged_fails_everywhere if {
	pod_security_enforced.findings == {_finding("restricted")} with input as _namespace("ml", {_label: "privileged"})
	pod_security_enforced.findings == {_finding("baseline")} with input as _namespace("gpu", {_label: "privileged"})
}

test_warning_is_not_enforcement if {
	pod_security_enforced.findings == {_finding("restricted")} with input as _namespace(
		"ml",
		{"pod-security.kubernetes.io/warn": "restricted", "pod-security.kubernetes.io/audit": "restricted"},
	)
}

test_nothing_configured_fails if {
	pod_security_enforced.findings == {_finding("restricted")} with input as _namespace("ml", {})
	pod_security_enforced.findings == {_finding("restricted")} with input as {"attributes": {"metadata": {"name": "ml"}}}
	pod_security_enforced.findings == {_finding("restricted")} with input as {}
}

test_it_applies_to_namespaces_other_than_those_of_kubernetes if {
	pod_security_enforced.applies with input as _namespace("ml", {})
	pod_security_enforced.applies with input as {}
	not pod_security_enforced.applies with input as _namespace("kube-system", {})
}

_label := "pod-security.kubernetes.io/enforce"

_namespace(name, labels) := {
	"attributes": {"metadata": {"name": name, "labels": labels}},
	"parameters": {"namespace_system_names": ["kube-system"], "pod_security_baseline_namespaces": ["gpu"]},
}

_finding(level) := {
	"message": "pod security admission enforces no sufficient level in the namespace",
	"path": ["metadata", "labels", "pod-security.kubernetes.io/enforce"],
	"expected": level,
}
