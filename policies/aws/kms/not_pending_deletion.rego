# METADATA
# title: Keys are not waiting for deletion by accident
# description: >-
#   No key is scheduled for deletion, other than those with a label of the parameter kms_labels_deletion_approved.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
# custom:
#   severity: high
#   resources: [aws.kms.key]
#   objectives: [keys-protected-from-loss]
#   remediation: >-
#     Cancel the deletion (`aws kms cancel-key-deletion --key-id KEY`) and enable the key again, or have it approved and label it.
package policies.aws.kms.not_pending_deletion

import data.lib.aws.labels

findings contains finding if {
	input.attributes.KeyMetadata.KeyState in {"PendingDeletion", "PendingReplicaDeletion"}
	not _is_approved
	finding := {
		"message": "the key is scheduled for deletion, which nobody approved",
		"path": ["KeyMetadata", "KeyState"],
		"expected": "Enabled",
	}
}

unknowns contains "the state of the key is missing" if not _has_state

_is_approved if labels.has_any(input.labels, input.parameters.kms_labels_deletion_approved)

_has_state if is_string(input.attributes.KeyMetadata.KeyState)
