package lib.aws.buckets_test

import data.lib.aws.buckets

test_a_setting_of_the_bucket_or_its_account_counts if {
	buckets.is_blocked({"attributes": {"PublicAccessBlock": {"BlockPublicAcls": true}}}, "BlockPublicAcls")
	buckets.is_blocked(_in_account({"BlockPublicAcls": true}, {}), "BlockPublicAcls")
	not buckets.is_blocked(_in_account({"BlockPublicAcls": false}, {"BlockPublicAcls": false}), "BlockPublicAcls")
	not buckets.is_blocked(_in_account({"BlockPublicAcls": true}, {"BlockPublicAcls": true}), "IgnorePublicAcls")
	not buckets.is_blocked({"attributes": {}}, "BlockPublicAcls")
}

test_a_bucket_without_public_grants_has_no_openings if {
	buckets.openings(_bucket({
		"Policy": _policy({"AWS": "arn:aws:iam::111122223333:root"}),
		"PolicyStatus": {"IsPublic": false},
		"Acl": {"Grants": [{"Grantee": {"Type": "CanonicalUser", "ID": "a"}, "Permission": "FULL_CONTROL"}]},
	})) == set()
	buckets.openings(_bucket({})) == set()
}

test_public_statements_are_openings if {
	opening := {"message": "a statement of the bucket policy lets everyone in", "path": ["Policy", "Statement", 0]}
	buckets.openings(_bucket({"Policy": _policy("*")})) == {opening}
	buckets.openings(_bucket({"Policy": _policy("*"), "PolicyStatus": {"IsPublic": true}})) == {opening}
}

test_the_judgement_of_s3_is_an_opening if {
	buckets.openings(_bucket({"PolicyStatus": {"IsPublic": true}})) == {{
		"message": "S3 itself takes the bucket policy for public",
		"path": ["PolicyStatus", "IsPublic"],
		"expected": false,
	}}
}

test_restricted_public_buckets_have_no_openings_by_policy if {
	restricted := {"PublicAccessBlock": {"RestrictPublicBuckets": true}}
	buckets.openings(_bucket(object.union({"Policy": _policy("*")}, restricted))) == set()
	buckets.openings(_bucket(object.union({"PolicyStatus": {"IsPublic": true}}, restricted))) == set()
	buckets.openings(_bucket(object.union({"Acl": _acl}, restricted))) == _acl_openings
}

test_grants_to_public_groups_are_openings if {
	buckets.openings(_bucket({"Acl": _acl})) == _acl_openings
	buckets.openings(_bucket({"Acl": {"Grants": "everyone"}})) == set()
}

test_a_public_grant_that_does_not_say_of_what_is_an_opening if {
	buckets.openings(_bucket({"Acl": {"Grants": [object.remove(_acl.Grants[1], ["Permission"])]}})) == {{
		"message": "the access control list grants access to everyone",
		"path": ["Acl", "Grants", 0],
	}}
}

test_access_control_lists_may_be_void if {
	buckets.openings(_bucket({"Acl": _acl, "PublicAccessBlock": {"IgnorePublicAcls": true}})) == set()
	buckets.openings(_bucket({"Acl": _acl, "OwnershipControls": _owned("BucketOwnerEnforced")})) == set()
	buckets.openings(_bucket({"Acl": _acl, "OwnershipControls": _owned("BucketOwnerPreferred")})) == _acl_openings
}

test_there_are_no_doubts_about_what_can_be_read if {
	buckets.doubts(_bucket({"Policy": _policy("*"), "Acl": {"Grants": []}})) == set()
	buckets.doubts(_bucket({"Acl": {"Grants": []}})) == set()
	buckets.doubts(_bucket({"OwnershipControls": _owned("BucketOwnerEnforced")})) == set()
}

test_there_are_doubts_about_the_rest if {
	buckets.doubts(_bucket({"Policy": "everyone", "Acl": {"Grants": []}})) == {"the bucket policy can't be read as a policy"}
	buckets.doubts(_bucket({})) == {"the bucket's access control list is missing"}
	buckets.doubts(_bucket({"Acl": {"Grants": {}}})) == {"the bucket's access control list is missing"}
}

test_a_bucket_is_sensitive_unless_a_label_says_otherwise if {
	buckets.is_sensitive({"labels": {}, "parameters": _parameters})
	buckets.is_sensitive({"labels": {"data-classification": "secret"}, "parameters": _parameters})
	buckets.is_sensitive({"labels": {"data-classification": "public"}})
	buckets.is_sensitive({})
	not buckets.is_sensitive({"labels": {"data-classification": "public"}, "parameters": _parameters})
}

_parameters := {"s3_labels_not_sensitive": ["data-classification=public"]}

_bucket(attributes) := {"attributes": attributes}

_in_account(account, own) := {
	"attributes": {"PublicAccessBlock": own},
	"related": {"account": [{"attributes": {"PublicAccessBlock": account}}]},
}

_policy(principal) := {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject"}]}

_owned(ownership) := {"Rules": [{"ObjectOwnership": ownership}]}

_acl := {"Grants": [
	{"Grantee": {"Type": "CanonicalUser", "ID": "a"}, "Permission": "FULL_CONTROL"},
	{
		"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
		"Permission": "READ",
	},
	{
		"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"},
		"Permission": "WRITE",
	},
	{
		"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"},
		"Permission": "WRITE",
	},
]}

_acl_openings := {
	{"message": "the access control list grants READ to everyone", "path": ["Acl", "Grants", 1]},
	{"message": "the access control list grants WRITE to every AWS account", "path": ["Acl", "Grants", 2]},
}
