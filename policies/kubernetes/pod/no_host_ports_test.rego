package policies.kubernetes.pod.no_host_ports_test

import data.policies.kubernetes.pod.no_host_ports

test_ports_of_the_container_are_compliant if {
	count(no_host_ports.findings) == 0 with input as _pod([{"containerPort": 8080}])
	count(no_host_ports.findings) == 0 with input as _pod([])
	count(no_host_ports.findings) == 0 with input as _pod(null)
}

test_zero_and_null_are_unset if {
	count(no_host_ports.findings) == 0 with input as _pod([{"hostPort": 0}, {"hostPort": null}])
}

test_host_ports_are_findings if {
	no_host_ports.findings == {
		{"message": "container web binds a port of the host", "path": ["spec", "containers", 0, "ports", 1, "hostPort"]},
		{"message": "container web binds a port of the host", "path": ["spec", "containers", 0, "ports", 2, "hostPort"]},
	} with input as _pod([{"containerPort": 8080}, {"hostPort": 1}, {"hostPort": "80"}])
}

test_every_kind_of_container_is_judged if {
	no_host_ports.findings == {
		{"message": "container setup binds a port of the host", "path": ["spec", "initContainers", 0, "ports", 0, "hostPort"]},
		{"message": "container debug binds a port of the host", "path": ["spec", "ephemeralContainers", 0, "ports", 0, "hostPort"]},
	} with input as {"attributes": {"spec": {
		"initContainers": [{"name": "setup", "ports": [{"hostPort": 80}]}],
		"ephemeralContainers": [{"name": "debug", "ports": [{"hostPort": 80}]}],
	}}}
}

test_a_pod_without_containers_is_unknown if {
	count(no_host_ports.findings) == 0 with input as {"attributes": {"spec": {}}}
	no_host_ports.unknowns == {"the pod lists no containers"} with input as {"attributes": {"spec": {}}}
}

test_nothing_configured_is_no_error if {
	count(no_host_ports.findings) == 0 with input as {}
	no_host_ports.unknowns == {"the pod lists no containers"} with input as {}
}

test_a_pod_with_containers_is_known if {
	count(no_host_ports.unknowns) == 0 with input as _pod([])
}

_pod(ports) := {"attributes": {"spec": {"containers": [{"name": "web", "ports": ports}]}}}
