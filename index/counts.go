package index

import "sync"

// maxCounts bounds the counts that are kept.
const maxCounts = 100_000

// segmentState names one state of a segment: deletions only ever grow.
type segmentState struct{ segment, deletions uint64 }

func (s *segmentView) state() segmentState { return segmentState{s.id, s.deletions()} }

// countKey names a term of a field.
type countKey struct{ field, term string }

// countCache keeps how many live articles of a segment have a term. It is safe
// for concurrent use.
type countCache struct {
	mu     sync.Mutex
	counts map[segmentState]map[countKey]int // of the states of the current view
	size   int
}

// get returns the count kept of the term, or what count returns. What is counted
// for a view that has been replaced is not kept.
func (c *countCache) get(s segmentState, t countKey, count func() (int, error)) (int, error) {
	c.mu.Lock()
	n, ok := c.counts[s][t]
	c.mu.Unlock()
	if ok {
		return n, nil
	}
	n, err := count()
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size >= maxCounts {
		c.clear()
	}
	if kept := c.counts[s]; kept != nil {
		if _, known := kept[t]; !known {
			c.size++
		}
		kept[t] = n
	}
	return n, nil
}

func (c *countCache) clear() {
	for s := range c.counts {
		c.counts[s] = make(map[countKey]int)
	}
	c.size = 0
}

// retain drops the counts of all states but those of the view.
func (c *countCache) retain(v *view) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.counts
	c.counts, c.size = make(map[segmentState]map[countKey]int, len(v.segments)), 0
	for _, s := range v.segments {
		kept := old[s.state()]
		if kept == nil {
			kept = make(map[countKey]int)
		}
		c.counts[s.state()] = kept
		c.size += len(kept)
	}
}
