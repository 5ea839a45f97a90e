# METADATA
# title: Exec, attach, port-forward and debug rights are limited
# description: Where the role lets commands be run in pods, or attaches, forwards ports or adds debug containers to them, it is bound only to subjects in the parameter rbac_pod_exec_subjects or to parts of the control plane. An unbound role passes.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
# custom:
#   severity: high
#   resources: [kubernetes.rbac.authorization.k8s.io.Role, kubernetes.rbac.authorization.k8s.io.ClusterRole]
#   objectives: [powerful-tools-restricted, privileged-access-limited]
#   scope: roles other than cluster-admin, whose bindings kubernetes.rbac.cluster_admin_restricted judges
#   remediation: Remove pods/exec, pods/attach, pods/portforward and pods/ephemeralcontainers from the role, or the subject from the binding, or add the subject to the parameter rbac_pod_exec_subjects.
package policies.kubernetes.rbac.pod_exec_restricted

import data.lib.kubernetes.rbac

default applies := false

applies if not _is_cluster_admin

findings contains finding if {
	some index, rule in rbac.rules(input.attributes)
	_enters_pods(rule)
	some holder in _outsiders
	finding := {
		"message": sprintf("%s may enter running pods through %s", [holder.subject, holder.binding]),
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
	_enters_pods(rule)
}

_is_cluster_admin if rbac.is_cluster_admin(input.kind, input.attributes.metadata)

_may_be_held if count(_outsiders) > 0

_may_be_held if not _is_joined

_is_joined if is_array(input.related.bindings)

_outsiders contains holder if {
	some holder in rbac.holders(input.attributes, input.related.bindings)
	not _is_allowed(holder)
}

_is_allowed(holder) if holder.subject in input.parameters.rbac_pod_exec_subjects

_enters_pods(rule) if {
	some resource, verbs in _entrances
	some verb in verbs
	rbac.grants(rule, "", resource, verb)
}

# A stream is opened by POST or, over WebSocket, by GET; a debug container is added by changing the pod.
_entrances := {
	"pods/attach": {"create", "get"},
	"pods/ephemeralcontainers": {"patch", "update"},
	"pods/exec": {"create", "get"},
	"pods/portforward": {"create", "get"},
}
