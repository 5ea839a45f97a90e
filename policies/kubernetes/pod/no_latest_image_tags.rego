# METADATA
# title: Images are not taken by the tag latest
# description: Every image is named by digest, or by a tag other than latest.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
# custom:
#   severity: medium
#   resources: [kubernetes.PodSpec]
#   objectives: [artefacts-traceable]
#   remediation: Name the image by digest (registry.example.com/app@sha256:…), or at least by the tag of a release.
package policies.kubernetes.pod.no_latest_image_tags

import data.lib.kubernetes.pods

findings contains finding if {
	some path, container in pods.containers(input)
	not _has_fixed_image(container)
	finding := {
		"message": sprintf("%s names its image by no digest and by no tag but latest", [pods.label("container", container)]),
		"path": array.concat(path, ["image"]),
	}
}

unknowns contains "the pod lists no containers" if not pods.lists_containers(input)

_has_fixed_image(container) if {
	is_string(container.image)
	segments := split(container.image, "/")

	# `app:1.2` and `app@sha256:…` alike; a colon before the last slash belongs to the port of a registry.
	version := split(segments[count(segments) - 1], ":")[1]
	not version in {"", "latest"}
}
