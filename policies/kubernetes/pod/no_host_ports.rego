# METADATA
# title: Containers do not bind host ports
# description: No port of a container sets hostPort.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: medium
#   resources: [kubernetes.PodSpec]
#   objectives: [workload-isolation, no-unneeded-network-exposure]
#   remediation: Remove `hostPort` from the container's ports and publish it through a Service.
package policies.kubernetes.pod.no_host_ports

import data.lib.kubernetes.pods

findings contains finding if {
	some path, container in pods.containers(input)
	some index, port in pods.entries(container.ports)
	value := port.hostPort
	not value in {0, null}
	finding := {
		"message": sprintf("%s binds a port of the host", [pods.label("container", container)]),
		"path": array.concat(path, ["ports", index, "hostPort"]),
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)
