package index

import (
	"math/bits"
	"sync"
)

// tally counts the values of one column.
type tally struct {
	counts  []uint32
	touched []uint32 // values with a count
}

// tallies are reused, since a tally is as long as a dictionary.
type tallies struct{ pool sync.Pool }

func (t *tallies) get(size int) *tally {
	c, ok := t.pool.Get().(*tally)
	if !ok {
		c = &tally{}
	}
	if len(c.counts) < size {
		c.counts = make([]uint32, size+size/4)
	}
	return c
}

// put takes a tally back, which must not be used any more.
func (t *tallies) put(c *tally) {
	for _, v := range c.touched {
		c.counts[v] = 0
	}
	c.touched = c.touched[:0]
	t.pool.Put(c)
}

func (c *tally) add(v uint32) { c.addMany(v, 1) }

func (c *tally) addMany(v, n uint32) {
	if c.counts[v] == 0 {
		c.touched = append(c.touched, v)
	}
	c.counts[v] += n
}

// remove takes back what was counted of v; it stays among the touched.
func (c *tally) remove(v uint32) { c.counts[v]-- }

// part is a column with the documents whose values are to be counted.
type part struct {
	column *valueColumn
	docs   bitset
	size   int // of the segment
}

// most reports whether the documents are most of the segment.
func (p part) most() bool { return 2*p.docs.count() > p.size }

// addAll counts the values of the parts' documents. Of a part that is most of
// its segment it takes the counts of the whole, less those of the others. What
// is taken away comes last, and nothing may be added afterwards, so that no value
// is touched twice.
func (c *tally) addAll(parts []part) {
	var most []part
	for _, p := range parts {
		if !p.most() {
			p.column.each(p.docs, 0, c.add)
			continue
		}
		for _, total := range p.column.totals() {
			c.addMany(total.value, total.count)
		}
		most = append(most, p)
	}
	for _, p := range most {
		p.column.each(p.docs, ^uint64(0), c.remove)
	}
}

// each calls visit with the values of the documents in the set, or of those not
// in it when flip is all ones.
func (c *valueColumn) each(docs bitset, flip uint64, visit func(v uint32)) {
	for i, word := range docs {
		for word ^= flip; word != 0; word &= word - 1 {
			doc := i*64 + bits.TrailingZeros64(word)
			switch {
			case c.single != nil && doc < len(c.single) && c.single[doc] > 0:
				visit(c.single[doc] - 1)
			case c.starts != nil && doc+1 < len(c.starts):
				for _, v := range c.values[c.starts[doc]:c.starts[doc+1]] {
					visit(v)
				}
			}
		}
	}
}

// valueCount is how many documents of a segment carry a value.
type valueCount struct{ value, count uint32 }

// totals returns the counts of the column's values over all its documents.
func (c *valueColumn) totals() []valueCount {
	c.once.Do(func() {
		counts := make(map[uint32]uint32)
		for _, v := range c.single {
			if v > 0 {
				counts[v-1]++
			}
		}
		for _, v := range c.values {
			counts[v]++
		}
		for v, n := range counts {
			c.all = append(c.all, valueCount{v, n})
		}
	})
	return c.all
}

// addOnce counts each value that articles of a group carry as one.
func (c *tally) addOnce(f facetID, group []candidate) {
	seen := make(map[uint32]bool)
	for _, m := range group {
		for _, v := range m.segment.cols.facets[f].of(m.doc) {
			if !seen[v] {
				seen[v] = true
				c.add(v)
			}
		}
	}
}
