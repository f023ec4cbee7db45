package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"broadsheet.example/crawler/feed"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// probeAfter is how long a server may answer "not modified" before its word is
// put to the test by a request without validators.
const probeAfter = 30 * 24 * time.Hour

// polling is one poll on its way: what will be committed of it, and what is
// remembered for the next.
type polling struct {
	store.PollCommit
	memory
	sent  bool   // validators were sent
	probe bool   // they were held back to test the server's word
	move  string // address that the feed has moved to for good
	read  bool   // hub and topic are what the feed says now
	hub   string
	topic string
}

// poll visits one feed and commits what came of it.
func (c *Crawler) poll(ctx context.Context, l store.FeedLease) {
	start := c.cfg.Now()
	if l.Feed.Kind == KindBackfill {
		c.backfill(ctx, l)
		return
	}
	if again := l.Feed.LastPoll.Add(c.cfg.Spacing); l.Feed.LastPoll.Before(start) && again.After(start) {
		c.giveBack(ctx, l.Token, again)
		return
	}
	p := &polling{memory: recall(l.State)}
	p.PollCommit = store.PollCommit{Lease: l, At: start, State: l.State, Failures: l.Feed.Failures}
	resp, err := c.fetch.Get(ctx, p.request(c.cfg.FeedsIgnoreRobots))
	switch {
	case undone(ctx, err):
		c.giveBack(ctx, l.Token, hostNext(err, c.cfg.Now()))
		return
	case err != nil:
		c.pollFailed(p, err)
	default:
		p.Status, p.HostNext = resp.Status, resp.HostNext
		c.pollAnswered(ctx, p, resp)
	}
	p.Interval = max(p.Next.Sub(start), 0)
	p.State.Notes = p.remember()
	out, ok := c.commit(ctx, "poll", func(ctx context.Context) ([]store.Committed, error) { return c.store.CommitPolls(ctx, p.PollCommit) })
	c.counter.polled.Add(1)
	c.counter.discovered.Add(int64(out.New + out.Changed))
	if !ok {
		return
	}
	c.log.Info("poll", "feed", l.Feed.URL, "status", p.Status, "health", p.Health, "items", len(p.Pages),
		"new", out.New, "changed", out.Changed, "next", p.Next.Sub(start).Round(time.Second), "err", p.Error, "took", c.cfg.Now().Sub(start))
	if p.move != "" {
		c.moveFeed(ctx, l.Feed, p.move)
	}
	if p.read && c.cfg.Hubs != nil {
		if err := c.cfg.Hubs.offer(ctx, l.Feed.ID, p.hub, p.topic); err != nil {
			c.log.Error("note hub", "feed", l.Feed.URL, "err", err)
		}
	}
}

// request is what is asked of the feed's server.
func (p *polling) request(ignoreRobots bool) fetch.Request {
	l := p.Lease
	r := fetch.Request{URL: l.Feed.URL, Kind: fetch.Feed, IgnoreRobots: ignoreRobots}
	if l.Feed.Kind == news.KindSitemap {
		r.Kind = fetch.Sitemap
	}
	p.probe = !p.Whole.IsZero() && p.At.Sub(p.Whole) >= probeAfter
	if !p.Lying && !p.probe && l.State.Validators != (store.Validators{}) {
		p.sent = true
		r.Validators, r.ValidatorsURL = l.State.Validators, l.State.URL
	}
	return r
}

