# METADATA
# title: Tokens are mounted only where needed
# description: >-
#   automountServiceAccountToken is false on the pod, or false on its service account and not set on the pod.
#   Workloads that call the Kubernetes API are exempted by a waiver.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
# custom:
#   severity: medium
#   resources: [kubernetes.PodSpec]
#   objectives: [least-privilege]
#   remediation: >-
#     Set `spec.automountServiceAccountToken` to false on the pod, or `automountServiceAccountToken` on its
#     service account.
package policies.kubernetes.pod.no_automounted_token

import data.lib.kubernetes.pods

findings contains finding if {
	not _is_declined
	_is_decidable
	finding := {
		"message": "the token of the service account is mounted into the pod",
		"path": ["spec", "automountServiceAccountToken"],
		"expected": false,
	}
}

_is_declined if input.attributes.spec.automountServiceAccountToken == false

# The pod's own setting wins over that of its service account.
_is_declined if {
	not _decides
	input.related.service_account[_].attributes.automountServiceAccountToken == false
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)

# Manifests often leave the service account to another tool; what it says is then not known.
unknowns contains "its service account is not among what was read" if not _is_decidable

_is_decidable if _decides

_is_decidable if is_object(input.related.service_account[0])

_decides if input.attributes.spec.automountServiceAccountToken != null
