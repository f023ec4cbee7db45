package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet.example/entity/gazetteer"
)

// maxName is the length in bytes above which a name is taken for a mistake.
const maxName = 120

// clean returns a surface without what does not belong to the name: white
// space runs, quotes and punctuation around it, a leading article, a final
// possessive. Names in capitals throughout are given back their lower case.
func clean(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	s = strings.Trim(s, " ,;:!?\"'“”‘’()[]«»*_|/-–—…")
	for _, p := range [...]string{"'s", "’s", "'S", "’S"} {
		s = strings.TrimSuffix(s, p)
	}
	for _, article := range [...]string{"the ", "The ", "THE "} {
		s = strings.TrimPrefix(s, article)
	}
	s = strings.ReplaceAll(s, " - ", "-")
	return lowered(s)
}

// lowered gives words of capitals their lower case where the whole name is in
// capitals and too long for an acronym.
func lowered(s string) string {
	if len(s) <= 6 && !strings.Contains(s, " ") || strings.IndexFunc(s, unicode.IsLower) >= 0 {
		return s
	}
	return titled(s)
}

// titled gives words of capitals their lower case, but for the first letter.
func titled(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if strings.Contains(strings.TrimSuffix(w, "."), ".") {
			continue // U.S.
		}
		_, n := utf8.DecodeRuneInString(w)
		words[i] = w[:n] + strings.ToLower(w[n:])
	}
	return strings.Join(words, " ")
}

// isName reports whether a cleaned surface can name anything: not a label, a
// nationality, a month or another word that is merely capitalized.
func isName(gaz *gazetteer.Gazetteer, s string) bool {
	if len(s) < 2 || len(s) > maxName || !utf8.ValidString(s) || gaz.IsLabel(s) {
		return false
	}
	if strings.IndexFunc(s, unicode.IsLetter) < 0 || s == strings.ToLower(s) && s != strings.ToUpper(s) {
		return false
	}
	const known = gazetteer.AnyPlace | gazetteer.Organization
	return !gaz.Is(s, gazetteer.Demonym) || gaz.Is(s, known&^gazetteer.Town)
}

// isCommon reports a single word that is capitalized for other reasons than
// being a name, and so needs support from a longer form.
func isCommon(gaz *gazetteer.Gazetteer, s string) bool {
	return gaz.Is(s, gazetteer.Common|gazetteer.Title|gazetteer.OrgWord)
}
