# METADATA
# title: Escalate, bind and impersonate verbs are limited
# description: Where the role allows escalate or bind on roles, or impersonate on users, groups or service accounts, it is bound only to subjects in the parameter rbac_escalation_subjects or to parts of the control plane. An unbound role passes.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
# custom:
#   severity: critical
#   resources: [kubernetes.rbac.authorization.k8s.io.Role, kubernetes.rbac.authorization.k8s.io.ClusterRole]
#   objectives: [privileged-access-limited, separation-of-duties]
#   scope: roles other than cluster-admin, whose bindings kubernetes.rbac.cluster_admin_restricted judges
#   remediation: Remove the verbs escalate, bind and impersonate, and `*`, from the role, or the subject from the binding, or add the subject to the parameter rbac_escalation_subjects.
package policies.kubernetes.rbac.escalation_verbs_restricted

import data.lib.kubernetes.rbac

default applies := false

applies if not _is_cluster_admin

findings contains finding if {
	some index, rule in rbac.rules(input.attributes)
	_escalates(rule)
	some holder in _outsiders
	finding := {
		"message": sprintf("%s may take on more rights than it was given through %s", [holder.subject, holder.binding]),
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
	_escalates(rule)
}

_is_cluster_admin if rbac.is_cluster_admin(input.kind, input.attributes.metadata)

_may_be_held if count(_outsiders) > 0

_may_be_held if not _is_joined

_is_joined if is_array(input.related.bindings)

_outsiders contains holder if {
	some holder in rbac.holders(input.attributes, input.related.bindings)
	not _is_allowed(holder)
}

_is_allowed(holder) if holder.subject in input.parameters.rbac_escalation_subjects

_escalates(rule) if {
	some verb in {"bind", "escalate"}
	some resource in {"clusterroles", "roles"}
	rbac.grants(rule, "rbac.authorization.k8s.io", resource, verb)
}

_escalates(rule) if {
	some resource in {"groups", "serviceaccounts", "users"}
	rbac.grants(rule, "", resource, "impersonate")
}
