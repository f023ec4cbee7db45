package crawler

import (
	"context"
	"strings"
	"time"

	"broadsheet.example/crawler/feed"
	"broadsheet.example/crawler/fetch"
)

const (
	// maxChildren bounds the sitemaps of an index that a poll follows.
	maxChildren = 8
	// maxDepth is how far down indexes of indexes are followed.
	maxDepth = 2
	// sitemapAge is how old an address of a polled sitemap may be: what is older
	// is an archive, which is there for a backfill.
	sitemapAge = 48 * time.Hour
	// maxSitemapItems bounds the addresses that are taken from one sitemap.
	maxSitemapItems = 1_000
)

// items returns the items of a polled feed. Of a sitemap, and of those that an
// index lists, only what is new is returned.
func (c *Crawler) items(ctx context.Context, p *polling, f *feed.Feed) []feed.Item {
	if !strings.HasPrefix(f.Type, "sitemap") {
		return f.Items
	}
	d := descent{c: c, p: p, left: maxChildren}
	return append(recent(f.Items, p.At), d.children(ctx, f, 1)...)
}

// descent is the way down a sitemap index during a poll.
type descent struct {
	c    *Crawler
	p    *polling
	left int // sitemaps that may still be fetched
}

// children reads the sitemaps that an index lists, the last ones named first,
// since indexes grow at their end. One that fails is left for the next poll.
func (d *descent) children(ctx context.Context, f *feed.Feed, depth int) []feed.Item {
	var out []feed.Item
	for i := len(f.Children) - 1; i >= 0 && d.left > 0 && depth <= maxDepth; i-- {
		d.left--
		child, next, err := d.c.sitemap(ctx, f.Children[i])
		d.p.HostNext = later(d.p.HostNext, next)
		if err != nil {
			d.c.log.Warn("sitemap", "feed", d.p.Lease.Feed.URL, "url", f.Children[i], "err", err)
			continue
		}
		out = append(out, recent(child.Items, d.p.At)...)
		out = append(out, d.children(ctx, child, depth+1)...)
	}
	return out
}

// sitemap fetches and reads one sitemap. It also returns when its host may be
// asked next.
func (c *Crawler) sitemap(ctx context.Context, address string) (*feed.Feed, time.Time, error) {
	resp, err := c.fetch.Get(ctx, fetch.Request{URL: address, Kind: fetch.Sitemap})
	if err != nil {
		return nil, hostNext(err, c.cfg.Now()), err
	}
	f, err := feed.Parse(resp.Body, resp.ContentType, resp.URL)
	return f, resp.HostNext, err
}

// recent returns the items of a sitemap that are dated within the last two
// days, or all of them when none has a date, up to maxSitemapItems.
func recent(items []feed.Item, now time.Time) []feed.Item {
	var dated bool
	var out []feed.Item
	for _, it := range items {
		at := stated(it)
		dated = dated || !at.IsZero()
		if !at.IsZero() && now.Sub(at) <= sitemapAge {
			out = append(out, it)
		}
	}
	if !dated {
		out = items
	}
	return out[:min(len(out), maxSitemapItems):min(len(out), maxSitemapItems)]
}

// stated is when an item says it was published, or else last changed.
func stated(it feed.Item) time.Time {
	if it.Published.IsZero() {
		return it.Updated
	}
	return it.Published
}
