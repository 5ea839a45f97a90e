# METADATA
# title: A seccomp profile is applied
# description: >-
#   Every container runs under the seccomp profile RuntimeDefault or Localhost, set by itself or through the pod,
#   and no level sets another.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tutorials/security/seccomp/
# custom:
#   severity: medium
#   resources: [kubernetes.PodSpec]
#   objectives: [workload-isolation]
#   remediation: >-
#     Set `spec.securityContext.seccompProfile.type` to RuntimeDefault and remove profiles of the type Unconfined
#     from containers.
#   scope: pods that do not declare Windows as their operating system
package policies.kubernetes.pod.seccomp_profile_set

import data.lib.kubernetes.pods

default applies := false

applies if not pods.is_windows(input)

findings contains finding if {
	profile := input.attributes.spec.securityContext.seccompProfile
	profile != null
	not _is_confining(profile)
	finding := {
		"message": "the pod runs its containers without a seccomp profile",
		"path": ["spec", "securityContext", "seccompProfile", "type"],
		"expected": "RuntimeDefault",
	}
}

findings contains finding if {
	some path, container in pods.containers(input)
	not _is_settled(container)
	finding := {
		"message": sprintf("%s runs without a seccomp profile", [pods.label("container", container)]),
		"path": array.concat(path, ["securityContext", "seccompProfile", "type"]),
		"expected": "RuntimeDefault",
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)

_is_confining(profile) if profile.type in {"RuntimeDefault", "Localhost"}

_is_settled(container) if _is_confining(container.securityContext.seccompProfile)

# What the container leaves open the pod decides; a wrong decision of the pod is a finding on the pod, once.
_is_settled(container) if {
	_pod_decides
	is_object(container)
	not _decides(container)
}

_decides(container) if container.securityContext.seccompProfile != null

_pod_decides if input.attributes.spec.securityContext.seccompProfile != null
