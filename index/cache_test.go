package index

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
)

// TestNothingIsKeptOfDroppedSegments merges segments away and expects that no
// cache and no view keeps anything of them.
func TestNothingIsKeptOfDroppedSegments(t *testing.T) {
	now := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	lib := indextest.NewLibrary()
	e := openTest(t, Config{Dir: t.TempDir(), Now: func() time.Time { return now }}, lib)
	defer e.Close()
	applyNumbered(t, e, lib, 0, 40)
	applyNumbered(t, e, lib, 40, 40)
	searchAll(t, e)
	old := e.current.Load()
	states := make(map[segmentState]bool)
	for _, s := range old.segments {
		states[s.state()] = true
		if e.cache.countOf(s.id) == 0 || len(e.counts.counts[s.state()]) == 0 {
			t.Fatalf("segment %d: nothing is kept of what was searched", s.id)
		}
	}
	if err := e.parts[0].scorch.ForceMerge(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := e.renewIfMerged(); err != nil {
		t.Fatal(err)
	}
	if n := e.Stats().Segments; n != 1 {
		t.Fatalf("%d segments after the merge, want 1", n)
	}
	e.cache.put(postingsKey{segment: old.segments[0].id, leaf: "late"}, &postings{}) // by a search that began before
	for s := range states {
		if n := e.cache.countOf(s.segment); n > 0 {
			t.Errorf("segment %d was merged away, but %d of its postings are kept", s.segment, n)
		}
		if e.counts.counts[s] != nil {
			t.Errorf("segment %d was merged away, but counts of it are kept", s.segment)
		}
	}
	if e.counts.size != 0 || e.cache.size() != 0 {
		t.Errorf("%d counts and %d bytes of postings are kept", e.counts.size, e.cache.size())
	}
	if old.n.Load() != 1 {
		t.Errorf("%d holders of the old view, want its cursor's", old.n.Load())
	}
	now = now.Add(snapshotTTL + time.Second)
	e.held.expire()
	if old.n.Load() != 0 || old.parts[0].n.Load() != 0 {
		t.Error("the old view is held though no cursor can name it")
	}
}

// countOf is how many postings of the segment are kept.
func (c *postingsCache) countOf(segment uint64) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for key := range c.entries {
		if key.segment == segment {
			n++
		}
	}
	return n
}

func applyNumbered(t *testing.T, e *Engine, lib *indextest.Library, first, n int) {
	t.Helper()
	changes := make([]news.Change, n)
	for i := range changes {
		a := news.Article{
			ID: news.ArticleID(fmt.Sprint(first + i)), Version: 1, Language: "en", Title: "Budget talks in parliament",
			Content: strings.Repeat(fmt.Sprintf("minister number %d speaks about taxes ", i%7), 3), PublishedAt: time.Date(2024, 4, 1, 0, i, 0, 0, time.UTC),
		}
		lib.Put(a)
		changes[i] = news.Change{ID: a.ID, Version: 1, Article: &a}
	}
	if _, err := e.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

// searchAll asks for everything by three words, which takes feedback and has a
// cursor given.
func searchAll(t *testing.T, e *Engine) {
	t.Helper()
	r, err := e.Search(context.Background(), news.Query{Expr: plainQuery("budget minister taxes"), Size: 5})
	if err != nil {
		t.Fatal(err)
	}
	if r.Total != e.Stats().Articles || r.NextCursor == "" {
		t.Fatalf("%d hits, cursor %q", r.Total, r.NextCursor)
	}
}

// TestShortListsAreNotKept has words' lists and others put into the cache.
func TestShortListsAreNotKept(t *testing.T) {
	c := newPostingsCache(1 << 20)
	c.live = map[uint64]bool{1: true}
	short, long := &postings{docs: make([]uint32, worthKeeping-1)}, &postings{docs: make([]uint32, worthKeeping)}
	word, rare := &leaf{kind: termLeaf, terms: []string{"word"}}, &leaf{kind: termLeaf, terms: []string{"rare"}}
	phrase := &leaf{kind: phraseLeaf, terms: []string{"rare", "word"}, offsets: []int{0, 1}}
	c.put(postingsKey{segment: 1, leaf: rare.makeKey()}, short)
	if n := c.countOf(1); n != 0 {
		t.Errorf("%d short lists of a word are kept, want none", n)
	}
	c.put(postingsKey{segment: 1, leaf: word.makeKey()}, long)
	c.put(postingsKey{segment: 1, leaf: phrase.makeKey()}, short) // which is dear to find again
	if n := c.countOf(1); n != 2 {
		t.Errorf("%d lists are kept, want that of the word and that of the phrase", n)
	}
}
