package crawler

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"broadsheet.example/crawler/feed"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/link"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// KindBackfill is the kind of a feed that stands for a backfill: the sitemaps of
// a site, read once for what was published in a range of days. The range is the
// fragment of its address, which no server ever sees. Being a feed, it is read
// under leases, with a host's rest, budget and back-off, and goes on after a
// restart where it stood.
const KindBackfill news.FeedKind = "backfill"

const (
	// backfillPause is the wait between two sitemaps, and backfillRetry that
	// after one could not be had.
	backfillPause = time.Second
	backfillRetry = 2 * time.Minute
	// backfillTries is how often a sitemap is tried.
	backfillTries = 3
	// backfillGap keeps the pages of an archive apart, so that what is published
	// today still has its turn between them.
	backfillGap = 3 * time.Second
	// backfillBatch bounds the pages that are taken from a sitemap at a time.
	backfillBatch = 2_000
	// maxSitemaps bounds the sitemaps of a site that wait to be read.
	maxSitemaps = 2_000

	backfillNote = "backfill"
)

// NewBackfill returns the feed that stands for reading what site has published
// from the first day to the last, both included. site is a sitemap, or any
// address of the site.
func NewBackfill(site string, from, to time.Time) (news.Feed, error) {
	address, err := link.Clean(site)
	if err != nil {
		return news.Feed{}, fmt.Errorf("site %q: %w", site, err)
	}
	if to.Before(from) {
		return news.Feed{}, &news.ParamError{Param: "to", Value: to.Format(time.DateOnly), Reason: "lies before from"}
	}
	days := from.Format(time.DateOnly) + ".." + to.Format(time.DateOnly)
	return news.Feed{
		ID: news.ArticleID(address + "#" + days), URL: address + "#" + days, Kind: KindBackfill, Enabled: true,
		Title: "Backfill of " + address + " " + days,
	}, nil
}

// OpenBackfill returns the feed that stands for the backfill with the address,
// as [NewBackfill] gave it.
func OpenBackfill(address string) (news.Feed, error) {
	from, to, err := days(address)
	if err != nil {
		return news.Feed{}, err
	}
	site, _, _ := strings.Cut(address, "#")
	return NewBackfill(site, from, to)
}

// days reads the range from a backfill's address; to is the end of its last day.
func days(address string) (from, to time.Time, err error) {
	_, fragment, _ := strings.Cut(address, "#")
	first, last, _ := strings.Cut(fragment, "..")
	if from, err = time.Parse(time.DateOnly, first); err != nil {
		return from, to, fmt.Errorf("range of backfill %s: %w", address, err)
	}
	if to, err = time.Parse(time.DateOnly, last); err != nil {
		return from, to, fmt.Errorf("range of backfill %s: %w", address, err)
	}
	return from, to.Add(24*time.Hour - time.Millisecond), nil
}

// progressOfBackfill is where a backfill stands.
type progressOfBackfill struct {
	Begun bool      `json:"begun,omitempty"`
	Guess bool      `json:"guess,omitempty"` // the queue holds the usual places, of which one is enough
	Queue []string  `json:"queue,omitempty"` // sitemaps to read, the next one first
	Taken int       `json:"taken,omitempty"` // items of the next one that are done
	Tries int       `json:"tries,omitempty"` // of the next one
	Read  int       `json:"read,omitempty"`  // sitemaps that were read
	Lost  int       `json:"lost,omitempty"`  // sitemaps that could not be had
	Found int       `json:"found,omitempty"` // pages in the range
	Last  time.Time `json:"last,omitzero"`   // when the last page is due
}

