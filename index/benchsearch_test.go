package index

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

var benchContext = context.Background()

func (l *pressLibrary) Articles(_ context.Context, ids ...string) ([]news.Article, error) {
	list := make([]news.Article, len(ids))
	for i, id := range ids {
		list[i] = l.some[i%len(l.some)]
		list[i].ID = id
	}
	return list, nil
}

func (l *pressLibrary) Entities(context.Context, ...string) ([]news.Entity, error) { return nil, nil }

func BenchmarkSearch(b *testing.B) {
	e := benchEngine()
	classes := benchQueries(e, newPress(benchSize()))
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	five := []news.FacetRequest{{Name: news.FacetSource}, {Name: news.FacetPerson}, {Name: news.FacetPlace}, {Name: news.FacetOrganization}, {Name: news.FacetDate}}
	classes["everything"] = []query.Node{nil}
	for _, mode := range []struct {
		name string
		q    news.Query
	}{
		{"plain", news.Query{Size: 10, Recency: news.RecencyOff}},
		{"recency", news.Query{Size: 10}},
		{"newest", news.Query{Size: 10, Sort: news.SortNewest}},
		{"facets", news.Query{Size: 10, Facets: five}},
		{"snippets", news.Query{Size: 10, Highlight: news.Highlight{On: true}}},
	} {
		for _, class := range slices.Sorted(maps.Keys(classes)) {
			nodes := classes[class]
			b.Run(mode.name+"/"+class, func(b *testing.B) {
				before, n := cpuTime(), 0
				for i := 0; b.Loop(); i++ {
					n++
					q := mode.q
					q.Now, q.Expr = now, nodes[i%len(nodes)]
					if _, err := e.Search(benchContext, q); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(n), "cpu-us/op")
			})
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	dir := benchEngine().cfg.Dir
	if err := benchEngine().Close(); err != nil {
		b.Fatal(err)
	}
	p := newPress(benchSize())
	for b.Loop() {
		e := openTest(b, Config{Dir: dir}, newPressLibrary(p))
		if _, err := e.Search(benchContext, news.Query{Facets: []news.FacetRequest{{Name: news.FacetSource}, {Name: news.FacetPerson}}}); err != nil {
			b.Fatal(err)
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
