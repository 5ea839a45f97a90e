# METADATA
# title: Pods do not mount host paths
# description: No volume of the pod is a hostPath. Agents that need one are exempted by a waiver.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [workload-isolation]
#   remediation: >-
#     Replace the `hostPath` volume by a PersistentVolumeClaim, ConfigMap, Secret, emptyDir or CSI volume.
package policies.kubernetes.pod.no_host_path_volumes

import data.lib.kubernetes.pods

findings contains finding if {
	some index, volume in pods.entries(input.attributes.spec.volumes)
	volume.hostPath != null
	finding := {
		"message": sprintf("%s mounts a path of the host", [pods.label("volume", volume)]),
		"path": ["spec", "volumes", index, "hostPath"],
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)
