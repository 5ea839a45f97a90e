# METADATA
# title: Containers run as a non-root user
# description: runAsNonRoot is true for every container, by itself or through the pod, and nowhere false. Pods with a user namespace of their own (hostUsers false) pass, as in Pod Security Standards.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [workloads-unprivileged]
#   remediation: Set `spec.securityContext.runAsNonRoot` to true, remove `runAsNonRoot` with the value false from containers, and give the image a numeric USER other than 0.
package policies.kubernetes.pod.runs_as_non_root

import data.lib.kubernetes.pods

findings contains finding if {
	not pods.has_user_namespace
	value := input.attributes.spec.securityContext.runAsNonRoot
	not value in {true, null}
	finding := {
		"message": "the pod lets its containers run as root",
		"path": ["spec", "securityContext", "runAsNonRoot"],
		"expected": true,
	}
}

findings contains finding if {
	not pods.has_user_namespace
	some path, container in pods.containers
	not _is_settled(container)
	finding := {
		"message": sprintf("%s may run as root", [pods.label("container", container)]),
		"path": array.concat(path, ["securityContext", "runAsNonRoot"]),
		"expected": true,
	}
}

unknowns contains reason if some reason in pods.unreadable_containers

_is_settled(container) if container.securityContext.runAsNonRoot == true

# What the container leaves open the pod decides; a wrong decision of the pod is a finding on the pod, once.
_is_settled(container) if {
	is_object(container)
	not _decides(container)
	input.attributes.spec.securityContext.runAsNonRoot != null
}

_decides(container) if container.securityContext.runAsNonRoot != null
