package policies.kubernetes.pod.no_runtime_socket_mounts_test

import data.policies.kubernetes.pod.no_runtime_socket_mounts

test_a_socket_is_a_finding if {
	no_runtime_socket_mounts.findings == {{
		"message": "volume socket gives the pod command of the container runtime",
		"path": ["spec", "volumes", 1, "hostPath", "path"],
	}} with input as _pod_with([
		{"name": "scratch", "emptyDir": {}},
		{"name": "socket", "hostPath": {"path": "/run/docker.sock"}},
	])
}

test_every_socket_is_known if {
	every path in {
		"/run/containerd/containerd.sock",
		"/run/containerd/containerd.sock.ttrpc",
		"/run/cri-dockerd.sock",
		"/run/crio/crio.sock",
		"/run/docker.sock",
		"/run/docker/containerd/containerd.sock",
		"/run/dockershim.sock",
		"/run/k0s/containerd.sock",
		"/run/k3s/containerd/containerd.sock",
		"/var/snap/microk8s/common/run/containerd.sock",
		`\\.\pipe\containerd-containerd`,
		`\\.\pipe\cri-dockerd`,
		`\\.\PIPE\docker_engine`,
	} {
		count(no_runtime_socket_mounts.findings) == 1 with input as _pod(path)
	}
}

test_directories_of_a_socket_are_findings if {
	every path in {
		"/",
		"/run",
		"/run/crio",
		"/var",
		"/var/snap/microk8s",
		"/var/run",
		"/var/run/containerd",
		`\\.\pipe`,
	} {
		count(no_runtime_socket_mounts.findings) == 1 with input as _pod(path)
	}
}

test_other_spellings_are_findings if {
	every path in {
		"/var/run/docker.sock",
		"//var//run///docker.sock",
		"/run/./docker.sock",
		"/./var/./run/docker.sock/",
		"/run/",
		"/var/run/",
		"//",
	} {
		count(no_runtime_socket_mounts.findings) == 1 with input as _pod(path)
	}
}

test_a_path_that_cannot_be_followed_is_a_finding if {
	every path in {"/srv/../run/docker.sock", "", 1, null} {
		count(no_runtime_socket_mounts.findings) == 1 with input as _pod(path)
	}
}

test_other_paths_are_compliant if {
	every path in {
		"/run/docker.sock.d",
		"/run/dock",
		"/run/crio/crio",
		"/run/udev",
		"/run/docker.sock/below",
		"/srv/run",
		"/srv/var/run/docker.sock",
		"/var/log",
		"/var/running",
		"/srv/..data",
	} {
		count(no_runtime_socket_mounts.findings) == 0 with input as _pod(path)
	}
}

test_other_volumes_are_compliant if {
	every volumes in [[{"name": "scratch", "emptyDir": {}}], [], null] {
		count(no_runtime_socket_mounts.findings) == 0 with input as _pod_with(volumes)
		count(no_runtime_socket_mounts.unknowns) == 0 with input as _pod_with(volumes)
	}
}

test_nothing_configured_is_unknown if {
	every given in [{}, {"attributes": {}}, {"attributes": {"spec": {}}}] {
		no_runtime_socket_mounts.findings == set() with input as given
		no_runtime_socket_mounts.unknowns == {"the pod lists no containers"} with input as given
	}
}

_pod(path) := _pod_with([{"name": "host", "hostPath": {"path": path}}])

_pod_with(volumes) := {"attributes": {"spec": {"containers": [{"name": "web"}], "volumes": volumes}}}
