package entity

import (
	"strings"

	"broadsheet.example/entity/gazetteer"
	"broadsheet.example/news"
)

// mention is a name in a document on its way to an entity.
type mention struct {
	news.Mention
	surface string // as cleaned by clean
	words   []string
	title   string // the title before the name, folded; people only
	// key and name are what the mention comes to; an empty key drops it.
	key, name string
	country   string
	location  *news.Location
}

// document is one article being resolved.
type document struct {
	gaz      *gazetteer.Gazetteer
	text     string
	body     int  // where the text begins after the title
	foreign  bool // in another language than English
	mentions []mention
}

// resolve adds the names found in the document and turns them into entities.
func (d *document) resolve(found []news.Mention) []news.Entity {
	for _, s := range found {
		d.add(s)
	}
	d.resolvePeople()
	d.resolveOrganizations()
	d.resolvePlaces()
	d.dropHeadlineWords()
	return d.entities()
}

// add takes the span in unless it cannot be a name.
func (d *document) add(s news.Mention) {
	m := mention{Mention: s, surface: clean(d.text[s.Start:s.End])}
	if !isName(d.gaz, m.surface) {
		return
	}
	if s.Type == news.Place && d.gaz.Is(m.surface, gazetteer.Organization) && !d.gaz.Is(m.surface, gazetteer.AnyPlace) {
		m.Type = news.Organization // the White House is one entity, building or not
	}
	if m.Type == news.Person {
		m.title, m.words = d.personWords(m.surface)
		if before := d.wordBefore(s.Start); d.gaz.Is(before, gazetteer.Title) {
			m.title = gazetteer.Fold(strings.TrimSuffix(before, "."))
		}
	} else {
		m.words = strings.Fields(gazetteer.Fold(m.surface))
	}
	if len(m.words) > 0 {
		d.mentions = append(d.mentions, m)
	}
}

// wordBefore returns the word that ends before the byte at, separated by a
// space.
func (d *document) wordBefore(at int) string {
	before, ok := strings.CutSuffix(d.text[:at], " ")
	if !ok {
		return ""
	}
	return before[strings.LastIndexAny(before, " \n\t\"“(")+1:]
}

// each calls f with every mention of the kind.
func (d *document) each(kind news.EntityType, f func(m *mention)) {
	for i := range d.mentions {
		if d.mentions[i].Type == kind {
			f(&d.mentions[i])
		}
	}
}
