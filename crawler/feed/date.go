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

var (
	isoDate = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:(?:t|\s+(?:at )?)(\S.*)?)?)?)?$`)
	isoFlat = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:t?\s*(\d{2})(\d{2})(\d{2})?\s*(\S.*)?)?$`)
	isoYear = regexp.MustCompile(`^(\d{2})-(\d{2})-(\d{2})$`)
	clock   = regexp.MustCompile(`^(\d{1,2})[:h](\d{1,2})(?::(\d{1,2})(?:[.,]\d{1,9})?)?\s*(.*)$`)
	split3  = regexp.MustCompile(`^(\d{1,4})([-/.])(\d{1,2}|\pL+)([-/.])(\d{1,4})\.?$`)
	ordinal = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)$`)
	number  = regexp.MustCompile(`^\d{1,4}$`)
	comment = regexp.MustCompile(`\s*\([^()]*\)\s*$`)
)

// parseDate reads a date as feeds write them, in UTC. It reads RFC 822 and its
// many relatives, ISO 8601, asctime and localized forms; a date without a zone
// is taken as UTC. It reports false rather than guess: for an impossible day, an
// unknown zone, or figures that day-first and month-first readers would read
// differently.
func parseDate(s string) (time.Time, bool) {
	if len(s) > maxDate {
		return time.Time{}, false
	}
	s = strings.Trim(foldDate(s), " ,;.")
	if s == "" {
		return time.Time{}, false
	}
	m := &moment{}
	if !m.iso(s) {
		m = &moment{}
		if !m.words(s) {
			return time.Time{}, false
		}
	}
	return m.time()
}

// foldDate brings a date's words to a common form: lower case, no accents, one
// space between, Korean units turned to hyphens.
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

// moment is a date being read. A part is -1 or 0 until it is known.
type moment struct {
	year, month, day    int
	hour, minute, sec   int
	hasYear, hasClock   bool
	offset              int // seconds east of UTC
	hasZone, pm, am     bool
	korean, unsureOrder bool
}

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
		if p[4] == "" {
			return true
		}
		return m.setClock(p[4], p[5], p[6]) && m.zone(p[7])
	}
	if p := isoYear.FindStringSubmatch(s); p != nil {
		return m.shortISO(p[1], p[2], p[3])
	}
	p := isoDate.FindStringSubmatch(s)
	if p == nil {
		return false
	}
	m.setDate(p[1], orOne(p[2]), orOne(p[3]))
	return p[4] == "" || m.clock(p[4])
}

// shortISO reads yy-mm-dd, unless dd-mm-yy is as likely: only a last part that
// as a year would lie ahead decides.
func (m *moment) shortISO(year, month, day string) bool {
	if atoi(day) <= time.Now().Year()%100 {
		return false
	}
	m.setYear(year)
	m.month, m.day = atoi(month), atoi(day)
	return true
}

func (m *moment) setDate(year, month, day string) {
	m.year, m.month, m.day, m.hasYear = atoi(year), atoi(month), atoi(day), true
}

// words reads a date word by word in whatever order it is written.
func (m *moment) words(s string) bool {
	bare := comment.ReplaceAllString(s, "")
	if bare == "" {
		return false
	}
	fields := strings.Fields(strings.NewReplacer(",", " ", "년", "- ", "월", "- ", "일", " ").Replace(bare))
	m.korean = strings.ContainsAny(bare, "년월일") || strings.Contains(bare, "오전") || strings.Contains(bare, "오후")
	if m.korean {
		fields = joinHyphens(fields)
	}
	for i, f := range fields {
		if !m.word(strings.TrimSuffix(f, ","), i == 0) {
			return false
		}
	}
	if m.korean && !m.hasZone {
		m.offset = 9 * 3600 // only Korea writes these
	}
	return m.hasYear && m.month > 0 && m.day > 0 && !m.unsureOrder
}

// joinHyphens joins "2004-" "05-" "28" to one field.
func joinHyphens(fields []string) []string {
	var out []string
	open := false
	for _, f := range fields {
		if open {
			out[len(out)-1] += f
		} else {
			out = append(out, f)
		}
		open = strings.HasSuffix(f, "-")
	}
	return out
}

// word takes one word of a date and reports whether it fits.
func (m *moment) word(w string, first bool) bool {
	switch w {
	case "am", "a.m", "a.m.", "오전":
		m.am = true
		return !m.pm
	case "pm", "p.m", "p.m.", "오후":
		m.pm = true
		return !m.am
	case "at":
		if m.hasClock {
			return m.zone(w) // the Atlantic one
		}
		return true
	case "de", "of", "um", "-", "|", "t", "uhr", "kl", "kl.", "г.", "г":
		return true
	}
	if number.MatchString(w) {
		return m.number(w)
	}
	if p := ordinal.FindStringSubmatch(w); p != nil {
		return m.number(p[1])
	}
	if !m.hasClock && clock.MatchString(w) {
		return m.clock(w)
	}
	if p := split3.FindStringSubmatch(w); p != nil && p[2] == p[4] {
		return m.figures(p[1], p[3], p[5], p[2])
	}
	return m.name(w, first)
}

// number takes a day or a year, whichever is wanted.
func (m *moment) number(w string) bool {
	switch {
	case len(w) == 4 && !m.hasYear:
		m.setYear(w)
	case len(w) <= 2 && m.day == 0:
		m.day = atoi(w)
	case len(w) == 2 && !m.hasYear:
		return m.setYear(w)
	default:
		return false
	}
	return true
}

// name takes a word that is no figure: month, weekday or zone.
func (m *moment) name(w string, first bool) bool {
	if month, ok := monthNamed(strings.TrimSuffix(w, ".")); ok && m.month == 0 {
		m.month = month
		return true
	}
	if isWeekday(strings.TrimSuffix(w, ".")) {
		return true
	}
	if m.zone(w) {
		return true
	}
	// Whatever stands first and is a word is a weekday in some language.
	return first && strings.IndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && r != '.' }) < 0
}

// figures takes a date of three parts. With a year first it is year, month, day.
// Otherwise points mean day first; for slashes and hyphens the figures decide,
// and if they do not nobody knows.
func (m *moment) figures(a, mid, c, separator string) bool {
	if m.hasYear || m.month > 0 || m.day > 0 {
		return false
	}
	if month, ok := monthNamed(mid); ok {
		return m.namedFigures(a, month, c)
	}
	if len(a) == 4 {
		m.setDate(a, mid, c)
		return len(c) <= 2
	}
	if len(a) > 2 || len(c) != 4 && len(c) != 2 || !m.setYear(c) {
		return false
	}
	m.day, m.month = atoi(a), atoi(mid)
	if separator != "." && m.day <= 12 && m.month <= 12 && m.day != m.month {
		m.unsureOrder = true
	}
	if separator != "." && m.month > 12 {
		m.day, m.month = m.month, m.day
	}
	return len(c) == 4 || separator == "."
}

func (m *moment) namedFigures(a string, month int, c string) bool {
	if len(a) == 4 {
		a, c = c, a
	}
	m.day, m.month = atoi(a), month
	return len(a) <= 2 && m.setYear(c)
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
	if flat := regexpFlatClock.FindStringSubmatch(s); flat != nil {
		return m.setClock(flat[1], flat[2], flat[3]) && m.zone(flat[4])
	}
	p := clock.FindStringSubmatch(s)
	if p == nil || !m.setClock(p[1], p[2], p[3]) {
		return false
	}
	rest := strings.TrimSpace(p[4])
	switch {
	case strings.HasPrefix(rest, "am"), strings.HasPrefix(rest, "pm"):
		m.am, m.pm = rest[0] == 'a', rest[0] == 'p'
		rest = strings.TrimSpace(rest[2:])
	}
	return m.zone(rest)
}

var regexpFlatClock = regexp.MustCompile(`^(\d{2})(\d{2})(\d{2})?((?:[-+z]\S*)?)$`)

func (m *moment) setClock(hour, minute, second string) bool {
	m.hour, m.minute, m.sec, m.hasClock = atoi(hour), atoi(minute), atoi(second), true
	return true
}

// time returns the moment in UTC, false if there is no such day or time.
func (m *moment) time() (time.Time, bool) {
	hour := m.hour
	if m.am || m.pm {
		if hour < 1 || hour > 12 {
			return time.Time{}, false
		}
		hour %= 12
		if m.pm {
			hour += 12
		}
	}
	midnight := hour == 24 && m.minute == 0 && m.sec == 0
	if hour > 23 && !midnight || m.minute > 59 || m.sec > 60 || m.month < 1 || m.month > 12 || m.day < 1 || m.year < 1 {
		return time.Time{}, false
	}
	if time.Date(m.year, time.Month(m.month), m.day, 0, 0, 0, 0, time.UTC).Day() != m.day {
		return time.Time{}, false // 31 February
	}
	t := time.Date(m.year, time.Month(m.month), m.day, hour, m.minute, m.sec-m.offset, 0, time.UTC)
	return t, t.Year() >= 1 && t.Year() <= 9999
}

// atoi returns the number that the figures of s make, 0 for none.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func orOne(s string) string {
	if s == "" {
		return "1"
	}
	return s
}
