package web

import (
	"strings"
	"time"
)

// dateField is what a date input takes of a bound; relative bounds and years show
// as nothing there. A time that ends a span at midnight ends it with the day
// before.
func dateField(s string, isEnd bool) string {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day.Format(time.DateOnly)
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return ""
	}
	if isEnd {
		t = t.Add(-time.Nanosecond)
	}
	return t.Format(time.DateOnly)
}

// dateWords says in words what bounds the date; empty when nothing does.
func dateWords(from, to string) string {
	switch age := ageWords(from); {
	case from == "" && to == "":
		return ""
	case age != "" && to == "":
		return age
	case from == to:
		return boundWords(from)
	case to == "":
		return "since " + boundWords(from)
	case from == "":
		return "until " + boundWords(to)
	default:
		return boundWords(from) + " to " + boundWords(to)
	}
}

// ageWords names an age such as 7d; empty for anything else.
func ageWords(s string) string {
	if len(s) < 2 || strings.Trim(s[:len(s)-1], "0123456789") != "" {
		return ""
	}
	unit := map[byte]string{'h': "hour", 'd': "day", 'w': "week", 'm': "month", 'y': "year"}[s[len(s)-1]]
	switch {
	case unit == "":
		return ""
	case s[:len(s)-1] == "1":
		return "last " + unit
	default:
		return "last " + s[:len(s)-1] + " " + unit + "s"
	}
}

// boundWords writes a bound for people, as it is if it is neither day nor time.
func boundWords(s string) string {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day.Format("2 Jan 2006")
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.Format("2 Jan 2006, 15:04")
	}
	return s
}
