package lib.kubernetes.pods_test

import data.lib.kubernetes.pods

test_containers_of_every_kind_come_with_their_path if {
	pods.containers(_pod({
		"containers": [{"name": "web"}, {"name": "proxy"}],
		"initContainers": [{"name": "setup"}],
		"ephemeralContainers": [{"name": "debug"}],
		"volumes": [{"name": "scratch"}],
	})) == {
		["spec", "containers", 0]: {"name": "web"},
		["spec", "containers", 1]: {"name": "proxy"},
		["spec", "initContainers", 0]: {"name": "setup"},
		["spec", "ephemeralContainers", 0]: {"name": "debug"},
	}
}

test_what_is_no_list_holds_no_containers if {
	every value in {null, true, 1, "web", []} {
		count(pods.containers(_pod({"containers": value, "initContainers": value}))) == 0
	}
	count(pods.containers({})) == 0
}

test_containers_are_called_by_their_name if {
	pods.label("container", {"name": "web"}) == "container web"
}

test_only_lists_have_entries if {
	pods.entries(["a"]) == ["a"]
	every value in [null, "a", {"a": 1}, 1] {
		count([entries | entries := pods.entries(value)]) == 0
	}
}

test_what_has_no_name_is_called_so if {
	every part in [{}, {"name": null}, {"name": 1}, "web", null] {
		pods.label("volume", part) == "a volume without a name"
	}
}

test_windows_is_told_by_the_declared_system if {
	pods.is_windows(_pod({"os": {"name": "windows"}}))
	not pods.is_windows(_pod({"os": {"name": "linux"}}))
	not pods.is_windows(_pod({}))
	not pods.is_windows({})
}

test_only_false_gives_a_user_namespace if {
	pods.has_user_namespace(_pod({"hostUsers": false}))
	not pods.has_user_namespace(_pod({"hostUsers": true}))
	not pods.has_user_namespace(_pod({"hostUsers": null}))
	not pods.has_user_namespace(_pod({}))
}

test_a_list_of_containers_begins_with_one if {
	pods.lists_containers(_pod({"containers": [{"name": "web"}]}))
	not pods.lists_containers(_pod({"initContainers": [{"name": "setup"}]}))
	every value in {null, "web", [], ["web"], {"web": {}}} {
		not pods.lists_containers(_pod({"containers": value}))
	}
}

_pod(spec) := {"attributes": {"spec": spec}}
