package policies.kubernetes.pod.seccomp_profile_set_test

import data.policies.kubernetes.pod.seccomp_profile_set

test_a_profile_on_the_container_is_compliant if {
	count(seccomp_profile_set.findings) == 0 with input as _pod(_profile("RuntimeDefault"))
	count(seccomp_profile_set.findings) == 0 with input as _pod(_profile("Localhost"))
}

test_a_profile_on_the_pod_is_compliant if {
	count(seccomp_profile_set.findings) == 0 with input as _pod_of(_profile("RuntimeDefault"), {})
	count(seccomp_profile_set.findings) == 0 with input as _pod_of(_profile("Localhost"), null)
	count(seccomp_profile_set.findings) == 0 with input as _pod_of(_profile("Localhost"), {"seccompProfile": null})
}

test_the_container_overrules_the_pod if {
	seccomp_profile_set.findings == {_container} with input as _pod_of(_profile("RuntimeDefault"), _profile("Unconfined"))
	seccomp_profile_set.findings == {_container} with input as _pod_of(_profile("RuntimeDefault"), {"seccompProfile": {}})
}

test_set_nowhere_is_a_finding_on_the_container if {
	seccomp_profile_set.findings == {_container} with input as _pod({})
	seccomp_profile_set.findings == {_container} with input as _pod_of({}, {})
	seccomp_profile_set.findings == {_container} with input as _pod_of({"seccompProfile": null}, {})
}

test_unconfined_on_the_pod_is_one_finding_on_the_pod if {
	seccomp_profile_set.findings == {_pod_finding} with input as _pod_of(_profile("Unconfined"), {})
	seccomp_profile_set.findings == {_pod_finding} with input as _pod_of({"seccompProfile": {}}, {})
}

test_unconfined_on_the_pod_is_a_finding_even_where_containers_overrule_it if {
	seccomp_profile_set.findings == {_pod_finding} with input as _pod_of(_profile("Unconfined"), _profile("Localhost"))
}

test_an_entry_that_is_no_container_is_a_finding if {
	seccomp_profile_set.findings == {{
		"message": "a container without a name runs without a seccomp profile",
		"path": ["spec", "initContainers", 0, "securityContext", "seccompProfile", "type"],
		"expected": "RuntimeDefault",
	}} with input as {"attributes": {"spec": {"securityContext": _profile("Localhost"), "initContainers": ["web"]}}}
}

test_every_kind_of_container_is_judged if {
	seccomp_profile_set.findings == {
		{
			"message": "container setup runs without a seccomp profile",
			"path": ["spec", "initContainers", 0, "securityContext", "seccompProfile", "type"],
			"expected": "RuntimeDefault",
		},
		{
			"message": "container debug runs without a seccomp profile",
			"path": ["spec", "ephemeralContainers", 0, "securityContext", "seccompProfile", "type"],
			"expected": "RuntimeDefault",
		},
	} with input as {"attributes": {"spec": {
		"initContainers": [{"name": "setup", "securityContext": {}}],
		"ephemeralContainers": [{"name": "debug", "securityContext": {}}],
	}}}
}

test_applies_to_pods_that_are_not_for_windows if {
	seccomp_profile_set.applies with input as _pod({})
	seccomp_profile_set.applies with input as {"attributes": {"spec": {"os": {"name": "linux"}}}}
	seccomp_profile_set.applies with input as {}
}

test_does_not_apply_to_windows if {
	seccomp_profile_set.applies == false with input as {"attributes": {"spec": {"os": {"name": "windows"}}}}
}

test_a_pod_without_containers_is_unknown if {
	count(seccomp_profile_set.findings) == 0 with input as {"attributes": {"spec": {}}}
	seccomp_profile_set.unknowns == {"the pod lists no containers"} with input as {"attributes": {"spec": {}}}
}

test_nothing_configured_is_no_error if {
	count(seccomp_profile_set.findings) == 0 with input as {}
	seccomp_profile_set.unknowns == {"the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(seccomp_profile_set.unknowns) == 0 with input as _pod({})
}

_pod(context) := _pod_of(null, context)

_pod_of(pod_context, context) := {"attributes": {"spec": {
	"securityContext": pod_context,
	"containers": [{"name": "web", "securityContext": context}],
}}}

_profile(type) := {"seccompProfile": {"type": type}}

_container := {
	"message": "container web runs without a seccomp profile",
	"path": ["spec", "containers", 0, "securityContext", "seccompProfile", "type"],
	"expected": "RuntimeDefault",
}

_pod_finding := {
	"message": "the pod runs its containers without a seccomp profile",
	"path": ["spec", "securityContext", "seccompProfile", "type"],
	"expected": "RuntimeDefault",
}
