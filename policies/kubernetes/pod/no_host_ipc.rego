# METADATA
# title: Pods do not share host inter-process memory
# description: hostIPC is unset or false.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [workload-isolation]
#   remediation: Remove `hostIPC` from the pod's spec, or set it to false.
package policies.kubernetes.pod.no_host_ipc

import data.lib.kubernetes.pods

findings contains finding if {
	value := input.attributes.spec.hostIPC
	not value in {false, null}
	finding := {
		"message": "the pod shares inter-process memory with the host",
		"path": ["spec", "hostIPC"],
		"expected": false,
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)
