# METADATA
# title: Pods do not share the host process namespace
# description: hostPID is unset or false.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [workload-isolation]
#   remediation: Remove `hostPID` from the pod's spec, or set it to false.
package policies.kubernetes.pod.no_host_pid

import data.lib.kubernetes.pods

findings contains finding if {
	value := input.attributes.spec.hostPID
	not value in {false, null}
	finding := {
		"message": "the pod sees the processes of the host",
		"path": ["spec", "hostPID"],
		"expected": false,
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)
