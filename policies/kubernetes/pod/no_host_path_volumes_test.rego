package policies.kubernetes.pod.no_host_path_volumes_test

import data.policies.kubernetes.pod.no_host_path_volumes

test_other_volumes_are_compliant if {
	count(no_host_path_volumes.findings) == 0 with input as _pod([{"name": "scratch", "emptyDir": {}}])
}

test_null_is_unset if {
	count(no_host_path_volumes.findings) == 0 with input as _pod([{"name": "scratch", "hostPath": null}])
}

test_a_host_path_is_a_finding if {
	no_host_path_volumes.findings == {{
		"message": "volume logs mounts a path of the host",
		"path": ["spec", "volumes", 1, "hostPath"],
	}} with input as _pod([
		{"name": "scratch", "emptyDir": {}},
		{"name": "logs", "hostPath": {"path": "/var/log"}},
	])
}

test_a_host_path_without_a_path_is_a_finding if {
	no_host_path_volumes.findings == {{
		"message": "a volume without a name mounts a path of the host",
		"path": ["spec", "volumes", 0, "hostPath"],
	}} with input as _pod([{"hostPath": {}}])
}

test_no_volumes_are_compliant if {
	every given in [_pod(null), {"attributes": {"spec": {"containers": [{"name": "web"}]}}}] {
		count(no_host_path_volumes.findings) == 0 with input as given
		count(no_host_path_volumes.unknowns) == 0 with input as given
	}
}

test_nothing_configured_is_unknown if {
	every given in [{}, {"attributes": {}}, {"attributes": {"spec": {}}}] {
		no_host_path_volumes.findings == set() with input as given
		no_host_path_volumes.unknowns == {"the pod lists no containers"} with input as given
	}
}

_pod(volumes) := {"attributes": {"spec": {"containers": [{"name": "web"}], "volumes": volumes}}}
