package index

import (
	"math/rand/v2"
	"testing"

	"broadsheet.example/bench/press"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// TestKeepBest compares what is left of windows with the sums of the bounds, one
// document after the other.
func TestKeepBest(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2_000 {
		shares, total := randomShares(random, 1+random.IntN(5))
		needed := random.Float64()
		matches := randomWords(random, 2)
		left := matches
		keepBest(&left, shares, needed)
		for doc := range windowSize {
			sum, lacking := 0.0, 0
			for i := range shares {
				if holds(&shares[i].docs, doc) {
					sum += shares[i].bound
				} else {
					lacking++
				}
			}
			switch kept := holds(&left, doc); {
			case kept && !holds(&matches, doc):
				t.Fatalf("%d is left, which did not match", doc)
			case holds(&matches, doc) && !kept && sum > needed*total*slack:
				t.Fatalf("%d was taken out with %v of %v, needed share %v", doc, sum, total, needed)
			case kept && lacking <= 2 && sum*slack < needed*total:
				t.Fatalf("%d was left with %v of %v, needed share %v", doc, sum, total, needed)
			}
		}
	}
}

func randomShares(random *rand.Rand, n int) (list []share, total float64) {
	for range n {
		s := share{bound: random.Float64(), docs: randomWords(random, 1+random.IntN(4))}
		list = append(list, s)
		total += s.bound
	}
	return list, total
}

// randomWords returns a set that holds one document in 2^sparse.
func randomWords(random *rand.Rand, sparse int) (set [windowWords]uint64) {
	for i := range set {
		set[i] = ^uint64(0)
		for range sparse {
			set[i] &= random.Uint64()
		}
	}
	return set
}

func holds(set *[windowWords]uint64, doc int) bool { return set[doc/64]>>(doc%64)&1 == 1 }

// TestBestOfAll compares the best few articles of a query with those at the
// beginning of the whole order, in which nothing is passed over.
func TestBestOfAll(t *testing.T) {
	const articles, words, few = 8_000, 80, 10
	p := press.New(articles, words, 5)
	e := openTest(t, Config{Dir: t.TempDir()}, newPressLibrary(p))
	defer e.Close()
	for first := 0; first < articles; first += articles / 2 {
		applyPress(t, e, p, first, articles/2)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 200 {
		var any query.Or
		for range 2 + random.IntN(5) {
			any.Parts = append(any.Parts, query.Word{Text: drawWord(p, random)})
		}
		q := news.Query{Expr: any, Sort: news.SortRelevancy, Now: epoch}
		if i%2 == 0 {
			q.Recency = news.RecencyOff
		}
		q.SetDefaults()
		r := matched(t, e, &q)
		all, err := r.best(articles)
		if err != nil {
			t.Fatal(err)
		}
		some, err := r.best(few)
		if err != nil {
			t.Fatal(err)
		}
		for k, c := range some {
			if !c.same(all[k]) || c.rank != all[k].rank {
				t.Fatalf("%v: place %d of %d: %s with %v, of all %s with %v", any, k, len(all), c.id(), c.rank, all[k].id(), all[k].rank)
			}
		}
		e.release(r.view)
	}
}

// matched returns a run that has found what matches and counted its words.
func matched(t *testing.T, e *Engine, q *news.Query) *run {
	t.Helper()
	r := &run{engine: e, ctx: t.Context(), q: q, arena: &arena{}, budget: newBudget(e.cfg)}
	for _, step := range []func() error{r.open, r.prepare, func() error { _, err := r.matchAll(); return err }, r.measure} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	return r
}
