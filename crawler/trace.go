package crawler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/link"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Step is one step of an address on its way to being searchable.
type Step struct {
	Name string    `json:"step"`          // address, robots, discovered, fetched, stored, filtered, duplicate, indexed
	OK   bool      `json:"ok"`            // whether it was taken
	At   time.Time `json:"at,omitzero"`   // when, if that is known
	Note string    `json:"note"`          // in words: what happened, or why not
	URL  string    `json:"url,omitempty"` // of what the note speaks of
}

// Tracer tells the way of an address. It is safe for concurrent use.
type Tracer struct {
	store  Store
	robots func(ctx context.Context, url string) (bool, string, error)
	now    func() time.Time
}

// NewTracer returns a tracer that asks robots.txt through client. Asking is a
// request, if the file is not at hand; nil leaves it out.
func NewTracer(s Store, client *fetch.Client, now func() time.Time) *Tracer {
	t := &Tracer{store: s, now: now}
	if now == nil {
		t.now = time.Now
	}
	if client != nil {
		t.robots = client.Robots
	}
	return t
}

// Trace tells all that is known of an address, step by step, up to the one that
// it has not taken.
func (t *Tracer) Trace(ctx context.Context, address string) ([]Step, error) {
	clean, err := link.Clean(address)
	if err != nil {
		return []Step{{Name: "address", Note: err.Error()}}, nil
	}
	key, err := link.Key(clean)
	if err != nil {
		return []Step{{Name: "address", Note: err.Error()}}, nil
	}
	steps := []Step{{Name: "address", OK: true, Note: "known by the key " + key, URL: clean}}
	steps = append(steps, t.robotsStep(ctx, clean)...)
	page, err := t.store.TracePage(ctx, traceKeys(clean, key)...)
	switch {
	case errors.Is(err, news.ErrNotFound):
		steps = append(steps, Step{Name: "discovered", Note: "no feed has named it; it may have been imported"})
	case err != nil:
		return nil, err
	default:
		steps = append(steps, discoveredStep(page), t.fetchedStep(ctx, page))
	}
	more, err := t.articleSteps(ctx, page.ArticleID, traceKeys(clean, key))
	return append(steps, more...), err
}

// traceKeys are the keys that an address may be known by.
func traceKeys(address, key string) []string {
	if amp := ampKey(address); amp != "" {
		return []string{key, amp}
	}
	return []string{key}
}

func (t *Tracer) robotsStep(ctx context.Context, address string) []Step {
	if t.robots == nil {
		return nil
	}
	allowed, reason, err := t.robots(ctx, address)
	if err != nil {
		return []Step{{Name: "robots", Note: "robots.txt cannot be had, so nothing is fetched: " + err.Error()}}
	}
	return []Step{{Name: "robots", OK: allowed, Note: reason}}
}

func discoveredStep(p store.PageTrace) Step {
	name := first(p.Feed.Title, p.Feed.URL, "a feed that was deleted since")
	return Step{Name: "discovered", OK: true, At: p.FirstSeen, Note: fmt.Sprintf("named by %s, as %q", name, p.Item.Title), URL: p.Feed.URL}
}

func (t *Tracer) fetchedStep(ctx context.Context, p store.PageTrace) Step {
	s := Step{Name: "fetched", At: p.FetchedAt, URL: p.URL, OK: p.State == store.PageDone}
	switch p.State {
	case store.PageDone:
		s.Note = fmt.Sprintf("HTTP %d", p.Status)
	case store.PageRefused:
		s.Note = "refused, the feed's own words stand: " + p.Error
	case store.PageGone:
		s.Note = first(p.Error, "gone, or taken down here")
	case store.PageFailed:
		s.Note = fmt.Sprintf("given up after %d attempts: %s", p.Attempts, p.Error)
	default:
		s.Note = t.waiting(ctx, p)
	}
	if p.State != store.PagePending && !p.Next.IsZero() {
		s.Note += "; to be looked at again at " + p.Next.Format(time.RFC3339)
	}
	return s
}

