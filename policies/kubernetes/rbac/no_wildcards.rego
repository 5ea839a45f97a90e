# METADATA
# title: Roles do not use wildcards
# description: No rule of the role has `*` among its verbs, resources or API groups, whether the role is bound or not.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
# custom:
#   severity: high
#   resources: [kubernetes.rbac.authorization.k8s.io.Role, kubernetes.rbac.authorization.k8s.io.ClusterRole]
#   objectives: [least-privilege, privileged-access-limited]
#   scope: roles other than those that the API server creates by default
#   remediation: List the verbs, resources and API groups that are needed in place of `*`.
package policies.kubernetes.rbac.no_wildcards

import data.lib.kubernetes.rbac

default applies := false

applies if not _is_default_role

findings contains finding if {
	some index, rule in rbac.rules(input.attributes)
	some field in {"apiGroups", "resources", "verbs"}
	is_array(rule[field])
	"*" in rule[field]
	finding := {"message": sprintf("the rule has * among its %s", [field]), "path": ["rules", index, field]}
}

unknowns contains doubt if doubt := rbac.doubt(input.attributes)

_is_default_role if rbac.is_default_role(input.attributes.metadata)
