package policies.kubernetes.pod.no_root_user_test

import data.policies.kubernetes.pod.no_root_user

test_another_user_is_compliant if {
	count(no_root_user.findings) == 0 with input as _pod_of({"runAsUser": 1}, {"runAsUser": 1})
}

test_unset_is_compliant if {
	count(no_root_user.findings) == 0 with input as _pod({})
	count(no_root_user.findings) == 0 with input as _pod_of({"runAsUser": null}, {"runAsUser": null})
}

test_root_on_the_container_is_a_finding if {
	no_root_user.findings == {_container} with input as _pod({"runAsUser": 0})
}

test_root_on_the_pod_is_a_finding_even_where_containers_overrule_it if {
	no_root_user.findings == {_pod_finding} with input as _pod_of({"runAsUser": 0}, {"runAsUser": 1000})
}

test_what_is_no_number_is_a_finding if {
	no_root_user.findings == {_pod_finding} with input as _pod_of({"runAsUser": "0"}, {})
	no_root_user.findings == {_container} with input as _pod({"runAsUser": "0"})
}

test_a_user_namespace_of_its_own_is_compliant if {
	count(no_root_user.findings) == 0 with input as {"attributes": {"spec": {
		"hostUsers": false,
		"securityContext": {"runAsUser": 0},
		"containers": [{"name": "web", "securityContext": {"runAsUser": 0}}],
	}}}
}

test_the_user_namespace_of_the_host_is_not if {
	no_root_user.findings == {_container} with input as {"attributes": {"spec": {
		"hostUsers": true,
		"containers": [{"name": "web", "securityContext": {"runAsUser": 0}}],
	}}}
}

test_windows_is_no_exception if {
	no_root_user.findings == {_container} with input as {"attributes": {"spec": {
		"os": {"name": "windows"},
		"containers": [{"name": "web", "securityContext": {"runAsUser": 0}}],
	}}}
}

test_every_kind_of_container_is_judged if {
	no_root_user.findings == {
		{
			"message": "container setup runs as root",
			"path": ["spec", "initContainers", 0, "securityContext", "runAsUser"],
		},
		{
			"message": "container debug runs as root",
			"path": ["spec", "ephemeralContainers", 0, "securityContext", "runAsUser"],
		},
	} with input as {"attributes": {"spec": {
		"initContainers": [{"name": "setup", "securityContext": {"runAsUser": 0}}],
		"ephemeralContainers": [{"name": "debug", "securityContext": {"runAsUser": 0}}],
	}}}
}

test_a_pod_without_containers_is_unknown if {
	count(no_root_user.findings) == 0 with input as {"attributes": {"spec": {}}}
	no_root_user.unknowns == {"the pod lists no containers"} with input as {"attributes": {"spec": {}}}
}

test_nothing_configured_is_no_error if {
	count(no_root_user.findings) == 0 with input as {}
	no_root_user.unknowns == {"the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(no_root_user.unknowns) == 0 with input as _pod({})
}

_pod(context) := _pod_of(null, context)

_pod_of(pod_context, context) := {"attributes": {"spec": {
	"securityContext": pod_context,
	"containers": [{"name": "web", "securityContext": context}],
}}}

_container := {
	"message": "container web runs as root",
	"path": ["spec", "containers", 0, "securityContext", "runAsUser"],
}

_pod_finding := {
	"message": "the pod makes root the user of its containers",
	"path": ["spec", "securityContext", "runAsUser"],
}
