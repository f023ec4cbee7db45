package query

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What stands between the bounds of date:. The second, for trees that a program
// builds, ends before what its bound names.
const (
	rangeMark     = ".."
	exclusiveMark = "..<"
)

// datesExpected tells people how a bound is written.
const datesExpected = "a day (2024-04-18), a month (2024-04), a year (2024), a time (2024-04-18T19:04:00Z) or an age (24h, 7d, 2w, 6m, 1y)"

// maxAgeDigits keeps ages within some thousand years.
const maxAgeDigits = 4

// dates reads what follows after:, before: or date:. The name began at start.
func (p *parser) dates(start int, name string) (Node, error) {
	expected := datesExpected
	if name == nameDate {
		expected += ", or two of them with .. between"
	}
	at := p.pos
	text, star, err := p.value(name, expected)
	if err != nil {
		return nil, err
	}
	d, ok := splitDates(name, text)
	if !ok || star {
		return nil, p.fail(at, fmt.Sprintf("%q is not a date", text), expected)
	}
	span, err := d.Resolve(time.Time{}, nil)
	if err != nil {
		return nil, p.fail(at, err.Error(), expected)
	}
	if d.bare() && span.From.Equal(span.To) {
		return nil, p.fail(at, "the first date lies after the second", "the earlier date first")
	}
	return p.made(d)
}

// splitDates makes the bounds of text; false if there is none.
func splitDates(name, text string) (Dates, bool) {
	switch name {
	case nameAfter:
		return Dates{From: text}, true
	case nameBefore:
		return Dates{Before: text}, true
	}
	if from, before, ok := strings.Cut(text, exclusiveMark); ok {
		return Dates{From: from, Before: before}, from+before != ""
	}
	if from, through, ok := strings.Cut(text, rangeMark); ok {
		return Dates{From: from, Through: through}, from+through != ""
	}
	if isAge(text) {
		return Dates{From: text}, true
	}
	return Dates{From: text, Through: text}, true
}

// bare reports whether both bounds are set and name days, months or years, so
// that their order is the same in every zone and at every time.
func (n Dates) bare() bool {
	isBare := func(s string) bool { return s != "" && len(s) <= len("2006-01-02") && !isAge(s) }
	return isBare(n.From) && isBare(n.Through+n.Before)
}

// Resolve turns the bounds into instants as seen at now in zone; a nil zone is
// UTC. A span whose end lies before its beginning comes back empty, with From
// equal to To. What [Parse] has accepted never fails.
func (n Dates) Resolve(now time.Time, zone *time.Location) (Span, error) {
	if zone == nil {
		zone = time.UTC
	}
	var span Span
	from, err := bound(n.From, now, zone)
	if err != nil {
		return span, err
	}
	through, err := bound(n.Through, now, zone)
	if err != nil {
		return span, err
	}
	before, err := bound(n.Before, now, zone)
	if err != nil {
		return span, err
	}
	span = Span{From: from.From, To: through.To}
	if n.Before != "" {
		span.To = before.From
	}
	if !span.From.IsZero() && !span.To.IsZero() && span.From.After(span.To) {
		span.To = span.From
	}
	return span, nil
}

// isAge reports whether s is written as an age.
func isAge(s string) bool {
	digits := len(s) - 1
	return digits >= 1 && strings.Trim(s[:digits], "0123456789") == "" && strings.Contains("hdwmy", s[digits:])
}

// bound returns the span of time that s names; of the empty bound, none.
func bound(s string, now time.Time, zone *time.Location) (Span, error) {
	switch {
	case s == "":
		return Span{}, nil
	case isAge(s):
		at, err := before(s, now.In(zone))
		return Span{at, at}, err
	}
	if t, err := time.ParseInLocation("2006-01-02", s, zone); err == nil {
		return named(s, t, t.AddDate(0, 0, 1))
	}
	if t, err := time.ParseInLocation("2006-01", s, zone); err == nil {
		return named(s, t, t.AddDate(0, 1, 0))
	}
	if t, err := time.ParseInLocation("2006", s, zone); err == nil {
		return named(s, t, t.AddDate(1, 0, 0))
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return Span{}, fmt.Errorf("%q is not a date", s)
	}
	return named(s, t, t.Add(time.Second))
}

// named refuses years that no article was published in, which also keeps a
// bound apart from the zero time.
func named(s string, from, to time.Time) (Span, error) {
	if from.Year() < 1000 {
		return Span{}, fmt.Errorf("%q lies before the year 1000", s)
	}
	return Span{from, to}, nil
}

// before returns the time that lies the age s before now. Months and years go
// by the calendar; where the day does not exist, it is the month's last.
func before(s string, now time.Time) (time.Time, error) {
	unit := s[len(s)-1]
	n, err := strconv.Atoi(s[:len(s)-1])
	if err != nil || len(s)-1 > maxAgeDigits {
		return now, fmt.Errorf("the age %q is too long", s)
	}
	switch unit {
	case 'h':
		return now.Add(-time.Duration(n) * time.Hour), nil
	case 'd':
		return now.AddDate(0, 0, -n), nil
	case 'w':
		return now.AddDate(0, 0, -7*n), nil
	case 'm':
		return monthsBefore(now, n), nil
	}
	return monthsBefore(now, 12*n), nil
}

func monthsBefore(now time.Time, n int) time.Time {
	t := now.AddDate(0, -n, 0)
	if t.Day() != now.Day() {
		return t.AddDate(0, 0, -t.Day())
	}
	return t
}
