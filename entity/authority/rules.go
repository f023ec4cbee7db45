// Package authority keeps the authority file of the archive: who an entity is
// beyond the one article that names it.
//
// Package entity goes by the text of one article. Here stand what people have
// decided ([news.Decision]) and what the archive as a whole shows ([Evidence]):
// that the Sullivan of the week, whom a report calls by nothing but his surname,
// is Jake Sullivan. [Rules.Apply] puts both into the entities of an article, and
// [File] keeps the archive in step with them. What the text alone gave stays in
// the article ([news.Entity.Found]), so that every step can be undone.
//
// It is not concerned with texts, and nothing here ever merges across types.
// Start reading at [Rules.Apply].
package authority

import (
	"cmp"
	"slices"
	"time"

	"broadsheet.example/entity"
	"broadsheet.example/news"
)

// Rules say who entities are. They do not change and are safe for concurrent
// use; the zero value and nil say nothing.
type Rules struct {
	rulings  *news.Rulings
	known    map[string]news.Entity // the survivors of merges
	evidence *Evidence
}

// NewRules returns rules by what people have decided and by evidence, either of
// which may be nil. The list known has the entities that others were merged
// into.
func NewRules(rulings *news.Rulings, known []news.Entity, evidence *Evidence) *Rules {
	r := &Rules{rulings: rulings, known: make(map[string]news.Entity, len(known)), evidence: evidence}
	for _, e := range known {
		r.known[e.ID] = e
	}
	return r
}

// Apply returns the entities of an article that was published at the time, as
// the rules have them. It depends on what the text gave alone, not on rules
// that were applied before, and does not change list.
func (r *Rules) Apply(list []news.Entity, published time.Time) []news.Entity {
	if r == nil {
		return list
	}
	found, put := asFound(list)
	out := make([]news.Entity, 0, len(found))
	at := make(map[string]int, len(found))
	for _, f := range found {
		e := r.identify(f, published)
		put = put || e.ID != f.ID || e.Name != f.Name
		i, seen := at[e.ID]
		if !seen {
			at[e.ID] = len(out)
			out = append(out, e)
			continue
		}
		put = true
		join(&out[i], f)
	}
	if !put {
		return list
	}
	entity.Sort(out)
	return out
}

// asFound returns what the text gave, and whether list is something else.
func asFound(list []news.Entity) (found []news.Entity, put bool) {
	if !slices.ContainsFunc(list, func(e news.Entity) bool { return len(e.Found) > 0 }) {
		return list, false
	}
	for _, e := range list {
		for _, f := range e.Finds() {
			found = append(found, f.Entity(e.Type))
		}
	}
	return found, true
}

// identify returns the entity that f is.
func (r *Rules) identify(f news.Entity, published time.Time) news.Entity {
	e := f
	e.ID = r.rulings.Survivor(f.ID)
	if e.ID == f.ID && !r.rulings.Alone(f.ID) {
		if full, ok := r.evidence.full(f, published); ok && !r.rulings.Alone(full.ID) {
			e.Name = full.Name
			e.ID = r.rulings.Survivor(full.ID)
		}
	}
	if k, ok := r.known[e.ID]; ok && e.ID != f.ID {
		e.Name, e.Country, e.Location = k.Name, k.Country, k.Location
	}
	if name := r.rulings.Name(e.ID); name != "" {
		e.Name = name
	}
	if e.ID != f.ID || e.Name != f.Name {
		e.Found = f.Finds()
	}
	return e
}

// join puts another find of the same entity to e.
func join(e *news.Entity, f news.Entity) {
	e.Found = append(e.Finds(), f.Finds()...)
	slices.SortFunc(e.Found, func(a, b news.Find) int { return cmp.Compare(a.ID, b.ID) })
	e.Count += f.Count
	e.InTitle = e.InTitle || f.InTitle
	e.First = min(e.First, f.First)
	if e.Country == "" {
		e.Country = f.Country
	}
	if e.Location == nil {
		e.Location = f.Location
	}
}
