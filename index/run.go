package index

import (
	"context"
	"slices"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// run is one search on one view.
type run struct {
	engine      *Engine
	ctx         context.Context // of this one call; a run never outlives it
	q           *news.Query
	like        *news.Article // what is found resembles it; nil for a query
	view        *view
	after       *position // hits begin after it; nil for the first page
	bound       int64     // articles first seen later are left out
	plans       []*plan
	filters     []filter
	leaves      int // in all plans
	measured    bool
	scorers     [numSets]*scorer
	segments    []*segmentRun
	warnings    []string
	corrections []news.Correction
	arena       *arena
	budget      budget
	groups      groups // near-identical matches, when collapsed
}

// filter is a facet's filter, ready to match.
type filter struct {
	facet  string
	clause clause
}

// segmentRun is the part of a run in one segment.
type segmentRun struct {
	*segmentView
	run     *run
	set     fieldSet    // of the plan being matched
	lists   []*postings // by the number of the leaf
	base    bitset      // matches but for the filters
	filters []bitset    // by filter
	match   bitset      // what is shown: of near-identical articles one, when collapsed
	every   bitset      // what matches, when collapsed
}

// maxTime stands for no bound on times in milliseconds.
const maxTime = int64(1) << 52

// ceilMillis is the first millisecond that is not before t.
func ceilMillis(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.Nanosecond()%int(time.Millisecond) != 0 {
		ms++
	}
	return ms
}

// prepare analyses the query for each field set in use.
func (r *run) prepare() error {
	for _, f := range r.q.Filters {
		r.filters = append(r.filters, filter{f.Facet, filterClause(f)})
	}
	if r.like != nil {
		return r.resemble(r.like)
	}
	if r.q.Expr == nil {
		return nil
	}
	left := false
	for set := range numSets {
		if r.q.Language != "" && set != setOf(r.q.Language) || r.view.stats[set].articles == 0 {
			continue
		}
		p, err := newPlan(r.engine.mapper.analyzers[set], r.q, set, r.leaves)
		if err != nil {
			return err
		}
		r.leaves += len(p.leaves)
		left = left || p.root != nil
		r.plans = append(r.plans, p)
	}
	if !left && len(r.plans) > 0 {
		r.warnings = append(r.warnings, "The query holds only words that are too common to search for.")
	}
	return nil
}

// matchAll finds the match set in every segment and returns its size.
func (r *run) matchAll() (int, error) {
	total := 0
	for _, v := range r.view.segments {
		if err := r.ctx.Err(); err != nil {
			return 0, err
		}
		s := &segmentRun{segmentView: v, run: r, lists: make([]*postings, r.leaves)}
		if err := s.find(); err != nil {
			return 0, err
		}
		r.segments = append(r.segments, s)
		total += s.match.count()
	}
	return total, nil
}

// find fills base, filters and match.
func (s *segmentRun) find() error {
	if s.outside() {
		s.base = s.run.arena.bitset(s.cols.size)
		s.match = s.base
		s.filters = slices.Repeat([]bitset{s.base}, len(s.run.filters))
		return nil
	}
	base, err := s.expression()
	if err != nil {
		return err
	}
	s.base = base
	q := s.run.q
	if !q.From.IsZero() || !q.To.IsZero() {
		if err := s.narrow(spanClause{q.DateField, query.Span{From: q.From, To: q.To}}); err != nil {
			return err
		}
	}
	if s.lastSeen > s.run.bound {
		s.dropLater(s.run.bound)
	}
	s.match = s.base
	if len(s.run.filters) > 0 {
		s.match = s.run.arena.copy(s.base)
	}
	for _, f := range s.run.filters {
		b, err := f.clause.match(s)
		if err != nil {
			return err
		}
		s.filters = append(s.filters, b)
		s.match.and(b)
	}
	return nil
}

// outside reports whether all of the segment was published before or after what
// the query asks for.
func (s *segmentRun) outside() bool {
	q, order := s.run.q, s.cols.order
	if len(order) == 0 {
		return true
	}
	if q.DateField != news.DatePublished {
		return false
	}
	newest, oldest := s.cols.published[order[0]], s.cols.published[order[len(order)-1]]
	return !q.From.IsZero() && newest < ceilMillis(q.From) || !q.To.IsZero() && oldest >= ceilMillis(q.To)
}

// expression returns, as a set of its own, the live articles for which the tree
// of their own field set holds.
func (s *segmentRun) expression() (bitset, error) {
	if s.run.q.Expr == nil && s.run.like == nil {
		return s.run.arena.copy(s.live), nil
	}
	out := s.run.arena.bitset(s.cols.size)
	for _, p := range s.run.plans {
		members := s.cols.sets[p.set]
		if p.root == nil || members == nil {
			continue
		}
		s.set = p.set
		b, err := p.root.match(s)
		if err != nil {
			return nil, err
		}
		out.orAnd(b, members)
	}
	if !s.whole {
		out.and(s.live)
	}
	return out, nil
}

func (s *segmentRun) narrow(c clause) error {
	b, err := c.match(s)
	if err != nil {
		return err
	}
	s.base.and(b)
	return nil
}

// dropLater takes out what was first seen after the bound.
func (s *segmentRun) dropLater(bound int64) {
	for doc := range s.base.all() {
		if s.cols.seen[doc] > bound {
			s.base.remove(doc)
		}
	}
}

// scorer returns what scores the articles of a field set.
func (r *run) scorer(set fieldSet) *scorer {
	if r.scorers[set] == nil {
		r.scorers[set] = &scorer{r.view.stats[set].averages()}
	}
	return r.scorers[set]
}
