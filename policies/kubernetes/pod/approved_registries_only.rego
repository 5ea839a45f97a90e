# METADATA
# title: Images come from approved registries
# description: >-
#   Every container's image lies under one of the registries or repositories of the parameter
#   pod_approved_registries.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
#   - ref: https://github.com/distribution/reference
# custom:
#   severity: high
#   resources: [kubernetes.PodSpec]
#   objectives: [software-supply-chain]
#   remediation: >-
#     Copy the image to an approved registry and name it there, or add its registry to the parameter
#     `pod_approved_registries`.
package policies.kubernetes.pod.approved_registries_only

import data.lib.kubernetes.pods

findings contains finding if {
	count(_approved) > 0
	some path, container in pods.containers(input)
	not _has_approved_image(container)
	finding := {
		"message": sprintf("%s does not take its image from an approved registry", [pods.label("container", container)]),
		"path": array.concat(path, ["image"]),
	}
}

unknowns contains "no approved registries are configured" if count(_approved) == 0

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)

# By segments, so that ghcr.io/acme approves ghcr.io/acme/app and not ghcr.io/acme-other/app.
_approved contains split(trim_suffix(entry, "/"), "/") if {
	some entry in pods.entries(input.parameters.pod_approved_registries)
	is_string(entry)
}

_has_approved_image(container) if {
	is_string(container.image)
	container.image != ""
	segments := _segments(container.image)
	some approved in _approved
	array.slice(segments, 0, count(approved)) == approved
}

# Registry and repository as the runtimes read them, without tag and digest: `nginx:1.27` is docker.io/library/nginx.
_segments(image) := _with_library(_with_registry(_without_tag(split(split(image, "@")[0], "/"))))

_without_tag(segments) := array.concat(array.slice(segments, 0, last), [split(segments[last], ":")[0]]) if {
	last := count(segments) - 1
}

_with_registry(segments) := array.concat(["docker.io"], array.slice(segments, 1, count(segments))) if {
	segments[0] == "index.docker.io"
}

else := segments if _is_host(segments)

else := array.concat(["docker.io"], segments)

# What stands before the first slash is a registry only if it looks like a host.
_is_host(segments) if {
	count(segments) > 1
	_looks_like_host(segments[0])
}

_looks_like_host(segment) if contains(segment, ".")

_looks_like_host(segment) if contains(segment, ":")

_looks_like_host(segment) if segment == "localhost"

_looks_like_host(segment) if lower(segment) != segment

_with_library(segments) := ["docker.io", "library", segments[1]] if {
	segments[0] == "docker.io"
	count(segments) == 2
}

else := segments
