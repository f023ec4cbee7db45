package index

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"broadsheet.example/news"
)

// candidate is an article that may become a hit.
type candidate struct {
	rank      float64 // higher is better: the score, or the date of a date sort
	published int64
	segment   *segmentRun
	doc       uint32
}

func (c candidate) id() []byte { return c.segment.cols.ids.at(c.doc) }

// position is a candidate's place in the order of hits, kept in cursors.
type position struct {
	rank      float64
	published int64
	id        string
}

func (c candidate) position() position {
	return position{rank: c.rank, published: c.published, id: string(c.id())}
}

// compare orders candidates, the better one first: by rank, then the newer,
// then the smaller ID.
func compare(a, b candidate) int {
	if c := cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(b.published, a.published)); c != 0 {
		return c
	}
	return bytes.Compare(a.id(), b.id())
}

// follows reports whether c stands behind the position.
func (c candidate) follows(p *position) bool {
	if p == nil {
		return true
	}
	if d := cmp.Or(cmp.Compare(p.rank, c.rank), cmp.Compare(p.published, c.published)); d != 0 {
		return d > 0
	}
	return strings.Compare(string(c.id()), p.id) > 0
}

// topK keeps the k best candidates in a heap, the worst at its root.
type topK struct {
	k    int
	heap []candidate
}

func (t *topK) full() bool { return len(t.heap) == t.k }

// offer takes the candidate in if it is among the best so far.
func (t *topK) offer(c candidate) {
	if !t.full() {
		t.heap = append(t.heap, c)
		t.up(len(t.heap) - 1)
		return
	}
	if t.k > 0 && compare(c, t.heap[0]) < 0 {
		t.heap[0] = c
		t.down(0)
	}
}

func (t *topK) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if compare(t.heap[i], t.heap[parent]) <= 0 {
			return
		}
		t.heap[i], t.heap[parent] = t.heap[parent], t.heap[i]
		i = parent
	}
}

func (t *topK) down(i int) {
	for {
		worst := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(t.heap); child++ {
			if compare(t.heap[child], t.heap[worst]) > 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		t.heap[i], t.heap[worst] = t.heap[worst], t.heap[i]
		i = worst
	}
}

// sorted returns the candidates, best first.
func (t *topK) sorted() []candidate {
	slices.SortFunc(t.heap, compare)
	return t.heap
}

// best returns the k best articles behind the run's position, best first, and
// how many there are in all.
func (r *run) best(k int) ([]candidate, int, error) {
	top, total := &topK{k: k}, 0
	for _, s := range r.segments {
		if err := r.ctx.Err(); err != nil {
			return nil, 0, err
		}
		n, err := s.collect(top)
		if err != nil {
			return nil, 0, err
		}
		total += n
	}
	return top.sorted(), total, nil
}

// collect offers the segment's articles and returns how many lie behind the
// run's position.
func (s *segmentRun) collect(top *topK) (int, error) {
	if s.run.q.Sort == news.SortRelevancy {
		return s.collectScored(top)
	}
	return s.collectDated(top), nil
}

func (s *segmentRun) collectScored(top *topK) (int, error) {
	sums, err := s.scores()
	if err != nil {
		return 0, err
	}
	d, n := s.run.decay(), 0
	for doc := range s.match.all() {
		c := candidate{rank: 1, published: s.cols.published[doc], segment: s, doc: doc}
		if sums != nil {
			c.rank = sums[doc]
		}
		if s.run.after == nil && top.full() && c.rank < top.heap[0].rank {
			n++ // decay only lowers a score
			continue
		}
		c.rank *= d.at(c.published)
		if c.follows(s.run.after) {
			n++
			top.offer(c)
		}
	}
	return n, nil
}

func (s *segmentRun) collectDated(top *topK) int {
	times, sign := s.sortKey()
	n := 0
	for doc := range s.match.all() {
		c := candidate{rank: sign * float64(times[doc]), published: s.cols.published[doc], segment: s, doc: doc}
		if c.follows(s.run.after) {
			n++
			top.offer(c)
		}
	}
	return n
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

func (r *run) decay() decay { return newDecay(r.q.Recency, r.q.Now.UnixMilli()) }
