package policies.kubernetes.pod.no_privileged_containers_test

import data.policies.kubernetes.pod.no_privileged_containers

test_unprivileged_is_compliant if {
	count(no_privileged_containers.findings) == 0 with input as _pod({"privileged": false})
}

test_unset_is_compliant if {
	count(no_privileged_containers.findings) == 0 with input as _pod({})
	count(no_privileged_containers.findings) == 0 with input as _pod({"privileged": null})
}

test_privileged_is_a_finding if {
	no_privileged_containers.findings == {_finding} with input as _pod({"privileged": true})
}

test_what_is_neither_true_nor_false_is_a_finding if {
	no_privileged_containers.findings == {_finding} with input as _pod({"privileged": "true"})
}

test_windows_is_no_exception if {
	no_privileged_containers.findings == {_finding} with input as {"attributes": {"spec": {
		"os": {"name": "windows"},
		"containers": [{"name": "web", "securityContext": {"privileged": true}}],
	}}}
}

test_every_kind_of_container_is_judged if {
	no_privileged_containers.findings == {
		{
			"message": "container setup runs privileged",
			"path": ["spec", "initContainers", 0, "securityContext", "privileged"],
			"expected": false,
		},
		{
			"message": "container debug runs privileged",
			"path": ["spec", "ephemeralContainers", 0, "securityContext", "privileged"],
			"expected": false,
		},
	} with input as {"attributes": {"spec": {
		"initContainers": [{"name": "setup", "securityContext": {"privileged": true}}],
		"ephemeralContainers": [{"name": "debug", "securityContext": {"privileged": true}}],
	}}}
}

test_a_pod_without_containers_is_unknown if {
	count(no_privileged_containers.findings) == 0 with input as {"attributes": {"spec": {}}}
	no_privileged_containers.unknowns == {"the pod lists no containers"} with input as {"attributes": {"spec": {}}}
}

test_nothing_configured_is_no_error if {
	count(no_privileged_containers.findings) == 0 with input as {}
	no_privileged_containers.unknowns == {"the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(no_privileged_containers.unknowns) == 0 with input as _pod({})
}

_pod(context) := {"attributes": {"spec": {"containers": [{"name": "web", "securityContext": context}]}}}

_finding := {
	"message": "container web runs privileged",
	"path": ["spec", "containers", 0, "securityContext", "privileged"],
	"expected": false,
}
