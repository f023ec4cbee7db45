package index

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"broadsheet.example/bench/press"
	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// benchArticles is the size of the corpus of the search benchmarks, unless
// BROADSHEET_BENCH_ARTICLES says otherwise.
const benchArticles = 100_000

func newPress(articles int) *press.Press {
	const meanWords, seed = 390, 3
	return press.New(articles, meanWords, seed)
}

// drawWord returns a word of the press, common ones more often.
func drawWord(p *press.Press, r *rand.Rand) string {
	words := p.Words()
	return words[rand.NewZipf(r, 1.07, 4, uint64(len(words)-1)).Uint64()]
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchSize() int {
	if n, err := strconv.Atoi(os.Getenv("BROADSHEET_BENCH_ARTICLES")); err == nil {
		return n
	}
	return benchArticles
}

// benchEngine builds the corpus of the search benchmarks once. Its directory is
// kept when BROADSHEET_BENCH_DIR names one.
var benchEngine = sync.OnceValue(func() *Engine {
	n := benchSize()
	p := newPress(n)
	dir := os.Getenv("BROADSHEET_BENCH_DIR")
	if dir == "" {
		dir, _ = os.MkdirTemp("", "broadsheet-bench")
	}
	b := &testing.B{}
	e := openTest(b, Config{Dir: dir}, newPressLibrary(p))
	if e.Stats().Articles == n {
		return e
	}
	for i := 0; i < n; i += 1000 {
		applyPress(b, e, p, i, min(1000, n-i))
	}
	return e
})

// pressLibrary answers every id with one of some articles, so that loading
// costs nothing.
type pressLibrary struct{ some []news.Article }

func newPressLibrary(p *press.Press) *pressLibrary {
	l := &pressLibrary{}
	for i := range 20 {
		l.some = append(l.some, p.Article(i))
	}
	return l
}

func applyPress(b testing.TB, e *Engine, p *press.Press, first, n int) {
	changes := make([]news.Change, n)
	for i := range changes {
		a := p.Article(first + i)
		changes[i] = news.Change{ID: a.ID, Version: 1, Article: &a}
	}
	if _, err := e.Apply(benchContext, changes); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkApply(b *testing.B) {
	p := newPress(20_000)
	for _, batch := range []int{100, 500, 1000} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			e := openTest(b, Config{Dir: b.TempDir()}, indextest.NewLibrary())
			defer e.Close()
			var used time.Duration
			docs := 0
			for i := 0; b.Loop(); i++ {
				changes := make([]news.Change, batch)
				for k := range changes {
					a := p.Article(i*batch + k)
					changes[k] = news.Change{ID: a.ID, Version: 1, Article: &a}
				}
				before := cpuTime()
				if _, err := e.Apply(benchContext, changes); err != nil {
					b.Fatal(err)
				}
				used += cpuTime() - before
				docs += batch
			}
			b.ReportMetric(float64(docs)/used.Seconds(), "docs/cpu-s")
		})
	}
}

// benchQueries are the classes of queries, several of each.
func benchQueries(e *Engine, p *press.Press) map[string][]query.Node {
	share := func(w string) float64 {
		r, _ := e.Search(benchContext, news.Query{Expr: query.Word{Text: w}, Size: 0, Sort: news.SortNewest})
		return float64(r.Total) / float64(e.Stats().Articles)
	}
	var rare, common, middle []query.Node
	words := p.Words()
	for i := 0; i < len(words) && (len(rare) < 20 || len(common) < 20 || len(middle) < 60); i += 1 + i/40 {
		w := query.Word{Text: words[i]}
		switch s := share(w.Text); {
		case s > 0.15 && s < 0.6 && len(common) < 20:
			common = append(common, w)
		case s > 0.02 && s < 0.12 && len(middle) < 60:
			middle = append(middle, w)
		case s > 0.0005 && s < 0.0015 && len(rare) < 20:
			rare = append(rare, w)
		}
	}
	out := map[string][]query.Node{"rare": rare, "common": common}
	for i := 0; i+2 < len(middle); i += 3 {
		a, b, c := middle[i], middle[i+1], middle[i+2]
		out["and2"] = append(out["and2"], query.All{Parts: []query.Node{a, b}})
		out["or3"] = append(out["or3"], query.Or{Parts: []query.Node{a, b, c}})
		out["most3"] = append(out["most3"], query.All{Parts: []query.Node{a, b, c}})
		out["phrase"] = append(out["phrase"], query.Phrase{Text: a.(query.Word).Text + " " + b.(query.Word).Text})
		out["near"] = append(out["near"], query.Phrase{Text: a.(query.Word).Text + " " + b.(query.Word).Text, Slop: 8})
		out["prefix"] = append(out["prefix"], query.Prefix{Text: a.(query.Word).Text[:min(4, len(a.(query.Word).Text))]})
	}
	return out
}
