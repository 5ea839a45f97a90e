package policies.kubernetes.pod.read_only_root_filesystem_test

import data.policies.kubernetes.pod.read_only_root_filesystem

test_true_is_compliant if {
	count(read_only_root_filesystem.findings) == 0 with input as _pod({"readOnlyRootFilesystem": true})
}

test_false_is_a_finding if {
	read_only_root_filesystem.findings == {_finding} with input as _pod({"readOnlyRootFilesystem": false})
}

test_unset_is_a_finding if {
	read_only_root_filesystem.findings == {_finding} with input as _pod({})
	read_only_root_filesystem.findings == {_finding} with input as _pod(null)
}

test_every_kind_of_container_is_judged if {
	read_only_root_filesystem.findings == {
		{
			"message": "container setup can write to its root filesystem",
			"path": ["spec", "initContainers", 0, "securityContext", "readOnlyRootFilesystem"],
			"expected": true,
		},
		{
			"message": "container debug can write to its root filesystem",
			"path": ["spec", "ephemeralContainers", 0, "securityContext", "readOnlyRootFilesystem"],
			"expected": true,
		},
	} with input as {"attributes": {"spec": {
		"initContainers": [{"name": "setup", "securityContext": {}}],
		"ephemeralContainers": [{"name": "debug", "securityContext": {}}],
	}}}
}

test_applies_to_pods_that_are_not_for_windows if {
	read_only_root_filesystem.applies with input as _pod({})
	read_only_root_filesystem.applies with input as {"attributes": {"spec": {"os": {"name": "linux"}}}}
	read_only_root_filesystem.applies with input as {}
}

test_does_not_apply_to_windows if {
	read_only_root_filesystem.applies == false with input as {"attributes": {"spec": {"os": {"name": "windows"}}}}
}

test_a_pod_without_containers_is_unknown if {
	count(read_only_root_filesystem.findings) == 0 with input as {"attributes": {"spec": {}}}
	read_only_root_filesystem.unknowns == {"the pod lists no containers"} with input as {"attributes": {"spec": {}}}
}

test_nothing_configured_is_no_error if {
	count(read_only_root_filesystem.findings) == 0 with input as {}
	read_only_root_filesystem.unknowns == {"the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(read_only_root_filesystem.unknowns) == 0 with input as _pod({})
}

_pod(context) := {"attributes": {"spec": {"containers": [{"name": "web", "securityContext": context}]}}}

_finding := {
	"message": "container web can write to its root filesystem",
	"path": ["spec", "containers", 0, "securityContext", "readOnlyRootFilesystem"],
	"expected": true,
}
