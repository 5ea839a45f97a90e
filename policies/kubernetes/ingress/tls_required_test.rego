package policies.kubernetes.ingress.tls_required_test

import data.policies.kubernetes.ingress.tls_required

test_hosts_with_a_certificate_pass if {
	tls_required.findings == set() with input as _ingress(
		["a.example.org", "b.example.org"],
		[_entry(["b.example.org"]), _entry(["x.example.org", "a.example.org"])],
	)
}

test_a_host_without_a_certificate_fails if {
	tls_required.findings == {_finding("b.example.org")} with input as _ingress(
		["a.example.org", "b.example.org"],
		[_entry(["a.example.org"])],
	)
}

test_hosts_without_any_certificate_fail if {
	expected := {_finding("a.example.org"), _finding("b.example.org")}
	tls_required.findings == expected with input as _ingress(["a.example.org", "b.example.org"], [])
	tls_required.findings == expected with input as _ingress(["a.example.org", "b.example.org"], "all")
	tls_required.findings == expected with input as _ingress(
		["a.example.org", "b.example.org"],
		{"all": _entry(["a.example.org", "b.example.org"])},
	)
}

test_an_entry_without_a_secret_covers_nothing if {
	every entry in [{"hosts": ["a.org"]}, {"hosts": ["a.org"], "secretName": ""}, {"hosts": ["a.org"], "secretName": 1}] {
		tls_required.findings == {_finding("a.org")} with input as _ingress(["a.org"], [entry])
	}
}

test_an_entry_without_hosts_covers_all if {
	every entry in [{"secretName": "tls"}, _entry([]), _entry(null)] {
		tls_required.findings == set() with input as _ingress(["a.org", ""], [entry])
	}
}

test_hosts_of_another_form_cover_nothing if {
	tls_required.findings == {_finding("a.org")} with input as _ingress(["a.org"], [_entry("a.org")])
	tls_required.findings == {_finding("a.org")} with input as _ingress(["a.org"], [_entry({"first": "a.org"})])
	tls_required.findings == {_finding("a.org")} with input as _ingress(["a.org"], [_entry([["*.org"], 1])])
}

test_a_wildcard_covers_one_label if {
	tls_required.findings == set() with input as _ingress(["a.example.org"], [_entry(["*.example.org"])])
	tls_required.findings == set() with input as _ingress(["*.example.org"], [_entry(["*.example.org"])])
}

test_a_wildcard_covers_no_more_and_no_less_than_one_label if {
	every host in ["a.b.example.org", "example.org", ".example.org", "a.example.com", "aexample.org"] {
		tls_required.findings == {_finding(host)} with input as _ingress([host], [_entry(["*.example.org"])])
	}
}

test_only_a_star_of_its_own_is_a_wildcard if {
	tls_required.findings == {_finding("a.example.org")} with input as _ingress(["a.example.org"], [_entry(["x.example.org"])])
	tls_required.findings == {_finding("a.example.org")} with input as _ingress(["a.example.org"], [_entry(["**.example.org"])])
}

test_a_rule_without_a_host_needs_a_certificate_for_all if {
	expected := {{"message": "every host is served without TLS", "path": ["spec", "tls"]}}
	every rules in [[{}], [{"host": ""}], [{"host": null}], ["all"]] {
		tls_required.findings == expected with input as {"attributes": {"spec": {
			"rules": rules,
			"tls": [_entry(["a.org"])],
		}}}
	}
}

test_an_ingress_without_rules_needs_a_certificate_for_all if {
	expected := {{"message": "every host is served without TLS", "path": ["spec", "tls"]}}
	every spec in [{}, {"rules": []}, {"rules": null}, {"defaultBackend": {}}, {"rules": {"a": {"host": "a.org"}}}] {
		tls_required.findings == expected with input as {"attributes": {"spec": spec}}
	}
	tls_required.findings == expected with input as {}
	tls_required.findings == set() with input as {"attributes": {"spec": {"tls": [{"secretName": "tls"}]}}}
}

test_a_certificate_at_the_provider_covers_all if {
	tls_required.findings == set() with input as _annotated({"example.org/certificate": "arn"})
}

test_other_annotations_and_empty_ones_cover_nothing if {
	every annotations in [{"example.org/other": "arn"}, {"example.org/certificate": ""}, ["example.org/certificate"], null] {
		tls_required.findings == {_finding("a.org")} with input as _annotated(annotations)
	}
}

_entry(hosts) := {"hosts": hosts, "secretName": "tls"}

_ingress(hosts, tls) := {"attributes": {"spec": {"rules": [{"host": host} | some host in hosts], "tls": tls}}}

_annotated(annotations) := {
	"attributes": {"metadata": {"annotations": annotations}, "spec": {"rules": [{"host": "a.org"}]}},
	"parameters": {"ingress_certificate_annotations": ["example.org/certificate"]},
}

_finding(host) := {"message": sprintf("%s is served without TLS", [host]), "path": ["spec", "tls"]}
