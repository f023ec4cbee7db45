package entity

import (
	"strings"

	"broadsheet.example/news"
)

// Resolve gives entities from elsewhere, known by name and type alone, the
// names and ids that recognition would give them, each on its own: nothing is
// completed from its neighbors. Entities that come to the same are put
// together; those without a usable name or type are left out. The order stays.
func (r *Recognizer) Resolve(given []news.Entity) []news.Entity {
	var out []news.Entity
	index := map[string]int{}
	for _, e := range asFound(given) {
		resolved, ok := r.resolveOne(e)
		if !ok {
			continue
		}
		at, seen := index[resolved.ID]
		if !seen {
			index[resolved.ID] = len(out)
			out = append(out, resolved)
			continue
		}
		old := &out[at]
		old.Count += resolved.Count
		old.InTitle = old.InTitle || resolved.InTitle
		old.First = min(old.First, resolved.First)
	}
	return out
}

// asFound undoes what was made of the entities beyond their article.
func asFound(given []news.Entity) []news.Entity {
	var found []news.Entity
	for _, e := range given {
		if len(e.Found) == 0 {
			found = append(found, e)
			continue
		}
		for _, f := range e.Found {
			found = append(found, f.Entity(e.Type))
		}
	}
	return found
}

// resolveOne resolves one entity; a name that no rule knows is kept as it is.
func (r *Recognizer) resolveOne(e news.Entity) (news.Entity, bool) {
	name := strings.TrimSpace(e.Name)
	if name == "" || len(name) > maxName {
		return e, false
	}
	switch e.Type {
	case news.Person, news.Place, news.Organization:
	default:
		return e, false
	}
	d := &document{gaz: r.gaz, text: name}
	found := d.resolve([]news.Mention{{End: len(name), Type: e.Type}})
	if len(found) == 0 {
		return e, false
	}
	e.ID, e.Name = found[0].ID, found[0].Name
	if e.Country == "" {
		e.Country = found[0].Country
	}
	if e.Location == nil && e.Country == found[0].Country {
		e.Location = found[0].Location
	}
	return e, true
}