// waiting says what a page waits for.
func (t *Tracer) waiting(ctx context.Context, p store.PageTrace) string {
	note := "not yet fetched"
	if p.Attempts > 0 {
		note = fmt.Sprintf("%d attempts have failed: %s", p.Attempts, p.Error)
	}
	now := t.now()
	switch {
	case t.paused(ctx, p.Host):
		return note + "; its host is paused"
	case p.Leased:
		return note + "; its host is being visited"
	case p.Next.After(now):
		return note + "; due at " + p.Next.Format(time.RFC3339)
	case p.HostFree.After(now):
		return note + "; due, but its host rests until " + p.HostFree.Format(time.RFC3339)
	default:
		return note + "; due"
	}
}

func (t *Tracer) paused(ctx context.Context, host string) bool {
	pauses, err := t.store.ListPauses(ctx)
	if err != nil {
		return false
	}
	for _, p := range pauses {
		if p.Host == "" || p.Host == host {
			return true
		}
	}
	return false
}

// articleSteps tells of the article that a page became.
func (t *Tracer) articleSteps(ctx context.Context, id string, keys []string) ([]Step, error) {
	found, err := t.store.Lookup(ctx, keys...)
	switch {
	case errors.Is(err, news.ErrRemoved):
		return []Step{{Name: "stored", Note: "the article was taken down and stays away"}}, nil
	case errors.Is(err, news.ErrNotFound) && id == "":
		return []Step{{Name: "stored", Note: "there is no article of it"}}, nil
	case err == nil:
		id = found
	case !errors.Is(err, news.ErrNotFound):
		return nil, err
	}
	list, err := t.store.Articles(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return []Step{{Name: "stored", Note: "the article was taken down and stays away"}}, nil
	}
	a := list[0]
	steps := []Step{{Name: "stored", OK: true, At: a.FirstSeen, URL: a.URL, Note: fmt.Sprintf("article %s of %s, %q: version %d, revision %d, %s, %d words, %d entities",
		a.ID, a.Source.Name, a.Title, a.Version, a.Revision, a.Completeness, a.WordCount, len(a.Entities))}}
	filtered, err := t.filteredStep(ctx, a)
	if err != nil {
		return nil, err
	}
	steps = append(steps, filtered...)
	if a.DuplicateOf != "" {
		steps = append(steps, Step{Name: "duplicate", OK: true, Note: "repeats article " + a.DuplicateOf})
	}
	unread, err := t.store.Unread(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	return append(steps, indexedStep(unread)), nil
}

// maxTold is how many bytes of blocks are told of at most.
const maxTold = 1000

// filteredStep names the blocks of the page that the article is without, because
// its site repeats them.
func (t *Tracer) filteredStep(ctx context.Context, a news.Article) ([]Step, error) {
	blocks, err := t.store.Blocks(ctx, a.ID)
	if err != nil && !errors.Is(err, news.ErrNotFound) && !errors.Is(err, news.ErrRemoved) {
		return nil, err
	}
	kept := map[string]bool{}
	for block := range strings.SplitSeq(a.Content, "\n\n") {
		kept[block] = true
	}
	left := slices.DeleteFunc(slices.Clone(blocks), func(b string) bool { return kept[b] })
	if len(left) == 0 {
		return nil, nil
	}
	return []Step{{Name: "filtered", OK: true, Note: fmt.Sprintf("%d of %d blocks are left out, its site repeats them: %s", len(left), len(blocks), cut(strings.Join(left, " | "), maxTold))}}, nil
}

func indexedStep(unread []string) Step {
	for _, reader := range unread {
		if reader != duplicatesReader {
			return Step{Name: "indexed", Note: reader + " has not taken the newest version yet"}
		}
	}
	return Step{Name: "indexed", OK: true, Note: "every index has the newest version"}
}
