package index

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// columns holds what is needed of every document of one segment, by document
// number. Columns are built once for a segment, deleted documents included, and
// never change.
type columns struct {
	size      int
	ids       stringColumn
	version   []int64
	published []int64 // milliseconds since 1970, as are the next two
	updated   []int64 // published itself where no document was updated
	seen      []int64
	set       []fieldSet
	sets      [numSets]bitset // nil where no document belongs to the set
	lengths   [numTextFields][]uint32
	tombs     bitset // tombstones; nil if none
	// copies are documents that repeat another article, originals the numbers of
	// their groups.
	copies    bitset
	originals map[uint32]uint64
	facets    [numFacets]valueColumn
	// order lists the documents newest first, ties by ID.
	order []uint32
	// newest is the latest publication in each window.
	newest []int64
	// spans are the dates of each 64 documents.
	spans []dateSpan
}

// dateSpan is the first and the last of some dates.
type dateSpan struct{ oldest, newest int64 }

// stringColumn holds one short string a document.
type stringColumn struct {
	bytes []byte
	ends  []uint32 // nil when all strings are of the width
	width uint32
}

func (c *stringColumn) append(s []byte) {
	c.bytes = append(c.bytes, s...)
	c.ends = append(c.ends, uint32(len(c.bytes)))
}

// seal gives back what appending took too much. Nothing may be appended later.
func (c *stringColumn) seal() {
	c.bytes = slices.Clip(c.bytes)
	if len(c.ends) == 0 {
		return
	}
	c.width = c.ends[0]
	for i, end := range c.ends {
		if end != c.width*uint32(i+1) {
			c.ends = slices.Clip(c.ends)
			return
		}
	}
	c.ends = nil
}

func (c *stringColumn) at(doc uint32) []byte {
	if c.ends == nil {
		return c.bytes[doc*c.width : (doc+1)*c.width]
	}
	start := uint32(0)
	if doc > 0 {
		start = c.ends[doc-1]
	}
	return c.bytes[start:c.ends[doc]]
}

// valueColumn holds the numbers of a document's facet values. A column in which
// no document has two values keeps them in single, as number + 1, 0 for none.
type valueColumn struct {
	single []uint32
	starts []uint32
	values []uint32 // with room for padding
	chunks []chunk  // the same by value; nil in small segments

	once sync.Once // guards all
	all  []valueCount
}

// of returns the numbers of a document's values.
func (c *valueColumn) of(doc uint32) []uint32 {
	switch {
	case c.starts != nil:
		return c.values[c.starts[doc]:c.starts[doc+1]]
	case c.single != nil && c.single[doc] > 0:
		return []uint32{c.single[doc] - 1}
	default:
		return nil
	}
}

// columnMaker is what all columns are made with.
type columnMaker struct {
	dicts     *[numFacets]*dictionary
	inversion inversion
}

// build reads the columns of a segment and numbers its facet values.
func (m columnMaker) build(seg segment.Segment) (*columns, error) {
	n := int(seg.Count())
	c := &columns{size: n, version: make([]int64, n), published: make([]int64, n), updated: make([]int64, n), seen: make([]int64, n), set: make([]fieldSet, n), copies: newBitset(n), originals: make(map[uint32]uint64)}
	for f := range c.lengths {
		c.lengths[f] = make([]uint32, n)
	}
	for doc := range n {
		if err := c.readDocument(seg, uint32(doc)); err != nil {
			return nil, fmt.Errorf("document %d: %w", doc, err)
		}
	}
	c.ids.seal()
	if slices.Equal(c.updated, c.published) {
		c.updated = c.published
	}
	for f := range c.facets {
		if err := m.readFacet(&c.facets[f], seg, facetID(f), n); err != nil {
			return nil, fmt.Errorf("facet %s: %w", facetID(f), err)
		}
	}
	if err := readLabels(seg, m.dicts); err != nil {
		return nil, fmt.Errorf("labels: %w", err)
	}
	c.sortNewest()
	c.sumUp()
	return c, nil
}

func (c *columns) readDocument(seg segment.Segment, doc uint32) error {
	m, found, err := meta{}, false, error(nil)
	visit := func(name string, _ byte, value []byte, _ []uint64) bool {
		switch name {
		case "_id":
			c.ids.append(value)
		case fieldMeta:
			m, err = decodeMeta(value)
			found = true
		}
		return true
	}
	if verr := seg.VisitStoredFields(uint64(doc), visit); verr != nil {
		return verr
	}
	if err != nil {
		return err
	}
	if !found || len(c.ids.ends) != int(doc)+1 {
		return errMeta
	}
	c.put(doc, m)
	return nil
}

func (c *columns) put(doc uint32, m meta) {
	c.version[doc], c.set[doc] = m.version, m.set
	c.published[doc], c.updated[doc], c.seen[doc] = m.published, m.updated, m.seen
	for f, n := range m.lengths {
		c.lengths[f][doc] = n
	}
	if m.original != 0 {
		c.originals[doc] = m.original
		c.copies.add(doc)
	}
	if m.deleted {
		if c.tombs == nil {
			c.tombs = newBitset(c.size)
		}
		c.tombs.add(doc)
		return
	}
	if c.sets[m.set] == nil {
		c.sets[m.set] = newBitset(c.size)
	}
	c.sets[m.set].add(doc)
}

