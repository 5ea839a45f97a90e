# METADATA
# title: No credentials in literal values
# description: >-
#   No literal value in the pod's spec (environment, arguments, annotations) looks like a credential. Values are
#   searched while they are collected and are not kept.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/secret/
# custom:
#   severity: critical
#   resources: [kubernetes.PodSpec]
#   objectives: [secrets-managed]
#   remediation: >-
#     Revoke the credential, keep its successor in a Secret or a vault, and refer to it with
#     `valueFrom.secretKeyRef` or a mounted volume.
package policies.kubernetes.pod.no_plaintext_secrets

import data.lib.kubernetes.pods

findings contains finding if {
	some credential in pods.entries(input.facts.credentials)
	finding := {
		"message": sprintf("the value looks like a credential: %v", [credential.pattern]),
		"path": credential.path,
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)
