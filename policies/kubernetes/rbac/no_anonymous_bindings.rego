# METADATA
# title: Anonymous and unauthenticated subjects have no bindings
# description: No binding names the user system:anonymous or the group system:unauthenticated, except the ClusterRoleBindings system:public-info-viewer and system:discovery that give the role of their own name.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests
# custom:
#   severity: critical
#   resources: [kubernetes.rbac.authorization.k8s.io.ClusterRoleBinding, kubernetes.rbac.authorization.k8s.io.RoleBinding]
#   objectives: [authenticated-access, no-shared-accounts]
#   remediation: Remove the subject from the binding; kubeadm's binding of cluster-info in kube-public can go once no more nodes join by token.
package policies.kubernetes.rbac.no_anonymous_bindings

import data.lib.kubernetes.rbac

findings contains finding if {
	not _is_default_binding
	some index, subject in rbac.subjects(input.attributes)
	name := rbac.subject_name(subject)
	name in {"Group:system:unauthenticated", "User:system:anonymous"}
	finding := {"message": sprintf("%s needs no authentication", [name]), "path": ["subjects", index]}
}

# The name alone is anyone's to choose: only the role of that name is harmless.
_is_default_binding if {
	input.kind == "kubernetes.rbac.authorization.k8s.io.ClusterRoleBinding"
	input.attributes.metadata.name in {"system:discovery", "system:public-info-viewer"}
	input.attributes.roleRef.kind == "ClusterRole"
	input.attributes.roleRef.name == input.attributes.metadata.name
}
