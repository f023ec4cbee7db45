package index

import (
	"cmp"
	"fmt"
	"slices"
)

// Words that follow each other in a query count for more where they stand side
// by side, in either order, in a field of an article. This looks at the best
// articles of a query that takes feedback only, before feedback does. The share
// was chosen on judged queries.
const (
	pairWindow = 50  // articles that are looked at
	pairShare  = 0.1 // what a pair counts, to the rarer of its words
)

// addPairs adds to the ranks of the window what pairs of words give.
func (r *run) addPairs(window []candidate) error {
	order := make([]*candidate, len(window))
	for i := range window {
		order[i] = &window[i]
	}
	slices.SortFunc(order, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(a.segment.id, b.segment.id), cmp.Compare(a.doc, b.doc))
	})
	for len(order) > 0 {
		s, n := order[0].segment, 1
		for n < len(order) && order[n].segment == s {
			n++
		}
		if err := s.addPairs(order[:n]); err != nil {
			return err
		}
		order = order[n:]
	}
	d := r.decay()
	for i := range window {
		c := &window[i]
		c.rank += c.pairs * d.at(c.published)
	}
	return nil
}

// addPairs finds what pairs give to the segment's candidates, which ascend.
func (s *segmentRun) addPairs(list []*candidate) error {
	for _, p := range s.run.plans {
		for _, pair := range p.pairs {
			if err := s.run.ctx.Err(); err != nil {
				return err
			}
			if err := s.addPair(p, pair, list); err != nil {
				return fmt.Errorf("read positions: %w", err)
			}
		}
	}
	return nil
}

func (s *segmentRun) addPair(p *plan, pair [2]*leaf, list []*candidate) error {
	first, second := s.lists[pair[0].number], s.lists[pair[1].number]
	both := slices.DeleteFunc(slices.Clone(list), func(c *candidate) bool {
		return s.cols.set[c.doc] != p.set || !first.has(c.doc) || !second.has(c.doc)
	})
	if len(both) == 0 {
		return nil
	}
	l := &leaf{kind: nearLeaf, terms: []string{pair[0].terms[0], pair[1].terms[0]}, mask: pair[0].mask}
	reader := newPhraseReader(s.seg, p.set, l)
	cursors, err := reader.cursors()
	if err != nil {
		return err
	}
	scorer, weight := s.run.scorer(p.set), pairShare*min(pair[0].idf, pair[1].idf)
	for _, c := range both {
		q, err := reader.count(cursors, c.doc)
		if err != nil {
			return err
		}
		if q != 0 {
			c.pairs += weight * saturated(scorer.weigh(s.cols, c.doc, q))
		}
	}
	return nil
}

// has reports whether the document is among the postings, of which there may be
// none.
func (p *postings) has(doc uint32) bool {
	if p == nil {
		return false
	}
	_, ok := p.find(doc)
	return ok
}
