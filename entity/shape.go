package entity

import (
	"unicode"
	"unicode/utf8"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/entity/token"
	"broadsheet.example/news"
)

// maxRun bounds the length of a name in words.
const maxRun = 8

// labelByShape returns the names in a text of any language, by the lists and by
// the shape of words.
func labelByShape(text *token.Text, gaz *gazetteer.Gazetteer) []news.Mention {
	l := &shapes{gaz: gaz, text: text, surnames: map[string]bool{}}
	start := 0
	for _, end := range text.Ends {
		l.sentence(start, end)
		start = end
	}
	return l.found
}

// shapes labels one text: runs of capitalized words that are known, or that
// hold a word which tells what they are.
type shapes struct {
	gaz      *gazetteer.Gazetteer
	text     *token.Text
	surnames map[string]bool // of people named in full so far
	found    []news.Mention
}

// sentence labels the tokens [start, end).
func (l *shapes) sentence(start, end int) {
	shouted := l.shouted(start, end)
	for i := start; i < end; {
		if n := l.foreign(i, end); n > 0 {
			l.add(i, i+n, news.Place)
			i += n
			continue
		}
		if !l.capitalized(i) {
			i++
			continue
		}
		stop := l.run(i, end)
		if shouted {
			l.known(i, stop)
		} else {
			l.classify(i, stop, start)
		}
		i = stop
	}
}

// maxForeign bounds the name of a country in tokens; an ideograph is one.
const maxForeign = 8

// foreign returns how many tokens at i are the name of a country in a language
// other than English, or 0.
func (l *shapes) foreign(i, end int) int {
	first, _ := utf8.DecodeRuneInString(l.text.Word(i))
	if !unicode.IsLetter(first) || unicode.IsLower(first) {
		return 0
	}
	for n := min(maxForeign, end-i); n > 0; n-- {
		from, to := l.text.Tokens[i].Start, l.text.Tokens[i+n-1].End
		if to-from > maxName {
			continue
		}
		if _, ok := l.gaz.Foreign(l.text.Source[from:to]); ok {
			return n
		}
	}
	return 0
}

