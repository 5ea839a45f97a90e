package policies.kubernetes.pod.no_latest_image_tags_test

import data.policies.kubernetes.pod.no_latest_image_tags

test_a_tag_is_compliant if {
	every image in {
		"nginx:1.27",
		"ghcr.io/acme/app:v1",
		"localhost:5000/app:1",
		"nginx:latest-alpine",
	} {
		count(no_latest_image_tags.findings) == 0 with input as _pod(image)
	}
}

test_a_digest_is_compliant if {
	every name in {"nginx", "nginx:latest", "registry.example.com:5000/app"} {
		image := sprintf("%s@sha256:3f2c1d7f6d1e9c2b", [name])
		count(no_latest_image_tags.findings) == 0 with input as _pod(image)
	}
}

test_latest_is_a_finding if {
	every image in {"nginx:latest", "ghcr.io/acme/app:latest", "localhost:5000/app:latest"} {
		no_latest_image_tags.findings == {_finding} with input as _pod(image)
	}
}

test_no_tag_is_a_finding if {
	every image in {"nginx", "ghcr.io/acme/app", "localhost:5000/app", "nginx:", ""} {
		no_latest_image_tags.findings == {_finding} with input as _pod(image)
	}
}

test_what_is_no_name_is_a_finding if {
	no_latest_image_tags.findings == {_finding} with input as _pod(null)
	no_latest_image_tags.findings == {_finding} with input as {"attributes": {"spec": {"containers": [{"name": "web"}]}}}
}

test_every_kind_of_container_is_judged if {
	no_latest_image_tags.findings == {
		{"message": "container setup names its image by no digest and by no tag but latest", "path": ["spec", "initContainers", 0, "image"]},
		{"message": "container debug names its image by no digest and by no tag but latest", "path": ["spec", "ephemeralContainers", 0, "image"]},
	} with input as {
		"attributes": {"spec": {
			"initContainers": [{"name": "setup", "image": "nginx"}],
			"ephemeralContainers": [{"name": "debug", "image": "nginx"}],
		}},
		"parameters": {"pod_approved_registries": ["ghcr.io/acme"]},
	}
}

test_a_pod_without_containers_is_unknown if {
	count(no_latest_image_tags.findings) == 0 with input as {"attributes": {"spec": {}}}
	no_latest_image_tags.unknowns == {"the pod lists no containers"} with input as {"attributes": {"spec": {}}}
}

test_nothing_configured_is_no_error if {
	count(no_latest_image_tags.findings) == 0 with input as {}
	no_latest_image_tags.unknowns == {"the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(no_latest_image_tags.unknowns) == 0 with input as _pod("nginx:1.27")
}

_pod(image) := {"attributes": {"spec": {"containers": [{"name": "web", "image": image}]}}}

_finding := {
	"message": "container web names its image by no digest and by no tag but latest",
	"path": ["spec", "containers", 0, "image"],
}
