package policies.kubernetes.pod.no_added_capabilities_test

import data.policies.kubernetes.pod.no_added_capabilities

test_no_additions_are_compliant if {
	count(no_added_capabilities.findings) == 0 with input as _pod({})
	count(no_added_capabilities.findings) == 0 with input as _pod({"capabilities": {"drop": ["ALL"], "add": []}})
	count(no_added_capabilities.findings) == 0 with input as _pod({"capabilities": {"add": null}})
}

test_binding_low_ports_is_compliant if {
	count(no_added_capabilities.findings) == 0 with input as _pod({"capabilities": {"add": ["NET_BIND_SERVICE"]}})
}

test_each_other_capability_is_a_finding if {
	no_added_capabilities.findings == {
		{
			"message": "container web adds the capability SYS_ADMIN",
			"path": ["spec", "containers", 0, "securityContext", "capabilities", "add", 1],
		},
		{
			"message": "container web adds the capability CHOWN",
			"path": ["spec", "containers", 0, "securityContext", "capabilities", "add", 2],
		},
	} with input as _pod({"capabilities": {"add": ["NET_BIND_SERVICE", "SYS_ADMIN", "CHOWN"]}})
}

test_what_is_no_name_is_a_finding if {
	count(no_added_capabilities.findings) == 1 with input as _pod({"capabilities": {"add": [null]}})
}

test_every_kind_of_container_is_judged if {
	no_added_capabilities.findings == {
		{
			"message": "container setup adds the capability ALL",
			"path": ["spec", "initContainers", 0, "securityContext", "capabilities", "add", 0],
		},
		{
			"message": "container debug adds the capability ALL",
			"path": ["spec", "ephemeralContainers", 0, "securityContext", "capabilities", "add", 0],
		},
	} with input as {"attributes": {"spec": {
		"initContainers": [{"name": "setup", "securityContext": {"capabilities": {"add": ["ALL"]}}}],
		"ephemeralContainers": [{"name": "debug", "securityContext": {"capabilities": {"add": ["ALL"]}}}],
	}}}
}

test_applies_to_pods_that_are_not_for_windows if {
	no_added_capabilities.applies with input as _pod({})
	no_added_capabilities.applies with input as {"attributes": {"spec": {"os": {"name": "linux"}}}}
	no_added_capabilities.applies with input as {}
}

test_does_not_apply_to_windows if {
	no_added_capabilities.applies == false with input as {"attributes": {"spec": {"os": {"name": "windows"}}}}
}

test_a_pod_without_containers_is_unknown if {
	count(no_added_capabilities.findings) == 0 with input as {"attributes": {"spec": {}}}
	no_added_capabilities.unknowns == {"the pod lists no containers"} with input as {"attributes": {"spec": {}}}
}

test_nothing_configured_is_no_error if {
	count(no_added_capabilities.findings) == 0 with input as {}
	no_added_capabilities.unknowns == {"the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(no_added_capabilities.unknowns) == 0 with input as _pod({})
}

_pod(context) := {"attributes": {"spec": {"containers": [{"name": "web", "securityContext": context}]}}}
