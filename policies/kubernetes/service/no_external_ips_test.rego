package policies.kubernetes.service.no_external_ips_test

import data.policies.kubernetes.service.no_external_ips

test_no_external_addresses_pass if {
	no_external_ips.findings == set() with input as {"attributes": {"spec": {"type": "ClusterIP"}}}
	no_external_ips.findings == set() with input as {"attributes": {"spec": {"externalIPs": []}}}
	no_external_ips.findings == set() with input as {"attributes": {"spec": {"externalIPs": null}}}
}

test_external_addresses_fail if {
	no_external_ips.findings == {_finding} with input as {"attributes": {"spec": {"externalIPs": ["203.0.113.7"]}}}
}

test_addresses_of_another_form_fail if {
	no_external_ips.findings == {_finding} with input as {"attributes": {"spec": {"externalIPs": "203.0.113.7"}}}
	no_external_ips.findings == {_finding} with input as {"attributes": {"spec": {"externalIPs": false}}}
}

test_nothing_configured_passes if {
	no_external_ips.findings == set() with input as {}
	no_external_ips.findings == set() with input as {"attributes": {"spec": {}}}
}

_finding := {
	"message": "traffic to addresses that the Service itself names is sent to its pods",
	"path": ["spec", "externalIPs"],
	"expected": [],
}
