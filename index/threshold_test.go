package index

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// oddPress writes articles whose facets are hard on thresholds: people after
// Zipf's law, places all as frequent as each other, organizations that come in
// bursts and hardly otherwise, authors who write once or twice, and sections that
// are in every article or in a single one.
func oddPress(i int) news.Article {
	when := epoch.Add(time.Duration(i-3_000) * time.Hour)
	a := news.Article{
		ID: fmt.Sprintf("odd%04d", i), Version: 1, Source: news.Ref{ID: fmt.Sprintf("s%d", i/170%7), Name: "The Source"},
		URL: "https://odd.example/x", Title: "every", Language: "en", Section: "World", PublishedAt: when, FirstSeen: when,
		Completeness: news.Full, Authors: []string{fmt.Sprintf("Author %d", i%700)},
	}
	for _, n := range []int{2, 5, 30, 400} {
		if i%n == 0 {
			a.Title += fmt.Sprintf(" nth%d", n)
		}
	}
	if i/300 == 2 {
		a.Title += " burst"
	}
	if i == 77 {
		a.Section = "Odd"
	}
	if i%50 == 49 {
		a.DuplicateOf = fmt.Sprintf("odd%04d", i-7)
	}
	add := func(kind news.EntityType, n int) {
		name := fmt.Sprintf("%s Nr %d", kind, n)
		a.Entities = append(a.Entities, news.Entity{ID: news.EntityID(kind, name), Type: kind, Name: name})
	}
	for n := 1; n <= 60; n++ {
		if i*(n+12)%(3*n) == 0 {
			add(news.Person, n)
		}
	}
	add(news.Place, i%40)
	add(news.Place, (i+11)%40)
	add(news.Organization, i/64)
	if i%61 == 0 {
		add(news.Organization, i/61%20)
	}
	return a
}

// oddEngine indexes n articles in batches and deletes some.
func oddEngine(t *testing.T, cfg Config, lib *indextest.Library, n, batch int) *Engine {
	t.Helper()
	e := openTest(t, cfg, lib)
	for first := 0; first < n; first += batch {
		var changes []news.Change
		for i := first; i < min(first+batch, n); i++ {
			a := oddPress(i)
			lib.Put(a)
			changes = append(changes, news.Change{ID: a.ID, Version: 1, Article: &a})
		}
		if _, err := e.Apply(t.Context(), changes); err != nil {
			t.Fatal(err)
		}
	}
	var gone []news.Change
	for i := 3; i < n; i += 17 {
		gone = append(gone, news.Change{ID: oddPress(i).ID, Version: 2, Deleted: true})
	}
	if _, err := e.Apply(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	return e
}

// oddQueries ask for all facets of sets of any size, with values chosen and without.
func oddQueries() []news.Query {
	place := news.EntityID(news.Place, "place Nr 7")
	chosen := [][]news.Filter{
		nil,
		{{Facet: news.FacetPlace, Values: []string{place, "place Nr 39", "nowhere"}}},
		{{Facet: news.FacetAuthor, Values: []string{"Author 13", "Author 650"}}, {Facet: news.FacetOrganization, Values: []string{"organization Nr 3"}}},
		{{Facet: news.FacetPerson, Values: []string{"person Nr 1"}, Exclude: true}, {Facet: news.FacetSection, Values: []string{"Odd"}}},
		{{Facet: news.FacetEntity, Values: []string{"organization Nr 12", "person Nr 59"}}},
	}
	var list []news.Query
	for _, word := range []string{"every", "nth2", "nth5", "nth30", "nth400", "burst", "none"} {
		for _, filters := range chosen {
			for i, size := range []int{0, 1, 2, 45, 1_000} {
				q := news.Query{Expr: query.Word{Text: word}, Filters: filters, Collapse: news.CollapseNone, Sort: news.SortNewest}
				if i%2 == 1 {
					q.Collapse, q.FacetMode = news.CollapseDuplicates, news.FacetsFiltered
				}
				for _, name := range news.FacetNames() {
					q.Facets = append(q.Facets, news.FacetRequest{Name: name, Size: size})
				}
				list = append(list, q)
			}
		}
	}
	return list
}

// TestThreshold compares what is counted by value with what is counted match by
// match, in one segment and in many, however much is listed.
func TestThreshold(t *testing.T) {
	const articles, never = 2_000, math.MaxInt
	for _, batch := range []int{articles, 190} {
		cfg := Config{Dir: t.TempDir(), BatchDocs: batch, Now: func() time.Time { return epoch }}
		cfg.inversion = inversion{least: never, chunk: 64, share: 1, sets: 1}
		lib := indextest.NewLibrary()
		e := oddEngine(t, cfg, lib, articles, batch)
		var want []map[string]news.Facet
		for _, q := range oddQueries() {
			want = append(want, askFacets(t, e, q))
		}
		for _, inv := range []inversion{
			{least: 1, chunk: 64, share: 4, sets: 3, several: never, single: never},
			{least: 1, chunk: 256, share: 40, sets: 10, several: never, single: never},
			{least: 100, chunk: 640, share: 10_000, sets: 32, several: 50, single: 50},
			{least: 1, chunk: chunkSize, share: 50, sets: 32, several: 10, single: 5},
		} {
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			cfg.inversion = inv
			e = openTest(t, cfg, lib)
			for i, q := range oddQueries() {
				if d := cmp.Diff(want[i], askFacets(t, e, q)); d != "" {
					t.Fatalf("batches of %d, %+v: %v %v (-by match +by value):\n%s", batch, inv, q.Expr, q.Filters, d)
				}
			}
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func askFacets(t *testing.T, e *Engine, q news.Query) map[string]news.Facet {
	t.Helper()
	r, err := e.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r.Facets
}
