package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"broadsheet.example/crawler/feed"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// maxChildren bounds the sitemaps of one index that a poll follows.
const maxChildren = 8

// goneAgain is how long after a first 410 a second one disables the feed.
const goneAgain = 24 * time.Hour

// poll visits one feed and commits what came of it.
func (c *Crawler) poll(ctx context.Context, l store.FeedLease) {
	start := c.cfg.Now()
	p := store.PollCommit{Lease: l, At: start, State: l.State, Failures: l.Feed.Failures}
	resp, err := c.fetch.Get(ctx, fetch.Request{
		URL: l.Feed.URL, Kind: fetch.Feed, IgnoreRobots: c.cfg.FeedsIgnoreRobots,
		Validators: l.State.Validators, ValidatorsURL: l.State.URL,
	})
	switch {
	case undone(ctx, err):
		c.giveBack(ctx, l.Token, hostNext(err, c.cfg.Now()))
		return
	case err != nil:
		c.pollFailed(&p, err)
	default:
		p.Status, p.HostNext = resp.Status, resp.HostNext
		c.pollAnswered(ctx, &p, resp)
	}
	p.Interval = max(p.Next.Sub(start), 0)
	out, ok := c.commit(ctx, "poll", func(ctx context.Context) ([]store.Committed, error) { return c.store.CommitPolls(ctx, p) })
	c.counter.polled.Add(1)
	c.counter.discovered.Add(int64(out.New + out.Changed))
	if ok {
		c.log.Info("poll", "feed", l.Feed.URL, "status", p.Status, "health", p.Health, "items", len(p.Pages),
			"new", out.New, "changed", out.Changed, "next", p.Next.Sub(start).Round(time.Second), "err", p.Error, "took", c.cfg.Now().Sub(start))
	}
}

func (c *Crawler) pollAnswered(ctx context.Context, p *store.PollCommit, resp *fetch.Response) {
	if resp.NotModified {
		c.counter.notModified.Add(1)
		p.State.Validators = renewed(p.State.Validators, resp.Validators)
		c.pollSucceeded(p, resp.MaxAge)
		return
	}
	sum := sha256.Sum256(resp.Body)
	hash := hex.EncodeToString(sum[:16])
	if hash == p.State.BodyHash {
		p.State.URL, p.State.Validators = resp.URL, resp.Validators
		c.pollSucceeded(p, resp.MaxAge)
		return
	}
	f, err := feed.Parse(resp.Body, resp.ContentType, resp.URL)
	if err != nil {
		// Validators are not kept, so that the next poll gets the body again.
		c.pollFailed(p, fmt.Errorf("read feed: %w", err))
		return
	}
	items := f.Items
	for _, child := range c.children(ctx, f) {
		items = append(items, child...)
	}
	p.Title, p.SiteURL, p.Language = f.PlainTitle(), f.Link, f.Language
	p.Pages = discoveries(p.Lease.Feed, f, items, p.At)
	p.State.URL, p.State.BodyHash, p.State.Validators = resp.URL, hash, resp.Validators
	p.State.Unchanged = -1
	c.pollSucceeded(p, resp.MaxAge, f.TTL)
}

func (c *Crawler) pollSucceeded(p *store.PollCommit, asked ...time.Duration) {
	p.State.Unchanged++
	p.Success, p.Failures, p.Error = true, 0, ""
	p.Health = health(0, false)
	p.Next = p.At.Add(jitter(pace{c.cfg.Interval, c.cfg.MaxInterval}.afterSuccess(asked...)))
	delete(p.State.Notes, noteGone)
}

// noteGone is the note that holds the time of a first 410.
const noteGone = "gone"

func (c *Crawler) pollFailed(p *store.PollCommit, err error) {
	c.counter.pollFailed.Add(1)
	p.Failures++
	p.Error = err.Error()
	blocked, retryAfter := false, time.Duration(0)
	var fe *fetch.Error
	if errors.As(err, &fe) {
		p.Status, retryAfter = fe.Status, fe.RetryAfter
		p.HostNext = later(p.HostNext, fe.HostNext)
		blocked = fe.Kind == fetch.Blocked || fe.Kind == fetch.Robots
	}
	p.Health = health(p.Failures, blocked)
	p.Next = p.At.Add(jitter(pace{c.cfg.Interval, c.cfg.MaxInterval}.afterFailure(p.Failures, retryAfter)))
	if retryAfter > 0 {
		p.Next = later(p.Next, p.At.Add(min(retryAfter, maxRetryAfter)))
	}
	if p.Status == http.StatusGone {
		c.pollGone(p)
	}
}

// pollGone disables a feed at its second 410, a day or more after the first.
func (c *Crawler) pollGone(p *store.PollCommit) {
	p.Health = news.HealthGone
	first, err := time.Parse(time.RFC3339, p.State.Notes[noteGone])
	switch {
	case err != nil:
		notes := map[string]string{noteGone: p.At.UTC().Format(time.RFC3339)}
		for k, v := range p.State.Notes {
			notes[k] = v
		}
		p.State.Notes = notes
		p.Next = p.At.Add(goneAgain)
	case p.At.Sub(first) >= goneAgain:
		p.Next = time.Time{}
	}
}

// children reads the sitemaps that a sitemap index lists, the last ones named
// first, since indexes grow at their end. One that fails is left for the next
// poll.
func (c *Crawler) children(ctx context.Context, f *feed.Feed) [][]feed.Item {
	var out [][]feed.Item
	for i := len(f.Children) - 1; i >= 0 && len(out) < maxChildren; i-- {
		resp, err := c.fetch.Get(ctx, fetch.Request{URL: f.Children[i], Kind: fetch.Sitemap})
		if err != nil {
			c.log.Warn("sitemap", "url", f.Children[i], "err", err)
			continue
		}
		child, err := feed.Parse(resp.Body, resp.ContentType, resp.URL)
		if err != nil {
			c.log.Warn("sitemap", "url", f.Children[i], "err", err)
			continue
		}
		out = append(out, child.Items)
	}
	return out
}

// renewed takes the validators of a 304 over those it confirmed; what it leaves
// out stays.
func renewed(old, fresh store.Validators) store.Validators {
	return store.Validators{ETag: first(fresh.ETag, old.ETag), LastModified: first(fresh.LastModified, old.LastModified)}
}

// undone reports whether a fetch ended without an answer for reasons of our
// own: a stop, or a host that must rest longer.
func undone(ctx context.Context, err error) bool {
	var fe *fetch.Error
	if errors.As(err, &fe) {
		return fe.Kind == fetch.Canceled || fe.Kind == fetch.Resting
	}
	return err != nil && ctx.Err() != nil
}

// hostNext is the earliest next request that err names, or now.
func hostNext(err error, now time.Time) time.Time {
	var fe *fetch.Error
	if errors.As(err, &fe) {
		return later(now, fe.HostNext)
	}
	return now
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
