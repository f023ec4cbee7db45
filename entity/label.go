package entity

import (
	"slices"
	"strings"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/token"
	"broadsheet.example/news"
)

// label marks the names in text.
func (r *Recognizer) label(text, language string) []news.Mention {
	if r.labeler != nil {
		if names, ok := r.labeler.Label(text); ok {
			return names
		}
	}
	cut := token.Split(text)
	if !isEnglish(language, text) {
		return labelByShape(cut, r.gaz)
	}
	var kept []news.Mention
	end := 0
	for _, m := range withDatelines(text, r.tagger.Label(cut), r.gaz) {
		if r.isAddressed(text[m.Start:m.End]) {
			m.Type = news.Person
		}
		if m.Type == news.Person {
			var in news.Mention
			if in, m = r.divide(text, m); in.End > 0 {
				kept, end = append(kept, in), in.End
			}
			m = r.trim(text, end, m)
		}
		end = m.End
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
	kept = withSurnames(cut, kept, r.gaz)
	agree(text, kept, r.gaz)
	return kept
}

// isAddressed reports a name that only a person has: it begins with a form of
// address, and no word says that it is a company's.
func (r *Recognizer) isAddressed(surface string) bool {
	words := strings.Fields(surface)
	if len(words) < 2 || slices.ContainsFunc(words, r.isOrgWord) {
		return false
	}
	switch strings.TrimSuffix(words[0], ".") {
	case "Mr", "Mrs", "Ms", "Mx", "Mme":
		return true
	}
	return false
}

// divide takes the place off what was found to be a person's name of three words
// and more but is a place and who acts there: "In Sofia Desislava Koleva said". The
// place ends at 0 when there is none.
func (r *Recognizer) divide(text string, m news.Mention) (place, person news.Mention) {
	const known = gazetteer.Country | gazetteer.Capital | gazetteer.Metropolis | gazetteer.Region
	words := strings.Fields(text[m.Start:m.End])
	if len(words) < 3 || !beginsWithIn(text[:m.Start]) || !r.gaz.Is(words[0], known) || !startsUpper(words[1]) {
		return news.Mention{}, m
	}
	place = news.Mention{Start: m.Start, End: m.Start + len(words[0]), Type: news.Place}
	m.Start += len(words[0]) + strings.Index(text[m.Start+len(words[0]):], words[1])
	return place, m
}

// beginsWithIn reports whether text ends with a sentence that so far is "In ". After
// a small "in" a person's name is as likely: "her faith in Jordan Lee Brown".
func beginsWithIn(text string) bool {
	before, ok := strings.CutSuffix(text, "In ")
	return ok && (before == "" || strings.ContainsAny(before[len(before)-1:], " \n"))
}

// trim takes a title off a person's name, and in a particle that begins it
// after the byte from.
func (r *Recognizer) trim(text string, from int, m news.Mention) news.Mention {
	for {
		first, rest, ok := strings.Cut(text[m.Start:m.End], " ")
		rest = strings.TrimLeft(rest, " ")
		if !ok || rest == "" || !r.gaz.Is(first, gazetteer.Title) || r.gaz.Is(first, gazetteer.FirstName|gazetteer.Surname) {
			break
		}
		m.Start = m.End - len(rest)
	}
	for _, p := range [...]string{"dos ", "von ", "van ", "bin ", "ibn ", "del ", "di ", "da ", "de "} {
		if strings.HasSuffix(text[from:m.Start], " "+p) {
			m.Start -= len(p)
			break
		}
	}
	return m
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
// label, an office without its holder, a nationality, an event.
func (r *Recognizer) isNoise(kind news.EntityType, surface string) bool {
	switch {
	case len(surface) > maxName:
		return false
	case len(surface) == 1 || strings.Contains(surface, " said ") || r.gaz.IsLabel(surface):
		return true
	case kind == news.Person || r.gaz.Is(surface, gazetteer.AnyPlace&^gazetteer.Town|gazetteer.Organization):
		return false
	case r.gaz.Is(surface, gazetteer.Demonym):
		return true
	}
	words := strings.Fields(surface)
	end := words[len(words)-1]
	return len(words) > 1 && (r.gaz.Is(end, gazetteer.EventWord) || r.gaz.Is(end, gazetteer.Title) && !slices.ContainsFunc(words, r.isOrgWord))
}

func (r *Recognizer) isOrgWord(w string) bool { return r.gaz.Is(w, gazetteer.OrgWord) }

// agree settles names that a document gives different types: one that ends a
// person's full name is that person's, any other is what it is most often. What
// the lists know stays as it was found, but for countries, which are places, and
// for a place that acts as people do in a document that names a person so.
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
		known := gaz.Is(s, gazetteer.AnyPlace|gazetteer.Organization)
		switch {
		case m.Type == news.Organization && gaz.Is(s, gazetteer.Country) && !gaz.Is(s, gazetteer.Organization):
			found[i].Type = news.Place
		case surnames[s] && (!known || actsAsPerson(text, m)):
			found[i].Type = news.Person
		case !known:
			found[i].Type = usual(types[s], m.Type)
		}
	}
}

// usual returns the type that is clearly more frequent than t, or t.
func usual(counts map[news.EntityType]int, t news.EntityType) news.EntityType {
	for _, other := range [...]news.EntityType{news.Person, news.Place, news.Organization} {
		if counts[other] > 2*counts[t] {
			return other
		}
	}
	return t
}

// actsAsPerson reports whether the words around m are such as stand around a
// person's name rather than a place's.
func actsAsPerson(text string, m news.Mention) bool {
	before := text[:m.Start]
	for _, p := range [...]string{" in ", " In ", " from ", " to ", " near ", " of ", " at ", " the ", " for "} {
		if strings.HasSuffix(before, p[1:]) && (len(before) < len(p) || strings.HasSuffix(before, p)) {
			return false
		}
	}
	next, _, _ := strings.Cut(strings.TrimPrefix(text[m.End:min(m.End+24, len(text))], " "), " ")
	switch next = strings.TrimRight(next, ".,;:"); next {
	case "said", "says", "told", "was", "is", "has", "had", "who", "will", "went", "won", "wrote", "spoke", "met", "made", "took", "did":
		return true
	}
	return len(next) > 4 && strings.HasSuffix(next, "ed")
}
