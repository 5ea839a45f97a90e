# METADATA
# title: Every namespace denies outbound traffic by default
# description: The namespace has a network policy that selects all its pods for egress and allows nothing, and none that allows everything for all of them; what is needed is allowed by further, narrower policies.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies
# custom:
#   severity: medium
#   resources: [kubernetes.core.Namespace]
#   objectives: [outbound-traffic-controlled]
#   scope: namespaces other than those of Kubernetes itself (parameter namespace_system_names)
#   remediation: "Add a NetworkPolicy with `spec: {podSelector: {}, policyTypes: [Egress]}` to the namespace, and remove policies that allow all outbound traffic of all pods."
package policies.kubernetes.network.default_deny_egress

import data.lib.kubernetes.network

default applies := false

applies if not _is_system

findings contains {"message": "no network policy of the namespace denies outbound traffic by default", "path": []} if {
	not _denies_all
}

findings contains {"message": "a network policy of the namespace allows all outbound traffic of every pod", "path": []} if {
	some policy in _policies
	network.allows_all(policy, "Egress")
}

_is_system if input.attributes.metadata.name in input.parameters.namespace_system_names

_denies_all if {
	some policy in _policies
	network.denies_all(policy, "Egress")
}

_policies contains attributes if {
	is_array(input.related.network_policies)
	some policy in input.related.network_policies
	attributes := policy.attributes
}
