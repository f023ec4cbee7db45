package index

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// candidate is an article that may become a hit.
type candidate struct {
	rank      float64 // higher is better: the score, or the date of a date sort
	published int64
	segment   *segmentRun
	doc       uint32
	pairs     float64 // part of the rank, before decay
	feedback  float64 // likewise
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
