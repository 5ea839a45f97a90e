# METADATA
# title: Ages
# description: Times as AWS writes them, read without an error where a text is no time.
package lib.aws.times

# The age in days, with fractions, of a time; undefined where either text is no RFC 3339 time of this century.
age_in_days(text, now) := (_nanoseconds(now) - _nanoseconds(text)) / 86400000000000

# A built-in that is handed anything else ends the control with an error, hence the look at each digit, leap years included.
_nanoseconds(text) := time.parse_rfc3339_ns(text) if {
	is_string(text)
	regex.match(
		concat("", [
			`^20(`,
			`[0-9]{2}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|`,
			`[0-9]{2}-(0[469]|11)-(0[1-9]|[12][0-9]|30)|`,
			`[0-9]{2}-02-(0[1-9]|1[0-9]|2[0-8])|`,
			`([02468][048]|[13579][26])-02-29`,
			`)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$`,
		]),
		text,
	)
}
