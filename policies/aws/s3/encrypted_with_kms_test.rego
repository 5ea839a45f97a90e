package policies.aws.s3.encrypted_with_kms_test

import data.policies.aws.s3.encrypted_with_kms

test_kms_passes if {
	encrypted_with_kms.findings == set() with input as _bucket({}, "aws:kms")
	encrypted_with_kms.findings == set() with input as _bucket({}, "aws:kms:dsse")
	encrypted_with_kms.findings == set() with input as _bucket({"data-classification": "public"}, "aws:kms")
}

test_keys_of_s3_fail_without_a_label if {
	encrypted_with_kms.findings == {{
		"message": "the default encryption does not use KMS",
		"path": ["Encryption", "Rules", 0, "ApplyServerSideEncryptionByDefault", "SSEAlgorithm"],
		"expected": "aws:kms",
	}} with input as _bucket({}, "AES256")
}

test_keys_of_s3_pass_for_data_that_are_not_sensitive if {
	encrypted_with_kms.findings == set() with input as _bucket({"data-classification": "public"}, "AES256")
}

test_no_default_encryption_fails if {
	finding := {"message": "the bucket has no default encryption", "path": ["Encryption", "Rules"]}
	encrypted_with_kms.findings == {finding} with input as {"attributes": {}}
	encrypted_with_kms.findings == {finding} with input as {"attributes": {"Encryption": {"Rules": []}}}
	encrypted_with_kms.findings == {finding} with input as {"attributes": {"Encryption": {"Rules": "aws:kms"}}}
	encrypted_with_kms.findings == {finding} with input as {"attributes": {"Encryption": {"Rules": {"first": _rule("aws:kms")}}}}
	encrypted_with_kms.findings == {finding} with input as _bucket({"data-classification": "public"}, null)
}

_bucket(labels, algorithm) := {
	"labels": labels,
	"parameters": {"s3_labels_not_sensitive": ["data-classification=public"]},
	"attributes": {"Encryption": {"Rules": [_rule(algorithm)]}},
}

_rule(algorithm) := {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}}
