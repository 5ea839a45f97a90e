package policies.aws.s3.tls_required_test

import data.policies.aws.s3.tls_required

test_a_denial_for_bucket_and_objects_passes if {
	tls_required.findings == set() with input as _bucket([_deny({})])
}

test_other_spellings_pass if {
	every parts in [
		{"Principal": {"AWS": "*"}},
		{"Action": "*"},
		{"Action": ["kms:*", "S3:*"]},
		{"Condition": {"Bool": {"AWS:secureTransport": false}}},
		{"Condition": {"BoolIfExists": {"aws:SecureTransport": ["False"]}}},
		{"Resource": "*"},
		{"Resource": "arn:aws:s3:::*"},
		{"Resource": "arn:aws-cn:s3:::ml*"},
		{"Resource": [1, "arn:aws:s3:::ml", "arn:aws:s3:::ml/*"]},
	] {
		tls_required.findings == set() with input as _bucket([_deny(parts)])
	}
}

test_two_statements_may_share_the_work if {
	tls_required.findings == set() with input as _bucket([
		_deny({"Resource": "arn:aws:s3:::ml"}),
		_deny({"Resource": "arn:aws:s3:::ml/*"}),
	])
	tls_required.findings == set() with input as {"attributes": {"Name": "ml", "Policy": {"Statement": _deny({})}}}
}

test_what_is_left_out_fails if {
	tls_required.findings == {_objects} with input as _bucket([_deny({"Resource": "arn:aws:s3:::ml"})])
	tls_required.findings == {_itself} with input as _bucket([_deny({"Resource": "arn:aws:s3:::ml/*"})])
}

test_a_denial_that_is_narrower_fails if {
	every parts in [
		{"Effect": "Allow"},
		{"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
		{"Principal": {"AWS": "arn:aws:iam::111122223333:user/*"}},
		{"Principal": {"Service": "*"}},
		{"Action": "s3:GetObject"},
		{"Action": [1]},
		{"Condition": {}},
		{"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
		{"Condition": {"Bool": {"aws:SecureTransport": true}}},
		{"Condition": {"Bool": {"aws:SecureTransport": 1}}},
		{"Condition": {"Bool": {"aws:ViaAWSService": "false"}}},
		{"Condition": {"StringEquals": {"aws:SecureTransport": "false"}}},
		{"Condition": {"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}}},
		{"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": "unreadable"}},
		{"Resource": ["arn:aws:s3:::other", "arn:aws:s3:::other/*"]},
		{"Resource": ["urn:s3:::ml", "urn:s3:::ml*"]},
		{"Resource": [1]},
		{"Resource": ["ml", "ml*"]},
	] {
		tls_required.findings == {_itself, _objects} with input as _bucket([_deny(parts)])
	}
}

test_a_second_condition_or_an_exception_is_narrower if {
	narrowed := _deny({"Condition": {"Bool": {"aws:SecureTransport": "false"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}})
	tls_required.findings == {_itself, _objects} with input as _bucket([narrowed])
	excepted := object.union(_deny({}), {"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}})
	tls_required.findings == {_itself, _objects} with input as _bucket([excepted])
}

test_nothing_configured_fails if {
	tls_required.findings == {_itself, _objects} with input as {"attributes": {}}
	tls_required.findings == {_itself, _objects} with input as {"attributes": {"Name": 1, "Policy": {"Statement": [_deny({})]}}}
}

_bucket(statements) := {"attributes": {"Name": "ml", "Policy": {"Statement": statements}}}

# Not a union of objects: that would keep the condition beside the one it is replaced by.
_deny(parts) := {element: object.get(parts, element, value) | some element, value in _complete}

_complete := {
	"Effect": "Deny",
	"Principal": "*",
	"Action": "s3:*",
	"Resource": ["arn:aws:s3:::ml", "arn:aws:s3:::ml/*"],
	"Condition": {"Bool": {"aws:SecureTransport": "false"}},
}

_itself := {
	"message": "no statement of the bucket policy denies requests without TLS to the bucket",
	"path": ["Policy", "Statement"],
}

_objects := {
	"message": "no statement of the bucket policy denies requests without TLS to its objects",
	"path": ["Policy", "Statement"],
}
