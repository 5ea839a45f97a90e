package lib.aws.policies_test

import data.lib.aws.policies

test_statements_are_found_by_path if {
	policies.statements({"Statement": [{"Sid": "a"}, {"Sid": "b"}]}) == {
		["Statement", 0]: {"Sid": "a"},
		["Statement", 1]: {"Sid": "b"},
	}
	policies.statements({"Statement": {"Sid": "a"}}) == {["Statement"]: {"Sid": "a"}}
	policies.statements({}) == {}
	policies.statements({"Statement": "everyone"}) == {}
	policies.statements("everyone") == {}
}

test_a_document_of_statements_is_readable if {
	every document in [
		{"Statement": []},
		{"Statement": {"Effect": "Allow", "Action": "s3:*"}},
		{"Statement": [{"Effect": "Deny", "NotAction": ["s3:*", "kms:*"]}]},
	] {
		not policies.is_unreadable(document)
	}
}

test_a_document_of_another_form_is_unreadable if {
	every document in [
		null,
		"{}",
		{},
		{"Statement": "Allow"},
		{"Statement": [null]},
		{"Statement": {"Action": "*"}},
		{"Statement": {"Effect": "allow", "Action": "*"}},
		{"Statement": {"Effect": "Allow"}},
		{"Statement": {"Effect": "Allow", "Action": [1]}},
		{"Statement": [{"Effect": "Allow", "Action": "*"}, {"Effect": "Allow", "NotAction": null}]},
	] {
		policies.is_unreadable(document)
		policies.is_unreadable_for_resource(document)
	}
}

test_a_statement_for_a_resource_says_who if {
	not policies.is_unreadable_for_resource(_document({"Principal": "*"}))
	not policies.is_unreadable_for_resource(_document({"Principal": {"AWS": "*"}}))
	not policies.is_unreadable_for_resource(_document({"NotPrincipal": {"AWS": "*"}}))
	policies.is_unreadable_for_resource(_document({}))
	policies.is_unreadable_for_resource(_document({"Principal": 1}))
	policies.is_unreadable_for_resource(_document({"Principal": ["*"]}))
	policies.is_unreadable_for_resource(_document({"Principal": {"AWS": 1}}))
	policies.is_unreadable_for_resource(_document({"Principal": {}}))
}

test_everyone_is_public if {
	every who in [
		{"Principal": "*"},
		{"Principal": {"AWS": "*"}},
		{"Principal": {"AWS": ["arn:aws:iam::111122223333:root", "*"]}},
		{"Principal": {"AWS": "arn:aws:iam::*:root"}},
		{"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}},
	] {
		policies.is_public(_allow(who))
		policies.is_open_to_everyone(_allow(who))
		policies.names_everyone(who)
	}
}

test_a_public_identity_provider_is_public_and_not_everyone if {
	who := {"Principal": {"Federated": "graph.facebook.com"}}
	policies.is_public(_allow(who))
	not policies.is_open_to_everyone(_allow(who))
	not policies.is_public(object.union(_allow(who), {"Effect": "Deny"}))
	not policies.is_public(_when({"StringEquals": {"aws:SourceAccount": "111122223333"}}, who))
}

test_named_principals_are_not_public if {
	every who in [
		{"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
		{"Principal": {"AWS": ["111122223333", "AIDAEXAMPLE"]}},
		{"Principal": {"Service": "cloudtrail.amazonaws.com"}},
		{"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"}},
		{"Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}},
		{"Principal": {"AWS": [1, null]}},
		{"Principal": ["*"]},
		{},
	] {
		not policies.is_public(_allow(who))
		not policies.names_everyone(who)
	}
}

test_a_denial_is_not_public if {
	not policies.is_public({"Effect": "Deny", "Principal": "*"})
	not policies.is_open_to_everyone({"Effect": "Deny", "Principal": "*"})
}

test_principals_have_a_type_and_a_name if {
	policies.principals({"Principal": "*"}) == {{"type": "AWS", "name": "*"}}
	policies.principals({"Principal": {"AWS": ["a", "b"], "Service": "c"}}) == {
		{"type": "AWS", "name": "a"},
		{"type": "AWS", "name": "b"},
		{"type": "Service", "name": "c"},
	}
}

test_conditions_are_in_lower_case if {
	policies.conditions({"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1", "aws:userId": ["A", "B"]}}}) == {
		{"operator": "stringequals", "key": "aws:sourcevpc", "values": ["vpc-1"]},
		{"operator": "stringequals", "key": "aws:userid", "values": ["A", "B"]},
	}
	policies.conditions({"Condition": [{"a": 1}]}) == set()
	policies.conditions({"Condition": {"StringEquals": "vpc-1"}}) == set()
	policies.conditions({"Condition": {"StringEquals": ["vpc-1"]}}) == set()
	policies.conditions({}) == set()
}

