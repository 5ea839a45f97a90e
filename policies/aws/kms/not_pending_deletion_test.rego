package policies.aws.kms.not_pending_deletion_test

import data.policies.aws.kms.not_pending_deletion

test_keys_in_other_states_pass if {
	every state in ["Enabled", "Disabled", "PendingImport", "Unavailable"] {
		not_pending_deletion.findings == set() with input as _key(state, {})
		not_pending_deletion.unknowns == set() with input as _key(state, {})
	}
}

test_keys_that_wait_for_deletion_fail if {
	every state in ["PendingDeletion", "PendingReplicaDeletion"] {
		not_pending_deletion.findings == {{
			"message": "the key is scheduled for deletion, which nobody approved",
			"path": ["KeyMetadata", "KeyState"],
			"expected": "Enabled",
		}} with input as _key(state, {"deletion-approved": "no"})
	}
}

test_an_approved_deletion_passes if {
	not_pending_deletion.findings == set() with input as _key("PendingDeletion", {"deletion-approved": "true"})
}

test_nothing_read_is_unknown if {
	every given in [{"attributes": {}}, _key(1, {})] {
		not_pending_deletion.findings == set() with input as given
		not_pending_deletion.unknowns == {"the state of the key is missing"} with input as given
	}
}

_key(state, labels) := {
	"labels": labels,
	"parameters": {"kms_labels_deletion_approved": ["deletion-approved=true"]},
	"attributes": {"KeyMetadata": {"KeyState": state}},
}