// group is, of near-identical articles, the same number.
func (c *columns) group(doc uint32) uint64 {
	if c.copies.has(doc) {
		return c.originals[doc]
	}
	return groupOf(c.ids.at(doc))
}

// bytes is roughly the size in memory.
func (c *columns) bytes() int64 {
	n := len(c.ids.bytes) + 4*len(c.ids.ends) + 8*(len(c.version)+len(c.published)+len(c.seen)) + len(c.set) + 4*len(c.order) +
		8*len(c.newest) + 16*len(c.spans) + 8*(len(c.tombs)+len(c.copies)) + 24*len(c.originals)
	if c.size > 0 && &c.updated[0] != &c.published[0] {
		n += 8 * len(c.updated)
	}
	for _, b := range c.sets {
		n += 8 * len(b)
	}
	for _, l := range c.lengths {
		n += 4 * len(l)
	}
	for f := range c.facets {
		v := &c.facets[f]
		n += 4 * (len(v.single) + len(v.starts) + len(v.values))
		for i := range v.chunks {
			n += v.chunks[i].bytes()
		}
	}
	return int64(n)
}

// sortNewest fills order.
func (c *columns) sortNewest() {
	c.order = make([]uint32, c.size)
	for i := range c.order {
		c.order[i] = uint32(i)
	}
	slices.SortFunc(c.order, func(a, b uint32) int {
		if c.published[a] != c.published[b] {
			return cmp.Compare(c.published[b], c.published[a])
		}
		return slices.Compare(c.ids.at(a), c.ids.at(b))
	})
}

// sumUp fills newest and spans.
func (c *columns) sumUp() {
	c.newest = make([]int64, (c.size+windowSize-1)/windowSize)
	for i := range c.newest {
		c.newest[i] = -maxTime
	}
	for doc, t := range c.published {
		w := &c.newest[doc/windowSize]
		*w = max(*w, t)
	}
	c.spans = timeSpans(c.published)
}

// timeSpans returns the span of each 64 times.
func timeSpans(times []int64) []dateSpan {
	spans := make([]dateSpan, 0, words(len(times)))
	for block := range slices.Chunk(times, 64) {
		spans = append(spans, dateSpan{slices.Min(block), slices.Max(block)})
	}
	return spans
}

// pair is one value of one document.
type pair struct{ doc, value uint32 }

// readFacet fills the column of a facet for a segment of the size.
func (m columnMaker) readFacet(c *valueColumn, seg segment.Segment, f facetID, size int) error {
	var pairs []pair
	err := eachTerm(seg, f.String(), func(term []byte, docs segment.PostingsIterator) error {
		number := m.dicts[f].number(term)
		for {
			p, err := docs.Next()
			if err != nil || p == nil {
				return err
			}
			pairs = append(pairs, pair{uint32(p.Number()), number})
		}
	})
	if err != nil {
		return err
	}
	c.fill(pairs, size)
	c.invert(pairs, size, m.inversion)
	return nil
}

// fill makes the column of its values.
func (c *valueColumn) fill(pairs []pair, size int) {
	if len(pairs) == 0 {
		return
	}
	starts := make([]uint32, size+1)
	for _, p := range pairs {
		starts[p.doc+1]++
	}
	if slices.Max(starts) <= 1 {
		single := make([]uint32, size)
		for _, p := range pairs {
			single[p.doc] = p.value + 1
		}
		c.single = single
		return
	}
	for i := range size {
		starts[i+1] += starts[i]
	}
	next := slices.Clone(starts)
	values := make([]uint32, len(pairs), len(pairs)+padding)
	for _, p := range pairs {
		values[next[p.doc]] = p.value
		next[p.doc]++
	}
	c.starts, c.values = starts, values
}

// eachTerm calls visit with every term of a field and its documents.
func eachTerm(seg segment.Segment, name string, visit func(term []byte, docs segment.PostingsIterator) error) error {
	dict, err := seg.Dictionary(name)
	if err != nil {
		return err
	}
	terms := dict.AutomatonIterator(nil, nil, nil)
	var list segment.PostingsList
	var docs segment.PostingsIterator
	for {
		t, err := terms.Next()
		if err != nil || t == nil {
			return err
		}
		term := []byte(t.Term)
		if list, err = dict.PostingsList(term, nil, list); err != nil {
			return err
		}
		docs = list.Iterator(false, false, false, docs)
		if err := visit(term, docs); err != nil {
			return err
		}
	}
}

func readLabels(seg segment.Segment, dicts *[numFacets]*dictionary) error {
	dict, err := seg.Dictionary(fieldLabel)
	if err != nil {
		return err
	}
	return eachExpansion(dict, "", func(term string) error {
		facet, value, name, ok := splitLabelTerm(term)
		if !ok {
			return nil
		}
		for _, f := range columnsOf(facet) {
			dicts[f].name(value, name)
		}
		return nil
	})
}
