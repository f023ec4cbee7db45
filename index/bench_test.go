package index

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// benchArticles is the size of the corpus of the search benchmarks, unless
// BROADSHEET_BENCH_ARTICLES says otherwise.
const benchArticles = 100_000

// press generates articles like those of the news: about 390 words from a
// Zipf-like vocabulary, 300 sources, 5 to 8 of 50,000 entities, two years in
// the order of time.
type press struct {
	vocabulary          []string
	words, sources, ent []float64
	total               int
}

func newPress(total int) *press {
	p := &press{total: total, words: zipf(60_000, 1.0), sources: zipf(300, 1.0), ent: zipf(50_000, 0.9)}
	syllables := strings.Fields("ka ro mi ten lu sha bor vin des ola per jun tak wes gri mon fel zar qui han ter sta ple nor")
	endings := []string{"", "", "s", "ed", "ing", "tion", "er", "ly", "ment", "al"}
	r := rand.New(rand.NewPCG(3, 3))
	seen := map[string]bool{}
	for len(p.vocabulary) < 60_000 {
		var w strings.Builder
		for range 1 + r.IntN(3) {
			w.WriteString(syllables[r.IntN(len(syllables))])
		}
		if w.WriteString(endings[r.IntN(len(endings))]); !seen[w.String()] {
			seen[w.String()] = true
			p.vocabulary = append(p.vocabulary, w.String())
		}
	}
	slices.SortStableFunc(p.vocabulary, func(a, b string) int { return len(a) - len(b) })
	return p
}

func zipf(n int, s float64) []float64 {
	sums, total := make([]float64, n), 0.0
	for i := range sums {
		total += 1 / math.Pow(float64(i+1), s)
		sums[i] = total
	}
	for i := range sums {
		sums[i] /= total
	}
	return sums
}

func draw(sums []float64, r *rand.Rand) int { return sort.SearchFloat64s(sums, r.Float64()) }

func (p *press) text(r *rand.Rand, words int) string {
	var b strings.Builder
	for i := range words {
		switch {
		case i == 0:
		case i%14 == 0:
			b.WriteString(". ")
		default:
			b.WriteByte(' ')
		}
		if r.IntN(3) == 0 {
			b.WriteString([]string{"the", "of", "and", "to", "in", "a", "that", "is"}[r.IntN(8)])
		} else {
			b.WriteString(p.vocabulary[draw(p.words, r)])
		}
	}
	return b.String()
}

func (p *press) article(i int) news.Article {
	r := rand.New(rand.NewPCG(uint64(i), 9))
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	at := start.Add(time.Duration(float64(i) / float64(p.total) * float64(730*24*time.Hour))).Truncate(time.Second)
	source := draw(p.sources, r)
	a := news.Article{
		ID: news.ArticleID(strconv.Itoa(i)), Version: 1, Title: p.text(r, 8), Description: p.text(r, 20), Content: p.text(r, 300+r.IntN(180)),
		Source: news.Ref{ID: fmt.Sprintf("source%d.example", source), Name: fmt.Sprintf("Source %d", source)}, URL: fmt.Sprintf("https://www.source%d.example/%d", source, i),
		PublishedAt: at, FirstSeen: at.Add(time.Minute), Language: "en", Country: "us", Completeness: news.Full, Section: "News",
	}
	for k := range 5 + r.IntN(4) {
		kind := []news.EntityType{news.Person, news.Place, news.Organization}[k%3]
		name := fmt.Sprintf("%s Name %d", kind, draw(p.ent, r)/[]int{1, 10, 3}[k%3])
		a.Entities = append(a.Entities, news.Entity{ID: news.EntityID(kind, name), Type: kind, Name: name})
	}
	return a
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

func newPressLibrary(p *press) *pressLibrary {
	l := &pressLibrary{}
	for i := range 20 {
		l.some = append(l.some, p.article(i))
	}
	return l
}

func applyPress(b testing.TB, e *Engine, p *press, first, n int) {
	changes := make([]news.Change, n)
	for i := range changes {
		a := p.article(first + i)
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
					a := p.article(i*batch + k)
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
func benchQueries(e *Engine, p *press) map[string][]query.Node {
	share := func(w string) float64 {
		r, _ := e.Search(benchContext, news.Query{Expr: query.Word{Text: w}, Size: 0, Sort: news.SortNewest})
		return float64(r.Total) / float64(e.Stats().Articles)
	}
	var rare, common, middle []query.Node
	for i := 0; i < len(p.vocabulary) && (len(rare) < 20 || len(common) < 20 || len(middle) < 60); i += 1 + i/40 {
		w := query.Word{Text: p.vocabulary[i]}
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
