# METADATA
# title: Read access to Secrets is limited
# description: Where the role lets all Secrets be read (get, list, watch or a wildcard, and no resourceNames), it is bound only to subjects in the parameter rbac_secret_read_subjects or to parts of the control plane. An unbound role passes.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
# custom:
#   severity: high
#   resources: [kubernetes.rbac.authorization.k8s.io.Role, kubernetes.rbac.authorization.k8s.io.ClusterRole]
#   objectives: [least-privilege]
#   scope: roles other than cluster-admin, whose bindings kubernetes.rbac.cluster_admin_restricted judges
#   remediation: Limit the rule to the Secrets that are needed with `resourceNames`, remove the subject from the binding, or add it to the parameter rbac_secret_read_subjects.
package policies.kubernetes.rbac.secret_read_restricted

import data.lib.kubernetes.rbac

default applies := false

applies if not _is_cluster_admin

findings contains finding if {
	some index, rule in rbac.rules(input.attributes)
	_reads_secrets(rule)
	some holder in _outsiders
	finding := {
		"message": sprintf("%s may read all Secrets through %s", [holder.subject, holder.binding]),
		"path": ["rules", index],
	}
}

unknowns contains doubt if {
	_may_be_held
	doubt := rbac.doubt(input.attributes)
}

unknowns contains "which bindings grant the role is not known" if {
	not _is_joined
	some rule in rbac.rules(input.attributes)
	_reads_secrets(rule)
}

_is_cluster_admin if rbac.is_cluster_admin(input.kind, input.attributes.metadata)

_may_be_held if count(_outsiders) > 0

_may_be_held if not _is_joined

_is_joined if is_array(input.related.bindings)

_outsiders contains holder if {
	some holder in rbac.holders(input.attributes, input.related.bindings)
	not _is_allowed(holder)
}

_is_allowed(holder) if holder.subject in input.parameters.rbac_secret_read_subjects

_reads_secrets(rule) if {
	some verb in {"get", "list", "watch"}
	rbac.grants(rule, "", "secrets", verb)
	not _is_limited_to_names(rule)
}

_is_limited_to_names(rule) if {
	is_array(rule.resourceNames)
	rule.resourceNames != []
}
