package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/token"
	"broadsheet.example/news"
)

// minSurname is the length in bytes from which a surname is looked for alone.
const minSurname = 4

// withSurnames adds what the labeler overlooked: surnames, alone, of people whom
// the document names in full. A word beside another capitalized word may be a
// part of another name, and is left alone, as is one that the lists know as
// anything else.
func withSurnames(cut *token.Text, found []news.Mention, gaz *gazetteer.Gazetteer) []news.Mention {
	surnames := surnamesOf(cut.Source, found, gaz)
	if len(surnames) == 0 {
		return found
	}
	var out []news.Mention
	start := 0
	for _, end := range cut.Ends {
		for i := start; i < end; i++ {
			t := cut.Tokens[i]
			for len(found) > 0 && found[0].Start <= t.Start {
				out = append(out, found[0])
				found = found[1:]
			}
			free := len(out) == 0 || out[len(out)-1].End <= t.Start
			if free && surnames[cut.Word(i)] && !besideCapital(cut, i, start, end, gaz) {
				out = append(out, news.Mention{Start: t.Start, End: t.End, Type: news.Person})
			}
		}
		start = end
	}
	return append(out, found...)
}

// surnamesOf returns the last words of the people's full names, without those
// that may mean something else.
func surnamesOf(text string, found []news.Mention, gaz *gazetteer.Gazetteer) map[string]bool {
	const elsewhere = gazetteer.AnyPlace | gazetteer.Organization | gazetteer.Demonym | gazetteer.Title |
		gazetteer.OrgWord | gazetteer.PlaceWord | gazetteer.EventWord | gazetteer.Common
	out := map[string]bool{}
	for _, m := range found {
		full := text[m.Start:m.End]
		i := strings.LastIndexByte(full, ' ')
		if m.Type != news.Person || i < 0 {
			continue
		}
		if last := full[i+1:]; len(last) >= minSurname && startsUpper(last) && !gaz.Is(last, elsewhere) {
			out[last] = true
		}
	}
	return out
}

// besideCapital reports whether a capitalized word, but for a title, stands
// before or after token i in the sentence [start, end).
func besideCapital(cut *token.Text, i, start, end int, gaz *gazetteer.Gazetteer) bool {
	if i > start && startsUpper(cut.Word(i-1)) && !gaz.Is(cut.Word(i-1), gazetteer.Title) {
		return true
	}
	return i+1 < end && startsUpper(cut.Word(i+1))
}

func startsUpper(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(first)
}
