package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
)

const (
	benchText  = 2400 // bytes of an article
	benchBatch = 200  // drafts to a call
)

func openBench(b *testing.B, now func() time.Time) *sqlite.Store {
	b.Helper()
	s, err := sqlite.Open(b.Context(), sqlite.Config{Dir: b.TempDir(), Now: now}, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// prose makes text of n bytes out of a vocabulary with a natural skew.
func prose(r *rand.Rand, n int) string {
	var w strings.Builder
	for w.Len() < n {
		k := int(r.ExpFloat64() * 400)
		fmt.Fprintf(&w, "%c%s%d", 'a'+k%26, "ordinary"[:1+k%7], k%977)
		w.WriteByte(" .\n"[min(r.IntN(40), 2)*r.IntN(2)])
	}
	return w.String()[:n]
}

func benchDraft(r *rand.Rand, i int) store.Draft {
	text := prose(r, benchText)
	url := fmt.Sprintf("https://paper%d.example/%d", i%50, i)
	a := news.Article{
		Source: news.Ref{ID: fmt.Sprintf("paper%d", i%50), Name: fmt.Sprintf("Paper %d", i%50)},
		Title:  prose(r, 60), Description: prose(r, 160), Content: text, URL: url, Language: "en", Country: "gb",
		PublishedAt: time.UnixMilli(1_790_000_000_000 + int64(i)*1000).UTC(), PublishedAtSource: news.DateJSONLD,
		WordCount: 400, Completeness: news.Full, Authors: []string{"A Writer"},
	}
	for range 6 {
		n := int(r.ExpFloat64() * 500)
		name := fmt.Sprintf("Person %d", n)
		a.Entities = append(a.Entities, news.Entity{ID: news.EntityID(news.Person, name), Type: news.Person, Name: name, Count: 2, First: 40})
	}
	return store.Draft{Article: a, Keys: []string{url, url + "#guid"}, Blocks: strings.SplitAfter(text, "\n")}
}

func BenchmarkPutArticles(b *testing.B) {
	s := openBench(b, time.Now)
	if err := s.Register(b.Context(), "index"); err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	drafts := make([]store.Draft, 2000)
	for i := range drafts {
		drafts[i] = benchDraft(r, i)
	}
	n := 0
	b.ResetTimer()
	for b.Loop() {
		batch := make([]store.Draft, benchBatch)
		for i := range batch {
			batch[i] = drafts[n%len(drafts)]
			batch[i].Keys = []string{fmt.Sprintf("https://paper.example/%d", n), fmt.Sprintf("guid:%d", n)}
			n++
		}
		put(b, s, batch)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "articles/s")
}

func put(tb testing.TB, s *sqlite.Store, drafts []store.Draft) {
	tb.Helper()
	committed, err := s.PutArticles(context.Background(), drafts...)
	if err != nil {
		tb.Fatal(err)
	}
	for _, c := range committed {
		if c.Err != nil || c.Kind != store.KindNew {
			tb.Fatalf("got %+v, want a new article", c)
		}
	}
}