func (b *progressOfBackfill) String() string {
	state := "complete"
	if len(b.Queue) > 0 || !b.Begun {
		state = fmt.Sprintf("%s to go", count(len(b.Queue), "sitemap"))
	}
	text := fmt.Sprintf("%s: %s read, %s found", state, count(b.Read, "sitemap"), count(b.Found, "page"))
	if b.Lost > 0 {
		text += fmt.Sprintf(", %d could not be had", b.Lost)
	}
	return text
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// backfilling is one step of a backfill on its way.
type backfilling struct {
	store.PollCommit
	progressOfBackfill
	from, to time.Time
}

// backfill takes one step: it finds the sitemaps, or reads the next one.
func (c *Crawler) backfill(ctx context.Context, l store.FeedLease) {
	b := &backfilling{PollCommit: store.PollCommit{Lease: l, At: c.cfg.Now(), State: l.State, Health: news.HealthOK, Success: true}}
	_ = json.Unmarshal([]byte(l.State.Notes[backfillNote]), &b.progressOfBackfill) // what cannot be read begins anew
	var err error
	if b.from, b.to, err = days(l.Feed.URL); err == nil {
		if b.Begun {
			err = c.nextSitemap(ctx, b)
		} else {
			err = c.findSitemaps(ctx, b)
		}
	}
	if undone(ctx, err) {
		c.giveBack(ctx, l.Token, hostNext(err, c.cfg.Now()))
		return
	}
	b.schedule(err)
	out, ok := c.commit(ctx, "backfill", func(ctx context.Context) ([]store.Committed, error) { return c.store.CommitPolls(ctx, b.PollCommit) })
	c.counter.discovered.Add(int64(out.New))
	if ok {
		c.log.Info("backfill", "feed", l.Feed.URL, "progress", b.progressOfBackfill.String(), "new", out.New, "err", err)
	}
}

// schedule plans the next step, or ends the backfill when there is none.
func (b *backfilling) schedule(err error) {
	b.Error = b.progressOfBackfill.String()
	if text, merr := json.Marshal(b.progressOfBackfill); merr == nil {
		b.State.Notes = map[string]string{backfillNote: string(text)}
	}
	switch {
	case err != nil:
		b.Health, b.Success, b.Error = news.HealthFailing, false, b.Error+"; "+err.Error()
		b.Next = b.At.Add(backfillRetry)
	case len(b.Queue) > 0:
		b.Next = b.At.Add(backfillPause)
	}
	b.Interval = max(b.Next.Sub(b.At), 0)
}

// findSitemaps fills the queue with the sitemaps that the site names, or with
// the usual ones.
func (c *Crawler) findSitemaps(ctx context.Context, b *backfilling) error {
	address, _, _ := strings.Cut(b.Lease.Feed.URL, "#")
	b.Begun = true
	if strings.Contains(address, "sitemap") || strings.HasSuffix(address, ".xml") || strings.HasSuffix(address, ".xml.gz") {
		b.Queue = []string{address}
		return nil
	}
	robots, err := link.Join(address, "/robots.txt")
	if err != nil {
		return err
	}
	resp, err := c.fetch.Get(ctx, fetch.Request{URL: robots, Kind: fetch.Sitemap})
	if undone(ctx, err) {
		return err
	}
	b.HostNext = later(b.HostNext, hostNext(err, b.At))
	if err == nil {
		b.HostNext = resp.HostNext
		b.enqueue(namedSitemaps(resp.Body, robots))
	}
	if len(b.Queue) == 0 {
		b.Guess = true
		for _, path := range []string{"/sitemap.xml", "/sitemap_index.xml", "/sitemap-index.xml", "/news-sitemap.xml"} {
			if u, err := link.Join(address, path); err == nil {
				b.enqueue([]string{u})
			}
		}
	}
	return nil
}

// namedSitemaps returns what the Sitemap lines of a robots.txt name.
func namedSitemaps(robots []byte, address string) []string {
	var out []string
	lines := bufio.NewScanner(bytes.NewReader(robots))
	for lines.Scan() && len(out) < maxSitemaps {
		name, value, ok := strings.Cut(lines.Text(), ":")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "sitemap") {
			continue
		}
		if u, err := link.Join(address, strings.TrimSpace(value)); err == nil {
			out = append(out, u)
		}
	}
	return out
}

// enqueue adds sitemaps, but for those whose addresses show that they are of
// other days.
func (b *backfilling) enqueue(sitemaps []string) {
	for _, u := range sitemaps {
		if len(b.Queue) < maxSitemaps && b.mayHold(u) {
			b.Queue = append(b.Queue, u)
		}
	}
}

// nextSitemap reads the first sitemap of the queue, or the next part of it.
func (c *Crawler) nextSitemap(ctx context.Context, b *backfilling) error {
	if len(b.Queue) == 0 {
		return nil
	}
	f, next, err := c.sitemap(ctx, b.Queue[0])
	b.HostNext = later(b.HostNext, next)
	switch {
	case undone(ctx, err):
		return err
	case err != nil:
		return b.lost(err)
	}
	items := f.Items[min(b.Taken, len(f.Items)):]
	items = items[:min(len(items), backfillBatch)]
	b.take(f, items)
	b.Taken += len(items)
	b.Tries = 0
	if b.Taken < len(f.Items) {
		return nil
	}
	b.Queue = b.Queue[1:]
	if b.Guess {
		b.Queue, b.Guess = nil, false
	}
	b.Taken = 0
	b.Read++
	b.enqueue(f.Children)
	return nil
}

// lost gives the first sitemap up when it was tried often enough, or is not
// there.
func (b *backfilling) lost(err error) error {
	b.Tries++
	fe, ok := errors.AsType[*fetch.Error](err)
	passing := !ok || fe.Kind == fetch.Timeout || fe.Kind == fetch.Network || fe.Kind == fetch.Blocked || fe.Status >= http.StatusInternalServerError
	if passing && b.Tries < backfillTries {
		return err
	}
	b.Queue, b.Taken, b.Tries = b.Queue[1:], 0, 0
	b.Lost++
	return nil
}

// take makes pages of the items that were published in the range, one due after
// the other.
func (b *backfilling) take(f *feed.Feed, items []feed.Item) {
	within := make([]feed.Item, 0, len(items))
	for _, it := range items {
		if at := publishedAt(it); !at.IsZero() && !at.Before(b.from) && !at.After(b.to) {
			within = append(within, it)
		}
	}
	due := later(b.Last, b.At)
	pages := discoveries(b.Lease.Feed, f, within, b.At)
	for i := range pages {
		due = due.Add(backfillGap)
		pages[i].Due = due
		pages[i].Hash = backfillNote // another sitemap that dates it otherwise is no reason to fetch it again
	}
	b.Pages, b.Last = pages, due
	b.Found += len(pages)
}

// publishedAt is when an item was published: by its own word, by its address,
// or else at the latest when it was last changed.
func publishedAt(it feed.Item) time.Time {
	if !it.Published.IsZero() {
		return it.Published
	}
	if from, to, ok := span(it.Link); ok && to.Sub(from) <= 24*time.Hour {
		return from
	}
	return it.Updated
}

// mayHold reports whether a sitemap may hold what was published in the range, as
// far as its address tells.
func (b *backfilling) mayHold(address string) bool {
	from, to, ok := span(address)
	return !ok || from.Before(b.to) && to.After(b.from)
}
