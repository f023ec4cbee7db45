package storetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

const (
	workers = 8  // goroutines in the tests of concurrency
	rounds  = 25 // what each of them does
)

// testConcurrentPuts has several writers offer the same articles.
func testConcurrentPuts(f *fixture) {
	f.must(f.Register(f.ctx(), "reader"))
	var created atomic.Int64
	g, ctx := errgroup.WithContext(f.ctx())
	for range workers {
		g.Go(func() error {
			for n := range rounds {
				c, err := f.PutArticles(ctx, draft("Title", fmt.Sprint("text ", n), key(n)))
				if err != nil {
					return err
				}
				if c[0].Kind == store.KindNew {
					created.Add(1)
				}
				if _, err := f.Articles(ctx, c[0].ID); err != nil {
					return err
				}
			}
			return nil
		})
	}
	f.must(g.Wait())
	f.equal("new articles", created.Load(), int64(rounds))
	f.equal("digest", f.sameDigest().Articles, rounds)
	f.equal("changes", len(f.drain("reader")), rounds)
}

// testConcurrentCrawl has several workers crawl a few hosts, and watches that
// no host is held twice and every page is done once.
func testConcurrentCrawl(f *fixture) {
	const hosts = 5
	var pages []store.Discovery
	for n := range workers * rounds {
		pages = append(pages, page(fmt.Sprintf("h%d.example", n%hosts), fmt.Sprint(n)))
	}
	f.equal("pages", f.discover(pages...).New, len(pages))
	w := &watch{held: map[string]bool{}}
	var left atomic.Int64
	left.Store(int64(len(pages)))
	g, ctx := errgroup.WithContext(f.ctx())
	for range workers {
		g.Go(func() error {
			for left.Load() > 0 {
				n, err := f.crawl(ctx, w)
				if err != nil {
					return err
				}
				left.Add(-int64(n))
			}
			return nil
		})
	}
	f.must(g.Wait())
	f.equal("articles", f.sameDigest().Articles, len(pages))
	f.equal("states", f.stats().Pages, map[store.PageState]int{store.PageDone: len(pages)})
}

// crawl does what a worker does once and tells how many pages it has done.
func (f *fixture) crawl(ctx context.Context, w *watch) (int, error) {
	leases, err := f.LeasePages(ctx, 2, ttl)
	if err != nil {
		return 0, err
	}
	if len(leases) == 0 {
		time.Sleep(time.Millisecond)
		return 0, nil
	}
	commits := make([]store.PageCommit, len(leases))
	for i, l := range leases {
		if err := w.take(l.Host); err != nil {
			return 0, err
		}
		d := draft("Title", l.Key, l.Key)
		commits[i] = store.PageCommit{Lease: l, At: epoch, State: store.PageDone, HostNext: epoch, Draft: &d}
	}
	for _, l := range leases {
		w.leave(l.Host)
	}
	committed, err := f.CommitPages(ctx, commits...)
	if err != nil {
		return 0, err
	}
	for _, c := range committed {
		if c.Err != nil || c.Kind != store.KindNew {
			return 0, fmt.Errorf("got %+v, want a new article", c)
		}
	}
	return len(leases), nil
}

// watch knows which hosts are held.
type watch struct {
	mu   sync.Mutex
	held map[string]bool
}

func (w *watch) take(host string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.held[host] {
		return fmt.Errorf("host %s is held twice", host)
	}
	w.held[host] = true
	return nil
}

func (w *watch) leave(host string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.held, host)
}

func testClosed(f *fixture) {
	f.must(f.Close())
	if _, err := f.PutFeeds(f.ctx(), feed("a.example", "a")); err == nil {
		f.Error("a closed store took a feed")
	}
	if _, err := f.Articles(f.ctx(), news.ArticleID("x")); err == nil {
		f.Error("a closed store answered")
	}
	ctx, cancel := context.WithCancel(f.ctx())
	cancel()
	if err := f.Register(ctx, "reader"); err == nil {
		f.Error("a call with an ended context succeeded")
	}
}
