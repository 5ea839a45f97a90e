# METADATA
# title: Memory limits are set
# description: >-
#   Every container and init container has a memory limit, or the pod has one as a whole (spec.resources,
#   Kubernetes 1.34 and later).
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/
# custom:
#   severity: medium
#   resources: [kubernetes.PodSpec]
#   objectives: [resource-limits]
#   remediation: Set `resources.limits.memory` for every container, such as 512Mi.
package policies.kubernetes.pod.memory_limits_set

import data.lib.kubernetes.pods

findings contains finding if {
	not _pod_is_limited
	some path, container in pods.containers(input)

	# Ephemeral containers can't have resources of their own.
	path[1] != "ephemeralContainers"
	not _is_limited(container)
	finding := {
		"message": sprintf("%s has no memory limit", [pods.label("container", container)]),
		"path": array.concat(path, ["resources", "limits", "memory"]),
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)

_pod_is_limited if _is_limited(input.attributes.spec)

# A quantity such as 512Mi, or a bare number. The runtime reads a limit of 0, in whatever unit, as none.
_is_limited(part) if regex.match(`^"?[0.]*[1-9]`, json.marshal(part.resources.limits.memory))
