package crawler

import (
	"regexp"
	"time"
)

// dated finds a year, with a month and a day if they follow, in an address.
var dated = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d\d)(?:[-/_.]?(0[1-9]|1[0-2])(?:[-/_.]?(0[1-9]|[12]\d|3[01]))?)?(?:[^0-9]|$)`)

// span returns the time that an address names: a day, a month or a year.
func span(address string) (from, to time.Time, ok bool) {
	m := dated.FindStringSubmatch(address)
	switch {
	case m == nil:
		return from, to, false
	case m[3] != "":
		if from, err := time.Parse("20060102", m[1]+m[2]+m[3]); err == nil {
			return from, from.AddDate(0, 0, 1), true
		}
		return from, to, false
	case m[2] != "":
		if from, err := time.Parse("200601", m[1]+m[2]); err == nil {
			return from, from.AddDate(0, 1, 0), true
		}
		return from, to, false
	}
	if from, err := time.Parse("2006", m[1]); err == nil {
		return from, from.AddDate(1, 0, 0), true
	}
	return from, to, false
}
