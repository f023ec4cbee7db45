package index

import (
	"context"
	"math/bits"
	"sync"
)

// tally counts the values of one column.
type tally struct {
	counts  []uint32
	touched []uint32 // values with a count
	size    int      // of the dictionary
	dense   bool     // touched is found in the end, by looking at all counts
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
	c.size = size
	return c
}

// put takes a tally back, which must not be used any more.
func (t *tallies) put(c *tally) {
	c.clear()
	t.pool.Put(c)
}

// clear takes back all counts.
func (c *tally) clear() {
	for _, v := range c.touched {
		c.counts[v] = 0
	}
	c.touched, c.dense = c.touched[:0], false
}

// sum adds up all counts.
func (c *tally) sum() int {
	n := 0
	for _, v := range c.touched {
		n += int(c.counts[v])
	}
	return n
}

func (c *tally) add(v uint32) { c.addMany(v, 1) }

func (c *tally) addMany(v, n uint32) {
	if !c.dense && c.counts[v] == 0 {
		c.touched = append(c.touched, v)
	}
	c.counts[v] += n
}

// part is a column with the documents whose values are to be counted.
type part struct {
	column *valueColumn
	docs   bitset
	size   int // of the segment
}

// denseShare is how many values there may be to a document for them all to be
// looked at in the end, rather than each of them when it is counted.
const denseShare = 4

// most reports whether the documents are most of the segment.
func (p part) most() bool { return 2*p.docs.count() > p.size }

// addAll counts the values of the parts' documents. Of a part that is most of
// its segment it takes the counts of the whole, less those of the others. What
// is taken away comes last, and nothing may be added afterwards, so that no value
// is touched twice.
func (c *tally) addAll(ctx context.Context, parts []part) error {
	var most []part
	docs := 0
	for _, p := range parts {
		docs += p.docs.count()
	}
	if docs > c.size/denseShare {
		c.dense = true
		defer c.touchAll()
	}
	for _, p := range parts {
		if !p.most() {
			if err := c.count(ctx, p, 0, 1); err != nil {
				return err
			}
			continue
		}
		for _, total := range p.column.totals() {
			c.addMany(total.value, total.count)
		}
		most = append(most, p)
	}
	const others, takeAway = ^uint64(0), ^uint32(0)
	for _, p := range most {
		if err := c.count(ctx, p, others, takeAway); err != nil {
			return err
		}
	}
	return nil
}

// touchAll finds what is touched.
func (c *tally) touchAll() {
	c.touched = c.touched[:0]
	for v, n := range c.counts[:c.size] {
		if n != 0 {
			c.touched = append(c.touched, uint32(v))
		}
	}
}

// checkWords is after how many words of a set counting looks at its context.
const checkWords = checkEvery / 64

// count adds by to the counts of the values of the part's documents, or of those
// that are not in the part when flip is all ones.
func (c *tally) count(ctx context.Context, p part, flip uint64, by uint32) error {
	for first := 0; first < len(p.docs); first += checkWords {
		if err := ctx.Err(); err != nil {
			return err
		}
		words := p.docs[first:min(first+checkWords, len(p.docs))]
		switch {
		case p.column.single != nil:
			c.countSingle(p.column.single, words, first*64, flip, by)
		case p.column.starts != nil:
			c.countMany(p.column, words, first*64, flip, by)
		}
	}
	return nil
}

// countSingle counts documents of at most one value each. The first word of the
// set begins with the document first, here and below.
func (c *tally) countSingle(single []uint32, words bitset, first int, flip uint64, by uint32) {
	for i, word := range words {
		for word ^= flip; word != 0; word &= word - 1 {
			doc := first + i*64 + bits.TrailingZeros64(word)
			if doc >= len(single) { // flipped
				break
			}
			if v := single[doc]; v > 0 {
				c.addMany(v-1, by)
			}
		}
	}
}

// gatherAtOnce is of how many documents the places of their values are looked up
// before the values are: a processor waits for the memory of many at the same time
// when what it does next does not hang on any of them.
const gatherAtOnce = 256

// place is where the values of a document are.
type place struct{ start, end uint32 }

// countMany counts documents of several values each.
func (c *tally) countMany(column *valueColumn, words bitset, first int, flip uint64, by uint32) {
	var places [gatherAtOnce]place
	starts, n := column.starts, 0
	for i, word := range words {
		for word ^= flip; word != 0; word &= word - 1 {
			doc := first + i*64 + bits.TrailingZeros64(word)
			if doc+1 >= len(starts) { // flipped
				break
			}
			places[n] = place{starts[doc], starts[doc+1]}
			n++
		}
		if n > gatherAtOnce-64 {
			c.countPlaces(column.values, places[:n], by)
			n = 0
		}
	}
	c.countPlaces(column.values, places[:n], by)
}

func (c *tally) countPlaces(values []uint32, places []place, by uint32) {
	if c.dense {
		countDense(c.counts, values[:len(values)+padding], places, by)
		return
	}
	for _, p := range places {
		for _, v := range values[p.start:p.end] {
			c.addMany(v, by)
		}
	}
}

// padding is how many values may be read beyond the last.
const padding = 4

// countDense counts four values of each document whether it has as many or not,
// those of the next ones as nothing: to guess wrongly how many there are takes a
// processor longer.
func countDense(counts, padded []uint32, places []place, by uint32) {
	for _, p := range places {
		n := int32(p.end - p.start)
		v := padded[p.start : p.start+padding : p.start+padding]
		counts[v[0]] += by & uint32((0-n)>>31) // all ones when there are more than 0
		counts[v[1]] += by & uint32((1-n)>>31)
		counts[v[2]] += by & uint32((2-n)>>31)
		counts[v[3]] += by & uint32((3-n)>>31)
		if n > padding {
			for _, v := range padded[p.start+padding : p.end] {
				counts[v] += by
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
