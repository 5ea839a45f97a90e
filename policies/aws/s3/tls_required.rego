# METADATA
# title: S3 buckets refuse requests without TLS
# description: >-
#   The bucket policy denies everyone every action without TLS (`aws:SecureTransport` false, and no other condition), on the bucket
#   and on all its objects.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html#transit
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
# custom:
#   severity: high
#   resources: [aws.s3.bucket]
#   objectives: [encryption-in-transit]
#   remediation: >-
#     Add a statement with `Effect: Deny`, `Principal: "*"`, `Action: "s3:*"`, `Resource: [BUCKET_ARN, BUCKET_ARN/*]` and
#     `Condition: {"Bool": {"aws:SecureTransport": "false"}}`.
package policies.aws.s3.tls_required

import data.lib.aws.policies

findings contains finding if {
	some name, suffix in {"the bucket": "", "its objects": "/*"}
	not _is_denied(suffix)
	finding := {
		"message": sprintf("no statement of the bucket policy denies requests without TLS to %s", [name]),
		"path": ["Policy", "Statement"],
	}
}

# `names_everyone` also takes wildcards that stand for a part of everyone: right for a grant, too generous for a denial.
_everyone := {"type": "AWS", "name": "*"}

# Whether a Deny covers the bucket, or what the suffix adds to it. `NAME*` covers both.
_is_denied(suffix) if {
	is_string(input.attributes.Name)
	some statement in policies.statements(input.attributes.Policy)
	statement.Effect == "Deny"
	_everyone in policies.principals(statement)
	not statement.NotPrincipal
	some action in policies.one_or_more(statement.Action)
	is_string(action)
	lower(action) in {"*", "s3:*"}
	_is_only_for_plain_text(statement)
	some resource in policies.one_or_more(statement.Resource)
	_target(resource) in {"*", concat("", [input.attributes.Name, suffix]), concat("", [input.attributes.Name, "*"])}
}

_is_only_for_plain_text(statement) if {
	conditions := policies.conditions(statement)
	count(conditions) == 1
	count(statement.Condition) == 1
	some condition in conditions
	condition.key == "aws:securetransport"
	condition.operator in {"bool", "boolifexists"}
	some value in condition.values
	_is_false(value)
}

_is_false(value) if value == false

_is_false(value) if {
	is_string(value)
	lower(value) == "false"
}

# What an ARN of S3 names, in any partition.
_target(resource) := "*" if resource == "*"

_target(resource) := parts[1] if {
	is_string(resource)
	parts := split(resource, ":s3:::")
	startswith(parts[0], "arn:aws")
}
