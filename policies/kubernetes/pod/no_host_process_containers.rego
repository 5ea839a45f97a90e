# METADATA
# title: Windows host-process containers are not used
# description: Neither the pod nor a container sets windowsOptions.hostProcess to true.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [workloads-unprivileged]
#   remediation: >-
#     Remove `securityContext.windowsOptions.hostProcess` from the pod and its containers, or set it to false.
package policies.kubernetes.pod.no_host_process_containers

import data.lib.kubernetes.pods

findings contains finding if {
	value := input.attributes.spec.securityContext.windowsOptions.hostProcess
	not value in {false, null}
	finding := {
		"message": "the pod runs its containers as processes of the Windows host",
		"path": ["spec", "securityContext", "windowsOptions", "hostProcess"],
		"expected": false,
	}
}

findings contains finding if {
	some path, container in pods.containers(input)
	value := container.securityContext.windowsOptions.hostProcess
	not value in {false, null}
	finding := {
		"message": sprintf("%s runs as a process of the Windows host", [pods.label("container", container)]),
		"path": array.concat(path, ["securityContext", "windowsOptions", "hostProcess"]),
		"expected": false,
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)