func (c *Crawler) pollAnswered(ctx context.Context, p *polling, resp *fetch.Response) {
	if resp.NotModified {
		c.counter.notModified.Add(1)
		p.State.Validators = renewed(p.State.Validators, resp.Validators)
		c.pollSucceeded(p, resp, false)
		return
	}
	sum := sha256.Sum256(resp.Body)
	hash := hex.EncodeToString(sum[:16])
	if hash == p.State.BodyHash {
		if p.sent && p.State.URL == resp.URL {
			c.counter.lying.Add(1)
		}
		p.Whole = p.At
		p.State.URL, p.State.Validators = resp.URL, resp.Validators
		c.pollSucceeded(p, resp, false)
		return
	}
	f, err := feed.Parse(resp.Body, resp.ContentType, resp.URL)
	if err != nil {
		// Validators are not kept, so that the next poll gets the body again.
		c.pollFailed(p, unreadable(err, resp))
		return
	}
	p.learn(f, resp)
	p.State.URL, p.State.BodyHash, p.State.Validators = resp.URL, hash, resp.Validators
	if resp.Truncated || f.Truncated {
		p.State.BodyHash, p.State.Validators = "", store.Validators{} // the rest is wanted too
	}
	p.Pages = discoveries(p.Lease.Feed, f, c.items(ctx, p, f), p.At)
	c.pollSucceeded(p, resp, true)
}

// unreadable says what stands in the place of a feed.
func unreadable(err error, resp *fetch.Response) error {
	if mark := fetch.Challenge(resp.Body); mark != "" {
		return &fetch.Error{
			Kind: fetch.Blocked, URL: resp.URL, Status: resp.Status, HostNext: resp.HostNext,
			Err: fmt.Errorf("a wall against bots (HTTP %d, %s) in place of the feed: it cannot be polled without the publisher's consent", resp.Status, mark),
		}
	}
	return fmt.Errorf("read feed: %w", err)
}

// learn takes from a feed what the next polls need to know.
func (p *polling) learn(f *feed.Feed, resp *fetch.Response) {
	p.Title, p.SiteURL, p.Language = f.PlainTitle(), f.Link, f.Language
	p.Asked, p.SkipHours, p.SkipDays = f.TTL, f.SkipHours, f.SkipDays
	p.Gap, p.Newest = rhythm(f.Items, p.At)
	p.Large = len(resp.Body) > largeBody
	p.read = true
	p.hub, p.topic = hubOf(f, resp)
	// A probe that brings what the server should have told of before the last
	// poll proves that its "not modified" cannot be trusted.
	if p.probe && p.State.BodyHash != "" && !p.Newest.After(p.Lease.Feed.LastPoll) {
		p.Lying = true
	}
	p.Whole = p.At
}

// pollSucceeded schedules the next poll after an answer; fresh tells that its
// body was another than before.
func (c *Crawler) pollSucceeded(p *polling, resp *fetch.Response, fresh bool) {
	p.State.Unchanged++
	if fresh {
		p.State.Unchanged = 0
	}
	p.Success, p.Failures, p.Error, p.Health = true, 0, "", news.HealthOK
	p.Gone = time.Time{}
	if resp.Took >= slowAnswer {
		p.Health = news.HealthSlow
		p.Error = fmt.Sprintf("slow: the answer took %v", resp.Took.Round(time.Second))
	}
	p.watchMove(resp)
	pace := c.pace()
	p.Every = pace.adapt(p.memory, p.At, fresh)
	validators := !p.Lying && p.State.Validators != (store.Validators{})
	p.Next = p.open(p.At.Add(pace.afterSuccess(p.Every, p.least(resp.MaxAge, validators))))
}

func (c *Crawler) pace() pace { return pace{c.cfg.Interval, c.cfg.MaxInterval} }

// renewed takes the validators of a 304 over those it confirmed; what it leaves
// out stays.
func renewed(old, fresh store.Validators) store.Validators {
	return store.Validators{ETag: first(fresh.ETag, old.ETag), LastModified: first(fresh.LastModified, old.LastModified)}
}

// undone reports whether a fetch ended without an answer for reasons of our
// own: a stop, or a host that must rest longer.
func undone(ctx context.Context, err error) bool {
	if fe, ok := errors.AsType[*fetch.Error](err); ok {
		return fe.Kind == fetch.Canceled || fe.Kind == fetch.Resting
	}
	return err != nil && ctx.Err() != nil
}

// hostNext is the earliest next request that err names, or now.
func hostNext(err error, now time.Time) time.Time {
	if fe, ok := errors.AsType[*fetch.Error](err); ok {
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
