# METADATA
# title: Root filesystem is read-only
# description: Every container, init container and ephemeral container sets readOnlyRootFilesystem to true.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
# custom:
#   severity: medium
#   resources: [kubernetes.PodSpec]
#   objectives: [immutable-runtime]
#   remediation: >-
#     Set `securityContext.readOnlyRootFilesystem` to true and mount an emptyDir where the container has to write.
#   scope: pods that do not declare Windows as their operating system
package policies.kubernetes.pod.read_only_root_filesystem

import data.lib.kubernetes.pods

default applies := false

applies if not pods.is_windows(input)

findings contains finding if {
	some path, container in pods.containers(input)
	not container.securityContext.readOnlyRootFilesystem == true
	finding := {
		"message": sprintf("%s can write to its root filesystem", [pods.label("container", container)]),
		"path": array.concat(path, ["securityContext", "readOnlyRootFilesystem"]),
		"expected": true,
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)