test_a_fixed_value_limits if {
	every key, value in {
		"aws:PrincipalAccount": "111122223333",
		"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app",
		"aws:PrincipalOrgID": "o-exampleorgid",
		"aws:SourceAccount": "111122223333",
		"aws:SourceArn": "arn:aws:s3:::bucket",
		"aws:SourceOrgID": "o-exampleorgid",
		"aws:SourceOwner": "111122223333",
		"aws:SourceVpc": "vpc-91237329",
		"aws:SourceVpcArn": "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-91237329",
		"aws:SourceVpce": "vpce-1a2b3c4d",
		"aws:userid": "AIDAEXAMPLE",
		"aws:VpceAccount": "111122223333",
		"aws:VpceOrgID": "o-exampleorgid",
		"AWS:SourceIP": "10.0.0.1",
		"kms:CallerAccount": "111122223333",
		"s3:DataAccessPointAccount": "111122223333",
		"s3:DataAccessPointArn": "arn:aws:s3:eu-west-1:111122223333:accesspoint/ml",
		"s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-west-1:111122223333:key/k",
	} {
		operator := {"AWS:SourceIP": "IpAddress"}
		policies.is_limited(_when({object.get(operator, key, "StringEquals"): {key: value}}, {}))
		not policies.is_public(_when({object.get(operator, key, "StringEquals"): {key: value}}, {"Principal": "*"}))
		not policies.is_open_to_everyone(_when({object.get(operator, key, "StringEquals"): {key: value}}, {"Principal": "*"}))
	}
}

test_positive_operators_limit if {
	every operator in [
		"ArnEquals",
		"ArnLike",
		"StringEquals",
		"StringEqualsIgnoreCase",
		"StringLike",
		"stringequals",
		"ForAnyValue:StringEquals",
	] {
		policies.is_limited(_when({operator: {"aws:SourceArn": ["arn:aws:s3:::a", "arn:aws:s3:::b"]}}, {}))
	}
}

test_other_operators_do_not_limit if {
	every operator in [
		"StringNotEquals",
		"StringEqualsIfExists",
		"ForAllValues:StringEquals",
		"ArnNotLike",
		"Null",
		"Bool",
		"IpAddress",
		"ForAnyValue:StringEqualsIfExists",
	] {
		not policies.is_limited(_when({operator: {"aws:SourceArn": "arn:aws:s3:::a"}}, {}))
	}
}

test_a_value_that_is_not_fixed_does_not_limit if {
	every value in ["*", "vpc-*", "vpc-?", "${aws:PrincipalTag/vpc}", "", [], ["vpc-1", "*"], 1, null, {"a": "b"}] {
		not policies.is_limited(_when({"StringLike": {"aws:SourceVpc": value}}, {}))
	}
}

test_other_keys_do_not_limit if {
	every key in ["aws:SecureTransport", "aws:Referer", "aws:UserAgent", "kms:ViaService", "kms:EncryptionContext:a"] {
		not policies.is_limited(_when({"StringEquals": {key: "fixed"}}, {}))
	}
}

test_one_condition_of_many_is_enough if {
	policies.is_limited(_when(
		{
			"Bool": {"aws:SecureTransport": "true"},
			"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com", "kms:CallerAccount": "111122223333"},
		},
		{},
	))
}

test_a_wildcard_behind_a_fixed_account_limits if {
	every key in ["aws:PrincipalArn", "aws:SourceArn", "aws:SourceVpcArn", "s3:DataAccessPointArn"] {
		policies.is_limited(_when({"ArnLike": {key: "arn:aws:sns:*:111122223333:*"}}, {}))
	}
	every value in [
		"arn:aws:iam::*:role/app",
		"arn:aws:iam::*",
		"*",
		"arn:aws:s3:::bucket-*",
		"arn:aws:iam::111122223333:user/${aws:username}",
		"xarn:aws:sns:*:111122223333:*",
		"arn:aws:iam::1111222233334:*",
	] {
		not policies.is_limited(_when({"ArnLike": {"aws:PrincipalArn": value}}, {}))
	}
	not policies.is_limited(_when({"StringLike": {"aws:SourceVpc": "arn:aws:sns:*:111122223333:*"}}, {}))
}

