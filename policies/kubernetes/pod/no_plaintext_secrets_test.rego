package policies.kubernetes.pod.no_plaintext_secrets_test

import data.policies.kubernetes.pod.no_plaintext_secrets

test_no_credentials_are_compliant if {
	every facts in [{"credentials": []}, {}] {
		count(no_plaintext_secrets.findings) == 0 with input as _pod(facts)
		count(no_plaintext_secrets.unknowns) == 0 with input as _pod(facts)
	}
}

test_each_credential_is_a_finding_where_it_lies if {
	no_plaintext_secrets.findings == {
		{
			"message": "the value looks like a credential: AWS access key",
			"path": ["spec", "containers", 0, "env", 2, "value"],
		},
		{"message": "the value looks like a credential: private key", "path": ["metadata", "annotations", "key"]},
	} with input as _pod({"credentials": [
		{"path": ["spec", "containers", 0, "env", 2, "value"], "pattern": "AWS access key"},
		{"path": ["metadata", "annotations", "key"], "pattern": "private key"},
	]})
}

test_nothing_configured_is_unknown if {
	every given in [{}, {"attributes": {}}, {"attributes": {"spec": {}}}] {
		no_plaintext_secrets.findings == set() with input as given
		no_plaintext_secrets.unknowns == {"the pod lists no containers"} with input as given
	}
}

_pod(facts) := {"attributes": {"spec": {"containers": [{"name": "web"}]}}, "facts": facts}
