# METADATA
# title: Services do not claim external addresses
# description: The Service lists no externalIPs, with which its author could draw traffic to any address into the cluster's pods.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/service/#external-ips
#   - ref: https://github.com/kubernetes/kubernetes/issues/97076
# custom:
#   severity: high
#   resources: [kubernetes.core.Service]
#   objectives: [no-unneeded-network-exposure]
#   remediation: Remove `spec.externalIPs`, publish the Service through a load balancer or an Ingress, and turn on the admission plugin DenyServiceExternalIPs.
package policies.kubernetes.service.no_external_ips

findings contains {
	"message": "traffic to addresses that the Service itself names is sent to its pods",
	"path": ["spec", "externalIPs"],
	"expected": [],
} if {
	addresses := input.attributes.spec.externalIPs
	addresses != null
	addresses != []
}
