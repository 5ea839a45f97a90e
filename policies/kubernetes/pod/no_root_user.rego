# METADATA
# title: Containers do not ask for the root user
# description: >-
#   Neither the pod nor a container sets runAsUser to 0. Pods with a user namespace of their own (hostUsers false)
#   pass, as in Pod Security Standards since Kubernetes 1.35.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [workloads-unprivileged]
#   remediation: >-
#     Set `securityContext.runAsUser` to a user id above 0, such as 10001, or remove it and let the image name a
#     user other than root.
package policies.kubernetes.pod.no_root_user

import data.lib.kubernetes.pods

findings contains finding if {
	not pods.has_user_namespace(input)
	value := input.attributes.spec.securityContext.runAsUser
	not _is_unprivileged(value)
	finding := {
		"message": "the pod makes root the user of its containers",
		"path": ["spec", "securityContext", "runAsUser"],
	}
}

findings contains finding if {
	not pods.has_user_namespace(input)
	some path, container in pods.containers(input)
	value := container.securityContext.runAsUser
	not _is_unprivileged(value)
	finding := {
		"message": sprintf("%s runs as root", [pods.label("container", container)]),
		"path": array.concat(path, ["securityContext", "runAsUser"]),
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)

_is_unprivileged(value) if {
	is_number(value)
	value > 0
}

# Unset: the image decides.
_is_unprivileged(value) if value == null
