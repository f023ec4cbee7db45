package entity

import (
	"strings"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/token"
	"broadsheet.example/news"
)

// isEnglish reports whether the model knows a language. Text of unknown
// language is taken for English.
func isEnglish(language string) bool { return language == "en" || language == "" }

// label marks the names in text.
func (r *Recognizer) label(text, language string) []news.Mention {
	cut := token.Split(text)
	if !isEnglish(language) {
		return labelByShape(cut, r.gaz)
	}
	var kept []news.Mention
	for _, m := range r.tagger.Label(cut) {
		last := len(kept) - 1
		switch {
		case r.isNoise(m.Type, text[m.Start:m.End]):
		case last >= 0 && text[kept[last].End:m.Start] == " & ":
			kept[last].End, kept[last].Type = m.End, news.Organization
		case m.Type == news.Place:
			kept = appendPlaces(kept, text, m)
		default:
			kept = append(kept, m)
		}
	}
	agree(text, kept, r.gaz)
	return kept
}

// appendPlaces adds a place, or the places that it is a list of.
func appendPlaces(list []news.Mention, text string, m news.Mention) []news.Mention {
	for {
		i := strings.Index(text[m.Start:m.End], ", ")
		if i <= 0 || m.Start+i+len(", ") >= m.End {
			return append(list, m)
		}
		one := m
		one.End = m.Start + i
		list = append(list, one)
		m.Start += i + len(", ")
	}
}

// isNoise reports what is capitalized and repeated like a name but is none: a
// label, an office without its holder, a nationality.
func (r *Recognizer) isNoise(kind news.EntityType, surface string) bool {
	if len(surface) > maxName {
		return false
	}
	const known = gazetteer.AnyPlace&^gazetteer.Town | gazetteer.Organization
	return r.gaz.IsLabel(surface) ||
		kind != news.Person && r.gaz.Is(surface, gazetteer.Demonym) && !r.gaz.Is(surface, known)
}

// agree settles names that a document gives different types: one that ends a
// person's full name is that person's, any other is what it is most often. What
// the lists know stays as it was found.
func agree(text string, found []news.Mention, gaz *gazetteer.Gazetteer) {
	surnames := map[string]bool{}
	types := map[string]map[news.EntityType]int{}
	for _, m := range found {
		s := text[m.Start:m.End]
		if i := strings.LastIndexByte(s, ' '); m.Type == news.Person && i > 0 {
			surnames[s[i+1:]] = true
		}
		if types[s] == nil {
			types[s] = map[news.EntityType]int{}
		}
		types[s][m.Type]++
	}
	for i, m := range found {
		s := text[m.Start:m.End]
		if gaz.Is(s, gazetteer.AnyPlace|gazetteer.Organization) {
			continue
		}
		if surnames[s] {
			found[i].Type = news.Person
			continue
		}
		for _, t := range [...]news.EntityType{news.Person, news.Place, news.Organization} {
			if types[s][t] > 2*types[s][m.Type] {
				found[i].Type = t
			}
		}
	}
}
