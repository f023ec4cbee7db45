package index

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
)

// epoch is the newest date of the generated corpus.
var epoch = indextest.Epoch()

// world generates articles and queries, and applies them.
type world struct{ *indextest.World }

func newWorld(seed uint64) *world { return &world{indextest.NewWorld(seed)} }

func openTest(t testing.TB, cfg Config, lib Library) *Engine {
	t.Helper()
	e, err := Open(context.Background(), cfg, lib, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestEqualsReference compares the engine with the reference on random queries
// while articles arrive, change and go: a thousand of them, or as many as
// BROADSHEET_QUERIES says.
func TestEqualsReference(t *testing.T) {
	const rounds = 15
	queries, seed := 70, uint64(7)
	if n, err := strconv.Atoi(os.Getenv("BROADSHEET_QUERIES")); err == nil {
		queries, seed = n/rounds, uint64(n)
	}
	w := newWorld(seed)
	lib := indextest.NewLibrary()
	cfg := Config{
		Dir: t.TempDir(), BatchDocs: 30, PartitionArticles: 5, Now: func() time.Time { return epoch },
		inversion: inversion{least: 1, chunk: 64, share: 10, sets: 3, several: 50, single: 50},
	}
	e := openTest(t, cfg, lib)
	defer func() { e.Close() }()
	ref := newReference(e.mapper.analyzers)
	versions := map[int]int64{}
	w.months(t, e, lib, ref, versions)
	if len(e.parts) < 5 {
		t.Fatalf("%d partitions: too few to test with", len(e.parts))
	}
	for round := range rounds {
		w.change(t, e, lib, ref, versions, round)
		if round%5 == 4 {
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			e = openTest(t, cfg, lib)
		}
		for i := range queries {
			compareWithReference(t, e, ref, w.Query(), fmt.Sprintf("round %d query %d", round, i))
			if t.Failed() {
				return
			}
		}
		var want news.Digest
		for _, a := range ref.articles {
			want.Add(a.ID, a.Version)
		}
		if got, err := e.Digest(t.Context()); err != nil || got != want {
			t.Fatalf("round %d: digest %v, %v, want %v", round, got, err, want)
		}
	}
}

// months applies articles month by month, the oldest first, so that partitions
// come to be.
func (w *world) months(t *testing.T, e *Engine, lib *indextest.Library, ref *reference, versions map[int]int64) {
	t.Helper()
	for month := range 8 {
		var changes []news.Change
		for id := month * 10; id < month*10+10; id++ {
			versions[id]++
			a := w.Article(id, versions[id])
			a.PublishedAt = epoch.AddDate(0, month-8, -w.IntN(10))
			a.UpdatedAt = time.Time{}
			changes = append(changes, news.Change{ID: a.ID, Version: a.Version, Article: &a})
			ref.articles[a.ID] = a
			lib.Put(a)
		}
		if _, err := e.Apply(t.Context(), changes); err != nil {
			t.Fatal(err)
		}
	}
}

// change applies some new articles, updates, deletions and repetitions.
func (w *world) change(t *testing.T, e *Engine, lib *indextest.Library, ref *reference, versions map[int]int64, round int) {
	t.Helper()
	var changes []news.Change
	for range 60 {
		id := w.IntN(60 + 25*round)
		versions[id]++
		a := w.Article(id, versions[id])
		if w.IntN(6) == 0 {
			changes = append(changes, news.Change{ID: a.ID, Version: a.Version, Deleted: true})
			delete(ref.articles, a.ID)
			lib.Delete(a.ID)
		} else {
			changes = append(changes, news.Change{ID: a.ID, Version: a.Version, Article: &a})
			ref.articles[a.ID] = a
			lib.Put(a)
		}
		if w.IntN(5) == 0 {
			old := w.Article(id, versions[id]-1)
			changes = append(changes, news.Change{ID: old.ID, Version: old.Version, Article: &old})
		}
	}
	if _, err := e.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

func compareWithReference(t *testing.T, e *Engine, ref *reference, q news.Query, name string) {
	t.Helper()
	got, err := e.Search(t.Context(), q)
	if err != nil {
		t.Errorf("%s: %v: %v", name, q.Expr, err)
		return
	}
	q.SetDefaults()
	ref.memo = nil
	want := ref.hits(&q)
	if got.Total != len(want) {
		t.Errorf("%s: %v %+v: total %d, want %d", name, q.Expr, q, got.Total, len(want))
		q.Size, q.Offset, q.Cursor = 100, 0, ""
		got, _ := e.Search(t.Context(), q)
		for _, h := range want {
			if !slices.ContainsFunc(got.Hits, func(g news.Hit) bool { return g.Article.ID == h.id }) {
				t.Logf("missing %+v", ref.articles[h.id])
			}
		}
		for _, h := range got.Hits {
			if !slices.ContainsFunc(want, func(g refHit) bool { return g.id == h.Article.ID }) {
				t.Logf("too much %+v", h.Article)
			}
		}
		return
	}
	page := want[min(q.Offset, len(want)):min(q.Offset+q.Size, len(want))]
	compareHits(t, got.Hits, page, q, name)
	for _, req := range q.Facets {
		if req.Name == news.FacetDate {
			compareDates(t, got.Facets[req.Name], ref, q, name)
			continue
		}
		f := got.Facets[req.Name]
		f.Buckets = slices.DeleteFunc(f.Buckets, func(b news.Bucket) bool { return b.Selected && b.Count == 0 })
		if len(f.Buckets) == 0 {
			f.Buckets = nil
		}
		if d := cmp.Diff(ref.facet(&q, req), f); d != "" {
			t.Errorf("%s: %v %v facet %s (-want +got):\n%s", name, q.Expr, q.Filters, req.Name, d)
		}
	}
}

func compareHits(t *testing.T, got []news.Hit, want []refHit, q news.Query, name string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %v: %d hits, want %d", name, q.Expr, len(got), len(want))
		return
	}
	scores := map[string]float64{}
	for _, h := range want {
		scores[h.id] = h.score
	}
	for i, h := range got {
		if h.Article.ID == want[i].id && !slices.Equal(h.Copies, want[i].copies) {
			t.Errorf("%s: %v: copies of %s are %v, want %v", name, q.Expr, h.Article.ID, h.Copies, want[i].copies)
		}
		if h.Article.ID == want[i].id && q.Sort != news.SortRelevancy {
			continue
		}
		score, known := scores[h.Article.ID]
		if q.Sort != news.SortRelevancy || math.Abs(h.Score-want[i].score) > 1e-9*(1+h.Score) || known && math.Abs(h.Score-score) > 1e-9*(1+h.Score) {
			t.Errorf("%s: %v sort %s: hit %d is %s %v, want %s %v", name, q.Expr, q.Sort, i, h.Article.ID, h.Score, want[i].id, want[i].score)
			return
		}
	}
}

func compareDates(t *testing.T, got news.Facet, ref *reference, q news.Query, name string) {
	t.Helper()
	counts := map[string]int{}
	for i, b := range got.Buckets {
		if b.Count > 0 {
			counts[b.Label] = b.Count
		}
		if i > 0 && !b.From.Equal(got.Buckets[i-1].To) {
			t.Errorf("%s: gap between date buckets %v and %v", name, got.Buckets[i-1], b)
		}
	}
	if d := cmp.Diff(ref.dates(&q, got.Interval), counts); d != "" || len(got.Buckets) > maxDateBuckets {
		t.Errorf("%s: %v dates by %s, %d buckets (-want +got):\n%s", name, q.Expr, got.Interval, len(got.Buckets), d)
	}
}
