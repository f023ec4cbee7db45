package indextest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// check is one part of the contract that a script cannot state.
type check struct {
	name string
	run  func(t *testing.T, lib *Library, idx news.Index)
}

func contract() []check {
	return []check{
		{"apply is idempotent", applyTwice},
		{"a bad change does not spoil the others", badChange},
		{"the newest version in one call wins", newestWins},
		{"cursor of newest under arrivals", cursorNewest},
		{"cursor of relevancy under arrivals", cursorRelevancy},
		{"cursor under a relative bound", cursorBounds},
		{"cursors are checked", cursorRefused},
		{"queries are checked", queryRefused},
		{"searches beside writes", concurrent},
		{"a done context", doneContext},
	}
}

// put makes n plain articles, the first the newest, and applies them.
func put(t *testing.T, lib *Library, idx news.Index, first, n int) {
	t.Helper()
	var changes []news.Change
	for i := range n {
		a := defaultArticle(fmt.Sprintf("n%04d", first+i))
		a.Title = fmt.Sprintf("Report number%d", first+i)
		a.Content = "Something happened."
		a.Version = 1
		a.PublishedAt = a.PublishedAt.Add(-time.Duration(first+i) * time.Minute)
		a.FirstSeen = a.FirstSeen.Add(time.Duration(first+i) * time.Second)
		lib.Put(a)
		changes = append(changes, news.Change{ID: a.ID, Version: 1, Article: &a})
	}
	apply(t, idx, changes...)
}

