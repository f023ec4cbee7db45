package postgres_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/postgres"
	"broadsheet.example/store/storetest"
)

// TestScanMeetsEveryArticle scans while two stores commit: no article may appear
// behind the position that the scan has reached.
func TestScanMeetsEveryArticle(t *testing.T) {
	cfg := schema(t, nil)
	stores := []*postgres.Store{open(t, cfg), open(t, cfg)}
	const writers, rounds = 6, 40
	g, ctx := errgroup.WithContext(t.Context())
	for w := range writers {
		g.Go(func() error {
			for n := range rounds {
				var drafts []store.Draft
				for i := range 1 + rand.N(4) {
					drafts = append(drafts, article("text", fmt.Sprintf("%d-%d-%d", w, n, i)))
				}
				if _, err := stores[w%2].PutArticles(ctx, drafts...); err != nil {
					return err
				}
			}
			return nil
		})
	}
	written := make(chan error, 1)
	go func() { written <- g.Wait() }()
	met := map[string]int64{}
	var pos store.ScanPosition
	for over := false; !over; {
		select {
		case err := <-written:
			over = true
			if err != nil {
				t.Fatal(err)
			}
		default:
		}
		as, next, err := stores[0].Scan(t.Context(), pos, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range as {
			met[a.ID]++
		}
		pos = next
	}
	all := storetest.Versions(t, stores[1])
	if len(met) != len(all) {
		t.Errorf("the scan met %d of %d articles", len(met), len(all))
	}
	for id, n := range met {
		if n != 1 {
			t.Errorf("article %s was met %d times", id, n)
		}
	}
}

// TestOneArticleOneID has two stores offer overlapping keys of the same articles,
// which must end as one each, whoever comes first.
func TestOneArticleOneID(t *testing.T) {
	cfg := schema(t, nil)
	stores := []*postgres.Store{open(t, cfg), open(t, cfg)}
	const articles, workers = 40, 6
	g, ctx := errgroup.WithContext(t.Context())
	for w := range workers {
		g.Go(func() error {
			for _, n := range rand.Perm(articles) {
				d := article("text", fmt.Sprintf("%d-%d", n, w), fmt.Sprintf("%d-%d", n, (w+1)%workers))
				if c, err := stores[w%2].PutArticles(ctx, d); err != nil || c[0].Err != nil {
					return fmt.Errorf("got %+v and %w", c, err)
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := len(storetest.Versions(t, stores[0])); got != articles {
		t.Errorf("got %d articles, want %d", got, articles)
	}
	for n := range articles {
		want, err := stores[0].Lookup(t.Context(), fmt.Sprintf("%d-0", n))
		if err != nil {
			t.Fatal(err)
		}
		for w := range workers {
			if got, err := stores[1].Lookup(t.Context(), fmt.Sprintf("%d-%d", n, w)); err != nil || got != want {
				t.Errorf("key %d of article %d: got %s and %v, want %s", w, n, got, err, want)
			}
		}
	}
}

// TestLeasesStand opens a store while another one holds leases.
func TestLeasesStand(t *testing.T) {
	now := epoch
	cfg := schema(t, func() time.Time { return now })
	cfg.Gap = 5 * time.Second
	first := open(t, cfg)
	if _, err := first.PutFeeds(t.Context(), news.Feed{ID: news.ArticleID("a"), URL: "https://a.example/feed", Enabled: true}); err != nil {
		t.Fatal(err)
	}
	lease := func(s *postgres.Store, want int) []store.FeedLease {
		t.Helper()
		l, err := s.LeaseFeeds(t.Context(), 9, time.Minute)
		if err != nil || len(l) != want {
			t.Fatalf("got %d feeds and %v, want %d", len(l), err, want)
		}
		return l
	}
	held := lease(first, 1)
	second := open(t, cfg)
	lease(second, 0)
	now = now.Add(time.Minute)
	lease(second, 0) // the host rests, for its visitor may have been there until now
	now = now.Add(cfg.Gap)
	if again := lease(second, 1); again[0].Token <= held[0].Token {
		t.Errorf("token %d was given after %d", again[0].Token, held[0].Token)
	}
	c, err := first.CommitPolls(t.Context(), store.PollCommit{Lease: held[0], At: now, Next: now})
	if err != nil || c[0].Err == nil {
		t.Errorf("got %+v and %v for a lease that ran out", c, err)
	}
}

// TestClocksDiffer commits by the clock of a crawler that is an hour slow: a host
// rests for as long as was asked, all the same.
func TestClocksDiffer(t *testing.T) {
	cfg := schema(t, func() time.Time { return epoch })
	s := open(t, cfg)
	storetest.AddPages(t, s, 1, 1)
	l, err := s.LeasePages(t.Context(), 1, time.Minute)
	if err != nil || len(l) != 1 {
		t.Fatalf("got %d pages and %v", len(l), err)
	}
	at := epoch.Add(-time.Hour)
	if _, err := s.CommitPages(t.Context(), store.PageCommit{Lease: l[0], At: at, State: store.PagePending, Next: at, HostNext: at.Add(10 * time.Second)}); err != nil {
		t.Fatal(err)
	}
	due, err := s.Due(t.Context())
	if err != nil || !due.Next.Equal(epoch.Add(10*time.Second)) {
		t.Errorf("got %+v and %v, want the host free at %v", due, err, epoch.Add(10*time.Second))
	}
}

// TestConnectionsDie cuts the connections of two stores at random while they
// work, as a fail-over does: no call fails, no lease is said to be lost that was
// honored, nothing is lost and nothing done twice.
func TestConnectionsDie(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long on a busy machine")
	}
	const pages, workers = 600, 3
	cfg := schema(t, nil)
	cfg.DSN = withName(t, cfg.DSN, cfg.Schema)
	stores := []*postgres.Store{open(t, cfg), open(t, cfg)}
	storetest.AddPages(t, stores[0], pages, 300)
	var mu sync.Mutex
	done := map[string]int64{}
	g, ctx := errgroup.WithContext(t.Context())
	for w := range 2 * workers {
		g.Go(func() error {
			for {
				mu.Lock()
				left := pages - len(done)
				mu.Unlock()
				if left == 0 {
					return nil
				}
				err := storetest.CrawlOnce(ctx, stores[w%2], 5, func(_ store.PageLease, c store.Committed) {
					mu.Lock()
					defer mu.Unlock()
					done[c.ID]++
				})
				if err != nil {
					return err
				}
			}
		})
	}
	stop := make(chan struct{})
	cuts := cutUntil(t, cfg, stop)
	err := g.Wait()
	close(stop)
	t.Logf("%d connections cut", <-cuts)
	if err != nil {
		t.Fatal(err)
	}
	for id, n := range done {
		if n != 1 {
			t.Errorf("article %s was reported %d times", id, n)
		}
	}
	if held := storetest.Versions(t, stores[0]); len(held) != pages {
		t.Errorf("got %d articles, want %d", len(held), pages)
	}
}

// withName gives the connections to dsn a name to find them by.
func withName(t *testing.T, dsn, name string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("application_name", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// cutUntil terminates a connection every few milliseconds, and tells how many.
func cutUntil(t *testing.T, cfg postgres.Config, stop <-chan struct{}) <-chan int {
	t.Helper()
	ctx := context.Background() // it outlasts the test's own by a moment
	conn, err := pgx.Connect(ctx, server(t))
	if err != nil {
		t.Fatal(err)
	}
	total := make(chan int, 1)
	go func() {
		defer conn.Close(ctx)
		n := 0
		for {
			select {
			case <-stop:
				total <- n
				return
			case <-time.After(rand.N(200 * time.Millisecond)):
			}
			tag, err := conn.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 ORDER BY random() LIMIT 1`, cfg.Schema)
			if err != nil {
				t.Error(err)
			}
			n += int(tag.RowsAffected())
		}
	}()
	return total
}
