package crawler

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet.example/crawler/boiler"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/store"
)

const (
	// leaseTTL outlives the longest polite visit: robots.txt, the longest
	// Crawl-delay, several redirects and the page itself.
	leaseTTL = 4 * time.Minute
	// idle is how long the loop waits when nothing is due.
	idle = 200 * time.Millisecond
	// breath is the wait between two looks for more work, so that a look finds
	// some: each is a write to the store.
	breath = 50 * time.Millisecond
	// patience is how long a pass waits for a host that must rest.
	patience = 2 * time.Minute
	// drain is how long visits under way may take to finish after a stop; what
	// takes longer is given back.
	drain = 3 * time.Second
	// spacing and pageBudget are the defaults of Config.
	spacing    = time.Minute
	pageBudget = 5_000
	// commitPatience is how long a visit waits for a database that is away, with its
	// lease, which lasts longer: else it would have to be made again.
	commitPatience = time.Minute
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
	// Spacing is the least time between two polls of one feed, whoever asks for
	// the second; 0 means a minute.
	Spacing time.Duration
	// PageBudget is how many pages of one host are fetched in a day (UTC); 0
	// means 5,000.
	PageBudget int
	// FeedsIgnoreRobots polls feeds that robots.txt forbids; pages never.
	FeedsIgnoreRobots bool
	// Boilerplate holds what a person has decided about what sites repeat, by
	// source id.
	Boilerplate map[string]boiler.Rules
	// Hubs, if not nil, is told of the hubs that feeds name.
	Hubs *Subscriber
	// Alone does a job unless another process that shares the store is at it, and
	// reports whether it was done. Nil is for a store that nobody shares.
	Alone func(ctx context.Context, job string, do func(context.Context) error) (bool, error)
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

func (c *Config) setDefaults() {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Alone == nil {
		c.Alone = func(ctx context.Context, _ string, do func(context.Context) error) (bool, error) {
			return true, do(ctx)
		}
	}
	if c.Spacing <= 0 {
		c.Spacing = spacing
	}
	if c.PageBudget <= 0 {
		c.PageBudget = pageBudget
	}
	c.Concurrency = max(c.Concurrency, 1)
}

// Store is what a crawler needs of the system of record.
type Store interface {
	store.Store
	store.Upkeep
	store.Pauses
	store.Tracer
	store.Fingerprints
	store.Amender
	store.Sites
	store.Subscriptions
}

// Crawler polls feeds and fetches the pages they name. It keeps no state of its
// own but counters: everything else is in the store, so that a crash loses
// nothing.
type Crawler struct {
	cfg     Config
	store   Store
	fetch   *fetch.Client
	ingest  *Ingester
	sites   *sites
	log     *slog.Logger
	cpu     chan struct{} // bounds pages being read at once
	counter counters
}

// New returns a crawler that takes its work from s.
func New(cfg Config, s Store, client *fetch.Client, ingest *Ingester, log *slog.Logger) *Crawler {
	cfg.setDefaults()
	c := &Crawler{
		cfg: cfg, store: s, fetch: client, ingest: ingest, log: log,
		cpu: make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	c.sites = newSites(s, ingest, cfg.Boilerplate, log, &c.counter.amended)
	return c
}

// Counts is what a crawler has done since it was made.
type Counts struct {
	// Of feeds.
	Polled      int64 `json:"polled"`
	NotModified int64 `json:"notModified"`
	PollFailed  int64 `json:"pollFailed"`
	// Of pages. Discovered were found in feeds.
	Discovered int64 `json:"discovered"`
	Fetched    int64 `json:"fetched"`
	Unchanged  int64 `json:"unchanged"`
	Refused    int64 `json:"refused"`
	Failed     int64 `json:"failed"`
	// Of articles. Duplicates were found to repeat another one.
	New        int64 `json:"new"`
	Revised    int64 `json:"revised"`
	Updated    int64 `json:"updated"`
	Merged     int64 `json:"merged"`
	Removed    int64 `json:"removed"`
	Duplicates int64 `json:"duplicates"`
	// Amended lost boilerplate that was learnt after they were stored.
	Amended int64 `json:"amended"`
	// LyingValidators counts bodies that came unchanged although the server was
	// told what is known already.
	LyingValidators int64 `json:"lyingValidators"`
}

type counters struct {
	polled, notModified, pollFailed        atomic.Int64
	fetched, unchanged, refused, failed    atomic.Int64
	created, revised, updated, merged, rem atomic.Int64
	discovered, lying, duplicates, amended atomic.Int64
}

// Counts returns the counters. It may be called at any time.
func (c *Crawler) Counts() Counts {
	n := &c.counter
	return Counts{
		Polled: n.polled.Load(), NotModified: n.notModified.Load(), PollFailed: n.pollFailed.Load(),
		Fetched: n.fetched.Load(), Unchanged: n.unchanged.Load(), Refused: n.refused.Load(), Failed: n.failed.Load(),
		New: n.created.Load(), Revised: n.revised.Load(), Updated: n.updated.Load(), Merged: n.merged.Load(), Removed: n.rem.Load(),
		Discovered: n.discovered.Load(), LyingValidators: n.lying.Load(), Duplicates: n.duplicates.Load(),
		Amended: n.amended.Load(),
	}
}

// Run crawls until ctx is done, then waits for the visits under way, at most a
// few seconds. It fails only if the store does; a full disk is waited out.
func (c *Crawler) Run(ctx context.Context) error {
	return c.run(ctx, false, func(store.Due) bool { return false })
}

// Pass crawls until nothing is due any more, but for hosts that must rest for
// longer than a few minutes, or until ctx is done.
func (c *Crawler) Pass(ctx context.Context) error {
	return c.run(ctx, true, func(d store.Due) bool {
		return d.FeedsDue == 0 && d.PagesDue == 0 || d.Leased == 0 && d.Next.Sub(c.cfg.Now()) > patience
	})
}

// run crawls until done says so of what is due. One that hurries does not spread
// the polls of feeds that fall due together; its manners are the same.
func (c *Crawler) run(ctx context.Context, hurry bool, done func(store.Due) bool) error {
	visits, stop := graceful(ctx, drain)
	defer stop()
	d := c.duplicates()
	following, end := context.WithCancel(ctx)
	var follower sync.WaitGroup
	follower.Go(func() { d.run(following) })
	follower.Go(func() { c.sites.run(following) })
	defer follower.Wait()
	defer end()
	l := loop{Crawler: c, hurry: hurry, free: make(chan struct{}, c.cfg.Concurrency)}
	defer l.visits.Wait()
	for ctx.Err() == nil {
		started, err := l.turn(ctx, visits)
		switch {
		case err != nil && ctx.Err() == nil:
			c.log.Error("lease work", "err", err)
			pause(ctx, 5*time.Second)
		case started == 0 && len(l.free) == 0 && done(l.due):
			end()
			follower.Wait()
			if err := c.sites.turn(ctx); err != nil {
				return err
			}
			return d.drain(ctx)
		case started == 0:
			pause(ctx, idle)
		default:
			pause(ctx, breath)
		}
	}
	return nil
}

// FindDuplicates looks for articles that repeat others, as Run does besides, until
// ctx is done: for a process that does not crawl. Where none does, what there is to
// look at would be kept for ever.
func (c *Crawler) FindDuplicates(ctx context.Context) error {
	c.duplicates().run(ctx)
	return nil
}

func (c *Crawler) duplicates() *duplicates {
	return &duplicates{store: c.store, alone: c.cfg.Alone, log: c.log, found: &c.counter.duplicates}
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

// outlasting returns a context for what must be kept of a visit: it ends after
// commitPatience, or commitGrace after the visit's own.
func outlasting(visit context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(visit), commitPatience)
	stop := context.AfterFunc(visit, func() { time.AfterFunc(commitGrace, cancel) })
	return ctx, func() {
		stop()
		cancel()
	}
}

// commit runs f with a context that outlasts a stop, so that a visit that was
// made is not made again.
func (c *Crawler) commit(ctx context.Context, what string, f func(context.Context) ([]store.Committed, error)) (store.Committed, bool) {
	ctx, cancel := outlasting(ctx)
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
