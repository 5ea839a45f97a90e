package policies.kubernetes.pod.drops_all_capabilities_test

import data.policies.kubernetes.pod.drops_all_capabilities

test_all_dropped_is_compliant if {
	count(drops_all_capabilities.findings) == 0 with input as _pod({"capabilities": {"drop": ["ALL"]}})
	count(drops_all_capabilities.findings) == 0 with input as _pod({"capabilities": {"drop": ["CHOWN", "ALL"]}})
}

test_others_dropped_is_a_finding if {
	drops_all_capabilities.findings == {_finding} with input as _pod({"capabilities": {"drop": ["CHOWN", "all"]}})
}

test_none_dropped_is_a_finding if {
	drops_all_capabilities.findings == {_finding} with input as _pod({})
	drops_all_capabilities.findings == {_finding} with input as _pod({"capabilities": {"drop": []}})
	drops_all_capabilities.findings == {_finding} with input as _pod({"capabilities": {"drop": "ALL"}})
}

test_every_kind_of_container_is_judged if {
	drops_all_capabilities.findings == {
		{
			"message": "container setup keeps Linux capabilities",
			"path": ["spec", "initContainers", 0, "securityContext", "capabilities", "drop"],
			"expected": ["ALL"],
		},
		{
			"message": "container debug keeps Linux capabilities",
			"path": ["spec", "ephemeralContainers", 0, "securityContext", "capabilities", "drop"],
			"expected": ["ALL"],
		},
	} with input as {"attributes": {"spec": {
		"initContainers": [{"name": "setup", "securityContext": {}}],
		"ephemeralContainers": [{"name": "debug", "securityContext": {}}],
	}}}
}

test_applies_to_pods_that_are_not_for_windows if {
	drops_all_capabilities.applies with input as _pod({})
	drops_all_capabilities.applies with input as {"attributes": {"spec": {"os": {"name": "linux"}}}}
	drops_all_capabilities.applies with input as {}
}

test_does_not_apply_to_windows if {
	drops_all_capabilities.applies == false with input as {"attributes": {"spec": {"os": {"name": "windows"}}}}
}

test_a_pod_without_containers_is_unknown if {
	count(drops_all_capabilities.findings) == 0 with input as {"attributes": {"spec": {}}}
	drops_all_capabilities.unknowns == {"the pod lists no containers"} with input as {"attributes": {"spec": {}}}
}

test_nothing_configured_is_no_error if {
	count(drops_all_capabilities.findings) == 0 with input as {}
	drops_all_capabilities.unknowns == {"the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(drops_all_capabilities.unknowns) == 0 with input as _pod({})
}

_pod(context) := {"attributes": {"spec": {"containers": [{"name": "web", "securityContext": context}]}}}

_finding := {
	"message": "container web keeps Linux capabilities",
	"path": ["spec", "containers", 0, "securityContext", "capabilities", "drop"],
	"expected": ["ALL"],
}
