package index

import (
	"cmp"
	"math/bits"
	"slices"
)

// inversion says how columns are inverted, and when facets are counted by it.
type inversion struct {
	// least is the size of the smallest segment whose columns are inverted.
	least int
	// chunk is the most documents of a chunk, at most chunkSize.
	chunk int
	// share is of how many documents at most one must have a value for it to be
	// listed.
	share int
	// sets is of how many documents one must have a value for them to be kept as a
	// set, which at 32 is twice the size of a list, and much faster.
	sets int
	// several and single are the documents listed that are looked at in the time in
	// which the values of one match are counted, for columns of either kind.
	several, single int
}

// chunkSize is the most documents of a chunk: as many as 16 bits number.
const chunkSize = 1 << 16

// newInversion returns what was measured to be fast, and small enough.
func newInversion() inversion {
	return inversion{least: 8_192, chunk: chunkSize, share: 2_048, sets: 32, several: 40, single: 5}
}

// chunk tells which of a range of documents have the values that are frequent
// there.
type chunk struct {
	first, size int
	values      []listed // ascending by value
	docs        []uint16 // of values that few have, ascending for each, less first
	sets        []uint64 // of values that many have
	// planes add up to how many values each document has: the k-th holds those whose
	// number of values has bit k.
	planes []bitset
	asSet  uint32 // as many documents and more are kept in sets
	cut    int    // at most so many documents have a value that is not listed
	cost   int    // of counting all that is listed
}

// listed is one frequent value: how many documents of the chunk have it, and where
// in docs or sets they begin.
type listed struct{ value, count, at uint32 }

// chunkMatch is the matches in a chunk.
type chunkMatch [chunkSize / 64]uint64

// count returns how many of the matches have the value.
func (c *chunk) count(l listed, match *chunkMatch) uint32 {
	n := uint64(0)
	if l.count >= c.asSet {
		set := c.sets[l.at : int(l.at)+words(c.size)]
		for i, w := range match[:len(set)] {
			n += uint64(bits.OnesCount64(w & set[i]))
		}
		return uint32(n)
	}
	for _, doc := range c.docs[l.at : l.at+l.count] {
		n += match[doc/64] >> (doc % 64) & 1
	}
	return uint32(n)
}

// sum returns how many values the matches have in all.
func (c *chunk) sum(match bitset) int {
	n := 0
	for k, plane := range c.planes {
		n += match.countAnd(plane) << k
	}
	return n
}

// find returns the value as it is listed, if it is.
func (c *chunk) find(value uint32) (listed, bool) {
	i, ok := slices.BinarySearchFunc(c.values, value, func(l listed, v uint32) int { return cmp.Compare(l.value, v) })
	if !ok {
		return listed{}, false
	}
	return c.values[i], true
}

// bytes is roughly the size in memory.
func (c *chunk) bytes() int {
	n := 12*len(c.values) + 2*len(c.docs) + 8*len(c.sets)
	for _, p := range c.planes {
		n += 8 * len(p)
	}
	return n
}

// invert fills the chunks of a column. The pairs are in order of the document for
// each value, and those of a value in one piece.
func (c *valueColumn) invert(pairs []pair, size int, inv inversion) {
	if len(pairs) == 0 || size < inv.least {
		return
	}
	c.chunks = inv.chunks(size)
	per := uint32(c.chunks[0].size)
	for start := 0; start < len(pairs); {
		p, end := pairs[start], start+1
		k := p.doc / per
		for end < len(pairs) && pairs[end].value == p.value && pairs[end].doc/per == k {
			end++
		}
		c.chunks[k].list(listed{p.value, uint32(end - start), uint32(start)}, inv.share)
		start = end
	}
	for i := range c.chunks {
		c.chunks[i].pack(pairs)
		c.chunks[i].addPlanes(c)
	}
}

// chunks cuts a segment into as few chunks of whole words as may be, about
// equally large.
func (inv inversion) chunks(size int) []chunk {
	n := (size + inv.chunk - 1) / inv.chunk
	per := 64 * words((size+n-1)/n)
	chunks := make([]chunk, (size+per-1)/per)
	for i := range chunks {
		c := &chunks[i]
		c.first, c.size = i*per, min(per, size-i*per)
		c.asSet = uint32((c.size + inv.sets - 1) / inv.sets)
	}
	return chunks
}

// list takes a value whose documents are so far told by pairs, if it is frequent.
func (c *chunk) list(l listed, share int) {
	if int(l.count)*share >= c.size {
		c.values = append(c.values, l)
		return
	}
	c.cut = max(c.cut, int(l.count))
}

// pack puts the values in order and takes their documents from the pairs.
func (c *chunk) pack(pairs []pair) {
	slices.SortFunc(c.values, func(a, b listed) int { return cmp.Compare(a.value, b.value) })
	docs, sets := 0, 0
	for _, l := range c.values {
		if l.count >= c.asSet {
			sets += words(c.size)
		} else {
			docs += int(l.count)
		}
	}
	c.values, c.cost = slices.Clip(c.values), docs+sets
	c.docs, c.sets = make([]uint16, 0, docs), make([]uint64, 0, sets)
	for i, l := range c.values {
		from := pairs[l.at : l.at+l.count]
		if l.count >= c.asSet {
			c.values[i].at = uint32(len(c.sets))
			set := newBitset(c.size)
			for _, p := range from {
				set.add(p.doc - uint32(c.first))
			}
			c.sets = append(c.sets, set...)
			continue
		}
		c.values[i].at = uint32(len(c.docs))
		for _, p := range from {
			c.docs = append(c.docs, uint16(p.doc-uint32(c.first)))
		}
	}
}

// addPlanes fills planes from the column's other side.
func (c *chunk) addPlanes(column *valueColumn) {
	for i := range uint32(c.size) {
		for k, n := 0, len(column.of(uint32(c.first)+i)); n>>k > 0; k++ {
			if k == len(c.planes) {
				c.planes = append(c.planes, newBitset(c.size))
			}
			if n>>k&1 == 1 {
				c.planes[k].add(i)
			}
		}
	}
}
