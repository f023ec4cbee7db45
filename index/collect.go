package index

import (
	"cmp"
	"math/bits"
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

// scoring is a leaf that adds to the scores of a segment.
type scoring struct {
	list   *postings
	scorer *scorer
	idf    float64
}

// slack makes up for rounding when bounds are compared with scores.
const slack = 1 + 1e-6

// primed is how many of the most promising windows are scored first, so that
// most of the others need not be.
const primed = 8

// collectScored offers the segment's articles by score. It works in windows of
// documents and leaves out those in which nothing can be among the best.
func (s *segmentRun) collectScored(top *topK) error {
	parts, worded := s.scorings()
	bounds := s.bounds(parts, worded)
	for _, w := range promising(bounds) {
		s.scoreWindow(top, w, parts, worded)
		bounds[w] = -1
	}
	for w, bound := range bounds {
		if w%checkWindows == 0 && s.run.ctx.Err() != nil {
			return s.run.ctx.Err()
		}
		if bound >= 0 && !(top.full() && bound*slack < top.heap[0].rank) {
			s.scoreWindow(top, w, parts, worded)
		}
	}
	return nil
}

// scorings returns the leaves that add to scores here, in the order of the
// plans; worded is false when the query has none anywhere.
func (s *segmentRun) scorings() (parts []scoring, worded bool) {
	for _, p := range s.run.plans {
		worded = worded || p.scores()
		for _, l := range p.leaves {
			if list := s.lists[l.number]; l.scored && list != nil && len(list.docs) > 0 {
				parts = append(parts, scoring{list, s.run.scorer(p.set), l.idf})
			}
		}
	}
	return parts, worded
}

// bounds returns for each window what no score in it exceeds; -1 where nothing
// matches.
func (s *segmentRun) bounds(parts []scoring, worded bool) []float64 {
	list := make([]float64, len(s.cols.newest))
	for _, p := range parts {
		growth := p.list.growth(p.scorer.averages)
		for _, b := range p.list.blocks {
			list[b.window] += p.idf * saturated(float64(b.peak)*growth)
		}
	}
	d := s.run.decay()
	for w := range list {
		switch {
		case s.emptyWindow(w):
			list[w] = -1
		case !worded:
			list[w] = d.at(s.cols.newest[w])
		default:
			list[w] *= d.at(s.cols.newest[w])
		}
	}
	return list
}

// checkWindows is after how many windows scoring looks at its context.
const checkWindows = checkEvery / windowSize

// windowWords is how many words of a set a window takes.
const windowWords = windowSize / 64

func (s *segmentRun) window(w int) bitset {
	return s.match[w*windowWords : min((w+1)*windowWords, len(s.match))]
}

func (s *segmentRun) emptyWindow(w int) bool {
	for _, word := range s.window(w) {
		if word != 0 {
			return false
		}
	}
	return true
}

// promising returns the windows with the highest bounds, best first.
func promising(bounds []float64) []int {
	var best []int
	for w, bound := range bounds {
		if bound < 0 || len(best) == primed && bound <= bounds[best[primed-1]] {
			continue
		}
		at := sort.Search(len(best), func(i int) bool { return bounds[best[i]] < bound })
		best = slices.Insert(best, at, w)
		best = best[:min(len(best), primed)]
	}
	return best
}

// scoreWindow offers the matches of one window.
func (s *segmentRun) scoreWindow(top *topK, w int, parts []scoring, worded bool) {
	var sums [windowSize]float64
	first := uint32(w * windowSize)
	for i := range parts {
		s.addScores(&parts[i], uint32(w), &sums)
	}
	d := s.run.decay()
	for i, word := range s.window(w) {
		for ; word != 0; word &= word - 1 {
			at := uint32(i*64 + bits.TrailingZeros64(word))
			c := candidate{rank: sums[at], published: s.cols.published[first+at], segment: s, doc: first + at}
			if !worded {
				c.rank = 1
			}
			if top.full() && c.rank*slack < top.heap[0].rank {
				continue // decay only lowers a score
			}
			c.rank *= d.at(c.published)
			s.offer(top, c)
		}
	}
}

// addScores adds what a leaf gives to the matches of one window.
func (s *segmentRun) addScores(p *scoring, window uint32, sums *[windowSize]float64) {
	blocks := p.list.blocks
	i := sort.Search(len(blocks), func(i int) bool { return blocks[i].window >= window })
	if i == len(blocks) || blocks[i].window != window {
		return
	}
	for k, end := blocks[i].start, p.list.end(i); k < end; k++ {
		if doc := p.list.docs[k]; s.match.has(doc) {
			sums[doc%windowSize] += p.idf * saturated(p.scorer.weigh(s.cols, doc, p.list.freqs[k]))
		}
	}
}

func (r *run) decay() decay { return newDecay(r.q.Recency, r.q.Now.UnixMilli()) }
