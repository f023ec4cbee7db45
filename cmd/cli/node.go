package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet.example/configs"
	"broadsheet.example/crawler"
	"broadsheet.example/crawler/boiler"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/source"
	"broadsheet.example/entity/authority"
	"broadsheet.example/index"
	"broadsheet.example/telemetry"
)

// node is the parts of one process on one data directory.
type node struct {
	cfg     *configs.Config
	log     *slog.Logger
	started time.Time
	wait    patience // with servers that do not answer, while the node is opened

	store    archive
	lock     io.Closer // the data directory, where store does not hold it itself
	tend     func(context.Context) (int, error)
	alone    func(context.Context, string, time.Duration, func(context.Context) error) (bool, error)
	index    *generations
	ingest   *crawler.Ingester
	entities *authority.File
	fetch    *fetch.Client
	crawler  *crawler.Crawler
	hubs     *crawler.Subscriber
	metrics  *metrics
	tracing  *telemetry.Tracing // nil unless configured
	roles    roles              // what run was told to do
}

// openNode opens the data directory, which no other process may own. The caller
// closes the node.
func openNode(ctx context.Context, p Parts, cfg *configs.Config, log *slog.Logger, wait patience) (*node, error) {
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("create data directory: %w", err)
	}
	n := &node{cfg: cfg, log: log, started: time.Now(), wait: wait, metrics: newMetrics()}
	recognizer, err := p.recognizer(cfg, log)
	if err != nil {
		return nil, err
	}
	if err := n.openStore(ctx); err != nil {
		return nil, err
	}
	if err := n.openParts(ctx, recognizer); err != nil {
		return nil, errors.Join(err, n.close())
	}
	return n, nil
}

func (n *node) openParts(ctx context.Context, recognizer crawler.Recognizer) error {
	sources, err := source.Load()
	if err != nil {
		return fmt.Errorf("load sources: %w", err)
	}
	n.ingest = crawler.NewIngester(sources, recognizer, nil)
	if n.entities, err = authority.Open(ctx, n.store, n.log); err != nil {
		return err
	}
	n.ingest.Identify = n.entities.Apply
	if n.cfg.Telemetry.Endpoint != "" {
		n.tracing, err = telemetry.Open(telemetry.Config{Endpoint: n.cfg.Telemetry.Endpoint, Sample: n.cfg.Telemetry.Sample, Version: version()}, n.log)
		if err != nil {
			return err
		}
	}
	n.fetch = newFetch(n.cfg, n.log, n.fetched)
	callback := ""
	if n.cfg.PublicURL != "" {
		callback = strings.TrimSuffix(n.cfg.PublicURL, "/") + "/websub/"
	}
	n.hubs = crawler.NewSubscriber(n.store, n.fetch, callback, nil, n.log)
	n.crawler = crawler.New(crawler.Config{
		Interval: n.cfg.Crawler.Interval, MaxInterval: n.cfg.Crawler.MaxInterval,
		PageBudget: n.cfg.Crawler.PageBudget, Hubs: n.hubs,
		Concurrency: n.cfg.Crawler.Concurrency, FeedsIgnoreRobots: n.cfg.Crawler.FeedsIgnoreRobots,
		Boilerplate: boilerplate(n.cfg), Alone: n.whenever,
	}, n.store, n.fetch, n.ingest, n.log)
	follow := index.FollowConfig{
		Batch: n.cfg.Index.Batch, TTL: time.Minute, Idle: n.cfg.Index.Linger, Observe: n.metrics.indexed,
	}
	return n.wait(ctx, "the search engine", func() error { return n.openIndex(ctx, follow) })
}

func (n *node) openIndex(ctx context.Context, follow index.FollowConfig) error {
	on, prefix, err := n.openShelf(ctx)
	if err != nil {
		return err
	}
	n.index, err = openGenerations(ctx, on, prefix, n.store, follow, n.log)
	return err
}

