package opensearch_test

import (
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/index"
	"broadsheet.example/index/indextest"
	"broadsheet.example/index/opensearch"
	"broadsheet.example/news"
)

// pair is both engines over the same articles.
type pair struct {
	lib      *indextest.Library
	ours     *index.Engine
	theirs   news.Index
	versions map[int]int64
}

func newPair(t *testing.T, changes ...func(*opensearch.Config)) *pair {
	t.Helper()
	lib := indextest.NewLibrary()
	now := func() time.Time { return indextest.Epoch() }
	ours, err := index.Open(t.Context(), index.Config{Dir: t.TempDir(), Plain: true, Now: now}, lib, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ours.Close(); err != nil {
			t.Error(err)
		}
	})
	return &pair{lib, ours, open(t, connect(t, changes...), lib), map[int]int64{}}
}

// change applies new articles, updates, deletions and repetitions to both.
func (p *pair) change(t *testing.T, w *indextest.World, n, ids int) {
	t.Helper()
	var changes []news.Change
	for range n {
		id := w.IntN(ids)
		p.versions[id]++
		a := w.Article(id, p.versions[id])
		c := news.Change{ID: a.ID, Version: a.Version, Article: &a}
		if w.IntN(8) == 0 {
			c.Deleted, c.Article = true, nil
			p.lib.Delete(a.ID)
		} else {
			p.lib.Put(a)
		}
		changes = append(changes, c)
	}
	want := apply(t, p.ours, changes)
	if d := cmp.Diff(want, apply(t, p.theirs, changes)); d != "" {
		t.Errorf("outcomes differ (-embedded +OpenSearch):\n%s", d)
	}
}

func apply(t *testing.T, idx news.Index, changes []news.Change) []news.Outcome {
	t.Helper()
	out, err := idx.Apply(t.Context(), changes)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestParity asks both engines the same: a thousand random queries while articles
// arrive, change and go, or as many as BROADSHEET_QUERIES says, and fewer again of
// partitions that are divided into several shards. Totals, facets, warnings and
// pages by date must be equal in all of them, and 99 of 100 pages by relevancy.
// Left out of those are feedback and pairs of words, which the embedded engine
// alone has, and collapsed results, whose representatives OpenSearch picks by its
// own scores.
func TestParity(t *testing.T) {
	for _, c := range []struct{ shards, queries int }{{1, 1024}, {3, 200}} {
		t.Run(fmt.Sprintf("shards=%d", c.shards), func(t *testing.T) {
			queries, seed := c.queries, uint64(11)
			if n, err := strconv.Atoi(os.Getenv("BROADSHEET_QUERIES")); err == nil {
				queries, seed = n, uint64(n)
			}
			newPair(t, shards(c.shards)).agree(t, indextest.NewWorld(seed), queries)
		})
	}
}

// agree asks both as many queries of a world, in rounds between which it changes.
func (p *pair) agree(t *testing.T, w *indextest.World, queries int) {
	t.Helper()
	const rounds = 8
	var ranked agreement
	for round := range rounds {
		p.change(t, w, 200, 200+100*round)
		for i := range queries / rounds {
			p.compare(t, w.Query(), fmt.Sprintf("round %d query %d", round, i), &ranked)
			if t.Failed() {
				return
			}
		}
	}
	mine, err := p.ours.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d, err := p.theirs.Digest(t.Context()); err != nil || d != mine {
		t.Errorf("digest %+v, %v, want %+v", d, err, mine)
	}
	if ranked.share() < 0.99 {
		t.Error("too few pages by relevancy are the same")
	}
	t.Logf("%d queries, of which %d by relevancy, %.1f %% of them with the same page", queries, ranked.queries, 100*ranked.share())
}

// agreement counts how alike pages by relevancy are.
type agreement struct{ queries, same int }

func (a agreement) share() float64 { return float64(a.same) / float64(max(a.queries, 1)) }

func (p *pair) compare(t *testing.T, q news.Query, name string, ranked *agreement) {
	t.Helper()
	want, err := p.ours.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("%s: embedded: %v", name, err)
	}
	got, err := p.theirs.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("%s: OpenSearch: %v", name, err)
	}
	if got.Total != want.Total {
		t.Errorf("%s: %v %+v: total %d, want %d", name, q.Expr, q, got.Total, want.Total)
	}
	if d := cmp.Diff(want.Facets, got.Facets); d != "" {
		t.Errorf("%s: %v %v %+v: facets (-embedded +OpenSearch):\n%s", name, q.Expr, q.Filters, q.Facets, d)
	}
	if d := cmp.Diff(want.Warnings, got.Warnings); d != "" {
		t.Errorf("%s: %v: warnings (-embedded +OpenSearch):\n%s", name, q.Expr, d)
	}
	mine, theirs := shown(want), shown(got)
	if q.Sort != news.SortRelevancy && !slices.Equal(mine, theirs) {
		t.Errorf("%s: %v by %s: page %v, want %v", name, q.Expr, q.Sort, theirs, mine)
	}
	if q.Sort != news.SortRelevancy || q.Collapse == news.CollapseDuplicates || q.Expr == nil {
		return
	}
	ranked.queries++
	if slices.Equal(mine, theirs) {
		ranked.same++
	} else {
		t.Logf("%s: %v recency %s, total %d, from %d:\n%v\n%v", name, q.Expr, q.Recency, want.Total, q.Offset, mine, theirs)
	}
}

// shown lists the ids of a page with those that each stands for.
func shown(r *news.Result) []string {
	list := make([]string, len(r.Hits))
	for i, h := range r.Hits {
		list[i] = fmt.Sprint(h.Article.ID, h.Copies)
	}
	return list
}
