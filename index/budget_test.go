package index

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// openFilled opens an engine of n articles that all hold "common", every tenth
// "seldom".
func openFilled(t *testing.T, cfg Config, n int) *Engine {
	t.Helper()
	cfg.Dir = t.TempDir()
	e := openTest(t, cfg, indextest.NewLibrary())
	t.Cleanup(func() { e.Close() })
	changes := make([]news.Change, n)
	for i := range changes {
		a := news.Article{ID: fmt.Sprintf("a%04d", i), Version: 1, Title: "common words", Language: "en", PublishedAt: epoch}
		if i%10 == 0 {
			a.Title += " seldom seen"
		}
		changes[i] = news.Change{ID: a.ID, Version: 1, Article: &a}
	}
	if _, err := e.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestBudgetNamesTheCostlyClause(t *testing.T) {
	for _, c := range []struct {
		name, query string
		cfg         Config
		want        news.CostError
	}{
		{"word", "seldom common", Config{QueryPostings: 90}, news.CostError{Clause: "common"}},
		{"prefix", "seldom comm*", Config{QueryPostings: 90}, news.CostError{Clause: "comm*"}},
		{"phrase", `seldom "common words"`, Config{QueryPostings: 90}, news.CostError{Clause: `"common words"`}},
		{"time", "seldom", Config{QueryTime: 1}, news.CostError{Clause: "all of it"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := openFilled(t, c.cfg, 100)
			expr, err := query.Parse(c.query)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second time from the cache
				_, err = e.Search(t.Context(), news.Query{Expr: expr, Size: 10})
				got, ok := errors.AsType[*news.CostError](err)
				if !ok || *got != c.want {
					t.Fatalf("got %v, want %v", err, &c.want)
				}
			}
		})
	}
}

func TestBudgetLeavesOrdinaryQueriesAlone(t *testing.T) {
	e := openFilled(t, Config{QueryPostings: 200, QueryTime: time.Minute}, 100)
	expr, err := query.Parse("seldom common")
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Search(t.Context(), news.Query{Expr: expr, Size: 10})
	if err != nil || r.Total != 10 {
		t.Fatalf("got %v, %v, want 10 hits", r, err)
	}
}
