# METADATA
# title: Customer keys rotate
# description: >-
#   Automatic rotation is on for every enabled symmetric key that the customer manages and whose material KMS made.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
# custom:
#   severity: medium
#   resources: [aws.kms.key]
#   objectives: [key-management]
#   scope: enabled symmetric customer managed keys with material from KMS
#   remediation: >-
#     Turn on rotation: `aws kms enable-key-rotation --key-id KEY --rotation-period-in-days 365`.
package policies.aws.kms.rotation_enabled

default applies := false

applies if {
	every field, wanted in {
		"KeyManager": "CUSTOMER",
		"KeySpec": "SYMMETRIC_DEFAULT",
		"KeyState": "Enabled",
		"Origin": "AWS_KMS",
	} {
		_may_be(input.attributes.KeyMetadata, field, wanted)
	}
}

applies if not input.attributes.KeyMetadata

findings contains finding if {
	applies
	not input.attributes.Rotation.KeyRotationEnabled == true
	finding := {
		"message": "the key does not rotate",
		"path": ["Rotation", "KeyRotationEnabled"],
		"expected": true,
	}
}

# What the metadata leave open does not take a key out of scope.
_may_be(metadata, field, wanted) if metadata[field] == wanted

_may_be(metadata, field, _) if not metadata[field]
