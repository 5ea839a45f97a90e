# METADATA
# title: Containers drop all Linux capabilities
# description: Every container, init container and ephemeral container drops the capability ALL.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: medium
#   resources: [kubernetes.PodSpec]
#   objectives: [workloads-unprivileged]
#   remediation: >-
#     Set `securityContext.capabilities.drop` to ["ALL"] for every container; add NET_BIND_SERVICE where a port
#     below 1024 is bound.
#   scope: pods that do not declare Windows as their operating system
package policies.kubernetes.pod.drops_all_capabilities

import data.lib.kubernetes.pods

default applies := false

applies if not pods.is_windows(input)

findings contains finding if {
	some path, container in pods.containers(input)
	not _drops_all(container)
	finding := {
		"message": sprintf("%s keeps Linux capabilities", [pods.label("container", container)]),
		"path": array.concat(path, ["securityContext", "capabilities", "drop"]),
		"expected": ["ALL"],
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)

_drops_all(container) if container.securityContext.capabilities.drop[_] == "ALL"
