# METADATA
# title: Container runtime socket is not mounted
# description: >-
#   No hostPath volume is the socket of Docker, containerd or CRI-O, or a directory that holds one; /var/run
#   counts as /run.
# related_resources:
#   - ref: https://kubernetes.io/docs/setup/production-environment/container-runtimes/
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
# custom:
#   severity: critical
#   resources: [kubernetes.PodSpec]
#   objectives: [workloads-unprivileged, powerful-tools-restricted]
#   remediation: >-
#     Remove the volume. Build images without a daemon, and read container metadata from the Kubernetes API.
package policies.kubernetes.pod.no_runtime_socket_mounts

import data.lib.kubernetes.pods

findings contains finding if {
	some index, volume in pods.entries(input.attributes.spec.volumes)
	_reaches_socket(volume.hostPath.path)
	finding := {
		"message": sprintf("%s gives the pod command of the container runtime", [pods.label("volume", volume)]),
		"path": ["spec", "volumes", index, "hostPath", "path"],
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)

# Where the runtimes listen by default: the distributions of Kubernetes that bring their own choose places of their own.
_sockets := {
	"/pipe/containerd-containerd",
	"/pipe/cri-dockerd",
	"/pipe/docker_engine",
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
}

_reaches_socket(path) if {
	directory := _resolved(_segments(path))
	some socket in _sockets
	array.slice(split(socket, "/"), 0, count(directory)) == directory
}

# The API server refuses `..`: where it leads can't be told from here.
_reaches_socket(path) if ".." in _segments(path)

# The root is [""], and so is what is no path at all. A named pipe of Windows, `\\.\pipe\docker_engine`, reads as
# /pipe/docker_engine.
_segments(path) := array.concat([""], [segment |
	is_string(path)
	some segment in split(replace(lower(path), `\`, "/"), "/")
	not segment in {"", "."}
])

# /var/run is a link to /run.
_resolved(segments) := array.concat([""], array.slice(segments, 2, count(segments))) if {
	segments[1] == "var"
	segments[2] == "run"
}

else := segments
