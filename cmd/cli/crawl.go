package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
)

func newCrawl(a *app) *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use:   "crawl",
		Short: "Poll what is due and fetch what is new, once",
		Args:  args(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return a.crawl(c.Context(), all) },
	}
	c.Flags().BoolVar(&all, "all", false, "poll every enabled feed, due or not")
	return c
}

func (a *app) crawl(ctx context.Context, all bool) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	n, err := openNode(ctx, a.parts, cfg, a.quiet(cfg), atOnce)
	if err != nil {
		return err
	}
	start := time.Now()
	err = n.firstFeeds(ctx)
	if err == nil && all {
		err = n.refreshAll(ctx)
	}
	if err == nil {
		err = a.pass(ctx, n)
	}
	if err == nil {
		k := n.crawler.Counts()
		a.printf("%s polled (%d unchanged, %d failed), %s found; %s fetched, %d refused, %d failed\n",
			plural(int(k.Polled), "feed"), k.NotModified, k.PollFailed, plural(int(k.Discovered), "page"),
			plural(int(k.Fetched), "page"), k.Refused, k.Failed)
		a.printf("%s new, %d revised, %d updated, %d removed, in %s\n", plural(int(k.New), "article"), k.Revised, k.Updated, k.Removed,
			time.Since(start).Round(time.Second))
	}
	return errors.Join(err, n.close())
}

// pass crawls once and returns when all is searchable.
func (a *app) pass(ctx context.Context, n *node) error {
	following, stop := context.WithCancel(ctx)
	defer stop()
	var g errgroup.Group
	g.Go(func() error { return n.index.run(following) })
	crawled := make(chan struct{})
	g.Go(func() error {
		defer close(crawled)
		return n.crawler.Pass(ctx)
	})
	a.watchCrawl(ctx, n, crawled)
	err := ctx.Err()
	if err == nil {
		err = n.index.caughtUp(ctx, n.index.current.Load())
	}
	stop()
	return errors.Join(err, g.Wait())
}

// watchCrawl shows progress until done is closed.
func (a *app) watchCrawl(ctx context.Context, n *node, done <-chan struct{}) {
	bar := a.progress(0, "crawling", false)
	defer bar.Close()
	for {
		select {
		case <-done:
			return
		case <-time.After(200 * time.Millisecond):
		}
		due, err := n.store.Due(ctx)
		if err != nil {
			continue
		}
		k := n.crawler.Counts()
		did := k.Polled + k.Fetched + k.Refused + k.Failed + k.Unchanged
		bar.Total(did + int64(due.FeedsDue+due.PagesDue))
		bar.Set(did)
	}
}
