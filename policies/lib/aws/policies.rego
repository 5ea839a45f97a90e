# METADATA
# title: What a policy document grants
# description: >-
#   The policy language of AWS, as far as the controls ask: who is let in, on what condition, and to what. Where a document
#   may hold one value or a list, both are read. Whatever this module does not know makes a statement wider, never narrower.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
package lib.aws.policies

# The statements of a document by the path that leads to each.
statements(document) := {["Statement"]: document.Statement} if is_object(document.Statement)

else := {["Statement", index]: statement |
	is_array(document.Statement)
	some index, statement in document.Statement
}

# Whether a document is of a form that can't be judged. AWS stores none such; whoever meets one must not call it harmless.
is_unreadable(document) if not _lists_statements(document)

is_unreadable(document) if {
	some statement in statements(document)
	not _is_statement(statement)
}

# The same for a policy that is attached to a resource, whose statements also say who.
is_unreadable_for_resource(document) if is_unreadable(document)

is_unreadable_for_resource(document) if {
	some statement in statements(document)
	not _says_who(statement)
}

# Whether a statement lets in everyone, or everyone who signs in at a public identity provider, on no condition that limits
# who that is: the meaning of "public" in S3 Block Public Access.
is_public(statement) if is_open_to_everyone(statement)

is_public(statement) if {
	statement.Effect == "Allow"
	some principal in principals(statement)
	principal.type == "Federated"
	not _is_own_provider(principal)
	not is_limited(statement)
}

# Whether a statement lets in everyone by a wildcard, on no condition that limits who that is.
is_open_to_everyone(statement) if {
	statement.Effect == "Allow"
	names_everyone(statement)
	not is_limited(statement)
}

# Whether a statement is for everyone, or for everyone but a few, whatever its effect and conditions.
names_everyone(statement) if {
	some principal in principals(statement)
	contains(principal.name, "*")
}

names_everyone(statement) if statement.NotPrincipal

# Whom a statement names, each with `type` and `name`.
principals(statement) := {{"type": "AWS", "name": statement.Principal}} if is_string(statement.Principal)

else := {{"type": type, "name": name} |
	is_object(statement.Principal)
	some type, names in statement.Principal
	some name in one_or_more(names)
	is_string(name)
}

# Whether one of the conditions limits who is let in to fixed accounts, organisations, networks or sources. All conditions of
# a statement must hold, so one is enough.
is_limited(statement) if {
	some condition in conditions(statement)
	_limits(trim_prefix(condition.operator, "foranyvalue:"), condition.key, condition.values)
}

# The conditions of a statement, each with `operator` and `key`, in lower case as AWS does not tell cases apart, and `values`.
conditions(statement) := {{"operator": lower(operator), "key": lower(key), "values": one_or_more(wanted)} |
	is_object(statement.Condition)
	some operator, tests in statement.Condition
	is_object(tests)
	some key, wanted in tests
}

# Whether a statement allows everything on everything, or everything but a few things that leave IAM open, from where all
# else can be had. Conditions do not make it less than that.
is_full_administration(statement) if {
	statement.Effect == "Allow"
	_means_any_action(statement)
	_means_any_resource(statement)
}

# A value that may stand alone or in a list, as a list.
one_or_more(value) := value if is_array(value)

else := [value]

_is_own_provider(principal) if startswith(principal.name, "arn:")

_lists_statements(document) if is_array(document.Statement)

_lists_statements(document) if is_object(document.Statement)

_is_statement(statement) if {
	statement.Effect in {"Allow", "Deny"}
	some element in {"Action", "NotAction"}
	every action in one_or_more(statement[element]) {
		is_string(action)
	}
}

_says_who(statement) if count(principals(statement)) > 0

_says_who(statement) if statement.NotPrincipal

# ForAllValues and IfExists also hold where the request lacks the key, and Null or a negation for nearly every request.
_limits(operator, key, wanted) if {
	operator in {"arnequals", "arnlike", "stringequals", "stringequalsignorecase", "stringlike"}
	count(wanted) > 0
	every value in wanted {
		is_string(value)
		_is_fixed(key, value)
	}
}

_limits(operator, key, wanted) if {
	operator == "ipaddress"
	key == "aws:sourceip"
	count(wanted) > 0
	every value in wanted {
		is_string(value)
		_is_narrow_range(value)
	}
}

# kms:ViaService is not among them: anyone may call through a service.
_is_fixed(key, value) if {
	key in {
		"aws:principalaccount",
		"aws:principalorgid",
		"aws:sourceaccount",
		"aws:sourcearn",
		"aws:sourceorgid",
		"aws:sourceowner",
		"aws:sourcevpc",
		"aws:sourcevpce",
		"aws:userid",
		"aws:vpceaccount",
		"aws:vpceorgid",
		"kms:calleraccount",
		"s3:dataaccesspointaccount",
		"s3:x-amz-server-side-encryption-aws-kms-key-id",
	}
	regex.match(`^[^*?$]+$`, value)
}

# A wildcard behind the account leaves the account fixed.
_is_fixed(key, value) if {
	key in {"aws:principalarn", "aws:sourcearn", "aws:sourcevpcarn", "s3:dataaccesspointarn"}
	regex.match(`^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9*-]*:[0-9]{12}:[^$]+$`, value)
}

_is_fixed(key, value) if {
	key in {"aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"}
	regex.match(`^o-[a-z0-9]+/[^$]*$`, value)
}

# S3 takes a range of more than /8 (IPv4) or /32 (IPv6) for the whole internet.
_is_narrow_range(value) if regex.match(`^[0-9.]+(/([89]|[12][0-9]|3[0-2]))?$`, value)

_is_narrow_range(value) if {
	regex.match(`^[0-9a-fA-F]*:[0-9a-fA-F:.]*(/(3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-8]))?$`, value)
}

_means_any_action(statement) if {
	some action in one_or_more(statement.Action)
	is_string(action)
	regex.match(`^\*+(:\*+)?$`, action)
}

_means_any_action(statement) if {
	statement.NotAction
	not _leaves_out_iam(statement)
}

_leaves_out_iam(statement) if {
	some action in one_or_more(statement.NotAction)
	is_string(action)
	regex.match(`^(iam:)?\*+$`, lower(action))
}

_means_any_resource(statement) if {
	some resource in one_or_more(statement.Resource)
	is_string(resource)
	_is_any_resource(resource)
}

_means_any_resource(statement) if {
	statement.NotResource
	not _leaves_out_everything(statement)
}

_leaves_out_everything(statement) if {
	some resource in one_or_more(statement.NotResource)
	is_string(resource)
	_is_any_resource(resource)
}

# `*`, and an ARN of nothing but wildcards behind the partition.
_is_any_resource(resource) if regex.match(`^(\*+|arn(:aws[a-z-]*)?(:\*+)+)$`, resource)
