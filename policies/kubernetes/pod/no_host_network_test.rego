package policies.kubernetes.pod.no_host_network_test

import data.policies.kubernetes.pod.no_host_network

test_unset_is_compliant if {
	count(no_host_network.findings) == 0 with input as {"attributes": {"spec": {"containers": [{"name": "web"}]}}}
	count(no_host_network.unknowns) == 0 with input as {"attributes": {"spec": {"containers": [{"name": "web"}]}}}
}

test_false_is_compliant if {
	count(no_host_network.findings) == 0 with input as _pod(false)
}

test_null_is_unset if {
	count(no_host_network.findings) == 0 with input as _pod(null)
}

test_true_is_a_finding if {
	no_host_network.findings == {_finding} with input as _pod(true)
}

test_what_is_neither_true_nor_false_is_a_finding if {
	no_host_network.findings == {_finding} with input as _pod("yes")
}

test_nothing_configured_is_unknown if {
	every given in [{}, {"attributes": {}}, {"attributes": {"spec": {}}}] {
		no_host_network.findings == set() with input as given
		no_host_network.unknowns == {"the pod lists no containers"} with input as given
	}
}

_pod(value) := {"attributes": {"spec": {"containers": [{"name": "web"}], "hostNetwork": value}}}

_finding := {"message": "the pod uses the network of the host", "path": ["spec", "hostNetwork"], "expected": false}
