package feed

import (
	"regexp"
	"strings"
)

var (
	numericZone = regexp.MustCompile(`^([-+])(\d{1,2})(?::?(\d{2}))?$`)
	prefixZone  = regexp.MustCompile(`^(?:gmt|utc|ut)\s*([-+].+)$`)
	suffixZone  = regexp.MustCompile(`^([-+]\d{2}:?\d{2})\s*(?:\(?[a-z]{1,5}\)?)$`)
	maxZone     = 15 * 3600 // no clock on earth is further from UTC, in seconds
)

// zone takes a time zone, which may be empty, and reports whether it is known.
func (m *moment) zone(s string) bool {
	s = strings.Trim(s, " .")
	if s == "" {
		return true
	}
	offset, ok := zoneOffset(s)
	if !ok {
		return false
	}
	if !m.hasZone || m.offset == 0 {
		m.offset = offset
	}
	m.hasZone = true
	return true
}

// zoneOffset returns the seconds east of UTC of a zone.
func zoneOffset(s string) (seconds int, ok bool) {
	if p := prefixZone.FindStringSubmatch(s); p != nil {
		s = strings.TrimSpace(p[1]) // "gmt+02:00"
	}
	if p := suffixZone.FindStringSubmatch(s); p != nil {
		s = p[1] // "-0500 est": the figures are exact
	}
	if p := numericZone.FindStringSubmatch(s); p != nil {
		seconds = atoi(p[2])*3600 + atoi(p[3])*60
		if p[1] == "-" {
			seconds = -seconds
		}
		return seconds, seconds <= maxZone && seconds >= -maxZone && atoi(p[3]) < 60
	}
	hours, ok := zoneHours(s)
	return int(hours * 3600), ok
}

// zoneHours returns the offset of a named zone. Names that different countries
// use for different zones stand for the one that feeds mean by RFC 822, or by
// weight of numbers; a name without such a meaning is not here.
func zoneHours(name string) (hours float64, ok bool) {
	switch strings.TrimPrefix(name, "etc/") {
	case "z", "ut", "utc", "gmt", "wet", "uct", "zulu", "greenwich", "universal", "utc/gmt", "gmt/utc", "0", "00", "0000", "-00:00":
		return 0, true
	}
	switch name {
	case "ast", "at", "edt", "clt":
		return -4, true
	case "adt", "brt", "art":
		return -3, true
	case "nst":
		return -3.5, true
	case "ndt":
		return -2.5, true
	case "est", "et", "cdt":
		return -5, true
	case "cst", "ct", "mdt":
		return -6, true
	case "mst", "mt", "pdt":
		return -7, true
	case "pst", "pt", "akdt":
		return -8, true
	case "akst", "hdt":
		return -9, true
	case "hst":
		return -10, true
	case "a":
		return -1, true
	case "m":
		return -12, true
	case "n", "met", "mez", "cet", "bst", "west", "wat":
		return 1, true
	case "y", "nzst":
		return 12, true
	case "mest", "mesz", "cest", "eet", "cat", "sast":
		return 2, true
	case "eest", "msk", "eat", "trt":
		return 3, true
	case "msd", "gst":
		return 4, true
	case "pkt":
		return 5, true
	case "ist":
		return 5.5, true
	case "npt":
		return 5.75, true
	case "ict", "wib":
		return 7, true
	case "hkt", "sgt", "myt", "awst", "pht", "wita":
		return 8, true
	case "jst", "kst", "wit":
		return 9, true
	case "acst":
		return 9.5, true
	case "acdt":
		return 10.5, true
	case "aest":
		return 10, true
	case "aedt":
		return 11, true
	case "nzdt":
		return 13, true
	}
	return 0, false
}
