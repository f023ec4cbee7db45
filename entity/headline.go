package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/news"
)

// dropHeadlineWords drops names that only a headline with Capitals on Most
// Words gives, unless something else speaks for them: there, capitals do not
// tell names from other words.
func (d *document) dropHeadlineWords() {
	if !isHeadlineCase(d.text[:min(d.body, len(d.text))]) {
		return
	}
	inText := map[string]bool{}
	for _, m := range d.mentions {
		if m.Start >= d.body {
			inText[string(m.Type)+m.key] = true
		}
	}
	for i := range d.mentions {
		if m := &d.mentions[i]; m.Start < d.body && !inText[string(m.Type)+m.key] && !d.vouched(m) {
			m.key = ""
		}
	}
}

// isHeadlineCase reports whether at least seven in ten words are capitalized.
func isHeadlineCase(s string) bool {
	words, upper := 0, 0
	for w := range strings.FieldsSeq(s) {
		first, _ := utf8.DecodeRuneInString(w)
		if unicode.IsLetter(first) {
			words++
			if unicode.IsUpper(first) {
				upper++
			}
		}
	}
	return words > 3 && upper*10 >= words*7
}

// vouched reports whether the lists know the name, or the words that it begins
// or ends with.
func (d *document) vouched(m *mention) bool {
	if d.gaz.Is(m.surface, gazetteer.AnyPlace|gazetteer.Organization|gazetteer.Person) || d.famous(m.words) {
		return true
	}
	words := strings.Fields(m.name)
	if len(words) < 2 {
		_, ok := d.gaz.Surname(m.surface)
		return ok
	}
	switch m.Type {
	case news.Person:
		return d.gaz.Is(words[0], gazetteer.FirstName)
	case news.Organization:
		return d.gaz.Is(words[len(words)-1], gazetteer.OrgWord) && !d.gaz.Is(words[0], gazetteer.Common)
	case news.Place: // Coast, Street and Park end too many other phrases
	}
	return false
}
