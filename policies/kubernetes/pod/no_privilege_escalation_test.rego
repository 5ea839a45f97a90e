package policies.kubernetes.pod.no_privilege_escalation_test

import data.policies.kubernetes.pod.no_privilege_escalation

test_false_is_compliant if {
	count(no_privilege_escalation.findings) == 0 with input as _pod({"allowPrivilegeEscalation": false})
}

test_true_is_a_finding if {
	no_privilege_escalation.findings == {_finding} with input as _pod({"allowPrivilegeEscalation": true})
}

test_unset_is_a_finding if {
	no_privilege_escalation.findings == {_finding} with input as _pod({})
	no_privilege_escalation.findings == {_finding} with input as _pod(null)
}

test_every_kind_of_container_is_judged if {
	no_privilege_escalation.findings == {
		{
			"message": "container setup may gain more privileges than it started with",
			"path": ["spec", "initContainers", 0, "securityContext", "allowPrivilegeEscalation"],
			"expected": false,
		},
		{
			"message": "container debug may gain more privileges than it started with",
			"path": ["spec", "ephemeralContainers", 0, "securityContext", "allowPrivilegeEscalation"],
			"expected": false,
		},
	} with input as {"attributes": {"spec": {
		"initContainers": [{"name": "setup", "securityContext": {}}],
		"ephemeralContainers": [{"name": "debug", "securityContext": {}}],
	}}}
}

test_applies_to_pods_that_are_not_for_windows if {
	no_privilege_escalation.applies with input as _pod({})
	no_privilege_escalation.applies with input as {"attributes": {"spec": {"os": {"name": "linux"}}}}
	no_privilege_escalation.applies with input as {}
}

test_does_not_apply_to_windows if {
	no_privilege_escalation.applies == false with input as {"attributes": {"spec": {"os": {"name": "windows"}}}}
}

test_a_pod_without_containers_is_unknown if {
	count(no_privilege_escalation.findings) == 0 with input as {"attributes": {"spec": {}}}
	no_privilege_escalation.unknowns == {"the pod lists no containers"} with input as {"attributes": {"spec": {}}}
}

test_nothing_configured_is_no_error if {
	count(no_privilege_escalation.findings) == 0 with input as {}
	no_privilege_escalation.unknowns == {"the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(no_privilege_escalation.unknowns) == 0 with input as _pod({})
}

_pod(context) := {"attributes": {"spec": {"containers": [{"name": "web", "securityContext": context}]}}}

_finding := {
	"message": "container web may gain more privileges than it started with",
	"path": ["spec", "containers", 0, "securityContext", "allowPrivilegeEscalation"],
	"expected": false,
}
