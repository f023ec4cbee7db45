package crawler_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet.example/crawler"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/internal/memnet"
	"broadsheet.example/crawler/link"
	"broadsheet.example/crawler/source"
	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
)

// began is when a bubble of synthetic time begins.
var began = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// world is a web in memory and a crawler that visits it, in a bubble of
// synthetic time, so that a month takes a moment.
type world struct {
	*testing.T
	store   *sqlite.Store
	crawler *crawler.Crawler
	config  crawler.Config
	again   func() *crawler.Crawler // makes another crawler on the same store
	names   crawler.Recognizer      // who finds names from the next crawler on

	skew     atomic.Int64 // of the clock, in nanoseconds
	mu       sync.Mutex
	answers  map[string]http.HandlerFunc // by HOST/PATH
	requests []request
}

// request is one that a server got.
type request struct {
	at     time.Time
	url    string // HOST/PATH
	header http.Header
}

// inWorld runs test in a world of its own. Hosts answer 404 unless told
// otherwise.
func inWorld(t *testing.T, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{T: t, names: nameless{}, answers: map[string]http.HandlerFunc{}}
		net := memnet.New()
		var running sync.WaitGroup
		srv := &http.Server{Handler: http.HandlerFunc(w.serve)}
		running.Go(func() { _ = srv.Serve(net) })
		s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir(), Host: link.Host, Now: w.now}, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.store = s
		cfg := fetch.DefaultConfig()
		cfg.Dial = net.Dial
		client := fetch.New(cfg, slog.New(slog.DiscardHandler))
		sources, err := source.Load()
		if err != nil {
			t.Fatal(err)
		}
		w.config = crawler.Config{Interval: 15 * time.Minute, MaxInterval: 24 * time.Hour, Concurrency: 8, Now: w.now}
		w.again = func() *crawler.Crawler {
			return crawler.New(w.config, s, client, crawler.NewIngester(sources, w.names, w.now), slog.New(slog.DiscardHandler))
		}
		w.crawler = w.again()
		defer func() {
			_ = client.Close()
			_ = srv.Close()
			running.Wait()
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}()
		test(w)
	})
}

func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	url := r.Host + r.URL.RequestURI()
	w.mu.Lock()
	w.requests = append(w.requests, request{time.Now(), url, r.Header.Clone()})
	answer := w.answers[url]
	w.mu.Unlock()
	if answer == nil {
		http.NotFound(rw, r)
		return
	}
	answer(rw, r)
}

// on sets what a HOST/PATH answers from now on.
func (w *world) on(url string, answer http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers[url] = answer
}

// got returns the requests for a HOST/PATH.
func (w *world) got(url string) []request {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.requests), func(r request) bool { return r.url != url })
}

// subscribe adds a feed by its HOST/PATH.
func (w *world) subscribe(urls ...string) {
	w.Helper()
	for _, u := range urls {
		key, err := link.Key("http://" + u)
		if err != nil {
			w.Fatal(err)
		}
		if _, err := w.store.PutFeeds(w.Context(), news.Feed{ID: news.ArticleID(key), URL: "http://" + u, Enabled: true}); err != nil {
			w.Fatal(err)
		}
	}
}

// feeds returns the feeds by the HOST/PATH they are polled at.
func (w *world) feeds() map[string]news.Feed {
	w.Helper()
	list, err := w.store.ListFeeds(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	out := map[string]news.Feed{}
	for _, f := range list {
		out[strings.TrimPrefix(f.URL, "http://")] = f
	}
	return out
}

// articles returns all articles, in the order they came in.
func (w *world) articles() []news.Article {
	w.Helper()
	list, _, err := w.store.Scan(w.Context(), store.ScanPosition{}, 1000)
	if err != nil {
		w.Fatal(err)
	}
	return list
}

// live lets the time go by, crawling whatever falls due.
func (w *world) live(d time.Duration) {
	w.Helper()
	end := time.Now().Add(d)
	for time.Now().Before(end) {
		w.pass()
		due, err := w.store.Due(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		next := due.Next
		if next.IsZero() || next.After(end) {
			next = end
		}
		time.Sleep(max(time.Until(next), time.Millisecond))
	}
}

// pass crawls until nothing is due any more.
func (w *world) pass() {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), 24*time.Hour)
	defer cancel()
	if err := w.crawler.Pass(ctx); err != nil || ctx.Err() != nil {
		w.Fatalf("pass: %v, %v", err, ctx.Err())
	}
}

// refresh makes a feed due.
func (w *world) refresh(url string) {
	w.Helper()
	if _, err := w.store.ChangeFeed(w.Context(), w.feeds()[url].ID, store.FeedPatch{Refresh: true}); err != nil {
		w.Fatal(err)
	}
}

// now is the clock, which setClock sets. Time goes by all the same.
func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.skew.Load())) }

// run crawls for d, as a server does, in which the clock is set by skew after a
// second.
func (w *world) run(d, skew time.Duration) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), d)
	defer cancel()
	time.AfterFunc(1100*time.Millisecond, func() { w.skew.Add(int64(skew)) })
	if err := w.crawler.Run(ctx); err != nil {
		w.Fatal(err)
	}
}

// text answers with a body and, two by two, headers.
func text(body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		_, _ = w.Write([]byte(body))
	}
}

// validated answers as text does, and with 304 to whoever knows the ETag.
func validated(etag, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		text(body, header...)(w, r)
	}
}

// status answers with a status and, two by two, headers.
func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

// rss is a feed; extra goes into its channel. Each item is "LINK TITLE", or
// "LINK GUID TITLE" where the second word begins with "#". An item's date depends
// on its title alone and lies within the day before the world began.
func rss(extra string, items ...string) string {
	var b strings.Builder
	b.WriteString(`<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>Feed</title>` + extra)
	for _, it := range items {
		address, title, _ := strings.Cut(it, " ")
		guid := ""
		if strings.HasPrefix(title, "#") {
			guid, title, _ = strings.Cut(title, " ")
			guid = `<guid isPermaLink="false">` + guid[1:] + `</guid>`
		}
		fmt.Fprintf(&b, `<item><title>%s</title><link>http://%s</link>%s<description>About %s.</description><pubDate>%s</pubDate></item>`,
			title, address, guid, title, began.Add(-time.Duration(1+len(title)%20)*time.Hour).Format(time.RFC1123))
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

// article is a page that holds an article; extra goes into its head.
func article(title, extra string) string {
	return `<!doctype html><html lang="en"><head><title>` + title + `</title>` + extra + `</head><body><main><article><h1>` + title + `</h1>` +
		prose(title) + `</article></main></body></html>`
}
