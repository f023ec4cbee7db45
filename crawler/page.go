package crawler

import (
	"context"
	"errors"
	"net/http"
	"time"

	"broadsheet.example/crawler/fetch"
	"broadsheet.example/store"
)

// Waits before a page that could not be had is tried again.
const (
	blockedAgain = 6 * time.Hour
	goneRecheck  = 24 * time.Hour
)

// editsForgotten is how long a feed counts as one whose articles are edited.
const editsForgotten = 30 * 24 * time.Hour

// visit fetches one page and commits what came of it.
func (c *Crawler) visit(ctx context.Context, l store.PageLease) {
	start := c.cfg.Now()
	if c.overBudget(ctx, l, start) {
		return
	}
	p := store.PageCommit{Lease: l, At: start, State: store.PageDone, Validators: l.Validators}
	resp, err := c.fetch.Get(ctx, fetch.Request{URL: l.URL, Kind: fetch.Page, Validators: l.Validators})
	switch {
	case undone(ctx, err):
		c.giveBack(ctx, l.Token, hostNext(err, c.cfg.Now()))
		return
	case err != nil:
		c.pageFailed(ctx, &p, err)
	case resp.NotModified:
		p.Status, p.HostNext = resp.Status, resp.HostNext
		p.Validators = renewed(l.Validators, resp.Validators)
		c.counter.unchanged.Add(1)
	default:
		p.Status, p.HostNext, p.Validators = resp.Status, resp.HostNext, ownValidators(resp)
		c.read(ctx, &p, resp)
	}
	if p.State == store.PageDone {
		p.Next = c.recheck(ctx, l, start)
	}
	out, ok := c.commit(ctx, "page", func(ctx context.Context) ([]store.Committed, error) { return c.store.CommitPages(ctx, p) })
	c.count(p, out)
	if !ok {
		return
	}
	c.log.Info("page", "url", l.URL, "status", p.Status, "state", p.State, "article", out.ID, "kind", out.Kind,
		"err", p.Error, "took", c.cfg.Now().Sub(start))
	if out.Kind == store.KindRevised {
		c.noteEdit(ctx, l)
	}
}

// overBudget puts the pages of a host off to the next day when enough of them
// were fetched today, and reports whether it did.
func (c *Crawler) overBudget(ctx context.Context, l store.PageLease, now time.Time) bool {
	n, err := c.store.PagesToday(ctx, l.Host)
	if err != nil || n < c.cfg.PageBudget {
		return false
	}
	tomorrow := now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitGrace)
	defer cancel()
	put, err := c.store.Postpone(ctx, l.Host, tomorrow)
	if err != nil {
		c.log.Error("postpone pages", "host", l.Host, "err", err)
	}
	c.giveBack(ctx, l.Token, now)
	c.log.Info("the day's pages are fetched; the rest waits", "host", l.Host, "fetched", n, "postponed", put, "until", tomorrow)
	return true
}

// recheck returns when a page that was had is to be looked at again: never,
// unless its feed is known for articles that are edited after they appeared.
func (c *Crawler) recheck(ctx context.Context, l store.PageLease, now time.Time) time.Time {
	edited, err := c.store.Edited(ctx, l.FeedID)
	if err != nil || edited.IsZero() || now.Sub(edited) > editsForgotten {
		return time.Time{}
	}
	return recheck(l.FirstSeen, now)
}

// noteEdit remembers that a feed's articles change. Forgetting it is no harm.
func (c *Crawler) noteEdit(ctx context.Context, l store.PageLease) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitGrace)
	defer cancel()
	if err := c.store.NoteEdit(ctx, l.FeedID); err != nil {
		c.log.Error("note edit", "url", l.URL, "err", err)
	}
}

