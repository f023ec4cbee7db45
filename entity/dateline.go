package entity

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/news"
)

// maxDateline bounds a dateline in bytes: a city, its country or state, a date
// and an agency.
const maxDateline = 90

// withDatelines returns the names found with those of datelines put right,
// "CITY, State (AGENCY) -" and "CITY -": what they begin with is a place, what
// stands in the brackets an organization. Found is in order, and so is the outcome.
func withDatelines(text string, found []news.Mention, gaz *gazetteer.Gazetteer) []news.Mention {
	var out []news.Mention
	start := 0
	for line := range strings.Lines(text) {
		if from, to, ok := datelineAgency(line, gaz); ok {
			n, _ := slices.BinarySearchFunc(found, start+to, func(m news.Mention, end int) int { return m.Start - end })
			out = appendDateline(out, found[:n], start, line[:from-len("(")], gaz)
			out = append(out, news.Mention{Start: start + from, End: start + to, Type: news.Organization})
			found = found[n:]
		} else if to, ok := datelineCity(line, gaz); ok {
			n, _ := slices.BinarySearchFunc(found, start+to, func(m news.Mention, end int) int { return m.Start - end })
			out = appendDateline(out, found[:n], start, line[:to], gaz)
			found = found[n:]
		}
		start += len(line)
	}
	out = append(out, found...)
	for i, m := range out {
		if m.Type == news.Organization && beginsDateline(text, m, gaz) {
			out[i].Type = news.Place
		}
	}
	return out
}

// beginsDateline reports whether what was found begins a line before a long dash,
// in capitals, and is no organization that the lists know: the town that a report
// of sports is from, not the club that is called by it. Before a hyphen it may be
// the club, as in lists of transfers.
func beginsDateline(text string, m news.Mention, gaz *gazetteer.Gazetteer) bool {
	name, rest := text[m.Start:m.End], strings.TrimLeft(text[m.End:], " ")
	return (m.Start == 0 || text[m.Start-1] == '\n') && (strings.HasPrefix(rest, "—") || strings.HasPrefix(rest, "–")) &&
		len(name) >= len("ROME") && name == strings.ToUpper(name) &&
		!gaz.Is(name, gazetteer.Organization) && !gaz.Is(titled(name), gazetteer.Organization)
}

// appendDateline adds the names found up to the agency of a dateline: those of
// the lines before and those in head, the dateline before the agency, which
// begins at the byte start. What it begins with is a city if it is in capitals
// or a place that the lists know.
func appendDateline(list, found []news.Mention, start int, head string, gaz *gazetteer.Gazetteer) []news.Mention {
	city, _, _ := strings.Cut(strings.TrimRight(head, " "), ",")
	first, _ := utf8.DecodeRuneInString(city)
	isCity := unicode.IsUpper(first) && (city == strings.ToUpper(city) || gaz.Is(city, gazetteer.AnyPlace))
	within := false
	for _, m := range found {
		if m.End > start+len(head) {
			continue
		}
		if isCity && m.Start == start {
			m.Type = news.Place
		}
		within = within || m.End > start
		list = append(list, m)
	}
	if isCity && !within {
		list = append(list, news.Mention{Start: start, End: start + len(city), Type: news.Place})
	}
	return list
}

// datelineCity returns the bytes of the dateline that a line begins with, before
// its dash: a city in capitals with a country or state, or one that every reader
// knows. Of other places too many are called as articles are headed: POLICE, MARCH,
// READING.
func datelineCity(line string, gaz *gazetteer.Gazetteer) (to int, ok bool) {
	head := line[:min(len(line), maxDateline)]
	to = len(head)
	for _, dash := range [...]string{" -", " –", "—"} {
		if i := strings.Index(head[:to], dash); i >= 0 {
			to = i
		}
	}
	if to < len("ROME") || to == len(head) {
		return 0, false
	}
	city, rest, hasMore := strings.Cut(head[:to], ",")
	if strings.ToUpper(city) != city {
		return 0, false
	}
	if hasMore {
		state, _, _ := strings.Cut(strings.TrimLeft(rest, " "), ",")
		if len(gaz.Places(strings.TrimRight(state, " "))) > 0 {
			return to, true
		}
	}
	const famous = gazetteer.Country | gazetteer.Capital | gazetteer.Metropolis | gazetteer.Region
	name := titled(strings.TrimRight(city, " "))
	return to, gaz.Is(name, famous) && !gaz.Is(name, gazetteer.Common|gazetteer.OrgWord|gazetteer.EventWord)
}

// datelineAgency returns the bytes of the agency in the dateline that a line
// begins with.
func datelineAgency(line string, gaz *gazetteer.Gazetteer) (from, to int, ok bool) {
	head := line[:min(len(line), maxDateline)]
	from = strings.IndexByte(head, '(') + 1
	to = strings.IndexByte(head, ')')
	if from < len("A (") || to < from || !gaz.IsAgency(head[from:to]) {
		return 0, 0, false
	}
	rest := strings.TrimLeft(head[to+1:], " ")
	for _, dash := range [...]string{"-", "–", "—"} {
		if strings.HasPrefix(rest, dash) {
			return from, to, true
		}
	}
	return 0, 0, false
}
