# METADATA
# title: Pods do not use the host network
# description: hostNetwork is unset or false.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [workload-isolation, network-segmentation]
#   remediation: Remove `hostNetwork` from the pod's spec, or set it to false.
package policies.kubernetes.pod.no_host_network

import data.lib.kubernetes.pods

findings contains finding if {
	value := input.attributes.spec.hostNetwork
	not value in {false, null}
	finding := {
		"message": "the pod uses the network of the host",
		"path": ["spec", "hostNetwork"],
		"expected": false,
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)
