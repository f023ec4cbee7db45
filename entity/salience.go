package entity

import (
	"cmp"
	"slices"

	"broadsheet.example/news"
)

// What a mention in the title and one near the beginning of the text are worth
// in mentions, and how many bytes are near.
const (
	titleWorth = 4
	leadWorth  = 1
	leadBytes  = 400
)

// entities puts the mentions together, most salient first.
func (d *document) entities() []news.Entity {
	var out []news.Entity
	index := map[string]int{}
	for i := range d.mentions {
		m := &d.mentions[i]
		if m.key == "" {
			continue
		}
		id := news.EntityID(m.Type, m.key)
		at, ok := index[id]
		if !ok {
			at = len(out)
			index[id] = at
			out = append(out, news.Entity{ID: id, Type: m.Type, Name: m.name, First: -1})
		}
		d.count(&out[at], m)
	}
	Sort(out)
	for i := range out {
		out[i].First = max(out[i].First, 0)
	}
	return out
}

// Sort puts an article's entities in order, the most salient first. Equal lists
// come out equal whatever their order was.
func Sort(list []news.Entity) {
	slices.SortStableFunc(list, func(a, b news.Entity) int {
		return cmp.Or(salience(b)-salience(a), a.First-b.First, cmp.Compare(a.ID, b.ID))
	})
}

// count adds the mention to its entity.
func (d *document) count(e *news.Entity, m *mention) {
	e.Count++
	if e.Country == "" {
		e.Country = m.country
	}
	if e.Location == nil {
		e.Location = m.location
	}
	if m.Start < d.body {
		e.InTitle = true
	} else if e.First < 0 {
		e.First = m.Start - d.body
	}
}

// salience is how much an article is about an entity. First is negative for
// one that only the title names.
func salience(e news.Entity) int {
	s := e.Count
	if e.InTitle {
		s += titleWorth
	}
	if e.First >= 0 && e.First < leadBytes {
		s += leadWorth
	}
	return s
}
