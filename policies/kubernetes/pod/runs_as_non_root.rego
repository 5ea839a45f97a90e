# METADATA
# title: Containers run as a non-root user
# description: >-
#   runAsNonRoot is true for every container, by itself or through the pod, and nowhere false. Pods with a user
#   namespace of their own (hostUsers false) pass, as in Pod Security Standards since Kubernetes 1.35.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [workloads-unprivileged]
#   remediation: >-
#     Set `spec.securityContext.runAsNonRoot` to true, remove `runAsNonRoot` with the value false from containers,
#     and give the image a numeric USER other than 0.
package policies.kubernetes.pod.runs_as_non_root

import data.lib.kubernetes.pods

findings contains finding if {
	not pods.has_user_namespace(input)
	value := input.attributes.spec.securityContext.runAsNonRoot
	not value in {true, null}
	finding := {
		"message": "the pod lets its containers run as root",
		"path": ["spec", "securityContext", "runAsNonRoot"],
		"expected": true,
	}
}

findings contains finding if {
	not pods.has_user_namespace(input)
	some path, container in pods.containers(input)
	not _is_settled(container)
	finding := {
		"message": sprintf("%s may run as root", [pods.label("container", container)]),
		"path": array.concat(path, ["securityContext", "runAsNonRoot"]),
		"expected": true,
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)

_is_settled(container) if container.securityContext.runAsNonRoot == true

# What the container leaves open the pod decides; a wrong decision of the pod is a finding on the pod, once.
_is_settled(container) if {
	_pod_decides
	is_object(container)
	not _decides(container)
}

_decides(container) if container.securityContext.runAsNonRoot != null

_pod_decides if input.attributes.spec.securityContext.runAsNonRoot != null
