# What roles grant and whom bindings name, read as the API server's RBAC authorizer reads them.
# https://kubernetes.io/docs/reference/access-authn-authz/rbac/
package lib.kubernetes.rbac

# rules lists the rules of a Role or ClusterRole.
rules(role) := role.rules if is_array(role.rules)

# grants tells whether a rule allows a verb on a resource of an API group; a subresource is written as in rules: `pods/exec`.
grants(rule, group, resource, verb) if {
	_holds(rule.apiGroups, {"*", group})
	_holds(rule.resources, {"*", resource, _of_any_resource(resource)})
	_holds(rule.verbs, {"*", verb})
}

# doubt says why the rules of a role don't tell what it grants.
doubt(role) := "its rules are filled in from the roles that its aggregationRule selects" if {
	is_object(role.aggregationRule)
	not _has_rules(role)
}

doubt(role) := "its rules are not of the form that Kubernetes accepts" if {
	_has_rules(role)
	not _is_well_formed(role)
}

# is_default_role tells the roles that the API server itself creates, by label and by name: the label alone is anyone's to set.
is_default_role(metadata) if {
	metadata.labels["kubernetes.io/bootstrapping"] == "rbac-defaults"
	_is_default_name(metadata.name)
}

# is_cluster_admin tells the role whose bindings have a control of their own.
is_cluster_admin(kind, metadata) if {
	kind == "kubernetes.rbac.authorization.k8s.io.ClusterRole"
	metadata.name == "cluster-admin"
}

# holders lists whom bindings give a role to, leaving out the parts of the control plane that a default role is made for.
holders(role, bindings) := {holder |
	is_array(bindings)
	some binding in bindings
	some subject in subjects(binding.attributes)
	name := subject_name(subject)
	not _is_control_plane(role, name)
	holder := {"subject": name, "binding": _binding_name(binding)}
}

# subjects lists the subjects of a binding; what is no list counts as one subject, so that it can't hide from an allow-list.
subjects(binding) := binding.subjects if is_array(binding.subjects)

subjects(binding) := [single] if {
	single := binding.subjects
	single != null
	not is_array(single)
}

# subject_name writes a subject as allow-lists do: `Group:name`, `User:name`, `ServiceAccount:namespace/name`. Manifests that
# a tool still has to complete often leave out the namespace.
subject_name(subject) := concat("", ["ServiceAccount:", namespace, "/", subject.name]) if {
	subject.kind == "ServiceAccount"
	namespace := object.get(subject, "namespace", "")
	is_string(namespace)
	is_string(subject.name)
} else := concat(":", [subject.kind, subject.name]) if {
	subject.kind in {"Group", "User"}
	is_string(subject.name)
} else := "a subject that is not readable"

_binding_name(binding) := binding.id if {
	is_string(binding.id)
} else := "a binding"

_holds(values, wanted) if {
	is_array(values)
	some value in values
	value in wanted
}

# RBAC has `*/exec` for a subresource of any resource, and nothing of the form `pods/*`.
_of_any_resource(resource) := concat("", ["*", substring(resource, indexof(resource, "/"), -1)]) if contains(resource, "/")

_of_any_resource(resource) := resource if not contains(resource, "/")

_has_rules(role) if {
	role.rules != null
	role.rules != []
}

_is_well_formed(role) if {
	is_array(role.rules)
	every candidate in role.rules {
		_is_rule(candidate)
	}
}

_is_rule(candidate) if {
	is_object(candidate)
	every field in {"apiGroups", "resources", "verbs"} {
		_is_text_list(object.get(candidate, field, []))
	}
}

_is_text_list(values) if {
	is_array(values)
	every value in values {
		is_string(value)
	}
}

_is_default_name(name) if {
	is_string(name)
	startswith(name, "system:")
}

_is_default_name(name) if name in {"admin", "cluster-admin", "edit", "view"}

# The default `system:` roles are bound to these and to service accounts in kube-system; anyone else was added.
_is_control_plane(role, subject) if {
	is_default_role(role.metadata)
	startswith(role.metadata.name, "system:")
	_is_component(subject)
}

_is_component(subject) if subject in {
	"Group:system:masters",
	"Group:system:nodes",
	"User:system:kube-controller-manager",
	"User:system:kube-proxy",
	"User:system:kube-scheduler",
}

_is_component(subject) if startswith(subject, "ServiceAccount:kube-system/")
