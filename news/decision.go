package news

import (
	"maps"
	"slices"
	"time"
)

// DecisionKind is a way in which a person corrects who an entity is.
type DecisionKind string

// The kinds of decision.
const (
	// DecisionMerge: Entity is Into. Its id goes on answering, for Into. An
	// alias is the merge of the entity that would have the alias for its name.
	DecisionMerge DecisionKind = "merge"
	// DecisionSplit: Entity is nobody but itself. It undoes a merge, and keeps
	// evidence from putting Entity together with another one.
	DecisionSplit DecisionKind = "split"
	// DecisionRename: Entity is called Name; an empty Name undoes it.
	DecisionRename DecisionKind = "rename"
)

// Decision is one correction by a person. Decisions are kept for good, in the
// order they were made; a later one overrules an earlier one.
type Decision struct {
	Number int64        `json:"number"` // given by the store, rising
	Kind   DecisionKind `json:"kind"`
	Entity string       `json:"entity"`
	Into   string       `json:"into,omitempty"`
	// Name is the new name, or how a merged entity is called, which makes it
	// an alias of Into.
	Name string    `json:"name,omitempty"`
	By   string    `json:"by,omitempty"` // who made it, for the record alone
	At   time.Time `json:"at"`           // given by the store
}

// Rulings are what decisions come to. The zero value and nil rule nothing; they
// do not change after Rule and are safe for concurrent use.
type Rulings struct {
	into    map[string]string // one step of a redirect
	alone   map[string]bool
	names   map[string]string // by a rename
	aliases map[string]string // how a merged entity was called
	parts   map[string][]Alias
}

// Alias is an entity that was merged into another. Name is empty when nobody
// said how it was called.
type Alias struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// Rule sums up decisions in the order they were made. A merge into an entity
// that was itself merged into the first one, by however many steps, turns their
// direction around, so that redirects never run in a circle.
func Rule(decisions []Decision) *Rulings {
	r := &Rulings{
		into: map[string]string{}, alone: map[string]bool{}, names: map[string]string{},
		aliases: map[string]string{}, parts: map[string][]Alias{},
	}
	for _, d := range decisions {
		switch d.Kind {
		case DecisionMerge:
			r.merge(d)
		case DecisionSplit:
			delete(r.into, d.Entity)
			r.alone[d.Entity] = true
		case DecisionRename:
			r.names[d.Entity] = d.Name
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.into)) {
		end := r.Survivor(id)
		r.parts[end] = append(r.parts[end], Alias{ID: id, Name: r.aliases[id]})
	}
	return r
}

func (r *Rulings) merge(d Decision) {
	if d.Entity == d.Into {
		return
	}
	for id, ok := d.Into, true; ok; id, ok = r.into[id] {
		if id == d.Entity {
			delete(r.into, d.Into)
		}
	}
	r.into[d.Entity] = d.Into
	delete(r.alone, d.Entity)
	if d.Name != "" {
		r.aliases[d.Entity] = d.Name
	}
}

// Survivor returns the id of the entity that id was merged into, through every
// step, or id itself.
func (r *Rulings) Survivor(id string) string {
	if r == nil {
		return id
	}
	for {
		next, ok := r.into[id]
		if !ok {
			return id
		}
		id = next
	}
}

// Name returns what a person has called the entity, or "".
func (r *Rulings) Name(id string) string {
	if r == nil {
		return ""
	}
	return r.names[id]
}

// Alone reports whether a person has said that the entity is nobody but itself.
func (r *Rulings) Alone(id string) bool { return r != nil && r.alone[id] }

// Aliases lists what was merged into the entity, by id.
func (r *Rulings) Aliases(id string) []Alias {
	if r == nil {
		return nil
	}
	return slices.Clone(r.parts[id])
}

// Knows reports whether any decision speaks of the entity as merged, renamed or
// split.
func (r *Rulings) Knows(id string) bool {
	if r == nil {
		return false
	}
	_, merged := r.into[id]
	_, named := r.names[id]
	return merged || named || r.alone[id]
}
