# METADATA
# title: Containers cannot gain extra privileges
# description: Every container, init container and ephemeral container sets allowPrivilegeEscalation to false.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [workloads-unprivileged]
#   remediation: Set `securityContext.allowPrivilegeEscalation` to false for every container.
#   scope: pods that do not declare Windows as their operating system
package policies.kubernetes.pod.no_privilege_escalation

import data.lib.kubernetes.pods

default applies := false

applies if not pods.is_windows(input)

findings contains finding if {
	some path, container in pods.containers(input)
	not container.securityContext.allowPrivilegeEscalation == false
	finding := {
		"message": sprintf("%s may gain more privileges than it started with", [pods.label("container", container)]),
		"path": array.concat(path, ["securityContext", "allowPrivilegeEscalation"]),
		"expected": false,
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)
