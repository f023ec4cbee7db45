package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet.example/crawler/extract"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/language"
	"broadsheet.example/crawler/link"
	"broadsheet.example/crawler/source"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// What a page may say in place of an article.
var (
	// ErrNoIndex: the page asks not to be indexed.
	ErrNoIndex = errors.New("the page asks not to be indexed (robots meta, X-Robots-Tag or TDM-Reservation)")
	// ErrWall: the page is a challenge to bots.
	ErrWall = errors.New("a wall against bots in place of the page")
)

// maxHead is how much of a page is searched for what its head reserves.
const maxHead = 64 << 10

// maxWall is how many words a challenge to bots has at most. Longer texts that
// speak of one are articles.
const maxWall = 120

// future is how far ahead of the clock a date may lie.
const future = 10 * time.Minute

// Recognizer names the people, places and organisations of an article. It is
// safe for concurrent use.
type Recognizer interface {
	// Recognize returns the entities of a text, most salient first.
	Recognize(title, text, language string) []news.Entity
	// Resolve completes entities that came with an imported article.
	Resolve(entities []news.Entity) []news.Entity
}

// Ingester turns what was fetched, fed or imported into drafts. It is safe for
// concurrent use and keeps no state.
type Ingester struct {
	sources    *source.Table
	recognizer Recognizer
	now        func() time.Time
	// Identify says who the entities of an article are beyond its text; nil
	// leaves them as they were found. Set it before use.
	Identify func(found []news.Entity, published time.Time) []news.Entity
}

// NewIngester returns an Ingester; now is its clock, nil for time.Now.
func NewIngester(sources *source.Table, r Recognizer, now func() time.Time) *Ingester {
	if now == nil {
		now = time.Now
	}
	return &Ingester{sources: sources, recognizer: r, now: now}
}

// Page reads a fetched page as the article that l was leased for. It fails with
// ErrNoIndex, or with what keeps the bytes from being an article.
func (g *Ingester) Page(_ context.Context, l store.PageLease, resp *fetch.Response) (*store.Draft, error) {
	return g.page(l, resp, func(_ string, blocks []string) []string { return blocks })
}

// page is Page, with what filter leaves of a source's blocks as the text. The
// draft's own blocks are all of them.
func (g *Ingester) page(l store.PageLease, resp *fetch.Response, filter func(source string, blocks []string) []string) (*store.Draft, error) {
	page, err := extract.Page(resp.Body, resp.ContentType, resp.URL)
	if err != nil {
		return nil, fmt.Errorf("read page: %w", err)
	}
	if page.Robots.NoIndex || noIndex(resp.Header.Values("X-Robots-Tag")) || reserved(resp) {
		return nil, ErrNoIndex
	}
	if page.Words <= maxWall {
		if mark := fetch.Challenge([]byte(page.Title + " " + page.Text)); mark != "" {
			return nil, fmt.Errorf("%w (%s)", ErrWall, mark)
		}
	}
	summary := words(l.Item.Summary)
	if page.Words == 0 || (page.Words < 25 && summary > page.Words) {
		return nil, errors.New("no article text on the page")
	}
	a := g.fromPage(page, l, resp.URL)
	blocks := page.Blocks
	if kept := filter(a.Source.ID, blocks); len(kept) < len(blocks) {
		page.SetBlocks(kept)
		a.Content, a.WordCount, a.EditorNote = page.Text, page.Words, page.EditorNote
	}
	a.Completeness = extract.Completeness(page, summary)
	g.finish(&a)
	return &store.Draft{Article: a, Keys: pageKeys(l, resp.URL, page), Blocks: blocks}, nil
}

// refill gives an article the text of a page, and what follows from it.
func (g *Ingester) refill(a *news.Article, page *extract.Content) {
	a.Content, a.WordCount, a.EditorNote = page.Text, page.Words, page.EditorNote
	a.Entities = g.recognizer.Recognize(a.Title, a.Content, a.Language)
}

func (g *Ingester) fromPage(page *extract.Content, l store.PageLease, address string) news.Article {
	it := l.Item
	a := news.Article{
		Title: first(page.Title, it.Title), Description: first(page.Description, it.Summary),
		Authors: page.Authors, URL: l.URL, ImageURL: first(page.Image.URL, it.ImageURL),
		Content: page.Text, EditorNote: page.EditorNote, WordCount: page.Words,
		Section: page.Section, Tags: page.Tags, UpdatedAt: page.Updated,
		Language: language.Choose(page.Text, page.Language, it.Language),
	}
	if len(a.Authors) == 0 {
		a.Authors = it.Authors
	}
	if len(a.Tags) == 0 {
		a.Tags = it.Categories
	}
	if page.Canonical != "" && link.SameSite(page.Canonical, address) && !link.IsHome(page.Canonical) {
		a.CanonicalURL = page.Canonical
	}
	publisher := first(page.Publisher.Name, it.Publisher)
	a.Source, a.Via, a.Country = g.sources.Resolve(source.Claim{
		Publisher: publisher, PublisherURL: page.Publisher.URL, SiteName: first(page.SiteName, it.Site),
		CanonicalURL: page.Canonical, PageURL: address,
	})
	g.date(&a, page.Published, it)
	return a
}

// FeedWords makes an article of what the feed alone says, for a page that
// cannot be had. It returns nil when the feed says too little.
func (g *Ingester) FeedWords(_ context.Context, l store.PageLease) *store.Draft {
	it := l.Item
	text := first(it.Content, it.Summary)
	if it.Title == "" {
		return nil
	}
	a := news.Article{
		Title: it.Title, Description: it.Summary, Authors: it.Authors, URL: l.URL, ImageURL: it.ImageURL,
		Content: text, WordCount: words(text), Tags: it.Categories, Completeness: news.FeedOnly,
		Language: language.Choose(text, "", it.Language),
	}
	a.Source, a.Via, a.Country = g.sources.Resolve(source.Claim{Publisher: it.Publisher, SiteName: it.Site, PageURL: l.URL})
	g.date(&a, extract.Date{}, it)
	g.finish(&a)
	return &store.Draft{Article: a, Keys: append([]string{l.Key}, l.Aliases...)}
}

