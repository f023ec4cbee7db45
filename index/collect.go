package index

import (
	"cmp"
	"slices"
	"sort"

	"broadsheet.example/news"
)

// best returns the k best articles behind the run's position, best first.
func (r *run) best(k int) ([]candidate, error) {
	top := &topK{k: k}
	for _, s := range r.newestFirst() {
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
		collect := s.collectDated
		if r.q.Sort == news.SortRelevancy {
			collect = s.collectScored
		}
		if err := collect(top); err != nil {
			return nil, err
		}
	}
	return top.sorted(), nil
}

// newestFirst returns the segments in an order in which the best articles are
// likely to be met soon.
func (r *run) newestFirst() []*segmentRun {
	newest := func(s *segmentRun) int64 {
		if s.cols.size == 0 {
			return -maxTime
		}
		return s.cols.published[s.cols.order[0]]
	}
	list := slices.Clone(r.segments)
	slices.SortStableFunc(list, func(a, b *segmentRun) int { return cmp.Compare(newest(b), newest(a)) })
	return list
}

// collectDated offers the segment's articles by the date that the run sorts by.
func (s *segmentRun) collectDated(top *topK) error {
	times, sign := s.sortKey()
	if q := s.run.q; q.Sort != news.SortUpdated && q.DateField == news.DatePublished {
		return s.collectPublished(top, sign)
	}
	for doc := range s.match.all() {
		if doc%checkEvery == 0 && s.run.ctx.Err() != nil {
			return s.run.ctx.Err()
		}
		s.offer(top, candidate{rank: sign * float64(times[doc]), published: s.cols.published[doc], segment: s, doc: doc})
	}
	return nil
}

// sortKey returns the dates that the run sorts by and the sign that makes the
// better ones higher.
func (s *segmentRun) sortKey() (times []int64, sign float64) {
	switch s.run.q.Sort {
	case news.SortOldest:
		return s.cols.times(s.run.q.DateField), -1
	case news.SortUpdated:
		return s.cols.updated, 1
	default:
		return s.cols.times(s.run.q.DateField), 1
	}
}

// collectPublished walks the segment in the order of publication until nothing
// better can come.
func (s *segmentRun) collectPublished(top *topK, sign float64) error {
	order := s.cols.order
	n := len(order)
	for i := s.firstAfter(sign); i < n; i++ {
		if i%checkEvery == 0 && s.run.ctx.Err() != nil {
			return s.run.ctx.Err()
		}
		doc := order[i]
		if sign < 0 {
			doc = order[n-1-i]
		}
		if !s.match.has(doc) {
			continue
		}
		c := candidate{rank: sign * float64(s.cols.published[doc]), published: s.cols.published[doc], segment: s, doc: doc}
		if top.full() && c.rank < top.heap[0].rank {
			return nil
		}
		s.offer(top, c)
	}
	return nil
}

// firstAfter is the place in the order of publication, or against it, from
// which on articles may lie behind the run's position.
func (s *segmentRun) firstAfter(sign float64) int {
	if s.run.after == nil {
		return 0
	}
	order := s.cols.order
	return sort.Search(len(order), func(i int) bool {
		if sign < 0 {
			i = len(order) - 1 - i
		}
		return sign*float64(s.cols.published[order[i]]) <= s.run.after.rank
	})
}

func (s *segmentRun) offer(top *topK, c candidate) {
	if c.follows(s.run.after) {
		top.offer(c)
	}
}
