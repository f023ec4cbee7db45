package index

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

var update = flag.Bool("update", false, "write the golden files of ranking anew")

// rankingQueries are searched for in the articles of the demo press.
var rankingQueries = []string{
	`pact`, `Varna Pact`, `black sea mines`, `minister resigns`, `wine duties Georgia`, `"Georgia Hartnell"`, `title:georgia`,
	`storm floods harbor city`, `central bank interest rates`, `election results recount`, `strike AND wages`, `mines -Varna`,
	`who pays for clearing the mines of the western Black Sea`, `Black Sea envoy who travels by train`, `minehunt*`,
	`"clearing mines"~8`, `vaccine trial results`, `film festival prize`, `space probe launch delayed`, `Regierung`,
}

// TestRanking compares the order of the hits in the demo press with the golden
// file, so that a change of ranking shows in a review. Run it with -update to
// write the file anew.
func TestRanking(t *testing.T) {
	lib := indextest.NewLibrary()
	e := openTest(t, Config{Dir: t.TempDir()}, lib)
	defer e.Close()
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	applyDemo(t, e, lib, demoArticles(t, now))
	var b strings.Builder
	for _, text := range rankingQueries {
		expr, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		r, err := e.Search(t.Context(), news.Query{Expr: expr, Size: 5, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s (%d)\n", text, r.Total)
		for _, h := range r.Hits {
			fmt.Fprintf(&b, "\t%6.2f %s\n", h.Score, h.Article.ID)
		}
	}
	golden(t, "testdata/ranking.txt", b.String())
}

// golden compares what was got with a golden file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the order differs from %s (-want +got; run with -update if it is meant to):\n%s", file, diff)
	}
}

// applyDemo puts articles into the library and the index.
func applyDemo(t *testing.T, e *Engine, lib *indextest.Library, articles []news.Article) {
	t.Helper()
	changes := make([]news.Change, len(articles))
	for i := range articles {
		lib.Put(articles[i])
		changes[i] = news.Change{ID: articles[i].ID, Version: 1, Article: &articles[i]}
	}
	if _, err := e.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

// demoArticles reads the articles of the demo press, whose ages count from now.
func demoArticles(t *testing.T, now time.Time) []news.Article {
	t.Helper()
	files, err := filepath.Glob("../demo/articles/*/*.md")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d articles of the demo press, %v", len(files), err)
	}
	list := make([]news.Article, len(files))
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, body, _ := strings.Cut(string(text), "\n---\n")
		publisher := filepath.Base(filepath.Dir(file))
		a := news.Article{
			ID: publisher + "/" + strings.TrimSuffix(filepath.Base(file), ".md"), Version: 1, Language: "en",
			Content: body, Source: news.Ref{ID: publisher, Name: publisher},
		}
		for line := range strings.Lines(head) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "title":
				a.Title = value
			case "description":
				a.Description = value
			case "lang":
				a.Language = value
			case "ago":
				a.PublishedAt = now.Add(-demoAge(t, value))
			}
		}
		list[i] = a
	}
	return list
}

// demoAge reads an age such as 14d4h.
func demoAge(t *testing.T, s string) time.Duration {
	t.Helper()
	days := 0
	if d, rest, ok := strings.Cut(s, "d"); ok {
		if _, err := fmt.Sscan(d, &days); err != nil {
			t.Fatal(err)
		}
		s = rest
	}
	if s == "" {
		s = "0s"
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d + time.Duration(days)*24*time.Hour
}
