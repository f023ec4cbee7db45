package index

import (
	"cmp"
	"slices"
)

// The values with the highest counts are found without counting the values of all
// matches (compare the threshold algorithm of Fagin, Lotem and Naor). Of a value
// that a chunk lists, no more of the matches there can have it than there are
// matches, or documents with the value; of one that is not listed, no more than the
// chunk's cut. What cannot come up to the least of the best counts so far is not
// counted any further.

// contender is a value that may be among the best.
type contender struct {
	value uint32
	count uint32 // in what was counted
	slack uint32 // the most that may come on top; 0 if and only if all was counted
	ahead bool   // counted in all chunks that list it, before their turn
}

// contest finds the best values of one column.
type contest struct {
	run     *run
	facet   facetID
	size    int // how many are wanted
	chunks  []matchedChunk
	cut     uint32 // the most matches with a value that no chunk lists
	all     []contender
	places  *tally   // of the values in all, counted from 1
	alive   []uint32 // places in all of what may be among the best
	heap    []uint32
	match   chunkMatch // of the chunk that is being counted
	scratch bitset
}

// matchedChunk is a chunk with matches.
type matchedChunk struct {
	*chunk
	segment *segmentRun
	docs    bitset
	matches int
}

// most is how many matches may have a value that so many documents have.
func (m *matchedChunk) most(documents uint32) uint32 { return min(uint32(m.matches), documents) }

// newContest lets values take part: those listed, those counted before, and those
// chosen, which are counted in any case. The caller calls end.
func (r *run) newContest(f facetID, size int, chunks []matchedChunk, before *tally, chosen []uint32) *contest {
	c := &contest{run: r, facet: f, size: size, chunks: chunks, places: r.engine.tallies.get(before.size)}
	slices.SortFunc(chunks, func(a, b matchedChunk) int { return cmp.Compare(b.matches, a.matches) })
	for i := range chunks {
		c.cut += chunks[i].most(uint32(chunks[i].cut))
	}
	for i := range chunks {
		m := &chunks[i]
		for _, l := range m.values {
			c.of(l.value).slack += m.most(l.count) - m.most(uint32(m.cut))
		}
	}
	for _, v := range before.touched {
		if n := before.counts[v]; n > 0 {
			c.of(v).count = n
		}
	}
	for _, v := range chosen {
		c.of(v)
	}
	c.alive = make([]uint32, len(c.all))
	for i := range c.alive {
		c.alive[i] = uint32(i)
	}
	return c
}

// end gives back what is reused.
func (c *contest) end() { c.run.engine.tallies.put(c.places) }

// of returns the contender of a value. It is valid until the next call.
func (c *contest) of(value uint32) *contender {
	place := c.places.counts[value]
	if place == 0 {
		c.all = append(c.all, contender{value: value, slack: c.cut})
		place = uint32(len(c.all))
		c.places.add(value)
		c.places.counts[value] = place
	}
	return &c.all[place-1]
}

// decide counts the best values and those chosen in full. It reports whether it
// could: if not, values that are not listed may be among the best, or would be too
// many to look up.
func (c *contest) decide(chosen []uint32) (bool, error) {
	if len(c.all) < c.size && c.cut > 0 {
		return false, nil
	}
	c.countAhead(chosen, c.chunks)
	for i := range c.chunks {
		if err := c.run.ctx.Err(); err != nil {
			return false, err
		}
		if i == 1 {
			c.countAhead(c.leaders(), c.chunks[1:])
		}
		least := c.threshold()
		if i > 0 && c.open(least) {
			return false, nil
		}
		c.countListed(&c.chunks[i], least)
	}
	least := c.threshold()
	if c.open(least) {
		return false, nil
	}
	return c.countUnlisted(least, chosen)
}

// open reports whether a value that no chunk lists may be among the best.
func (c *contest) open(least uint32) bool { return c.cut > 0 && c.cut >= least }

// hopeful reports whether a value may be among the best when the least of them
// has that count. Equal ones are, since their names decide.
func (v *contender) hopeful(least uint32) bool { return v.count+v.slack >= least }

// threshold returns what a value must count to be among the best, as far as is
// known, and lets go of those that cannot.
func (c *contest) threshold() uint32 {
	c.heap = c.heap[:0]
	for _, i := range c.alive {
		c.heap = pushLargest(c.heap, c.all[i].count, c.size)
	}
	if len(c.heap) < c.size {
		return 0
	}
	least := c.heap[0]
	c.alive = slices.DeleteFunc(c.alive, func(i uint32) bool { return !c.all[i].hopeful(least) })
	return least
}

