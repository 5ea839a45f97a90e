package lib.aws.labels_test

import data.lib.aws.labels

test_a_listed_label_counts_in_any_case if {
	labels.has_any({"team": "ml", "Data-Classification": "public"}, ["owner=me", "data-classification=Public"])
}

test_another_value_or_key_does_not_count if {
	not labels.has_any({"data-classification": "secret"}, ["data-classification=public"])
	not labels.has_any({"classification": "public"}, ["data-classification=public"])
}

test_what_is_no_text_does_not_count if {
	not labels.has_any({"a": 1, "b": null}, ["a=1", 2, null])
	not labels.has_any({}, ["a=1"])
	not labels.has_any({"a": "1"}, [])
	not labels.has_any({"a": "1"}, [1])
	not labels.has_any("a=1", "a=1")
}
