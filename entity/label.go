package entity

import (
	"strings"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/token"
	"broadsheet.example/news"
)

// english is the language that the model knows; text of unknown language is
// taken for it.
const english = "en"

// label marks the names in text.
func (r *Recognizer) label(text, language string) []news.Mention {
	cut := token.Split(text)
	if language != english && language != "" {
		return labelByShape(cut, r.gaz)
	}
	found := r.tagger.Label(cut)
	kept := found[:0]
	for _, m := range found {
		if !r.isNoise(m.Type, text[m.Start:m.End]) {
			kept = append(kept, m)
		}
	}
	agree(text, kept, r.gaz)
	return kept
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
