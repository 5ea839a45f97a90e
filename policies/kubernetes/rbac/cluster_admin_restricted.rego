# METADATA
# title: Cluster administrator role is bound only to named break-glass groups
# description: Every subject to whom a ClusterRoleBinding or RoleBinding gives the role cluster-admin is in the parameter rbac_cluster_admin_subjects.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
# custom:
#   severity: critical
#   resources: [kubernetes.rbac.authorization.k8s.io.ClusterRoleBinding, kubernetes.rbac.authorization.k8s.io.RoleBinding]
#   objectives: [privileged-access-limited, emergency-access]
#   scope: bindings of the role cluster-admin
#   remediation: Remove the subject and bind it to a role with the rights it needs; add break-glass groups to the parameter rbac_cluster_admin_subjects as `Group:name`.
package policies.kubernetes.rbac.cluster_admin_restricted

import data.lib.kubernetes.rbac

default applies := false

applies if {
	input.attributes.roleRef.kind == "ClusterRole"
	input.attributes.roleRef.name == "cluster-admin"
}

findings contains finding if {
	applies
	some index, subject in rbac.subjects(input.attributes)
	name := rbac.subject_name(subject)
	not _is_allowed(name)
	finding := {"message": sprintf("%s holds cluster-admin", [name]), "path": ["subjects", index]}
}

_is_allowed(subject) if subject in input.parameters.rbac_cluster_admin_subjects
