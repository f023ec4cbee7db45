package entity

import (
	"slices"
	"strings"
	"unicode/utf8"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/news"
)

// personWords splits a person's surface into the titles it begins with and the
// words of the name: of its best-known form if it is famous, else without
// initials in the middle. The title is folded, the name is not.
func (d *document) personWords(surface string) (title string, words []string) {
	words = strings.Fields(surface)
	for len(words) > 1 && d.gaz.Is(words[0], gazetteer.Title) && !d.famous(words) {
		title = gazetteer.Fold(strings.TrimSuffix(words[0], "."))
		words = words[1:]
	}
	if canonical, ok := d.gaz.Person(strings.Join(words, " ")); ok {
		return title, strings.Fields(canonical)
	}
	if len(words) < 3 {
		return title, words
	}
	kept := words[:1:1]
	for _, w := range words[1 : len(words)-1] {
		if !isInitial(w) {
			kept = append(kept, w)
		}
	}
	return title, append(kept, words[len(words)-1])
}

func (d *document) famous(words []string) bool {
	_, ok := d.gaz.Person(strings.Join(words, " "))
	return ok
}

// isInitial reports J, J. and J.D.
func isInitial(w string) bool {
	letters := strings.ReplaceAll(w, ".", "")
	return utf8.RuneCountInString(letters) == 1 || letters != w && len(letters) <= 2
}

// fullName is a person whom the document names in full.
type fullName struct {
	key    string // folded
	name   string // to show
	words  []string
	at     int             // where it is first named
	titles map[string]bool // that it stands with
}

// resolvePeople gives every person's mention its full name. A short form goes
// to the full name in the document that it is part of; when there are several,
// to the one with the same title, else to the one named first. A surname that
// the document never completes, or uses before it names somebody so in full,
// goes to the person it is famous for.
func (d *document) resolvePeople() {
	full := d.fullNames()
	alone := d.firstAlone()
	d.each(news.Person, func(m *mention) {
		name := strings.Join(m.words, " ")
		famous, isFamous := d.gaz.Surname(name)
		at, inText := alone[name]
		f := full.match(m)
		if f != nil && !(isFamous && f.name != famous && inText && at < f.at) {
			m.key, m.name = f.key, f.name
			return
		}
		if isFamous {
			name = famous
		} else if len(m.words) == 1 && m.title == "" && isCommon(d.gaz, name) {
			return
		}
		m.key, m.name = gazetteer.Fold(name), name
	})
}

// firstAlone returns where in the text each name of one word first stands.
func (d *document) firstAlone() map[string]int {
	first := map[string]int{}
	d.each(news.Person, func(m *mention) {
		if _, ok := first[m.words[0]]; !ok && len(m.words) == 1 && m.Start >= d.body {
			first[m.words[0]] = m.Start
		}
	})
	return first
}

// maxNamesakes bounds how many people who share a word of their names are told
// apart.
const maxNamesakes = 16

// people are those whom a document names in full, by every word of their names.
type people map[string][]*fullName

// fullNames lists the people named in full. Longer names go first, so that one
// that is the end of another is not taken for somebody else.
func (d *document) fullNames() people {
	var named []*mention
	d.each(news.Person, func(m *mention) {
		if len(m.words) > 2 || len(m.words) == 2 && !isInitial(m.words[0]) {
			named = append(named, m)
		}
	})
	slices.SortStableFunc(named, func(a, b *mention) int { return len(b.words) - len(a.words) })
	full := people{}
	for _, m := range named {
		words := strings.Fields(gazetteer.Fold(strings.Join(m.words, " ")))
		f := full.like(words, "", equal, sameButSuffix, sameEnd, nicknamed)
		if f == nil {
			f = &fullName{key: strings.Join(words, " "), name: strings.Join(m.words, " "), words: words, at: m.Start, titles: map[string]bool{}}
			full.add(f)
		}
		f.at = min(f.at, m.Start)
		if m.title != "" {
			f.titles[m.title] = true
		}
	}
	return full
}

func (p people) add(f *fullName) {
	for i, w := range f.words {
		if w = bare(w); len(p[w]) < maxNamesakes && !slices.Contains(f.words[:i], w) {
			p[w] = append(p[w], f)
		}
	}
}

// match returns the full name that m is a form of, or nil.
func (p people) match(m *mention) *fullName {
	words := strings.Fields(gazetteer.Fold(strings.Join(m.words, " ")))
	return p.like(words, m.title, equal, sameButSuffix, sameEnd, sameInitial, sameBeginning, sameMiddle, nicknamed)
}

// like returns the person whose name is like the words in the first of the ways
// in which anybody's is, or nil.
func (p people) like(words []string, title string, ways ...func(f, m []string) bool) *fullName {
	for _, way := range ways {
		if f := p.find(words, title, way); f != nil {
			return f
		}
	}
	return nil
}

// find returns, of the people whose names are like the words, the one named
// first, or the first who has the title.
func (p people) find(words []string, title string, like func(f, m []string) bool) *fullName {
	if len(words) == 0 {
		return nil
	}
	var found *fullName
	for _, w := range [...]string{words[0], words[len(words)-1], withoutSuffix(words)[len(withoutSuffix(words))-1]} {
		for _, f := range p[bare(w)] {
			if like(f.words, words) && (found == nil || before(f, found, title)) {
				found = f
			}
		}
	}
	return found
}

// before reports whether f is to be preferred to g for a mention with a title.
func before(f, g *fullName, title string) bool {
	if title != "" && f.titles[title] != g.titles[title] {
		return f.titles[title]
	}
	return f.at < g.at
}
