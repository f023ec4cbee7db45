package feed

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The forms of ISO 8601: with hyphens and possibly a time, without hyphens, with
// the day of the year, and with a year of two figures.
var (
	isoDate = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:(?:t|\s+(?:at )?)(\S.*)?)?)?)?$`)
	isoFlat = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:t?\s*(\S.*))?$`)
	isoDays = regexp.MustCompile(`^(\d{4})-?(\d{3})$`)
	isoYear = regexp.MustCompile(`^(\d{2})-(\d{2})-(\d{2})$`)
)

// iso reads ISO 8601 and what is close to it, including a month written as a
// name between hyphens, as Hungarian feeds do.
func (m *moment) iso(s string) bool {
	if parts := strings.SplitN(s, "-", 3); len(parts) == 3 {
		if month, ok := monthNamed(parts[1]); ok && len(parts[0]) == 4 {
			s = parts[0] + "-" + strconv.Itoa(month) + "-" + parts[2]
		}
	}
	if p := isoFlat.FindStringSubmatch(s); p != nil {
		m.setDate(p[1], p[2], p[3])
		return p[4] == "" || m.clock(p[4])
	}
	if p := isoDays.FindStringSubmatch(s); p != nil {
		return m.dayOfYear(atoi(p[1]), atoi(p[2]))
	}
	if p := isoYear.FindStringSubmatch(s); p != nil {
		return m.shortISO(p[1], p[2], p[3])
	}
	p := isoDate.FindStringSubmatch(s)
	if p == nil {
		return false
	}
	m.setDate(p[1], firstNonEmpty(p[2], "1"), firstNonEmpty(p[3], "1"))
	return p[4] == "" || m.clock(p[4])
}

func (m *moment) dayOfYear(year, day int) bool {
	t := time.Date(year, time.January, day, 0, 0, 0, 0, time.UTC)
	m.year, m.month, m.day, m.hasYear = year, int(t.Month()), t.Day(), true
	return day > 0 && t.Year() == year
}

// shortISO reads yy-mm-dd, unless dd-mm-yy is as likely: only a last part that
// as a year would lie ahead decides.
func (m *moment) shortISO(year, month, day string) bool {
	if atoi(day) <= time.Now().Year()%100 {
		return false
	}
	m.month, m.day = atoi(month), atoi(day)
	return m.setYear(year)
}

func (m *moment) setDate(year, month, day string) {
	m.year, m.month, m.day, m.hasYear = atoi(year), atoi(month), atoi(day), true
}
