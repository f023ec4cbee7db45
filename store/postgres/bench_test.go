package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/postgres"
	"broadsheet.example/store/storetest"
)

// BenchmarkPolls leases feeds and commits polls that bring nothing new, a
// hundred at a time, of 20,000 feeds on as many hosts.
func BenchmarkPolls(b *testing.B) {
	const feeds, batch = 20_000, 100
	s := open(b, schema(b, nil))
	addFeeds(b, s, feeds)
	n := 0
	b.ResetTimer()
	for b.Loop() {
		leases, err := s.LeaseFeeds(b.Context(), batch, time.Minute)
		if err != nil || len(leases) != batch {
			b.Fatalf("got %d feeds and %v", len(leases), err)
		}
		polls := make([]store.PollCommit, batch)
		now := time.Now()
		for i, l := range leases {
			polls[i] = store.PollCommit{Lease: l, At: now, Next: now, Interval: time.Hour, Health: news.HealthOK, Status: 304, Success: true, State: l.State}
		}
		if _, err := s.CommitPolls(b.Context(), polls...); err != nil {
			b.Fatal(err)
		}
		n += batch
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "polls/s")
}

func addFeeds(b *testing.B, s *postgres.Store, n int) {
	b.Helper()
	feeds := make([]news.Feed, n)
	for i := range feeds {
		url := fmt.Sprintf("https://h%d.example/feed", i)
		feeds[i] = news.Feed{ID: news.ArticleID(url), URL: url, Enabled: true}
	}
	if added, err := s.PutFeeds(b.Context(), feeds...); err != nil || added != n {
		b.Fatalf("added %d and %v", added, err)
	}
}

// BenchmarkPut takes in new articles, a hundred at a time.
func BenchmarkPut(b *testing.B) {
	const batch = 100
	s := open(b, schema(b, nil))
	if err := s.Register(b.Context(), storetest.Reader); err != nil {
		b.Fatal(err)
	}
	n := 0
	b.ResetTimer()
	for b.Loop() {
		drafts := make([]store.Draft, batch)
		for i := range drafts {
			n++
			drafts[i] = article("text", fmt.Sprint("https://paper.example/", n))
		}
		put(b, s, drafts...)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "articles/s")
}

func put(tb testing.TB, s *postgres.Store, drafts ...store.Draft) {
	tb.Helper()
	committed, err := s.PutArticles(context.Background(), drafts...)
	if err != nil {
		tb.Fatal(err)
	}
	for _, c := range committed {
		if c.Err != nil {
			tb.Fatal(c.Err)
		}
	}
}

// BenchmarkPages leases pages, commits them with an article each, and asks what
// is due once a batch, with 20,000 pages waiting on 5,000 hosts.
func BenchmarkPages(b *testing.B) {
	const pages, hosts, batch = 20_000, 5_000, 100
	s := open(b, schema(b, nil))
	storetest.AddPages(b, s, pages, hosts)
	n := 0
	b.ResetTimer()
	for b.Loop() && n < pages {
		err := storetest.CrawlOnce(b.Context(), s, batch, func(store.PageLease, store.Committed) { n++ })
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Due(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "pages/s")
}
