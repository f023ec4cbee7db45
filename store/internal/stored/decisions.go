package stored

import (
	"sync"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Decided checks decisions one after the other, each in the light of those
// before it, and numbers them after the made ones.
func Decided(made []news.Decision, types map[string]news.EntityType, add []news.Decision) ([]news.Decision, error) {
	all := made[:len(made):len(made)]
	var last int64
	if len(made) > 0 {
		last = made[len(made)-1].Number
	}
	for i, d := range add {
		if err := store.CheckDecision(d, types, news.Rule(all)); err != nil {
			return nil, err
		}
		d.Number = last + int64(i) + 1
		all = append(all, d)
	}
	return all[len(made):], nil
}

// Concerned lists the ids whose types Decided wants to know.
func Concerned(made, add []news.Decision) []string {
	rulings := news.Rule(made)
	var ids []string
	for _, d := range add {
		ids = append(ids, d.Entity, d.Into, rulings.Survivor(d.Into))
	}
	return ids
}

// Rulings remembers what the decisions up to a number come to. The zero value
// is ready; it is safe for concurrent use.
type Rulings struct {
	mu     sync.Mutex
	newest int64
	rules  *news.Rulings
}

// At returns the rulings of the decisions up to the number newest, read by list
// when they are not those remembered. It returns nil when there are none.
func (r *Rulings) At(newest int64, list func() ([]news.Decision, error)) (*news.Rulings, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if newest == r.newest {
		return r.rules, nil
	}
	decisions, err := list()
	if err != nil {
		return nil, err
	}
	r.rules = news.Rule(decisions)
	r.newest = newest
	if n := len(decisions); n > 0 {
		r.newest = decisions[n-1].Number
	}
	return r.rules, nil
}

// Renamed puts the names that people gave into entities.
func Renamed(entities []news.Entity, r *news.Rulings) []news.Entity {
	for i, e := range entities {
		if name := r.Name(e.ID); name != "" {
			entities[i].Name = name
		}
	}
	return entities
}

// Survivors returns the ids of the entities that ids lead to.
func Survivors(ids []string, r *news.Rulings) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = r.Survivor(id)
	}
	return out
}
