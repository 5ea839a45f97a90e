# METADATA
# title: Ingress routes terminate TLS
# description: Every host of the Ingress is listed under spec.tls with a certificate Secret, itself or by a wildcard; an entry without hosts covers all. An annotation that attaches a certificate at the provider (parameter ingress_certificate_annotations) does as well.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/ingress/#tls
# custom:
#   severity: high
#   resources: [kubernetes.networking.k8s.io.Ingress]
#   objectives: [encryption-in-transit]
#   remediation: "Add the host to the Ingress: `spec: {tls: [{hosts: [HOST], secretName: CERTIFICATE}]}`; cert-manager can issue and renew the certificate."
package policies.kubernetes.ingress.tls_required

findings contains finding if {
	some host in _hosts
	not _is_covered(host)
	finding := {
		"message": sprintf("%s is served without TLS", [_words(host)]),
		"path": ["spec", "tls"],
	}
}

# A rule without a host, and an Ingress without rules, serve every host: "" here, as in the API.
_hosts contains _host(rule) if some rule in _rules

_hosts contains "" if count(_rules) == 0

_host(rule) := rule.host if {
	is_string(rule.host)
} else := ""

default _rules := []

_rules := input.attributes.spec.rules if is_array(input.attributes.spec.rules)

_is_covered(_) if _has_provider_certificate

_is_covered(host) if {
	some entry in _certificates
	_names(entry, host)
}

_has_provider_certificate if {
	is_object(input.attributes.metadata.annotations)
	some name, value in input.attributes.metadata.annotations
	name in input.parameters.ingress_certificate_annotations
	value != ""
}

_certificates contains entry if {
	is_array(input.attributes.spec.tls)
	some entry in input.attributes.spec.tls
	is_string(entry.secretName)
	entry.secretName != ""
}

_names(entry, _) if not _has_hosts(entry)

_names(entry, host) if {
	is_array(entry.hosts)
	some pattern in entry.hosts
	_matches(pattern, host)
}

_has_hosts(entry) if {
	entry.hosts != null
	entry.hosts != []
}

_matches(pattern, host) if pattern == host

# A wildcard stands for exactly one label.
_matches(pattern, host) if {
	is_string(pattern)
	startswith(pattern, "*.")
	indexof(host, ".") > 0
	substring(host, indexof(host, "."), -1) == substring(pattern, 1, -1)
}

_words(host) := "every host" if host == ""

_words(host) := host if host != ""