// read turns the page's bytes into a draft. At most as many pages are read at
// once as there are processors.
func (c *Crawler) read(ctx context.Context, p *store.PageCommit, resp *fetch.Response) {
	c.cpu <- struct{}{}
	defer func() { <-c.cpu }()
	draft, err := c.ingest.page(p.Lease, resp, func(source string, blocks []string) []string {
		<-c.cpu // what is learnt is saved first: nobody computes meanwhile
		defer func() { c.cpu <- struct{}{} }()
		return c.sites.filter(ctx, p.Lease, resp.URL, source, blocks)
	})
	switch {
	case errors.Is(err, ErrWall):
		p.Error, p.Attempts = err.Error(), p.Lease.Attempts+1
		c.tryAgain(ctx, p, blockedAgain)
		p.Draft = c.ingest.FeedWords(ctx, p.Lease)
	case errors.Is(err, ErrNoIndex):
		p.State, p.Error = store.PageRefused, err.Error()
		p.Gone = p.Lease.ArticleID != ""
	case err != nil:
		p.State, p.Error = store.PageRefused, err.Error()
		p.Draft = c.ingest.FeedWords(ctx, p.Lease)
	default:
		p.Draft = draft
	}
}

// ownValidators returns what the page's own address gave; those of a redirect's
// target are not for the next request.
func ownValidators(resp *fetch.Response) store.Validators {
	if len(resp.Hops) > 0 {
		return store.Validators{}
	}
	return resp.Validators
}

// pageFailed decides what a failed visit means: try again, take the feed's
// words, or give the page up.
func (c *Crawler) pageFailed(ctx context.Context, p *store.PageCommit, err error) {
	p.Error = err.Error()
	p.Attempts = p.Lease.Attempts + 1
	var fe *fetch.Error
	if !errors.As(err, &fe) {
		fe = &fetch.Error{Kind: fetch.Network, Err: err}
	}
	p.Status, p.HostNext = fe.Status, fe.HostNext
	switch fe.Kind {
	case fetch.Robots, fetch.Address, fetch.NotText, fetch.TooLarge, fetch.Redirect:
		p.State = store.PageRefused
		p.Draft = c.ingest.FeedWords(ctx, p.Lease)
	case fetch.Blocked:
		c.tryAgain(ctx, p, max(blockedAgain, fe.RetryAfter))
		p.Draft = c.ingest.FeedWords(ctx, p.Lease)
	case fetch.Status:
		c.statusFailed(ctx, p, fe)
	default:
		c.tryAgain(ctx, p, pageBackoff(p.Attempts, fe.RetryAfter))
	}
}

func (c *Crawler) statusFailed(ctx context.Context, p *store.PageCommit, fe *fetch.Error) {
	switch {
	case fe.Status == http.StatusNotFound && p.Lease.ArticleID != "" && p.Attempts < 2:
		p.State, p.Next = store.PagePending, p.At.Add(goneRecheck)
	case fe.Status == http.StatusNotFound || fe.Status == http.StatusGone:
		p.State, p.Gone = store.PageGone, p.Lease.ArticleID != ""
	case fe.Status >= 500:
		c.tryAgain(ctx, p, pageBackoff(p.Attempts, fe.RetryAfter))
	default:
		p.State = store.PageRefused
		p.Draft = c.ingest.FeedWords(ctx, p.Lease)
	}
}

// tryAgain schedules another visit, or gives the page up after the last and
// takes the feed's own words.
func (c *Crawler) tryAgain(ctx context.Context, p *store.PageCommit, wait time.Duration) {
	if p.Attempts < pageRetries {
		p.State, p.Next = store.PagePending, p.At.Add(jitter(wait))
		return
	}
	p.State = store.PageFailed
	p.Draft = c.ingest.FeedWords(ctx, p.Lease)
}

func (c *Crawler) count(p store.PageCommit, out store.Committed) {
	n := &c.counter
	switch p.State {
	case store.PageDone:
		n.fetched.Add(1)
	case store.PageRefused, store.PageGone:
		n.refused.Add(1)
	default:
		n.failed.Add(1)
	}
	switch out.Kind {
	case store.KindNew:
		n.created.Add(1)
	case store.KindRevised:
		n.revised.Add(1)
	case store.KindUpdated:
		n.updated.Add(1)
	case store.KindDeleted:
		n.rem.Add(1)
	case store.KindNone, store.KindRefused:
	}
	n.merged.Add(int64(len(out.Merged)))
}