// openShelf opens what keeps the index, as the configuration says, and tells how
// the names begin by which its generations follow the outbox.
func (n *node) openShelf(ctx context.Context) (shelf, string, error) {
	if n.cfg.Index.Engine != "" {
		c, err := openCluster(ctx, n.cfg.Index.Engine, n.store, n.log)
		if err != nil {
			return nil, "", err
		}
		return c, readerPrefix + c.Name() + "-", nil
	}
	prefix, err := n.readers()
	if err != nil {
		return nil, "", err
	}
	d, err := openDirectory(filepath.Join(n.cfg.DataDir, "index"), n.cfg.Index, n.store, n.log)
	return d, prefix, err
}

// boilerplate gathers what is decided of blocks, by source.
func boilerplate(cfg *configs.Config) map[string]boiler.Rules {
	rules := map[string]boiler.Rules{}
	for id, s := range cfg.Sources {
		rules[id] = boiler.Rules{Keep: s.KeepBlocks, Drop: s.DropBlocks}
	}
	return rules
}

// fetched records one outgoing request.
func (n *node) fetched(kind, outcome string, took time.Duration, bytes int) {
	n.metrics.fetched(kind, outcome, took, bytes)
	if n.tracing != nil {
		n.tracing.Fetched(kind, outcome, took, bytes)
	}
}

func newFetch(cfg *configs.Config, log *slog.Logger, observe func(kind, outcome string, took time.Duration, bytes int)) *fetch.Client {
	return fetch.New(fetch.Config{
		UserAgent: cfg.Crawler.UserAgent, Gap: cfg.Crawler.HostGap, AllowNetworks: cfg.Crawler.AllowNetworks,
		MaxFeedBytes: int64(cfg.Crawler.MaxFeedBytes), MaxPageBytes: int64(cfg.Crawler.MaxPageBytes), Observe: observe,
	}, log)
}

// close releases everything, in the opposite order of opening.
func (n *node) close() error {
	var errs []error
	if n.index != nil {
		errs = append(errs, n.index.close())
	}
	if n.fetch != nil {
		errs = append(errs, n.fetch.Close())
	}
	if n.tracing != nil {
		end, cancel := context.WithTimeout(context.Background(), shutdownGrace)
		defer cancel()
		errs = append(errs, n.tracing.Close(end))
	}
	errs = append(errs, n.store.Close())
	if n.lock != nil {
		errs = append(errs, n.lock.Close())
	}
	return errors.Join(errs...)
}

// decisionsInterval is how soon a process hears what people have decided of
// entities through another one. Asking costs a look into an index.
const decisionsInterval = 2 * time.Second

// roles are the jobs a process does.
type roles struct{ crawl, index, api bool }

// names lists the roles as the flag spells them.
func (r roles) names() []string {
	names := []string{}
	for name, does := range map[string]bool{"crawl": r.crawl, "index": r.index, "api": r.api} {
		if does {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// run does the roles until ctx is done or one of them fails.
func (n *node) run(ctx context.Context, r roles, listen listeners) error {
	n.roles = r
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return n.index.watch(ctx) })
	if r.index {
		g.Go(func() error { return n.index.run(ctx) })
		if !r.crawl && n.shared() {
			g.Go(func() error { return n.crawler.FindDuplicates(ctx) })
		}
	}
	g.Go(func() error { return n.housekeeper().run(ctx) })
	if n.shared() {
		g.Go(func() error { return n.entities.Follow(ctx, decisionsInterval) })
	}
	if r.crawl {
		g.Go(func() error { return n.crawler.Run(ctx) })
		g.Go(func() error { return n.entities.Run(ctx, n.cfg.Entity.Refresh) })
		g.Go(func() error { return n.hubs.Run(ctx) })
	}
	n.serve(ctx, g, listen)
	if err := n.profile(ctx, g); err != nil {
		g.Go(func() error { return err })
	}
	return g.Wait()
}
