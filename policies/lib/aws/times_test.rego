package lib.aws.times_test

import data.lib.aws.times

test_age_is_counted_in_days if {
	times.age_in_days("2026-11-20T12:00:00Z", "2026-11-24T12:00:00Z") == 4
	times.age_in_days("2026-11-24T14:00:00+02:00", "2026-11-24T12:00:00Z") == 0
	times.age_in_days("2026-11-25T12:00:00.000000+00:00", "2026-11-24T12:00:00Z") == -1
	times.age_in_days("2024-02-28T00:00:00Z", "2024-02-29T00:00:00Z") == 1
	times.age_in_days("2024-04-30T00:00:00Z", "2024-05-31T00:00:00Z") == 31
}

test_what_is_no_time_has_no_age if {
	every text in [
		null, 20261120, "", "N/A", "2026-11-20", "1926-11-20T12:00:00Z", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
		"2026-11-31T00:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T12:00:00", "x2026-11-20T12:00:00Z", "2026-11-20T12:00:00Zx",
	] {
		not times.age_in_days(text, "2026-11-24T12:00:00Z")
		not times.age_in_days("2026-11-24T12:00:00Z", text)
	}
}
