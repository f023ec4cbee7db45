package index

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"broadsheet.example/bench/press"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// churnArticles is the constant size of the corpus of BenchmarkChurn.
const churnArticles = 5_000

// BenchmarkChurn reports how much heap is left after garbage collection, at the
// start and at the end, of an engine whose corpus keeps its size while articles
// change, go and come back and searches run. Run it with -benchtime=3m.
func BenchmarkChurn(b *testing.B) {
	p := newPress(churnArticles)
	e := openTest(b, Config{Dir: b.TempDir()}, newPressLibrary(p))
	defer e.Close()
	c := &churn{engine: e, press: p, random: rand.New(rand.NewPCG(1, 1)), version: 1}
	for first := 0; first < churnArticles; first += 500 {
		applyPress(b, e, p, first, 500)
	}
	for range 200 {
		c.round(b)
	}
	first, begin, n := heapInUse(), time.Now(), 0
	for b.Loop() {
		c.round(b)
		if n++; n%200 == 0 {
			b.Logf("%4.0f s, round %d: %.1f MB, counts %d, %+v", time.Since(begin).Seconds(), n, heapInUse(), e.counts.size, e.Stats())
		}
	}
	b.ReportMetric(first, "MB-first")
	b.ReportMetric(heapInUse(), "MB-last")
}

type churn struct {
	engine  *Engine
	press   *press.Press
	random  *rand.Rand
	version int64
}

// round changes some articles, deletes some, brings those back and searches.
func (c *churn) round(b *testing.B) {
	b.Helper()
	c.version += 2
	first := c.random.IntN(churnArticles)
	changes := make([]news.Change, 50)
	for i := range changes {
		a := c.press.Article((first + i) % churnArticles)
		a.Version = c.version
		changes[i] = news.Change{ID: a.ID, Version: a.Version, Article: &a, Deleted: i%10 == 0}
	}
	c.apply(b, changes)
	for i := 0; i < len(changes); i += 10 {
		a := *changes[i].Article
		a.Version++
		changes[i/10] = news.Change{ID: a.ID, Version: a.Version, Article: &a}
	}
	c.apply(b, changes[:5])
	for range 5 {
		c.search(b)
	}
}

func (c *churn) apply(b *testing.B, changes []news.Change) {
	b.Helper()
	if _, err := c.engine.Apply(benchContext, changes); err != nil {
		b.Fatal(err)
	}
}

func (c *churn) search(b *testing.B) {
	b.Helper()
	var all query.All
	for range 1 + c.random.IntN(4) {
		all.Parts = append(all.Parts, query.Word{Text: drawWord(c.press, c.random)})
	}
	facets := []news.FacetRequest{{Name: news.FacetSource}, {Name: news.FacetPerson}, {Name: news.FacetDate}}
	if _, err := c.engine.Search(benchContext, news.Query{Expr: all, Size: 10, Facets: facets}); err != nil {
		b.Fatal(err)
	}
}

// heapInUse is the live heap in megabytes after garbage collection.
func heapInUse() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}
