package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet.example/crawler/fetch"
	"broadsheet.example/store"
)

const (
	// leaseTTL outlives the longest polite visit: robots.txt, the longest
	// Crawl-delay, several redirects and the page itself.
	leaseTTL = 4 * time.Minute
	// idle is how long the loop waits when nothing is due.
	idle = 200 * time.Millisecond
	// drain is how long visits under way may take to finish after a stop; what
	// takes longer is given back.
	drain = 3 * time.Second
	// commitGrace bounds the commit of a visit after a stop.
	commitGrace = 5 * time.Second
)

// Config says how eagerly to crawl. Manners towards hosts are the fetcher's.
type Config struct {
	// Interval is the usual time between two polls of a feed, MaxInterval the
	// longest, whatever a feed or its failures ask for.
	Interval, MaxInterval time.Duration
	// Concurrency bounds the visits in flight.
	Concurrency int
	// FeedsIgnoreRobots polls feeds that robots.txt forbids; pages never.
	FeedsIgnoreRobots bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Crawler polls feeds and fetches the pages they name. It keeps no state of its
// own but counters: everything else is in the store, so that a crash loses
// nothing.
type Crawler struct {
	cfg     Config
	store   store.Crawl
	fetch   *fetch.Client
	ingest  *Ingester
	log     *slog.Logger
	cpu     chan struct{} // bounds pages being read at once
	counter counters
}

// New returns a crawler that takes its work from s.
func New(cfg Config, s store.Crawl, client *fetch.Client, ingest *Ingester, log *slog.Logger) *Crawler {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	cfg.Concurrency = max(cfg.Concurrency, 1)
	return &Crawler{
		cfg: cfg, store: s, fetch: client, ingest: ingest, log: log,
		cpu: make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
}

// Counts is what a crawler has done since it was made.
type Counts struct {
	Polled, NotModified, PollFailed        int64 // feeds
	Fetched, Unchanged, Refused, Failed    int64 // pages
	New, Revised, Updated, Merged, Removed int64 // articles
	Discovered                             int64 // pages found in feeds
}

type counters struct {
	polled, notModified, pollFailed        atomic.Int64
	fetched, unchanged, refused, failed    atomic.Int64
	created, revised, updated, merged, rem atomic.Int64
	discovered                             atomic.Int64
}

// Counts returns the counters. It may be called at any time.
func (c *Crawler) Counts() Counts {
	n := &c.counter
	return Counts{
		Polled: n.polled.Load(), NotModified: n.notModified.Load(), PollFailed: n.pollFailed.Load(),
		Fetched: n.fetched.Load(), Unchanged: n.unchanged.Load(), Refused: n.refused.Load(), Failed: n.failed.Load(),
		New: n.created.Load(), Revised: n.revised.Load(), Updated: n.updated.Load(), Merged: n.merged.Load(), Removed: n.rem.Load(),
		Discovered: n.discovered.Load(),
	}
}

// Run crawls until ctx is done, then waits for the visits under way, at most a
// few seconds. It fails only if the store does; a full disk is waited out.
func (c *Crawler) Run(ctx context.Context) error {
	return c.run(ctx, func(store.Due) bool { return false })
}

// Pass crawls until nothing is due any more, or ctx is done.
func (c *Crawler) Pass(ctx context.Context) error {
	return c.run(ctx, func(d store.Due) bool { return d.FeedsDue == 0 && d.PagesDue == 0 })
}

func (c *Crawler) run(ctx context.Context, done func(store.Due) bool) error {
	visits, stop := graceful(ctx, drain)
	defer stop()
	var wg sync.WaitGroup
	defer wg.Wait()
	free := make(chan struct{}, c.cfg.Concurrency)
	for ctx.Err() == nil {
		work, err := c.lease(ctx, c.cfg.Concurrency-len(free))
		if err != nil && ctx.Err() == nil {
			c.log.Error("lease work", "err", err)
			pause(ctx, 5*time.Second)
			continue
		}
		for _, visit := range work {
			free <- struct{}{}
			wg.Go(func() {
				defer func() { <-free }()
				visit(visits)
			})
		}
		if len(work) > 0 {
			continue
		}
		due, err := c.store.Due(ctx)
		if err == nil && len(free) == 0 && done(due) {
			return nil
		}
		pause(ctx, idle)
	}
	return nil
}

// lease takes at most n visits, feeds before pages.
func (c *Crawler) lease(ctx context.Context, n int) ([]func(context.Context), error) {
	if n <= 0 {
		return nil, nil
	}
	feeds, err := c.store.LeaseFeeds(ctx, n, leaseTTL)
	if err != nil {
		return nil, fmt.Errorf("lease feeds: %w", err)
	}
	var work []func(context.Context)
	for _, l := range feeds {
		work = append(work, func(ctx context.Context) { c.poll(ctx, l) })
	}
	if n -= len(feeds); n == 0 {
		return work, nil
	}
	pages, err := c.store.LeasePages(ctx, n, leaseTTL)
	if err != nil {
		return work, fmt.Errorf("lease pages: %w", err)
	}
	for _, l := range pages {
		work = append(work, func(ctx context.Context) { c.visit(ctx, l) })
	}
	return work, nil
}

// graceful returns a context that ends grace after ctx does.
func graceful(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return out, func() { stop(); cancel() }
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// commit runs f with a context that outlasts a stop, so that a visit that was
// made is not made again.
func (c *Crawler) commit(ctx context.Context, what string, f func(context.Context) ([]store.Committed, error)) (store.Committed, bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitGrace)
	defer cancel()
	out, err := f(ctx)
	if err == nil && len(out) == 1 {
		err = out[0].Err
	}
	if err != nil {
		level := slog.LevelError
		if errors.Is(err, store.ErrLeaseLost) {
			level = slog.LevelWarn
		}
		c.log.Log(ctx, level, "commit "+what, "err", err)
		return store.Committed{}, false
	}
	return out[0], true
}

// giveBack returns a lease undone: the visit was cut short by a stop.
func (c *Crawler) giveBack(ctx context.Context, token int64, hostNext time.Time) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitGrace)
	defer cancel()
	if err := c.store.Release(ctx, hostNext, token); err != nil {
		c.log.Error("release lease", "err", err)
	}
}
