package policies.kubernetes.service.load_balancers_not_public_test

import data.policies.kubernetes.service.load_balancers_not_public

test_an_internal_load_balancer_passes if {
	load_balancers_not_public.findings == set() with input as _service({"example.org/scope": "internal"}, {})
}

test_another_value_of_the_annotation_fails if {
	load_balancers_not_public.findings == {_finding} with input as _service({"example.org/scope": "external"}, {})
	load_balancers_not_public.findings == {_finding} with input as _service({"example.org/scope": true}, {})
	load_balancers_not_public.findings == {_finding} with input as _service({"example.org/other": "internal"}, {})
}

test_the_scheme_of_the_aws_controller_wins if {
	load_balancers_not_public.findings == {_finding} with input as _service(
		{"example.org/scope": "internal", _scheme: "internet-facing"},
		{},
	)
	load_balancers_not_public.findings == set() with input as _service({_scheme: "internal"}, {})
}

test_source_ranges_pass if {
	load_balancers_not_public.findings == set() with input as _ranges(["10.0.0.0/8", "203.0.113.0/24", " 2001:db8::/32 "])
	load_balancers_not_public.findings == set() with input as _ranges(["192.0.2.0/9", "192.0.2.0/20"])
	load_balancers_not_public.findings == set() with input as _ranges(["2001:DB8:abcd::1/128"])
	load_balancers_not_public.findings == set() with input as _ranges(["fc00::/7"])
	load_balancers_not_public.findings == set() with input as _ranges([" fc00::/7"])
}

test_ranges_that_are_too_wide_fail if {
	every range in ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "2000::/3", "10.0.0.0/7", "::/00"] {
		load_balancers_not_public.findings == {_finding} with input as _ranges([range])
	}
}

test_one_wide_range_among_others_fails if {
	load_balancers_not_public.findings == {_finding} with input as _ranges(["10.0.0.0/8", "0.0.0.0/0"])
}

test_ranges_of_another_form_fail if {
	every range in ["everyone", "10.0.0.0", "10.0.0.0/8 0.0.0.0/0", "0.0.0.0/0 10.0.0.0/8", "x10.0.0.0/8", 8, null] {
		load_balancers_not_public.findings == {_finding} with input as _ranges([range])
	}
	load_balancers_not_public.findings == {_finding} with input as _ranges("10.0.0.0/8")
	load_balancers_not_public.findings == {_finding} with input as _ranges({"first": "10.0.0.0/8"})
}

test_ranges_in_the_annotation_pass if {
	load_balancers_not_public.findings == set() with input as _service({_range_annotation: "10.0.0.0/8, 192.0.2.0/24"}, {})
	load_balancers_not_public.findings == set() with input as _service(
		{_range_annotation: "10.0.0.0/8"},
		{"loadBalancerSourceRanges": []},
	)
}

test_wide_ranges_in_the_annotation_fail if {
	load_balancers_not_public.findings == {_finding} with input as _service({_range_annotation: "10.0.0.0/8,0.0.0.0/0"}, {})
	load_balancers_not_public.findings == {_finding} with input as _service({_range_annotation: ""}, {})
	load_balancers_not_public.findings == {_finding} with input as _service({_range_annotation: ["10.0.0.0/8"]}, {})
}

test_the_field_wins_over_the_annotation if {
	load_balancers_not_public.findings == set() with input as _service(
		{_range_annotation: "0.0.0.0/0"},
		{"loadBalancerSourceRanges": ["10.0.0.0/8"]},
	)
	load_balancers_not_public.findings == {_finding} with input as _service(
		{_range_annotation: "10.0.0.0/8"},
		{"loadBalancerSourceRanges": ["0.0.0.0/0"]},
	)
}

test_nothing_restricted_fails if {
	load_balancers_not_public.findings == {_finding} with input as {"attributes": {"spec": {"type": "LoadBalancer"}}}
	load_balancers_not_public.findings == {_finding} with input as _service(null, {})
	load_balancers_not_public.findings == {_finding} with input as _service({}, {"loadBalancerSourceRanges": null})
	load_balancers_not_public.findings == {_finding} with input as _ranges([])
}

test_it_applies_to_load_balancers_only if {
	load_balancers_not_public.applies with input as _service({}, {})
	every kind in ["ClusterIP", "NodePort", "ExternalName"] {
		service := _service({}, {"type": kind})
		load_balancers_not_public.applies == false with input as service
		load_balancers_not_public.findings == set() with input as service
	}
}

test_nothing_configured_does_not_apply if {
	load_balancers_not_public.applies == false with input as {}
	load_balancers_not_public.applies == false with input as {"attributes": {"spec": {}}}
}

_range_annotation := "service.beta.kubernetes.io/load-balancer-source-ranges"

_scheme := "service.beta.kubernetes.io/aws-load-balancer-scheme"

_ranges(ranges) := _service({}, {"loadBalancerSourceRanges": ranges})

_service(annotations, spec) := {
	"attributes": {
		"metadata": {"annotations": annotations},
		"spec": object.union({"type": "LoadBalancer"}, spec),
	},
	"parameters": {"service_internal_load_balancer_annotations": [
		"example.org/scope=internal",
		"service.beta.kubernetes.io/aws-load-balancer-scheme=internal",
	]},
}

_finding := {
	"message": "the load balancer is reachable from everywhere",
	"path": ["spec", "loadBalancerSourceRanges"],
}
