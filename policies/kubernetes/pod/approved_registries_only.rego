# METADATA
# title: Images come from approved registries
# description: Every container's image lies under one of the registries or repositories of the parameter pod_approved_registries.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
#   - ref: https://github.com/distribution/reference
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [software-supply-chain]
#   remediation: Copy the image to an approved registry and name it there, or add its registry to the parameter `pod_approved_registries`.
package policies.kubernetes.pod.approved_registries_only

import data.lib.kubernetes.pods

findings contains finding if {
	count(_approved) > 0
	some path, container in pods.containers
	not _is_approved(container.image)
	finding := {
		"message": sprintf("%s does not take its image from an approved registry", [pods.label("container", container)]),
		"path": array.concat(path, ["image"]),
	}
}

unknowns contains "no approved registries are configured" if count(_approved) == 0

unknowns contains reason if some reason in pods.unreadable_containers

# Each ends in a slash, so that example.com approves example.com/app and not example.com.evil/app.
_approved contains sprintf("%s/", [trim_right(entry, "/")]) if {
	some index
	entry := input.parameters.pod_approved_registries[index]
	is_string(entry)
}

_is_approved(image) if {
	is_string(image)
	name := _full_name(image)
	some prefix in _approved
	startswith(name, prefix)
}

# Registry and repository as the runtimes read them, without tag and digest: `nginx:1.27` is docker.io/library/nginx/.
_full_name(image) := sprintf("%s/", [_with_library(_with_registry(regex.replace(image, `(:[A-Za-z0-9_.-]+)?(@.*)?$`, "")))])

# What stands before the first slash is a registry only if it looks like a host.
_with_registry(repository) := regex.replace(repository, `^index[.]docker[.]io/`, "docker.io/") if {
	regex.match(`^([^/]*[.:A-Z][^/]*|localhost)/`, repository)
}

else := sprintf("docker.io/%s", [repository])

_with_library(repository) := regex.replace(repository, `^docker[.]io/([^/]+)$`, "docker.io/library/$1")
