package policies.aws.cloudtrail.encrypted_with_customer_key_test

import data.policies.aws.cloudtrail.encrypted_with_customer_key

test_a_key_passes if {
	given := {"attributes": {"KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1"}}
	encrypted_with_customer_key.findings == set() with input as given
}

test_an_empty_key_fails if {
	encrypted_with_customer_key.findings == {_finding} with input as {"attributes": {"KmsKeyId": ""}}
	encrypted_with_customer_key.findings == {_finding} with input as {"attributes": {"KmsKeyId": null}}
}

test_nothing_configured_fails if {
	encrypted_with_customer_key.findings == {_finding} with input as {"attributes": {}}
}

_finding := {"message": "the trail names no KMS key for its log files", "path": ["KmsKeyId"]}
