package index

import (
	"container/list"
	"strings"
	"sync"
)

// postingsKey names decoded postings: what names the term, phrase or prefix
// within a field set of a segment.
type postingsKey struct {
	segment uint64
	set     fieldSet
	leaf    string
}

// postingsCache keeps decoded postings up to a number of bytes; what was not
// used for longest goes first. It is safe for concurrent use.
type postingsCache struct {
	limit int64

	mu      sync.Mutex
	used    int64
	entries map[postingsKey]*list.Element
	recent  *list.List      // of *cached, the last used first
	live    map[uint64]bool // segments of the current view
}

type cached struct {
	key postingsKey
	p   *postings
}

func newPostingsCache(limit int64) *postingsCache {
	return &postingsCache{limit: limit, entries: make(map[postingsKey]*list.Element), recent: list.New()}
}

// get returns the postings kept under key, or what load returns. Two callers
// may load the same postings at the same time.
func (c *postingsCache) get(key postingsKey, load func() (*postings, error)) (*postings, error) {
	c.mu.Lock()
	if e, ok := c.entries[key]; ok {
		c.recent.MoveToFront(e)
		c.mu.Unlock()
		return e.Value.(*cached).p, nil
	}
	c.mu.Unlock()
	p, err := load()
	if err != nil {
		return nil, err
	}
	c.put(key, p)
	return p, nil
}

// worthKeeping is how many postings a term's list must have to be kept. Shorter
// ones are soon read, and there are many: one for each word in each small segment.
const worthKeeping = 16

// put keeps the postings, unless their segment was replaced meanwhile: nothing
// would drop them.
func (c *postingsCache) put(key postingsKey, p *postings) {
	if len(p.docs) < worthKeeping && strings.HasPrefix(key.leaf, string(termLeaf)) {
		return
	}
	size := p.bytes() + int64(len(key.leaf))
	if size > c.limit/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.entries[key]; ok || !c.live[key.segment] {
		return
	}
	c.entries[key] = c.recent.PushFront(&cached{key, p})
	c.used += size
	for c.used > c.limit {
		c.drop(c.recent.Back())
	}
}

func (c *postingsCache) drop(e *list.Element) {
	old := e.Value.(*cached)
	c.recent.Remove(e)
	delete(c.entries, old.key)
	c.used -= old.p.bytes() + int64(len(old.key.leaf))
}

// retain drops the postings of segments that the view, which is the current one
// from now on, does not have.
func (c *postingsCache) retain(v *view) {
	live := make(map[uint64]bool, len(v.segments))
	for _, s := range v.segments {
		live[s.id] = true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.live = live
	for e := c.recent.Front(); e != nil; {
		next := e.Next()
		if !live[e.Value.(*cached).key.segment] {
			c.drop(e)
		}
		e = next
	}
}

// size is the number of bytes in use.
func (c *postingsCache) size() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.used
}
