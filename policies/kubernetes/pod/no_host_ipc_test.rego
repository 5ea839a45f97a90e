package policies.kubernetes.pod.no_host_ipc_test

import data.policies.kubernetes.pod.no_host_ipc

test_unset_is_compliant if {
	count(no_host_ipc.findings) == 0 with input as {"attributes": {"spec": {}}}
}

test_false_is_compliant if {
	count(no_host_ipc.findings) == 0 with input as _pod(false)
}

test_null_is_unset if {
	count(no_host_ipc.findings) == 0 with input as _pod(null)
}

test_true_is_a_finding if {
	no_host_ipc.findings == {_finding} with input as _pod(true)
}

test_what_is_neither_true_nor_false_is_a_finding if {
	no_host_ipc.findings == {_finding} with input as _pod("yes")
}

test_nothing_configured_is_no_error if {
	count(no_host_ipc.findings) == 0 with input as {}
}

_pod(value) := {"attributes": {"spec": {"hostIPC": value}}}

_finding := {"message": "the pod shares inter-process memory with the host", "path": ["spec", "hostIPC"], "expected": false}
