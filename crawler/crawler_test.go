package crawler_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet.example/crawler"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/link"
	"broadsheet.example/crawler/source"
	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
)

// nameless recognizes nobody: these tests are about the way in, not about names.
type nameless struct{}

func (nameless) Recognize(_, _, _ string) []news.Entity    { return nil }
func (nameless) Resolve(given []news.Entity) []news.Entity { return given }

// origin is a publisher on loopback whose answers a test can change.
type origin struct {
	*httptest.Server
	mu       sync.Mutex
	pages    map[string]answer
	requests []string // "PATH STATUS"
}

type answer struct {
	status      int
	body        string
	contentType string
	header      http.Header
}

func newOrigin(t *testing.T) *origin {
	t.Helper()
	o := &origin{pages: map[string]answer{"/robots.txt": {body: "User-agent: *\nDisallow: /private/\n", contentType: "text/plain"}}}
	o.Server = httptest.NewServer(http.HandlerFunc(o.serve))
	t.Cleanup(o.Close)
	return o
}

func (o *origin) serve(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	a, ok := o.pages[r.URL.Path]
	o.mu.Unlock()
	if !ok {
		a = answer{status: http.StatusNotFound, body: "no such page", contentType: "text/plain"}
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.status == http.StatusOK {
		tag := fmt.Sprintf(`"%x"`, len(a.body)*31+strings.Count(a.body, "e"))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			a.status, a.body = http.StatusNotModified, ""
		}
	}
	o.mu.Lock()
	o.requests = append(o.requests, fmt.Sprintf("%s %d", r.URL.Path, a.status))
	o.mu.Unlock()
	maps.Copy(w.Header(), a.header)
	if a.contentType != "" {
		w.Header().Set("Content-Type", a.contentType)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write([]byte(a.body))
}

func (o *origin) set(path string, a answer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pages[path] = a
}

func (o *origin) count(request string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, r := range o.requests {
		if r == request {
			n++
		}
	}
	return n
}

// feed publishes RSS items, each "PATH|TITLE|SUMMARY".
func (o *origin) feed(items ...string) {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>The Origin</title><link>` + o.URL + `/</link>`)
	for _, it := range items {
		p := strings.Split(it, "|")
		fmt.Fprintf(&b, `<item><title>%s</title><link>%s%s</link><guid isPermaLink="false">%s</guid><description>%s</description><pubDate>Tue, 10 Nov 2026 08:00:00 GMT</pubDate></item>`,
			p[1], o.URL, p[0], p[0], p[2])
	}
	b.WriteString(`</channel></rss>`)
	o.set("/feed.xml", answer{body: b.String(), contentType: "application/rss+xml"})
}

// page publishes an article; extra goes into its head.
func (o *origin) page(path, title, text, extra string) {
	o.set(path, answer{contentType: "text/html; charset=utf-8", body: `<!doctype html><html lang="en"><head><title>` + title + `</title>` + extra +
		`</head><body><header><nav><a href="/">Home</a></nav></header><main><article><h1>` + title + `</h1>` + text + `</article></main></body></html>`})
}

// prose is a text long enough to be an article, about a subject.
func prose(subject string) string {
	var b strings.Builder
	for i := range 6 {
		fmt.Fprintf(&b, "<p>The council said on Tuesday that %s would be discussed again in paragraph %d, after a long evening of questions from residents who had waited for an answer since the spring and were not satisfied with what they heard.</p>", subject, i)
	}
	return b.String()
}

type bench struct {
	*origin
	store   *sqlite.Store
	crawler *crawler.Crawler
	feedID  string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	o := newOrigin(t)
	log := slog.New(slog.DiscardHandler)
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir(), Host: link.Host}, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	sources, err := source.Load()
	if err != nil {
		t.Fatal(err)
	}
	client := fetch.New(fetch.Config{AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, log)
	t.Cleanup(func() { _ = client.Close() })
	c := crawler.New(crawler.Config{Interval: 15 * time.Minute, MaxInterval: 24 * time.Hour, Concurrency: 8, Spacing: time.Millisecond},
		s, client, crawler.NewIngester(sources, nameless{}, nil), log)
	b := &bench{origin: o, store: s, crawler: c}
	key, err := link.Key(o.URL + "/feed.xml")
	if err != nil {
		t.Fatal(err)
	}
	b.feedID = news.ArticleID(key)
	if _, err := s.PutFeeds(t.Context(), news.Feed{ID: b.feedID, URL: o.URL + "/feed.xml", Kind: news.KindFeed, Enabled: true}); err != nil {
		t.Fatal(err)
	}
	return b
}

// pass crawls until nothing is due.
func (b *bench) pass(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := b.crawler.Pass(ctx); err != nil || ctx.Err() != nil {
		t.Fatalf("pass: %v, %v", err, ctx.Err())
	}
}

// again makes the feed due and crawls.
func (b *bench) again(t *testing.T) {
	t.Helper()
	if _, err := b.store.ChangeFeed(t.Context(), b.feedID, store.FeedPatch{Refresh: true}); err != nil {
		t.Fatal(err)
	}
	b.pass(t)
}

// articles returns all articles by title.
func (b *bench) articles(t *testing.T) map[string]news.Article {
	t.Helper()
	list, _, err := b.store.Scan(t.Context(), store.ScanPosition{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]news.Article{}
	for _, a := range list {
		out[a.Title] = a
	}
	return out
}

func TestCrawlsFeedsAndPages(t *testing.T) {
	b := newBench(t)
	b.feed("/a|The harbour wall is to be raised|A wall.", "/private/b|The closed session|What the feed says of it.", "/gone|The vanished page|Nothing.")
	b.page("/a", "The harbour wall is to be raised", prose("the harbour wall"), `<link rel="canonical" href="/a">`)
	b.page("/private/b", "The closed session", prose("secrets"), "")
	b.pass(t)

	got := b.articles(t)
	if len(got) != 2 {
		t.Errorf("%d articles, want 2: %v", len(got), got)
	}
	a := got["The harbour wall is to be raised"]
	if a.Completeness != news.Full || !strings.Contains(a.Content, "the harbour wall would be discussed") {
		t.Errorf("fetched article is %q: %.80q", a.Completeness, a.Content)
	}
	if want := time.Date(2026, 11, 10, 8, 0, 0, 0, time.UTC); !a.PublishedAt.Equal(want) || a.PublishedAtSource != news.DateFeed {
		t.Errorf("published %v from %q, want %v from the feed", a.PublishedAt, a.PublishedAtSource, want)
	}
	if p := got["The closed session"]; p.Completeness != news.FeedOnly || p.Content != "What the feed says of it." {
		t.Errorf("forbidden page became %q: %q", p.Completeness, p.Content)
	}
	if n := b.count("/private/b 200"); n != 0 {
		t.Errorf("the page that robots.txt forbids was fetched %d times", n)
	}

	b.again(t)
	if b.count("/feed.xml 304") != 1 || b.count("/a 200") != 1 {
		t.Errorf("second pass: %v", b.requests)
	}
	f, err := b.store.ListFeeds(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if f[0].Health != news.HealthOK || f[0].Title != "The Origin" || f[0].NextPoll.Before(time.Now().Add(10*time.Minute)) {
		t.Errorf("feed after two polls: %+v", f[0])
	}
}

func TestCorrectionIsARevision(t *testing.T) {
	b := newBench(t)
	b.feed("/a|Bridge to close for a week|First.")
	b.page("/a", "Bridge to close for a week", prose("the bridge"), "")
	b.pass(t)
	b.feed("/a|Bridge to close for a month|Corrected.")
	b.page("/a", "Bridge to close for a month", prose("the bridge, closed for a month,"), "")
	b.again(t)

	got := b.articles(t)
	a, ok := got["Bridge to close for a month"]
	if len(got) != 1 || !ok || a.Revision != 2 || a.Version != 2 || a.UpdatedAt.IsZero() {
		t.Fatalf("after the correction: %+v", got)
	}
	revisions, err := b.store.Revisions(t.Context(), a.ID)
	if err != nil || len(revisions) != 2 || revisions[0].Title != "Bridge to close for a week" {
		t.Errorf("revisions: %v, %v", revisions, err)
	}
}

func TestPagesThatMustNotBeIndexed(t *testing.T) {
	b := newBench(t)
	b.feed("/meta|Hidden by meta|One.", "/header|Hidden by header|Two.", "/picture|A picture, no page|Three.")
	b.page("/meta", "Hidden by meta", prose("hiding"), `<meta name="robots" content="noindex">`)
	b.page("/header", "Hidden by header", prose("hiding"), "")
	a := b.pages["/header"]
	a.header = http.Header{"X-Robots-Tag": {"noarchive, noindex"}}
	b.set("/header", a)
	b.set("/picture", answer{body: "GIF89a", contentType: "image/gif"})
	b.pass(t)

	got := b.articles(t)
	if _, ok := got["A picture, no page"]; !ok || len(got) != 1 {
		t.Errorf("articles: %v, want only the feed's words on the picture", got)
	}
}

func TestConsentPageLendsNoIdentity(t *testing.T) {
	b := newBench(t)
	b.feed("/one|Ferry timetable changes in spring|One.", "/two|School kitchen wins national prize|Two.")
	for _, p := range []string{"/one", "/two"} {
		b.set(p, answer{status: http.StatusFound, header: http.Header{"Location": {"/consent"}}})
	}
	b.page("/consent", "Before you continue", prose("cookies"), "")
	b.pass(t)
	stats, err := b.store.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if stats.Articles != 2 {
		t.Errorf("%d articles, want two: a consent page must not merge what was redirected to it", stats.Articles)
	}
}

func TestBrokenFeedKeepsNoValidators(t *testing.T) {
	b := newBench(t)
	b.set("/feed.xml", answer{body: "<html><body>Checking your browser</body></html>", contentType: "text/html"})
	b.pass(t)
	f, err := b.store.ListFeeds(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if f[0].Health != news.HealthBlocked || f[0].LastError == "" || f[0].Failures != 1 {
		t.Errorf("feed: %+v", f[0])
	}
	b.again(t)
	if n := b.count("/feed.xml 200"); n != 2 {
		t.Errorf("the broken feed was read %d times unconditionally, want 2", n)
	}
}

func TestStopGivesLeasesBack(t *testing.T) {
	b := newBench(t)
	b.feed("/slow|A slow page|Slow.")
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer slow.Close()
	defer close(release)
	b.set("/feed.xml", answer{contentType: "application/rss+xml", body: `<rss version="2.0"><channel><title>x</title><item><title>A slow page</title><link>` + slow.URL + `/p</link></item></channel></rss>`})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.crawler.Run(ctx) }()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		due, err := b.store.Due(t.Context())
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("the page was never leased: %+v, %v", due, err)
		}
		if due.PagesDue == 1 && due.Leased == 1 {
			break
		}
	}
	start := time.Now()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("stopping took %v", took)
	}
	due, err := b.store.Due(t.Context())
	if err != nil || due.Leased != 0 || due.PagesDue != 1 {
		t.Errorf("after the stop: %+v, %v; want the page due and no lease", due, err)
	}
}