// finish derives what follows from the rest: description, entities, and times
// to the millisecond.
func (g *Ingester) finish(a *news.Article) {
	a.Description = cut(a.Description, maxSummary)
	a.Title = cut(a.Title, maxTitle)
	a.PublishedAt = a.PublishedAt.UTC().Truncate(time.Millisecond)
	a.UpdatedAt = a.UpdatedAt.UTC().Truncate(time.Millisecond)
	if a.UpdatedAt.After(g.now().Add(future)) || !a.UpdatedAt.After(a.PublishedAt) {
		a.UpdatedAt = time.Time{}
	}
	if a.Entities == nil {
		a.Entities = g.recognizer.Recognize(a.Title, a.Content, a.Language)
	}
	if g.Identify != nil {
		published := a.PublishedAt
		if published.IsZero() { // the store will take the time of first sight
			published = g.now()
		}
		a.Entities = g.Identify(a.Entities, published)
	}
}

// date sets the publication date by the ladder JSON-LD, meta, feed, URL; a date
// in the future or before 1990 is refused and kept raw. Without any the store
// takes the time of first sight.
func (g *Ingester) date(a *news.Article, stated extract.Date, it store.Item) {
	if stated.Raw != "" && stated.Time.IsZero() {
		a.PublishedAtRaw = cut(stated.Raw, 100)
	}
	strong := stated.Source == news.DateJSONLD || stated.Source == news.DateMeta
	fed := extract.Date{Time: it.Published, Source: news.DateFeed, Precision: news.PrecisionSecond, Raw: it.DateRaw}
	ladder := []extract.Date{stated, fed}
	if !strong {
		ladder = []extract.Date{fed, stated}
	}
	for _, d := range ladder {
		if d.Time.IsZero() {
			continue
		}
		if !g.plausible(d.Time) {
			a.PublishedAtRaw = cut(first(d.Raw, d.Time.Format(time.RFC3339)), 100)
			continue
		}
		a.PublishedAt, a.PublishedAtSource, a.PublishedAtPrecision = d.Time, d.Source, d.Precision
		return
	}
}

func (g *Ingester) plausible(t time.Time) bool {
	return t.Year() >= 1990 && t.Before(g.now().Add(future))
}

// pageKeys lists the keys under which the article is known: where it was
// discovered, where the request ended, what it calls itself.
func pageKeys(l store.PageLease, address string, page *extract.Content) []string {
	keys := append([]string{l.Key}, l.Aliases...)
	add := func(raw string) {
		if key, err := link.Key(raw); err == nil && !link.IsHome(raw) {
			keys = append(keys, key)
		}
		if key := ampKey(raw); key != "" {
			keys = append(keys, key)
		}
	}
	if address != l.URL && resembles(l.Item.Title, page) {
		add(address)
	}
	if page.Canonical != "" && link.SameSite(page.Canonical, address) && resembles(l.Item.Title, page) {
		add(page.Canonical)
	}
	return unique(keys)
}

// resembles reports whether a page is about what the feed called it, so that a
// consent page or a soft error does not lend its address to every article that
// was redirected there. A feed without titles proves nothing.
func resembles(title string, page *extract.Content) bool {
	var long, found int
	text := strings.ToLower(page.Title + " " + page.Text)
	for word := range strings.FieldsSeq(strings.ToLower(title)) {
		if utf8.RuneCountInString(word) < 4 {
			continue
		}
		long++
		if strings.Contains(text, strings.Trim(word, ".,:;!?'\"()")) {
			found++
		}
	}
	return long == 0 || 3*found >= long
}

// noIndex reports whether X-Robots-Tag keeps a page out of an index. Rules for
// a robot of another name ("otherbot: noindex") do not count.
func noIndex(values []string) bool {
	for _, v := range values {
		agent, rules, named := strings.Cut(strings.ToLower(v), ":")
		if !named || strings.ContainsAny(agent, " ,") {
			rules = strings.ToLower(v)
		} else if agent = strings.TrimSpace(agent); agent != "broadsheet" && agent != "unavailable_after" {
			continue
		}
		for part := range strings.SplitSeq(rules, ",") {
			if part = strings.TrimSpace(part); part == "noindex" || part == "none" {
				return true
			}
		}
	}
	return false
}

// reservedMeta finds <meta name="tdm-reservation" content="1">, the attributes
// in either order.
var reservedMeta = regexp.MustCompile(`(?i)<meta\s[^>]*name\s*=\s*["']?tdm-reservation["']?[^>]*>`)

// reserved reports whether the publisher has reserved the right to text and
// data mining (TDM Reservation Protocol, header or meta).
func reserved(resp *fetch.Response) bool {
	if strings.TrimSpace(resp.Header.Get("TDM-Reservation")) == "1" {
		return true
	}
	tag := reservedMeta.Find(resp.Body[:min(len(resp.Body), maxHead)])
	return bytes.Contains(tag, []byte(`"1"`)) || bytes.Contains(tag, []byte(`'1'`)) || bytes.Contains(tag, []byte(`content=1`))
}

func first(options ...string) string {
	for _, o := range options {
		if o != "" {
			return o
		}
	}
	return ""
}

func unique(list []string) []string {
	seen := map[string]bool{}
	out := list[:0:0]
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

func words(s string) int { return len(strings.Fields(s)) }
