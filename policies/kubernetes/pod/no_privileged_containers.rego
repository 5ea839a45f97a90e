# METADATA
# title: Containers do not run in privileged mode
# description: No container, init container or ephemeral container sets privileged to true.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: critical
#   resources: [kubernetes.PodSpec]
#   objectives: [workloads-unprivileged]
#   remediation: >-
#     Set `securityContext.privileged` to false; grant the one capability or device that the container needs
#     instead.
package policies.kubernetes.pod.no_privileged_containers

import data.lib.kubernetes.pods

findings contains finding if {
	some path, container in pods.containers(input)
	value := container.securityContext.privileged
	not value in {false, null}
	finding := {
		"message": sprintf("%s runs privileged", [pods.label("container", container)]),
		"path": array.concat(path, ["securityContext", "privileged"]),
		"expected": false,
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)
