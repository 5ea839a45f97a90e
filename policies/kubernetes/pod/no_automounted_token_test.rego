package policies.kubernetes.pod.no_automounted_token_test

import data.policies.kubernetes.pod.no_automounted_token

test_declined_by_the_pod_is_compliant if {
	every account in [[], [_account(true)], [_account(false)]] {
		count(no_automounted_token.findings) == 0 with input as _pod(false, account)
	}
}

test_declined_by_the_service_account_is_compliant if {
	count(no_automounted_token.findings) == 0 with input as _pod(null, [_account(false)])
	count(no_automounted_token.findings) == 0 with input as {
		"attributes": {"spec": {"containers": [{"name": "web"}]}},
		"related": {"service_account": [_account(false)]},
	}
}

test_the_pod_overrules_its_service_account if {
	no_automounted_token.findings == {_finding} with input as _pod(true, [_account(false)])
}

test_the_service_account_may_ask_for_it if {
	no_automounted_token.findings == {_finding} with input as _pod(null, [_account(true)])
	no_automounted_token.findings == {_finding} with input as _pod(null, [_account(null)])
}

test_the_default_is_to_mount_it if {
	no_automounted_token.findings == {_finding} with input as _pod(null, [{"attributes": {}}])
	no_automounted_token.unknowns == set() with input as _pod(null, [{"attributes": {}}])
}

test_the_pod_decides_without_its_service_account if {
	no_automounted_token.findings == {_finding} with input as _pod(true, [])
	no_automounted_token.unknowns == set() with input as _pod(true, [])
	no_automounted_token.unknowns == set() with input as _pod(false, [])
}

test_without_the_service_account_the_default_is_not_known if {
	every given in [_pod(null, []), {"attributes": {"spec": {"containers": [{"name": "web"}]}}}] {
		no_automounted_token.findings == set() with input as given
		no_automounted_token.unknowns == {"its service account is not among what was read"} with input as given
	}
}

test_nothing_configured_is_unknown if {
	every given in [{}, {"attributes": {}}, {"attributes": {"spec": {}}}] {
		no_automounted_token.findings == set() with input as given
		no_automounted_token.unknowns == {
			"its service account is not among what was read",
			"the pod lists no containers",
		} with input as given
	}
}

test_a_pod_without_containers_is_unknown_even_where_its_service_account_declines if {
	no_automounted_token.unknowns == {"the pod lists no containers"} with input as {
		"attributes": {"spec": {}},
		"related": {"service_account": [_account(false)]},
	}
}

_pod(value, accounts) := {
	"attributes": {"spec": {"containers": [{"name": "web"}], "automountServiceAccountToken": value}},
	"related": {"service_account": accounts},
}

_account(value) := {"attributes": {"automountServiceAccountToken": value}}

_finding := {
	"message": "the token of the service account is mounted into the pod",
	"path": ["spec", "automountServiceAccountToken"],
	"expected": false,
}