func apply(t *testing.T, idx news.Index, changes ...news.Change) []news.Outcome {
	t.Helper()
	out, err := idx.Apply(t.Context(), changes)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func search(t *testing.T, idx news.Index, q news.Query) *news.Result {
	t.Helper()
	r, err := idx.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func applyTwice(t *testing.T, lib *Library, idx news.Index) {
	put(t, lib, idx, 0, 5)
	first, err := idx.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	put(t, lib, idx, 0, 5)
	second, err := idx.Digest(t.Context())
	if err != nil || first != second || first.Articles != 5 {
		t.Errorf("digest %+v, %v after the second time, want %+v", second, err, first)
	}
	var want news.Digest
	for id, a := range lib.All() {
		want.Add(id, a.Version)
	}
	if first != want {
		t.Errorf("digest %+v, want %+v", first, want)
	}
}

func badChange(t *testing.T, _ *Library, idx news.Index) {
	good, other := defaultArticle("good"), defaultArticle("other")
	out := apply(t, idx,
		news.Change{ID: "good", Version: 1, Article: &good},
		news.Change{ID: "bad", Version: 1, Article: nil},
		news.Change{ID: "wrong", Version: 1, Article: &other},
		news.Change{ID: "", Version: 1, Deleted: true},
	)
	if !out[0].Applied || out[0].Err != nil {
		t.Errorf("outcome of the good change is %+v", out[0])
	}
	for _, o := range out[1:] {
		if o.Applied || o.Err == nil {
			t.Errorf("outcome of bad change %q is %+v, want an error", o.ID, o)
		}
	}
	if r := search(t, idx, news.Query{}); r.Total != 1 {
		t.Errorf("total %d, want 1", r.Total)
	}
}

func newestWins(t *testing.T, _ *Library, idx news.Index) {
	old, fresh := defaultArticle("a"), defaultArticle("a")
	old.Title, fresh.Title = "old", "fresh"
	out := apply(t, idx, news.Change{ID: "a", Version: 3, Article: &fresh}, news.Change{ID: "a", Version: 2, Article: &old})
	if !out[0].Applied || out[1].Applied {
		t.Errorf("outcomes %+v, want the higher version applied alone", out)
	}
	if r := search(t, idx, news.Query{Expr: query.Word{Text: "fresh"}}); r.Total != 1 {
		t.Errorf("the higher version is not found")
	}
	apply(t, idx, news.Change{ID: "a", Version: 4, Deleted: true})
	out = apply(t, idx, news.Change{ID: "a", Version: 3, Article: &fresh})
	if r := search(t, idx, news.Query{}); r.Total != 0 || out[0].Applied {
		t.Errorf("a late version brought a deleted article back: total %d, outcome %+v", r.Total, out[0])
	}
}

// walk follows the cursor to the end, calling between after every page.
func walk(t *testing.T, idx news.Index, q news.Query, between func(page int)) []string {
	t.Helper()
	var list []string
	for page := range 100 {
		r := search(t, idx, q)
		list = append(list, ids(r.Hits)...)
		if q.Cursor = r.NextCursor; q.Cursor == "" {
			return list
		}
		between(page)
	}
	t.Fatal("the cursor never ends")
	return nil
}

func numbered(first, n int) []string {
	list := make([]string, n)
	for i := range n {
		list[i] = fmt.Sprintf("n%04d", first+i)
	}
	return list
}

func cursorNewest(t *testing.T, lib *Library, idx news.Index) {
	put(t, lib, idx, 100, 23)
	got := walk(t, idx, news.Query{Sort: news.SortNewest, Size: 5}, func(page int) {
		put(t, lib, idx, 10*page, 5) // newer ones
		put(t, lib, idx, 200+10*page, 5)
	})
	if want := numbered(100, 23); !slices.Equal(got, want) {
		t.Errorf("walk gives %v, want %v", got, want)
	}
}

func cursorRelevancy(t *testing.T, lib *Library, idx news.Index) {
	put(t, lib, idx, 1000, 230)
	now := defaultArticle("").PublishedAt
	for _, text := range []string{"report", "report something happened number1003"} {
		n, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		q := news.Query{Expr: n, Size: 100, Now: now}
		var want []string
		for ; len(want) == q.Offset; q.Offset += q.Size {
			want = append(want, ids(search(t, idx, q).Hits)...)
		}
		q.Size, q.Offset = 35, 0
		got := walk(t, idx, q, func(page int) { put(t, lib, idx, 10*page, 5) })
		if !slices.Equal(got, want) {
			t.Errorf("%s: walk gives %d hits %v, want %d %v", text, len(got), got, len(want), want)
		}
	}
}

// cursorBounds pages with bounds that are measured from the time of each page.
func cursorBounds(t *testing.T, lib *Library, idx news.Index) {
	put(t, lib, idx, 100, 23)
	start := defaultArticle("").PublishedAt
	for _, sort := range []news.Sort{news.SortNewest, news.SortRelevancy} {
		q := news.Query{Sort: sort, Size: 5}
		tick := func(page int) {
			q.Now = start.Add(time.Duration(page) * time.Minute)
			q.From = q.Now.Add(-115 * time.Minute)
		}
		tick(0)
		var got []string
		for page := 1; page == 1 || q.Cursor != ""; page++ {
			r := search(t, idx, q)
			got, q.Cursor = append(got, ids(r.Hits)...), r.NextCursor
			tick(page)
		}
		if want := numbered(100, 16); !slices.Equal(got, want) {
			t.Errorf("%s: walk gives %v, want %v", sort, got, want)
		}
		q.Cursor = search(t, idx, q).NextCursor
		q.From = q.From.Add(time.Hour)
		_, err := idx.Search(t.Context(), q)
		if p, ok := errors.AsType[*news.ParamError](err); q.Cursor != "" && (!ok || p.Param != "cursor") {
			t.Errorf("%s: another bound: error %v, want *ParamError of cursor", sort, err)
		}
	}
}

func cursorRefused(t *testing.T, lib *Library, idx news.Index) {
	put(t, lib, idx, 0, 20)
	next := search(t, idx, news.Query{Sort: news.SortNewest, Size: 5}).NextCursor
	for name, q := range map[string]news.Query{
		"malformed":     {Sort: news.SortNewest, Cursor: "no cursor"},
		"empty object":  {Sort: news.SortNewest, Cursor: "e30"},
		"other query":   {Sort: news.SortNewest, Cursor: next, Expr: query.Word{Text: "report"}},
		"other sort":    {Sort: news.SortOldest, Cursor: next},
		"other filters": {Sort: news.SortNewest, Cursor: next, Filters: []news.Filter{{Facet: news.FacetSource, Values: []string{"wire"}}}},
	} {
		_, err := idx.Search(t.Context(), q)
		if p, ok := errors.AsType[*news.ParamError](err); !ok || p.Param != "cursor" {
			t.Errorf("%s: error %v, want *ParamError of cursor", name, err)
		}
	}
}

func queryRefused(t *testing.T, _ *Library, idx news.Index) {
	if _, err := idx.Search(t.Context(), news.Query{Offset: news.MaxOffset, Size: 1}); !errors.Is(err, news.ErrTooDeep) {
		t.Errorf("too deep: error %v", err)
	}
	_, err := idx.Search(t.Context(), news.Query{Facets: []news.FacetRequest{{Name: "colour"}}})
	if _, ok := errors.AsType[*news.ParamError](err); !ok {
		t.Errorf("unknown facet: error %v, want *ParamError", err)
	}
}

// concurrent searches while articles are replaced: every answer must show one
// whole state, in which no article is missing or doubled.
func concurrent(t *testing.T, lib *Library, idx news.Index) {
	const articles, rounds = 30, 8
	write := func(version int64) {
		var changes []news.Change
		for i := range articles {
			a := defaultArticle(fmt.Sprintf("c%02d", i))
			a.Version, a.Content = version, fmt.Sprintf("version%d of it", version)
			lib.Put(a)
			changes = append(changes, news.Change{ID: a.ID, Version: version, Article: &a})
		}
		if _, err := idx.Apply(t.Context(), changes); err != nil {
			t.Error(err)
		}
	}
	write(1)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				r, err := idx.Search(t.Context(), news.Query{Facets: []news.FacetRequest{{Name: news.FacetSource}}})
				if err != nil || r.Total != articles || r.Facets[news.FacetSource].Buckets[0].Count != articles {
					t.Errorf("beside writes: %+v, %v", r, err)
					return
				}
			}
		})
	}
	for v := range rounds {
		write(int64(v + 2))
	}
	close(done)
	readers.Wait()
}

func doneContext(t *testing.T, lib *Library, idx news.Index) {
	put(t, lib, idx, 0, 3)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := idx.Search(ctx, news.Query{Expr: query.Word{Text: "report"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("search: error %v, want context.Canceled", err)
	}
}
