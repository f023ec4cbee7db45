package crawler

import (
	"context"
	"time"

	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/link"
	"broadsheet.example/news"
)

// A permanent redirect is believed when this many polls have seen it, the
// first and the last this far apart.
const (
	moveSeen = 3
	moveTime = 24 * time.Hour
)

// watchMove follows a permanent redirect of a feed from poll to poll until it
// can be believed. Only what proved to be a feed gets here.
func (p *polling) watchMove(resp *fetch.Response) {
	switch {
	case len(resp.Hops) == 0 || !resp.Permanent || link.IsHome(resp.URL):
		p.Moved = move{}
		return
	case p.Moved.To != resp.URL:
		p.Moved = move{To: resp.URL, Since: p.At}
	}
	p.Moved.Seen++
	if p.Moved.Seen >= moveSeen && p.At.Sub(p.Moved.Since) >= moveTime {
		p.move, p.Moved = resp.URL, move{}
	}
}

// moveFeed gives a feed the address that it has moved to. Failing to is no
// harm: the redirect will be seen again.
func (c *Crawler) moveFeed(ctx context.Context, f news.Feed, to string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitGrace)
	defer cancel()
	id, err := c.store.MoveFeed(ctx, f.ID, to)
	if err != nil {
		c.log.Error("move feed", "feed", f.URL, "to", to, "err", err)
		return
	}
	c.log.Info("feed moved for good", "feed", f.URL, "to", to, "merged", id != f.ID)
}
