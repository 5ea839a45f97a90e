package policies.kubernetes.pod.memory_limits_set_test

import data.policies.kubernetes.pod.memory_limits_set

test_a_limit_is_compliant if {
	every amount in {"512Mi", "1", "9", "0.5Gi", "1e9", 1, 536870912} {
		count(memory_limits_set.findings) == 0 with input as _pod(_limit(amount))
	}
}

test_no_limit_is_a_finding if {
	every resources in {null, {}, {"requests": {"memory": "512Mi"}}, {"limits": {"cpu": 1}}} {
		memory_limits_set.findings == {_finding} with input as _pod(resources)
	}
}

test_what_limits_nothing_is_a_finding if {
	every amount in {"0", "0Mi", "0.0Gi", "0e9", "-1", "", "Mi", ":", 0, null, true, ["512Mi"], {"amount": 1}} {
		memory_limits_set.findings == {_finding} with input as _pod(_limit(amount))
	}
}

test_a_limit_of_the_whole_pod_is_compliant if {
	count(memory_limits_set.findings) == 0 with input as _pod_of(_limit("1Gi"), {})
}

test_the_pod_may_limit_nothing if {
	memory_limits_set.findings == {_finding} with input as _pod_of(_limit("0"), {})
	memory_limits_set.findings == {_finding} with input as _pod_of({"limits": {"cpu": 1}}, {})
}

test_init_containers_are_judged if {
	memory_limits_set.findings == {{
		"message": "container setup has no memory limit",
		"path": ["spec", "initContainers", 0, "resources", "limits", "memory"],
	}} with input as {"attributes": {"spec": {"initContainers": [{"name": "setup"}]}}}
}

test_ephemeral_containers_cannot_have_limits if {
	count(memory_limits_set.findings) == 0 with input as {"attributes": {"spec": {"ephemeralContainers": [{"name": "debug"}]}}}
}

test_a_pod_without_containers_is_unknown if {
	count(memory_limits_set.findings) == 0 with input as {"attributes": {"spec": {}}}
	memory_limits_set.unknowns == {"the pod lists no containers"} with input as {"attributes": {"spec": {}}}
}

test_nothing_configured_is_no_error if {
	count(memory_limits_set.findings) == 0 with input as {}
	memory_limits_set.unknowns == {"the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(memory_limits_set.unknowns) == 0 with input as _pod({})
}

_pod(resources) := _pod_of(null, resources)

_pod_of(pod_resources, resources) := {"attributes": {"spec": {
	"resources": pod_resources,
	"containers": [{"name": "web", "resources": resources}],
}}}

_limit(amount) := {"limits": {"memory": amount}}

_finding := {
	"message": "container web has no memory limit",
	"path": ["spec", "containers", 0, "resources", "limits", "memory"],
}