// shouted reports whether most words of the sentence are capitalized, as in a
// headline, so that case says nothing.
func (l *shapes) shouted(start, end int) bool {
	words, upper := 0, 0
	for i := start; i < end; i++ {
		if r, _ := utf8.DecodeRuneInString(l.text.Word(i)); unicode.IsLetter(r) {
			words++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	return words > 3 && upper*10 >= words*7
}

func (l *shapes) capitalized(i int) bool {
	r, _ := utf8.DecodeRuneInString(l.text.Word(i))
	return unicode.IsUpper(r)
}

// run returns the end of the run of name words that starts at i.
func (l *shapes) run(i, end int) int {
	stop := i + 1
	for j := stop; j < end && j-i < maxRun; j++ {
		if l.capitalized(j) {
			stop = j + 1
		} else if !isParticle(l.text.Word(j)) {
			break
		}
	}
	return stop
}

// classify labels the run [i, stop) as one name, or else what is known in it.
func (l *shapes) classify(i, stop, sentence int) {
	if i == sentence {
		i = l.afterArticle(i, stop)
	}
	i = l.toOrganization(i, stop)
	titled := false
	for i < stop && l.is(i, gazetteer.Title|gazetteer.Demonym|gazetteer.Common) && !l.whole(i, stop, gazetteer.AnyPlace|gazetteer.Organization) {
		titled = titled || l.is(i, gazetteer.Title)
		i++
	}
	i = l.afterParticles(i, stop)
	n := stop - i
	switch {
	case n == 0:
	case l.whole(i, stop, gazetteer.Organization):
		l.add(i, stop, news.Organization)
	case l.whole(i, stop, gazetteer.AnyPlace) && !titled && !l.surnames[l.text.Word(i)]:
		l.add(i, stop, news.Place)
	case n > 1 && l.any(i, stop, gazetteer.OrgWord):
		l.add(i, stop, news.Organization)
	case n > 1 && l.is(stop-1, gazetteer.PlaceWord):
		l.add(i, stop, news.Place)
	case titled && n <= 4, n > 1 && n <= 4 && l.is(i, gazetteer.FirstName):
		l.person(i, stop)
	case n == 1 && l.surnames[l.text.Word(i)]:
		l.person(i, stop)
	default:
		l.known(i, stop)
	}
}

// afterArticle returns where the run [i, stop) goes on after an article that
// belongs to no name: Die Europäische Union, but El Salvador and Le Pen.
func (l *shapes) afterArticle(i, stop int) int {
	const lasting = gazetteer.AnyPlace&^gazetteer.Town | gazetteer.Organization
	if !isArticle(l.text.Word(i)) || l.whole(i, stop, lasting) || i+1 < stop && l.surnames[l.text.Word(i+1)] {
		return i
	}
	return i + 1
}

// toOrganization returns where an organization begins whose name follows that of
// something that belongs to it, as in "Forscher der Universität Heidelberg", or
// i.
func (l *shapes) toOrganization(i, stop int) int {
	if i >= stop || l.is(i, gazetteer.OrgWord|gazetteer.PlaceWord) || l.whole(i, stop, gazetteer.AnyPlace|gazetteer.Organization) {
		return i
	}
	if rest := l.afterParticles(i+1, stop); rest > i+1 {
		return rest
	}
	return i
}

// afterParticles returns where an organization begins after the particles at i,
// or i: von der Leyen keeps hers.
func (l *shapes) afterParticles(i, stop int) int {
	rest := i
	for rest < stop && isParticle(l.text.Word(rest)) {
		rest++
	}
	if l.any(rest, stop, gazetteer.OrgWord) {
		return rest
	}
	return i
}

// known labels the longest names in [i, stop) that the lists have.
func (l *shapes) known(i, stop int) {
	for i < stop {
		n, kind := l.longest(i, stop)
		switch {
		case n == 0:
			n = 1
		case kind&gazetteer.Person != 0:
			l.person(i, i+n)
		case kind&gazetteer.Organization != 0:
			l.add(i, i+n, news.Organization)
		default:
			l.add(i, i+n, news.Place)
		}
		i += n
	}
}

// longest returns the number of words of the longest known name at i, and its
// kinds. A town or a word of the language is not taken for a name here.
func (l *shapes) longest(i, stop int) (int, gazetteer.Kind) {
	const safe = gazetteer.Country | gazetteer.Capital | gazetteer.Metropolis | gazetteer.Region | gazetteer.Organization | gazetteer.Person
	n, kind := 0, gazetteer.Kind(0)
	h := gazetteer.Hash()
	for j := i; j < stop && j-i < gazetteer.MaxWords; j++ {
		h = gazetteer.Extend(h, l.text.Word(j))
		if k := l.gaz.Kinds(h); k&safe != 0 && k&gazetteer.Common == 0 {
			n, kind = j-i+1, k
		}
	}
	return n, kind
}

// whole reports whether [i, stop) as a whole is known as one of the kinds.
func (l *shapes) whole(i, stop int, k gazetteer.Kind) bool {
	h := gazetteer.Hash()
	for j := i; j < stop; j++ {
		h = gazetteer.Extend(h, l.text.Word(j))
	}
	kinds := l.gaz.Kinds(h)
	return kinds&k != 0 && (kinds&gazetteer.Common == 0)
}

func (l *shapes) is(i int, k gazetteer.Kind) bool { return l.gaz.Is(l.text.Word(i), k) }

func (l *shapes) any(i, stop int, k gazetteer.Kind) bool {
	for ; i < stop; i++ {
		if l.is(i, k) {
			return true
		}
	}
	return false
}

func (l *shapes) person(i, stop int) {
	if stop-i > 1 {
		l.surnames[l.text.Word(stop-1)] = true
	}
	l.add(i, stop, news.Person)
}

func (l *shapes) add(i, stop int, kind news.EntityType) {
	l.found = append(l.found, news.Mention{Start: l.text.Tokens[i].Start, End: l.text.Tokens[stop-1].End, Type: kind})
}

// isArticle reports articles as sentences begin with them.
func isArticle(w string) bool {
	switch w {
	case "Der", "Die", "Das", "Den", "Dem", "Des", "Ein", "Eine", "Le", "La", "Les", "Un", "Une", "El", "Los", "Las", "Una", "Il", "Lo", "Gli", "O", "Os", "De", "Het", "Een":
		return true
	}
	return false
}

// isParticle reports lower-case words that stand inside names.
func isParticle(w string) bool {
	switch w {
	case "of", "for", "de", "da", "do", "dos", "del", "della", "di", "du", "la", "le", "el", "al", "bin", "ibn", "van", "von", "der", "den", "zu", "-":
		return true
	}
	return false
}
