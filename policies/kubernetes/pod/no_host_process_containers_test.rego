package policies.kubernetes.pod.no_host_process_containers_test

import data.policies.kubernetes.pod.no_host_process_containers

test_unset_is_compliant if {
	count(no_host_process_containers.findings) == 0 with input as _pod({})
	count(no_host_process_containers.findings) == 0 with input as _pod_of(_host_process(null), _host_process(null))
}

test_false_is_compliant if {
	count(no_host_process_containers.findings) == 0 with input as _pod_of(_host_process(false), _host_process(false))
}

test_true_on_the_container_is_a_finding if {
	no_host_process_containers.findings == {_container} with input as _pod(_host_process(true))
}

test_true_on_the_pod_is_a_finding if {
	no_host_process_containers.findings == {_pod_finding} with input as _pod_of(_host_process(true), {})
}

test_what_is_neither_true_nor_false_is_a_finding if {
	no_host_process_containers.findings == {_container, _pod_finding} with input as _pod_of(_host_process("yes"), _host_process("yes"))
}

test_every_kind_of_container_is_judged if {
	no_host_process_containers.findings == {
		{
			"message": "container setup runs as a process of the Windows host",
			"path": ["spec", "initContainers", 0, "securityContext", "windowsOptions", "hostProcess"],
			"expected": false,
		},
		{
			"message": "container debug runs as a process of the Windows host",
			"path": ["spec", "ephemeralContainers", 0, "securityContext", "windowsOptions", "hostProcess"],
			"expected": false,
		},
	} with input as {"attributes": {"spec": {
		"initContainers": [{"name": "setup", "securityContext": {"windowsOptions": {"hostProcess": true}}}],
		"ephemeralContainers": [{"name": "debug", "securityContext": {"windowsOptions": {"hostProcess": true}}}],
	}}}
}

test_a_pod_without_containers_is_unknown if {
	count(no_host_process_containers.findings) == 0 with input as {"attributes": {"spec": {}}}
	no_host_process_containers.unknowns == {"the pod lists no containers"} with input as {"attributes": {"spec": {}}}
}

test_nothing_configured_is_no_error if {
	count(no_host_process_containers.findings) == 0 with input as {}
	no_host_process_containers.unknowns == {"the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(no_host_process_containers.unknowns) == 0 with input as _pod({})
}

_pod(context) := _pod_of(null, context)

_pod_of(pod_context, context) := {"attributes": {"spec": {
	"securityContext": pod_context,
	"containers": [{"name": "web", "securityContext": context}],
}}}

_host_process(value) := {"windowsOptions": {"hostProcess": value}}

_container := {
	"message": "container web runs as a process of the Windows host",
	"path": ["spec", "containers", 0, "securityContext", "windowsOptions", "hostProcess"],
	"expected": false,
}

_pod_finding := {
	"message": "the pod runs its containers as processes of the Windows host",
	"path": ["spec", "securityContext", "windowsOptions", "hostProcess"],
	"expected": false,
}
