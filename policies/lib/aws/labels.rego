# METADATA
# title: Labels
# description: Tags of a resource, compared with a parameter that lists them as `key=value`.
package lib.aws.labels

# Whether one of the labels is listed. Cases are not told apart: tags are typed by hand.
has_any(labels, listed) if {
	is_object(labels)
	some key, value in labels
	is_string(value)
	entry := listed[_]
	is_string(entry)
	lower(entry) == lower(sprintf("%s=%s", [key, value]))
}
