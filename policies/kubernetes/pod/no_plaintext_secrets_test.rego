package policies.kubernetes.pod.no_plaintext_secrets_test

import data.policies.kubernetes.pod.no_plaintext_secrets

test_no_credentials_are_compliant if {
	count(no_plaintext_secrets.findings) == 0 with input as {"facts": {"credentials": []}}
}

test_each_credential_is_a_finding_where_it_lies if {
	no_plaintext_secrets.findings == {
		{
			"message": "the value looks like a credential: AWS access key",
			"path": ["spec", "containers", 0, "env", 2, "value"],
		},
		{"message": "the value looks like a credential: private key", "path": ["metadata", "annotations", "key"]},
	} with input as {"facts": {"credentials": [
		{"path": ["spec", "containers", 0, "env", 2, "value"], "pattern": "AWS access key"},
		{"path": ["metadata", "annotations", "key"], "pattern": "private key"},
	]}}
}

test_nothing_configured_is_no_error if {
	count(no_plaintext_secrets.findings) == 0 with input as {"facts": {}}
	count(no_plaintext_secrets.findings) == 0 with input as {}
}