// pushLargest adds n to a heap that keeps the size largest, the least at its root.
func pushLargest(heap []uint32, n uint32, size int) []uint32 {
	if len(heap) < size {
		heap = append(heap, n)
		for i := len(heap) - 1; i > 0 && heap[i] < heap[(i-1)/2]; i = (i - 1) / 2 {
			heap[i], heap[(i-1)/2] = heap[(i-1)/2], heap[i]
		}
		return heap
	}
	if n <= heap[0] {
		return heap
	}
	heap[0] = n
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(heap); child++ {
			if heap[child] < heap[least] {
				least = child
			}
		}
		if least == i {
			return heap
		}
		heap[i], heap[least] = heap[least], heap[i]
		i = least
	}
}

// leaders returns as many values as are wanted that have the highest counts so
// far: once they are counted everywhere, most others need not be.
func (c *contest) leaders() []uint32 {
	least := c.threshold()
	var list []uint32
	for _, i := range c.alive {
		if v := &c.all[i]; v.count >= least && !v.ahead && len(list) < c.size {
			list = append(list, v.value)
		}
	}
	return list
}

// countAhead counts some values in all of the chunks that list them.
func (c *contest) countAhead(values []uint32, chunks []matchedChunk) {
	for i := range chunks {
		c.load(&chunks[i])
		for _, value := range values {
			if l, ok := chunks[i].find(value); ok && !c.of(value).ahead {
				c.add(&chunks[i], l, c.of(value))
			}
		}
	}
	for _, value := range values {
		c.of(value).ahead = true
	}
}

// countListed counts what the chunk lists and may be among the best.
func (c *contest) countListed(m *matchedChunk, least uint32) {
	c.load(m)
	for _, l := range m.values {
		if v := c.of(l.value); !v.ahead && v.hopeful(least) {
			c.add(m, l, v)
		}
	}
}

func (c *contest) load(m *matchedChunk) {
	if m.matches < m.chunk.size {
		copy(c.match[:], m.docs)
	}
}

// add counts a value in a chunk that lists it, and is loaded.
func (c *contest) add(m *matchedChunk, l listed, v *contender) {
	v.slack -= m.most(l.count)
	if m.matches == m.chunk.size {
		v.count += l.count
		return
	}
	v.count += m.count(l, &c.match)
}

// lookupCost is what looking up the documents of a value in a segment costs, in
// documents listed.
const lookupCost = 2_000

// countUnlisted counts the chosen values, and those that may be among the best,
// where they are not listed. It reports whether that was worth the time.
func (c *contest) countUnlisted(least uint32, chosen []uint32) (bool, error) {
	var left []uint32
	for _, value := range chosen {
		if c.of(value).slack > 0 {
			left = append(left, value)
		}
	}
	for _, i := range c.alive {
		if v := &c.all[i]; v.slack > 0 && v.hopeful(least) && !slices.Contains(left, v.value) {
			left = append(left, v.value)
		}
	}
	matches := 0
	for i := range c.chunks {
		matches += c.chunks[i].matches
	}
	if (len(left)-len(chosen))*len(c.chunks)*lookupCost > matches*c.run.engine.cfg.inversion.several {
		return false, nil
	}
	for i, e := range c.run.engine.dicts[c.facet].lookup(left) {
		if err := c.run.ctx.Err(); err != nil {
			return false, err
		}
		if err := c.lookUp(c.of(left[i]), e.value); err != nil {
			return false, err
		}
	}
	return true, nil
}

// lookUp counts a value where it is not listed, by the segments' own lists.
func (c *contest) lookUp(v *contender, text string) error {
	for i := range c.chunks {
		m := &c.chunks[i]
		if _, ok := m.find(v.value); ok || m.chunk.cut == 0 {
			continue
		}
		docs, err := keywordClause{c.facet.String(), text}.docs(m.segment.seg)
		if err != nil {
			return err
		}
		set := c.empty(m.segment.cols.size)
		if err := set.addAll(docs); err != nil {
			return err
		}
		v.slack -= m.most(uint32(m.cut))
		v.count += uint32(m.docs.countAnd(set[m.first/64:]))
	}
	return nil
}

// empty returns an empty set for n documents, which lasts until the next call.
func (c *contest) empty(n int) bitset {
	if cap(c.scratch) < words(n) {
		c.scratch = newBitset(n)
	}
	c.scratch = c.scratch[:words(n)]
	clear(c.scratch)
	return c.scratch
}

// tell makes the tally that of the values that were counted in full.
func (c *contest) tell(t *tally) {
	t.clear()
	for _, v := range c.all {
		if v.slack == 0 && v.count > 0 {
			t.addMany(v.value, v.count)
		}
	}
}
