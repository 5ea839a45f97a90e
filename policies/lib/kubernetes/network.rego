# What network policies do to all pods of their namespace, defaults as the API server sets them.
# https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
package lib.kubernetes.network

# denies_all tells whether a policy isolates every pod in a direction (`Ingress`, `Egress`) and lets nothing through.
denies_all(policy, direction) if {
	_governs_every_pod(policy.spec, direction)
	_is_empty(_rules(policy.spec, direction))
}

# allows_all tells whether a policy lets everything through to or from every pod, so that no other policy can deny it.
allows_all(policy, direction) if {
	_governs_every_pod(policy.spec, direction)
	rules := _rules(policy.spec, direction)
	is_array(rules)
	some rule in rules
	_is_unlimited(rule, direction)
}

_governs_every_pod(spec, direction) if {
	is_object(spec)
	_selects_every_pod(spec)
	direction in _directions(spec)
}

_selects_every_pod(spec) if _is_empty(object.get(spec, "podSelector", null))

_selects_every_pod(spec) if {
	is_object(spec.podSelector)
	_is_empty(object.get(spec.podSelector, "matchLabels", null))
	_is_empty(object.get(spec.podSelector, "matchExpressions", null))
}

# Without policyTypes a policy is about ingress, and about egress too when it has egress rules.
_directions(spec) := spec.policyTypes if {
	is_array(spec.policyTypes)
	count(spec.policyTypes) > 0
} else := set() if {
	not _is_empty(object.get(spec, "policyTypes", null))
} else := {"Ingress"} if {
	_is_empty(object.get(spec, "egress", null))
} else := {"Ingress", "Egress"}

_rules(spec, "Ingress") := object.get(spec, "ingress", null)

_rules(spec, "Egress") := object.get(spec, "egress", null)

# An empty list of peers or ports matches all of them, as a missing one does.
_is_unlimited(rule, direction) if {
	is_object(rule)
	_is_empty(_peers(rule, direction))
	_is_empty(object.get(rule, "ports", null))
}

_peers(rule, "Ingress") := object.get(rule, "from", null)

_peers(rule, "Egress") := object.get(rule, "to", null)

# Only null and empty collections: a value of the wrong type never counts as empty.
_is_empty(value) if value in [null, [], {}]
