# METADATA
# title: Pod security admission enforces baseline or restricted
# description: The namespace's label has the API server enforce the restricted pod security standard, or the baseline one where the namespace is listed for it in the parameter pod_security_baseline_namespaces.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
# custom:
#   severity: high
#   resources: [kubernetes.core.Namespace]
#   objectives: [preventive-guardrails, workloads-unprivileged]
#   scope: namespaces other than those of Kubernetes itself (parameter namespace_system_names)
#   remediation: Label the namespace `pod-security.kubernetes.io/enforce=restricted`; try it with the label `pod-security.kubernetes.io/warn=restricted` first.
package policies.kubernetes.namespace.pod_security_enforced

default applies := false

applies if not _is_system

findings contains {
	"message": "pod security admission enforces no sufficient level in the namespace",
	"path": ["metadata", "labels", "pod-security.kubernetes.io/enforce"],
	"expected": _expected,
} if {
	not _is_enforced
}

_is_system if input.attributes.metadata.name in input.parameters.namespace_system_names

_is_enforced if _level == "restricted"

_is_enforced if {
	_level == "baseline"
	_is_baseline_enough
}

_level := input.attributes.metadata.labels["pod-security.kubernetes.io/enforce"]

_is_baseline_enough if input.attributes.metadata.name in input.parameters.pod_security_baseline_namespaces

default _expected := "restricted"

_expected := "baseline" if _is_baseline_enough
