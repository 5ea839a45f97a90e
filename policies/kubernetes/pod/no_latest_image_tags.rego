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
	some path, container in pods.containers
	not _is_fixed(container.image)
	finding := {
		"message": sprintf("%s names its image neither by digest nor by a tag other than latest", [pods.label("container", container)]),
		"path": array.concat(path, ["image"]),
	}
}

unknowns contains reason if some reason in pods.unreadable_containers

_is_fixed(image) if {
	is_string(image)
	regex.match(`@[A-Za-z0-9+._-]+:[0-9a-fA-F]+$`, image)
}

# A colon before the last slash belongs to the port of a registry.
_is_fixed(image) if {
	is_string(image)
	regex.match(`:[A-Za-z0-9_][A-Za-z0-9_.-]*$`, image)
	not endswith(image, ":latest")
}
