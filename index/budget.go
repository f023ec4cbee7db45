package index

import (
	"context"
	"errors"
	"strconv"
	"time"

	"broadsheet.example/news"
)

// errOutOfTime is the cause of a context that ended by the budget of its query.
var errOutOfTime = errors.New("query out of time")

// budget is what a search may cost and what it has cost so far. The time is
// kept by the run's context, so that whatever looks at the context keeps to it.
type budget struct {
	time     time.Duration
	postings int64 // decoded or combined, those from the cache included
	spent    int64
	costs    map[string]*leafCost // by what was written
}

// leafCost is what a word, phrase or prefix has cost in all segments.
type leafCost struct {
	postings int64
	took     time.Duration
}

func newBudget(cfg Config) budget {
	return budget{time: cfg.QueryTime, postings: cfg.QueryPostings, costs: make(map[string]*leafCost)}
}

// of returns what the leaf has cost so far.
func (b *budget) of(l *leaf) *leafCost {
	text := l.written()
	if b.costs[text] == nil {
		b.costs[text] = &leafCost{}
	}
	return b.costs[text]
}

// charge notes postings that were decoded or combined for a leaf. It fails once
// those of the budget are used up.
func (b *budget) charge(l *leaf, postings int) error {
	b.of(l).postings += int64(postings)
	b.spent += int64(postings)
	if b.spent <= b.postings {
		return nil
	}
	return &news.CostError{Clause: b.costliest(func(c *leafCost) int64 { return c.postings })}
}

// costliest returns the leaf that cost most, the first by name among equals.
func (b *budget) costliest(cost func(*leafCost) int64) string {
	best, most := "", int64(0)
	for text, c := range b.costs {
		if n := cost(c); n > most || n == most && n > 0 && text < best {
			best, most = text, n
		}
	}
	if best == "" {
		return "all of it" // it was not the words: too many facets or filters, or no time at all
	}
	return best
}

// explain turns the end of the budget's time into an error that says so. Other
// errors, the end of the caller's own time among them, stay as they are.
func (b *budget) explain(ctx context.Context, err error) error {
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(context.Cause(ctx), errOutOfTime) {
		return err
	}
	return &news.CostError{Clause: b.costliest(func(c *leafCost) int64 { return int64(c.took) })}
}

// written is the leaf as in the query, but for its field.
func (l *leaf) written() string {
	switch l.kind {
	case prefixLeaf:
		return l.text + "*"
	case phraseLeaf, nearLeaf:
		return strconv.Quote(l.text)
	default:
		return l.text
	}
}
