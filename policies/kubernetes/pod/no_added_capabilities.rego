# METADATA
# title: Containers add no dangerous capabilities
# description: No container adds a Linux capability other than NET_BIND_SERVICE.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [workloads-unprivileged]
#   remediation: Remove the capability from `securityContext.capabilities.add`; only NET_BIND_SERVICE may stay.
#   scope: pods that do not declare Windows as their operating system
package policies.kubernetes.pod.no_added_capabilities

import data.lib.kubernetes.pods

default applies := false

applies if not pods.is_windows(input)

findings contains finding if {
	some path, container in pods.containers(input)
	some index, capability in pods.entries(container.securityContext.capabilities.add)
	capability != "NET_BIND_SERVICE"
	finding := {
		"message": sprintf("%s adds the capability %v", [pods.label("container", container), capability]),
		"path": array.concat(path, ["securityContext", "capabilities", "add", index]),
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)
