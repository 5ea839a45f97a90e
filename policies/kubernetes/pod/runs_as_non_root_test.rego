package policies.kubernetes.pod.runs_as_non_root_test

import data.policies.kubernetes.pod.runs_as_non_root

test_set_on_the_container_is_compliant if {
	count(runs_as_non_root.findings) == 0 with input as _pod({"runAsNonRoot": true})
}

test_set_on_the_pod_is_compliant if {
	count(runs_as_non_root.findings) == 0 with input as _pod_of({"runAsNonRoot": true}, {})
	count(runs_as_non_root.findings) == 0 with input as _pod_of({"runAsNonRoot": true}, null)
	count(runs_as_non_root.findings) == 0 with input as _pod_of({"runAsNonRoot": true}, {"runAsNonRoot": null})
}

test_the_container_overrules_the_pod if {
	runs_as_non_root.findings == {_container} with input as _pod_of({"runAsNonRoot": true}, {"runAsNonRoot": false})
}

test_set_nowhere_is_a_finding_on_the_container if {
	runs_as_non_root.findings == {_container} with input as _pod({})
	runs_as_non_root.findings == {_container} with input as _pod_of({}, {})
	runs_as_non_root.findings == {_container} with input as _pod_of({"runAsNonRoot": null}, {})
}

test_false_on_the_pod_is_one_finding_on_the_pod if {
	runs_as_non_root.findings == {_pod_finding} with input as _pod_of({"runAsNonRoot": false}, {})
}

test_false_on_the_pod_is_a_finding_even_where_containers_say_true if {
	runs_as_non_root.findings == {_pod_finding} with input as _pod_of({"runAsNonRoot": false}, {"runAsNonRoot": true})
}

test_what_is_neither_true_nor_false_is_a_finding if {
	runs_as_non_root.findings == {_pod_finding} with input as _pod_of({"runAsNonRoot": "true"}, {})
	runs_as_non_root.findings == {_container} with input as _pod({"runAsNonRoot": "true"})
}

test_an_entry_that_is_no_container_is_a_finding if {
	runs_as_non_root.findings == {{
		"message": "a container without a name may run as root",
		"path": ["spec", "initContainers", 0, "securityContext", "runAsNonRoot"],
		"expected": true,
	}} with input as {"attributes": {"spec": {"securityContext": {"runAsNonRoot": true}, "initContainers": ["web"]}}}
}

test_a_user_namespace_of_its_own_is_compliant if {
	every context in {{}, {"runAsNonRoot": false}} {
		count(runs_as_non_root.findings) == 0 with input as {"attributes": {"spec": {
			"hostUsers": false,
			"securityContext": context,
			"containers": [{"name": "web"}],
		}}}
	}
}

test_the_user_namespace_of_the_host_is_not if {
	runs_as_non_root.findings == {_container} with input as {"attributes": {"spec": {"hostUsers": true, "containers": [{"name": "web"}]}}}
}

test_windows_is_no_exception if {
	runs_as_non_root.findings == {_container} with input as {"attributes": {"spec": {
		"os": {"name": "windows"},
		"containers": [{"name": "web", "securityContext": {"runAsNonRoot": false}}],
	}}}
}

test_every_kind_of_container_is_judged if {
	runs_as_non_root.findings == {
		{
			"message": "container setup may run as root",
			"path": ["spec", "initContainers", 0, "securityContext", "runAsNonRoot"],
			"expected": true,
		},
		{
			"message": "container debug may run as root",
			"path": ["spec", "ephemeralContainers", 0, "securityContext", "runAsNonRoot"],
			"expected": true,
		},
	} with input as {"attributes": {"spec": {
		"initContainers": [{"name": "setup", "securityContext": {}}],
		"ephemeralContainers": [{"name": "debug", "securityContext": {}}],
	}}}
}

test_a_pod_without_containers_is_unknown if {
	count(runs_as_non_root.findings) == 0 with input as {"attributes": {"spec": {}}}
	runs_as_non_root.unknowns == {"the pod lists no containers"} with input as {"attributes": {"spec": {}}}
}

test_nothing_configured_is_no_error if {
	count(runs_as_non_root.findings) == 0 with input as {}
	runs_as_non_root.unknowns == {"the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(runs_as_non_root.unknowns) == 0 with input as _pod({})
}

_pod(context) := _pod_of(null, context)

_pod_of(pod_context, context) := {"attributes": {"spec": {
	"securityContext": pod_context,
	"containers": [{"name": "web", "securityContext": context}],
}}}

_container := {
	"message": "container web may run as root",
	"path": ["spec", "containers", 0, "securityContext", "runAsNonRoot"],
	"expected": true,
}

_pod_finding := {
	"message": "the pod lets its containers run as root",
	"path": ["spec", "securityContext", "runAsNonRoot"],
	"expected": true,
}
