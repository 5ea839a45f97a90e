package policies.kubernetes.pod.approved_registries_only_test

import data.policies.kubernetes.pod.approved_registries_only

test_images_below_an_approved_registry_are_compliant if {
	every image in {
		"ghcr.io/acme/app:1",
		"ghcr.io/acme/team/app@sha256:3f2c1d7f",
		"ghcr.io/acme/app:1@sha256:3f2c1d7f",
		"ghcr.io/acme:1",
	} {
		count(approved_registries_only.findings) == 0 with input as _pod(image, ["quay.io", "ghcr.io/acme"])
	}
}

test_images_elsewhere_are_findings if {
	every image in {
		"ghcr.io/other/app:1",
		"ghcr.io/acmeother/app",
		"ghcr.io.example.com/acme/app",
		"example.com/ghcr.io/acme/app",
		"example.com/app@ghcr.io/acme/app",
		"ghcr.io",
	} {
		approved_registries_only.findings == {_finding} with input as _pod(image, ["ghcr.io/acme"])
	}
}

test_one_repository_may_be_approved if {
	every version in {"", ":1", "@sha256:3f2c1d7f", ":1@sha256:3f2c1d7f"} {
		image := sprintf("ghcr.io/acme/app%s", [version])
		count(approved_registries_only.findings) == 0 with input as _pod(image, ["ghcr.io/acme/app"])
		approved_registries_only.findings == {_finding} with input as _pod(image, ["ghcr.io/acme/app/part"])
	}
}

test_a_slash_at_the_end_changes_nothing if {
	count(approved_registries_only.findings) == 0 with input as _pod("ghcr.io/acme/app:1", ["ghcr.io/acme/"])
}

test_the_port_belongs_to_the_registry if {
	count(approved_registries_only.findings) == 0 with input as _pod("registry:5000/app:1", ["registry:5000"])
	count(approved_registries_only.findings) == 0 with input as _pod("localhost:5000/app", ["localhost:5000"])
	approved_registries_only.findings == {_finding} with input as _pod("registry.example.com:5000/app:1", ["registry.example.com"])
	approved_registries_only.findings == {_finding} with input as _pod("localhost:5000/app", ["localhost"])
}

test_a_name_without_a_registry_is_of_docker_hub if {
	every image in {
		"nginx",
		"nginx:1.27",
		"docker.io/nginx:1",
		"index.docker.io/nginx",
		"library/nginx",
		"docker.io/library/nginx",
	} {
		count(approved_registries_only.findings) == 0 with input as _pod(image, ["docker.io/library"])
	}
	count(approved_registries_only.findings) == 0 with input as _pod("nginx:1.27", ["docker.io/library/nginx"])
	approved_registries_only.findings == {_finding} with input as _pod("redis:7", ["docker.io/library/nginx"])
	every image in {"acme/app", "docker.io/acme/app:1", "index.docker.io/acme/app"} {
		count(approved_registries_only.findings) == 0 with input as _pod(image, ["docker.io/acme"])
		approved_registries_only.findings == {_finding} with input as _pod(image, ["docker.io/library", "acme"])
	}
}

test_a_name_that_looks_like_a_host_is_one_only_before_a_slash if {
	count(approved_registries_only.findings) == 0 with input as _pod("example.com", ["docker.io/library"])
	approved_registries_only.findings == {_finding} with input as _pod("example.com", ["example.com"])
}

test_hosts_are_told_from_names_of_docker_hub if {
	every registry in {"example.com", "registry:5000", "localhost", "Registry"} {
		image := sprintf("%s/app", [registry])
		count(approved_registries_only.findings) == 0 with input as _pod(image, [registry])
		approved_registries_only.findings == {_finding} with input as _pod(image, ["docker.io"])
	}
}

test_only_docker_hub_has_a_library if {
	approved_registries_only.findings == {_finding} with input as _pod("ghcr.io/app", ["docker.io"])
	count(approved_registries_only.findings) == 0 with input as _pod("ghcr.io/app", ["ghcr.io/app"])
}

test_what_is_no_name_is_a_finding if {
	every image in {null, 1, ""} {
		approved_registries_only.findings == {_finding} with input as _pod(image, ["docker.io"])
	}
	approved_registries_only.findings == {_finding} with input as {
		"attributes": {"spec": {"containers": [{"name": "web"}]}},
		"parameters": {"pod_approved_registries": ["docker.io"]},
	}
}

test_an_entry_that_is_no_text_approves_nothing if {
	approved_registries_only.findings == {_finding} with input as _pod("nginx", ["quay.io", 1])
}

test_no_approved_registries_is_unknown if {
	every registries in {[], null, [1]} {
		count(approved_registries_only.findings) == 0 with input as _pod("nginx", registries)
		approved_registries_only.unknowns == {"no approved registries are configured"} with input as _pod("nginx", registries)
	}
}

test_every_kind_of_container_is_judged if {
	approved_registries_only.findings == {
		{"message": "container setup does not take its image from an approved registry", "path": ["spec", "initContainers", 0, "image"]},
		{"message": "container debug does not take its image from an approved registry", "path": ["spec", "ephemeralContainers", 0, "image"]},
	} with input as {
		"attributes": {"spec": {
			"initContainers": [{"name": "setup", "image": "nginx"}],
			"ephemeralContainers": [{"name": "debug", "image": "nginx"}],
		}},
		"parameters": {"pod_approved_registries": ["ghcr.io/acme"]},
	}
}

test_a_pod_without_containers_is_unknown if {
	approved_registries_only.unknowns == {"the pod lists no containers"} with input as {
		"attributes": {"spec": {}},
		"parameters": {"pod_approved_registries": ["docker.io"]},
	}
}

test_nothing_configured_is_no_error if {
	count(approved_registries_only.findings) == 0 with input as {}
	approved_registries_only.unknowns == {"no approved registries are configured", "the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(approved_registries_only.unknowns) == 0 with input as _pod("nginx", ["docker.io"])
}

_pod(image, registries) := {
	"attributes": {"spec": {"containers": [{"name": "web", "image": image}]}},
	"parameters": {"pod_approved_registries": registries},
}

_finding := {
	"message": "container web does not take its image from an approved registry",
	"path": ["spec", "containers", 0, "image"],
}
