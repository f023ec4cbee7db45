package store

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"broadsheet.example/news"
)

// Limits of a decision.
const (
	MaxEntityName = 120 // bytes of a name that a person gives
	MaxDecider    = 120 // bytes that say who decided
)

// Decisions holds what people have decided about entities. It is data of its
// own, which nothing that recognizes, crawls or indexes changes. Archive.Entities
// goes by it at once: the id of a merged entity gives the survivor, under the
// name it was given. Articles follow when they are written again or amended.
type Decisions interface {
	// Decide adds decisions in their order, all or none, and returns them with
	// Number and At. It fails with a [*news.ParamError] for one that
	// [CheckDecision] refuses and with ErrNotFound for an entity that is unknown.
	Decide(ctx context.Context, decisions ...news.Decision) ([]news.Decision, error)
	// ListDecisions returns those numbered above after, in their order.
	ListDecisions(ctx context.Context, after int64) ([]news.Decision, error)
	// Rulings returns what all decisions come to. It costs one small query unless
	// something was decided since it was last called.
	Rulings(ctx context.Context) (*news.Rulings, error)
}

// CheckDecision reports why a decision cannot be made. types has the types of
// the entities that the archive knows, rulings the decisions so far. The entity
// that a merge takes away need not be known: it may be one that nothing was
// named by yet.
func CheckDecision(d news.Decision, types map[string]news.EntityType, rulings *news.Rulings) error {
	refuse := func(param, value, reason string) error {
		return &news.ParamError{Param: param, Value: value, Reason: reason}
	}
	known := func(id string) bool { return types[id] != "" || rulings.Knows(id) }
	switch {
	case !news.IsEntityID(d.Entity):
		return refuse("entity", d.Entity, "is no id of an entity")
	case len(d.Name) > MaxEntityName || !utf8.ValidString(d.Name) || strings.ContainsFunc(d.Name, func(r rune) bool { return r < ' ' }):
		return refuse("name", "", fmt.Sprintf("a name is one line of at most %d bytes", MaxEntityName))
	case len(d.By) > MaxDecider || !utf8.ValidString(d.By):
		return refuse("by", "", fmt.Sprintf("at most %d bytes", MaxDecider))
	}
	switch d.Kind {
	case news.DecisionMerge:
		into, from := types[rulings.Survivor(d.Into)], types[d.Entity]
		switch {
		case !news.IsEntityID(d.Into):
			return refuse("into", d.Into, "is no id of an entity")
		case d.Into == d.Entity:
			return refuse("into", d.Into, "an entity cannot be merged into itself")
		case into == "":
			return fmt.Errorf("entity %s: %w", d.Into, news.ErrNotFound)
		case from != "" && from != into:
			return refuse("into", d.Into, fmt.Sprintf("a %s cannot be merged into a %s", from, into))
		}
	case news.DecisionSplit, news.DecisionRename:
		if !known(d.Entity) {
			return fmt.Errorf("entity %s: %w", d.Entity, news.ErrNotFound)
		}
	default:
		return refuse("kind", string(d.Kind), "there are merge, split and rename")
	}
	return nil
}
