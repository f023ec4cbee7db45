package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
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

// BenchmarkPutAlone has many callers store an article each, as a crawl does:
// what it gains over one flush to disk an article is the grouping.
func BenchmarkPutAlone(b *testing.B) {
	s := openBench(b, time.Now)
	d := benchDraft(rand.New(rand.NewPCG(1, 2)), 1)
	var n atomic.Int64
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			one := d
			one.Keys = []string{fmt.Sprint("key ", n.Add(1))}
			put(b, s, []store.Draft{one})
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

// BenchmarkArticles loads a page of hits.
func BenchmarkArticles(b *testing.B) {
	const hits = 20
	s := openBench(b, time.Now)
	r := rand.New(rand.NewPCG(1, 2))
	drafts := make([]store.Draft, 1000)
	ids := make([]string, len(drafts))
	for i := range drafts {
		drafts[i] = benchDraft(r, i)
		ids[i] = news.ArticleID(drafts[i].Keys[0])
	}
	put(b, s, drafts)
	for b.Loop() {
		from := r.IntN(len(ids) - hits)
		if as, err := s.Articles(b.Context(), ids[from:from+hits]...); err != nil || len(as) != hits {
			b.Fatalf("got %d articles and %v", len(as), err)
		}
	}
}

// benchPages fills a store with pages that are due, spread over hosts.
func benchPages(b *testing.B, s *sqlite.Store, now time.Time, pages, hosts int) {
	b.Helper()
	ctx := b.Context()
	const step = 10_000
	for from := 0; from < pages; from += step {
		url := fmt.Sprintf("https://feeds%d.example/", from)
		if _, err := s.PutFeeds(ctx, news.Feed{ID: news.ArticleID(url), URL: url, Enabled: true}); err != nil {
			b.Fatal(err)
		}
		leases, err := s.LeaseFeeds(ctx, 1, time.Minute)
		if err != nil || len(leases) != 1 {
			b.Fatalf("got %d feeds and %v", len(leases), err)
		}
		found := make([]store.Discovery, step)
		for i := range found {
			key := fmt.Sprintf("https://h%d.example/news/2026/a-title-of-usual-length-%d", (from+i)%hosts, from+i)
			found[i] = store.Discovery{Key: key, URL: key, Host: fmt.Sprintf("h%d.example", (from+i)%hosts), Hash: "1", Item: store.Item{Title: "A title of usual length", Published: now}}
		}
		committed, err := s.CommitPolls(ctx, store.PollCommit{Lease: leases[0], At: now, Next: now.Add(time.Hour), Pages: found})
		if err != nil || committed[0].New != step {
			b.Fatalf("got %+v and %v", committed, err)
		}
	}
}

// BenchmarkCrawl leases pages, commits them with an article each, and asks what
// is due once a batch, with 200,000 pages waiting on 5,000 hosts.
func BenchmarkCrawl(b *testing.B) {
	now := time.UnixMilli(1_790_000_000_000).UTC()
	s := openBench(b, func() time.Time { return now })
	benchPages(b, s, now, 200_000, 5_000)
	r := rand.New(rand.NewPCG(1, 2))
	d := benchDraft(r, 1)
	n := 0
	b.ResetTimer()
	for b.Loop() {
		leases, err := s.LeasePages(b.Context(), 100, time.Minute)
		if err != nil || len(leases) != 100 {
			b.Fatalf("got %d pages and %v", len(leases), err)
		}
		commits := make([]store.PageCommit, len(leases))
		for i, l := range leases {
			one := d
			one.Keys = []string{l.Key}
			commits[i] = store.PageCommit{Lease: l, At: now, State: store.PageDone, HostNext: now, Draft: &one}
		}
		if _, err := s.CommitPages(b.Context(), commits...); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Due(b.Context()); err != nil {
			b.Fatal(err)
		}
		n += len(leases)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkOutbox leases and acknowledges changes as an index does.
func BenchmarkOutbox(b *testing.B) {
	const articles, batch = 20_000, 500
	s := openBench(b, time.Now)
	r := rand.New(rand.NewPCG(1, 2))
	d := benchDraft(r, 1)
	for from := 0; from < articles; from += benchBatch {
		drafts := make([]store.Draft, benchBatch)
		for i := range drafts {
			drafts[i] = d
			drafts[i].Keys = []string{fmt.Sprintf("https://paper.example/%d", from+i)}
		}
		put(b, s, drafts)
	}
	n, reader := 0, 0
	b.ResetTimer()
	for b.Loop() {
		if n%articles == 0 {
			b.StopTimer()
			reader++
			if err := s.Register(b.Context(), fmt.Sprint("index", reader)); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		name := fmt.Sprint("index", reader)
		changes, err := s.LeaseChanges(b.Context(), name, batch, time.Minute)
		if err != nil || len(changes) != batch {
			b.Fatalf("got %d changes and %v", len(changes), err)
		}
		if err := s.AckChanges(b.Context(), name, changes); err != nil {
			b.Fatal(err)
		}
		n += len(changes)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "changes/s")
}
