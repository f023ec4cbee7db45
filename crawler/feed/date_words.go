package feed

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	number      = regexp.MustCompile(`^\d{1,4}$`)
	ordinal     = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)$`)
	split3      = regexp.MustCompile(`^(\d{1,4})([-/.])(\d{1,2}|\pL+)([-/.])(\d{1,4})\.?$`)
	koreanUnits = regexp.MustCompile(`(\d{4})\s*년\s*(\d{1,2})\s*월\s*(\d{1,2})\s*일`)
)

// words reads a date word by word in whatever order it is written.
func (m *moment) words(s string) bool {
	korean := strings.ContainsAny(s, "년월일") || strings.Contains(s, "오전") || strings.Contains(s, "오후")
	if korean {
		s = koreanUnits.ReplaceAllString(s, "$1-$2-$3 ")
	}
	fields := strings.Fields(strings.ReplaceAll(s, ",", " "))
	for i, f := range fields {
		if !m.word(f, i == 0) {
			return false
		}
	}
	if korean && !m.hasZone {
		m.offset, m.hasZone = 9*3600, true // only Korea writes these
	}
	return m.hasYear && m.month > 0 && m.day > 0 && !m.unsureOrder
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
