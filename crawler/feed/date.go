package feed

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxDate bounds the text of a date, in bytes.
const maxDate = 128

// clock matches a time of day and what follows it; flatClock the same without
// colons.
var (
	clock     = regexp.MustCompile(`^(\d{1,2})[:h](\d{1,2})(?::(\d{1,2})(?:[.,]\d{1,9})?)?\s*(.*)$`)
	flatClock = regexp.MustCompile(`^(\d{2})(\d{2})(\d{2})?((?:[-+z]\S*)?)$`)
)

// date is what a feed's date says.
type date struct {
	time              time.Time // in UTC, taking a date without a zone for UTC
	offset            int       // of the zone stated, in seconds east of UTC
	hasZone, hasClock bool      // whether a zone, and a time of day, was stated
}

// in returns the date's time, in the zone for a date that states none.
func (d date) in(offset int) time.Time {
	if !d.hasClock || d.hasZone || d.time.IsZero() {
		return d.time
	}
	return d.time.Add(-time.Duration(offset) * time.Second)
}

// parseDate reads a date as feeds write them: RFC 822 and its many relatives,
// ISO 8601, asctime and localized forms. It reports false rather than guess: for
// an impossible day, an unknown zone, or figures that day-first and month-first
// readers would read differently.
func parseDate(s string) (date, bool) {
	if len(s) > maxDate {
		return date{}, false
	}
	s = strings.Trim(foldDate(s), " ,;.")
	if s == "" {
		return date{}, false
	}
	s, remark := cutRemark(s)
	m := &moment{}
	if !m.iso(s) {
		m = &moment{}
		if !m.words(s) {
			return date{}, false
		}
	}
	if !m.hasZone {
		m.zone(remark) // "(PST)" may be all that is said of the zone
	}
	t, ok := m.time()
	return date{t, m.offset, m.hasZone, m.hasClock}, ok
}

// cutRemark splits off what stands in brackets at the end of a date.
func cutRemark(s string) (date, remark string) {
	open := strings.LastIndexAny(s, "([")
	if open < 0 || !strings.ContainsAny(s[len(s)-1:], ")]") {
		return s, ""
	}
	return strings.TrimSpace(s[:open]), s[open+1 : len(s)-1]
}

// foldDate brings a date's words to a common form: lower case, no accents, one
// space between, every kind of dash a hyphen.
func foldDate(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsSpace(r), r == '\u00a0':
			return ' '
		case r == '\u2212' || r == '\u2013':
			return '-'
		}
		return r
	}, norm.NFD.String(strings.ToLower(s)))
	return oneLine(norm.NFC.String(s))
}

// moment is a date being read. Month and day are 0 until they are known.
type moment struct {
	year, month, day  int
	hour, minute, sec int
	offset            int // seconds east of UTC

	hasYear, hasClock, hasZone bool
	am, pm                     bool
	unsureOrder                bool // day and month could be each other
}

// setYear takes a year of four figures, or of two where the century is certain.
func (m *moment) setYear(w string) bool {
	m.year, m.hasYear = atoi(w), true
	if len(w) == 4 {
		return true
	}
	switch {
	case m.year <= 50:
		m.year += 2000
	case m.year >= 70:
		m.year += 1900
	default:
		return false
	}
	return len(w) == 2
}

// clock takes a time of day and what follows it: am, pm or a zone.
func (m *moment) clock(s string) bool {
	if flat := flatClock.FindStringSubmatch(s); flat != nil {
		m.setClock(flat[1], flat[2], flat[3])
		return m.zone(flat[4])
	}
	p := clock.FindStringSubmatch(s)
	if p == nil {
		return false
	}
	m.setClock(p[1], p[2], p[3])
	rest := strings.TrimSpace(p[4])
	switch {
	case strings.HasPrefix(rest, "am"), strings.HasPrefix(rest, "pm"):
		m.am, m.pm = rest[0] == 'a', rest[0] == 'p'
		rest = strings.TrimSpace(rest[2:])
	}
	return m.zone(rest)
}

func (m *moment) setClock(hour, minute, second string) {
	m.hour, m.minute, m.sec, m.hasClock = atoi(hour), atoi(minute), atoi(second), true
}

// time returns the moment in UTC, false if there is no such day or time.
func (m *moment) time() (time.Time, bool) {
	hour, ok := m.hour24()
	if !ok || m.minute > 59 || m.sec > 60 || m.month < 1 || m.month > 12 || m.day < 1 {
		return time.Time{}, false
	}
	if time.Date(m.year, time.Month(m.month), m.day, 0, 0, 0, 0, time.UTC).Day() != m.day {
		return time.Time{}, false // 31 February
	}
	t := time.Date(m.year, time.Month(m.month), m.day, hour, m.minute, m.sec-m.offset, 0, time.UTC)
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, false
	}
	return t, true
}

// hour24 returns the hour, 24 only for midnight at the end of the day.
func (m *moment) hour24() (hour int, ok bool) {
	switch {
	case !m.am && !m.pm:
		return m.hour, m.hour < 24 || m.hour == 24 && m.minute == 0 && m.sec == 0
	case m.hour < 1 || m.hour > 12:
		return 0, false
	case m.pm:
		return m.hour%12 + 12, true
	}
	return m.hour % 12, true
}

// atoi returns the number that the figures of s make, 0 for none.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
