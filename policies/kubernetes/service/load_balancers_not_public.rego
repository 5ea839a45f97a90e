# METADATA
# title: Load balancers are internal or source-restricted
# description: The Service's load balancer is internal by its provider's annotation (parameter service_internal_load_balancer_annotations), or admits listed source ranges only, none of them wider than /8.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer
#   - ref: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
# custom:
#   severity: high
#   resources: [kubernetes.core.Service]
#   objectives: [no-unneeded-network-exposure]
#   scope: Services of type LoadBalancer
#   remediation: Set the provider's annotation for an internal load balancer, or list the networks that need it in `spec.loadBalancerSourceRanges`.
package policies.kubernetes.service.load_balancers_not_public

default applies := false

applies if input.attributes.spec.type == "LoadBalancer"

findings contains {
	"message": "the load balancer is reachable from everywhere",
	"path": ["spec", "loadBalancerSourceRanges"],
} if {
	applies
	not _is_internal
	not _is_source_restricted
}

# The AWS Load Balancer Controller lets its scheme annotation win over the older one for internal load balancers.
_is_internal if {
	not _is_internet_facing
	some name, value in _annotations
	is_string(value)
	concat("=", [name, value]) in input.parameters.service_internal_load_balancer_annotations
}

_is_internet_facing if _annotations["service.beta.kubernetes.io/aws-load-balancer-scheme"] == "internet-facing"

_annotations := input.attributes.metadata.annotations if is_object(input.attributes.metadata.annotations)

_is_source_restricted if {
	every range in _ranges {
		_is_narrow(range)
	}
}

# Kubernetes reads the annotation only where the field is empty.
_ranges := input.attributes.spec.loadBalancerSourceRanges if _has_range_field

_ranges := split(_annotations["service.beta.kubernetes.io/load-balancer-source-ranges"], ",") if {
	not _has_range_field
	is_string(_annotations["service.beta.kubernetes.io/load-balancer-source-ranges"])
}

_has_range_field if {
	is_array(input.attributes.spec.loadBalancerSourceRanges)
	input.attributes.spec.loadBalancerSourceRanges != []
}

# No one network is wider than /8, but 0.0.0.0/1 and 128.0.0.0/1 together are the whole Internet.
_is_narrow(range) if {
	is_string(range)
	regex.match(`^\s*[0-9a-fA-F.:]+/([89]|[1-9][0-9]+)\s*$`, range)
}

# The private addresses of IPv6 (RFC 4193).
_is_narrow(range) if {
	is_string(range)
	trim_space(range) == "fc00::/7"
}