test_a_path_in_a_fixed_organisation_limits if {
	policies.is_limited(_when({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-a1/r-b2/ou-c3/*", "o-a1/*"]}}, {}))
	policies.is_limited(_when({"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "o-a1/*"}}, {}))
	policies.is_limited(_when({"ForAnyValue:StringLike": {"aws:VpceOrgPaths": "o-a1/*"}}, {}))
	not policies.is_limited(_when({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-b2/*"}}, {}))
	not policies.is_limited(_when({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "*"}}, {}))
	not policies.is_limited(_when({"StringLike": {"aws:PrincipalOrgID": "o-a1/*"}}, {}))
}

test_a_narrow_range_of_addresses_limits if {
	every value in [
		"203.0.113.7",
		"203.0.113.0/24",
		"9.0.0.0/8",
		"10.0.0.0/32",
		["203.0.113.0/24", "198.51.100.0/19"],
		"2001:DB8:1234:5678::/64",
		"2001:db8::/32",
		"2001:db8::1",
		"2001:db8::1/128",
		"2001:db8::/119",
	] {
		policies.is_limited(_when({"IpAddress": {"aws:SourceIp": value}}, {}))
	}
}

test_a_wide_range_of_addresses_does_not_limit if {
	every value in [
		"0.0.0.0/0",
		"0.0.0.0/1",
		"8.0.0.0/7",
		"10.0.0.0/33",
		"::/0",
		"2000::/3",
		"2001:d00::/24",
		"2001:db8::/31",
		"2001:db8::/129",
		["203.0.113.0/24", "0.0.0.0/0"],
		[],
		1,
		"*",
	] {
		not policies.is_limited(_when({"IpAddress": {"aws:SourceIp": value}}, {}))
	}
	not policies.is_limited(_when({"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}, {}))
	not policies.is_limited(_when({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {}))
}

test_everything_on_everything_is_full_administration if {
	every statement in [
		{"Action": "*", "Resource": "*"},
		{"Action": "*:*", "Resource": "*"},
		{"Action": ["s3:Get*", "**"], "Resource": ["arn:aws:s3:::a", "*"]},
		{"Action": "*", "Resource": "arn:aws:*"},
		{"Action": "*", "Resource": "arn:aws-us-gov:*:*:*:*"},
		{"Action": "*", "Resource": "arn:*:*:*:*:*"},
		{"Action": "*", "NotResource": "arn:aws:s3:::a"},
		{"NotAction": "aws-portal:*", "Resource": "*"},
		{"NotAction": ["s3:*", "iam:Create*", 1], "NotResource": ["arn:aws:s3:::a"]},
		{"Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
	] {
		policies.is_full_administration(_allow(statement))
	}
}

test_less_than_everything_is_not_full_administration if {
	every statement in [
		{"Effect": "Deny", "Action": "*", "Resource": "*"},
		{"Action": "s3:*", "Resource": "*"},
		{"Action": "iam:*", "Resource": "*"},
		{"Action": "*", "Resource": "arn:aws:s3:::*"},
		{"Action": "*", "Resource": "arn:aws:iam::111122223333:*"},
		{"Action": "*", "NotResource": "*"},
		{"Action": "*", "NotResource": [1, "arn:aws:*"]},
		{"NotAction": "IAM:*", "Resource": "*"},
		{"NotAction": ["organizations:*", "iam:*"], "Resource": "*"},
		{"NotAction": "*", "Resource": "*"},
		{"Action": "*"},
		{"Resource": "*"},
		{"Action": [1], "Resource": [null]},
		{"Action": "*", "Resource": [1]},
		{},
	] {
		not policies.is_full_administration(object.union(_allow({}), statement))
	}
}

test_one_or_more_is_a_list if {
	policies.one_or_more("a") == ["a"]
	policies.one_or_more(["a", "b"]) == ["a", "b"]
	policies.one_or_more({"a": "b"}) == [{"a": "b"}]
}

_document(who) := {"Statement": object.union({"Effect": "Allow", "Action": "*"}, who)}

_allow(parts) := object.union({"Effect": "Allow"}, parts)

_when(condition, parts) := object.union({"Effect": "Allow", "Condition": condition}, parts)
