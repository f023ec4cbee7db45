package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/crawler"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// backfillLook is how often progress is looked at.
const backfillLook = time.Second

func newBackfill(a *app) *cobra.Command {
	var from, to string
	c := &cobra.Command{
		Use:   "backfill SITE --from DAY [--to DAY]",
		Short: "Fetch what a site has published before, through its sitemaps",
		Long: "Fetch what a site has published before, through its sitemaps: those that its robots.txt\n" +
			"names, or the usual ones; SITE may also be a sitemap. Hosts are visited as politely as\n" +
			"ever, so an archive takes its time. Interrupted, it goes on where it stood when it is\n" +
			"started again, or when the server runs.",
		Example: "  broadsheet backfill https://example.org --from 2026-10-01 --to 2026-10-31",
		Args:    args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, list []string) error {
			f, err := backfillFeed(list[0], from, to)
			if err != nil {
				return &usageError{c.CommandPath(), err}
			}
			return a.session(c.Context(), func(ctx context.Context, cl *client) error { return a.backfill(ctx, cl, f) })
		},
	}
	c.Flags().StringVar(&from, "from", "", "first `DAY`, as 2026-10-01")
	c.Flags().StringVar(&to, "to", "", "last `DAY` (default today)")
	return c
}

func backfillFeed(site, from, to string) (news.Feed, error) {
	first, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return news.Feed{}, fmt.Errorf("--from %q: write a day as 2026-10-01", from)
	}
	last := time.Now().UTC()
	if to != "" {
		if last, err = time.Parse(time.DateOnly, to); err != nil {
			return news.Feed{}, fmt.Errorf("--to %q: write a day as 2026-10-31", to)
		}
	}
	if !strings.Contains(site, "://") {
		site = "https://" + site
	}
	return crawler.NewBackfill(site, first, last)
}

// backfill starts or continues a backfill and shows how it gets on until it is
// done.
func (a *app) backfill(ctx context.Context, cl *client, f news.Feed) error {
	n := cl.local
	if n == nil {
		if err := cl.call(ctx, http.MethodPost, "/v1/backfills", nil, map[string]any{"url": f.URL}, nil); err != nil {
			return fmt.Errorf("start the backfill: %w", err)
		}
		a.printf("the server reads it now; broadsheet feeds shows how far it is\n")
		return nil
	}
	if _, err := n.store.PutFeeds(ctx, f); err != nil {
		return err
	}
	on := true
	if _, err := n.store.ChangeFeed(ctx, f.ID, store.FeedPatch{Enabled: &on, Refresh: true}); err != nil {
		return err
	}
	crawling, stop := context.WithCancel(ctx)
	crawled := make(chan error, 1)
	go func() { crawled <- n.crawler.Run(crawling) }()
	err := a.watchBackfill(ctx, n, f.ID)
	stop()
	return errors.Join(err, <-crawled)
}

// watchBackfill shows progress until the backfill is done.
func (a *app) watchBackfill(ctx context.Context, n *node, id string) error {
	bar := a.progress(0, "backfill", false)
	defer bar.Close()
	for {
		f, pending, err := backfillState(ctx, n, id)
		switch {
		case err != nil:
			return err
		case !f.Enabled && pending == 0:
			bar.Close()
			a.printf("%s; %s\n", f.LastError, plural(f.Articles, "article"))
			return nil
		}
		bar.Total(int64(f.Articles + pending))
		bar.Set(int64(f.Articles))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(backfillLook):
		}
	}
}

func backfillState(ctx context.Context, n *node, id string) (news.Feed, int, error) {
	feeds, err := n.store.ListFeeds(ctx)
	if err != nil {
		return news.Feed{}, 0, err
	}
	f, err := findFeed(feeds, id)
	if err != nil {
		return f, 0, err
	}
	pending, err := n.store.Pending(ctx, id)
	return f, pending, err
}
