package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"broadsheet.example/api/web"
	"broadsheet.example/index"
	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
)

// now is the time at which the tests' pages are shown.
var now = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

const reader = "index"

// world is the pages over a real store and a real index.
type world struct {
	t     testing.TB
	app   *fiber.App
	store *sqlite.Store
	index news.Index
	ids   []string // of the articles that newWorld was given
	log   bytes.Buffer
}

// newWorld stores and indexes the articles.
func newWorld(t testing.TB, articles ...news.Article) *world {
	t.Helper()
	w := &world{t: t}
	log := slog.New(slog.DiscardHandler)
	var err error
	if w.store, err = sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()}, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	if err := w.store.Register(t.Context(), reader); err != nil {
		t.Fatal(err)
	}
	if w.index, err = index.Open(t.Context(), index.Config{Dir: filepath.Join(t.TempDir(), "index")}, w.store, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.index.Close() })
	w.ids = w.put(articles...)
	w.app = newApp(t, w.deps())
	w.app.Get("/v1/suggest", w.suggest)
	return w
}

// suggest answers as the API does.
func (w *world) suggest(c *fiber.Ctx) error {
	found, err := w.index.Suggest(c.UserContext(), news.SuggestQuery{Text: c.Query("q"), Size: c.QueryInt("size")})
	if err != nil {
		return err
	}
	list := make([]fiber.Map, len(found))
	for i, f := range found {
		list[i] = fiber.Map{"kind": f.Kind, "text": f.Text, "value": f.Value, "count": f.Count}
	}
	return c.JSON(fiber.Map{"suggestions": list})
}

// newApp mounts pages as the server does.
func newApp(t testing.TB, deps web.Deps) *fiber.App {
	t.Helper()
	pages, err := web.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	app := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true})
	app.Get("/v1/search", func(c *fiber.Ctx) error { return c.SendString("{}") })
	pages.Mount(app)
	return app
}

// put stores and indexes articles, and returns their ids.
func (w *world) put(articles ...news.Article) []string {
	w.t.Helper()
	drafts := make([]store.Draft, len(articles))
	for i, a := range articles {
		drafts[i] = store.Draft{Article: a, Keys: []string{a.URL}}
	}
	done, err := w.store.PutArticles(w.t.Context(), drafts...)
	if err != nil {
		w.t.Fatal(err)
	}
	ids := make([]string, len(done))
	for i, d := range done {
		if ids[i] = d.ID; d.Err != nil {
			w.t.Fatal(d.Err)
		}
	}
	w.follow()
	return ids
}

// follow has the index take in what the store has for it.
func (w *world) follow() {
	w.t.Helper()
	ctx := w.t.Context()
	changes, err := w.store.LeaseChanges(ctx, reader, 1000, time.Minute)
	if err != nil {
		w.t.Fatal(err)
	}
	for i, c := range changes {
		if found, err := w.store.Articles(ctx, c.ID); err == nil && len(found) > 0 && !c.Deleted {
			changes[i].Article = &found[0]
		}
	}
	if _, err := w.index.Apply(ctx, changes); err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.AckChanges(ctx, reader, changes); err != nil {
		w.t.Fatal(err)
	}
}

// get asks for a path as a browser does and checks what holds for every page.
func (w *world) get(path string) *page {
	w.t.Helper()
	return get(w.t, w.app, path)
}

func get(t testing.TB, app *fiber.App, path string) *page {
	t.Helper()
	p := send(t, app, http.MethodGet, path)
	if !strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
		t.Fatalf("GET %s: status %d, type %q", path, p.status, p.header.Get("Content-Type"))
	}
	p.checkFrame()
	return p
}

func send(t testing.TB, app *fiber.App, method, path string) *page {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, "http://localhost"+path, nil)
	req.Header.Set("Accept", "text/html,*/*;q=0.8")
	return answer(t, app, req)
}

func answer(t testing.TB, app *fiber.App, req *http.Request) *page {
	t.Helper()
	resp, err := app.Test(req, int(time.Minute.Milliseconds()))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return &page{t, req.URL.RequestURI(), resp.StatusCode, resp.Header, string(body), root}
}

// failing answers every search with an error.
func failing(err error) web.Deps {
	return web.Deps{Search: func(context.Context, news.Query) (*news.Result, error) { return nil, err }}
}

var errBroken = errors.New("a secret inner word")

// search is the path of the search page for parameters in turn.
func search(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return "/?" + v.Encode()
}

// deps are the pages' dependencies on the world's parts. The text of the publisher
// open may be shown.
func (w *world) deps() web.Deps {
	return web.Deps{
		Search: w.index.Search, Related: w.index.Related, Archive: w.store, Feeds: w.store, Version: "test", Now: func() time.Time { return now },
		Preview: previewed, SignIn: func(key string) bool { return key == goodKey },
		Key: key, Reader: func() string { return reader }, Log: slog.New(slog.NewTextHandler(&w.log, nil)),
		FullText: func(id string) news.FullTextPolicy {
			switch id {
			case "open":
				return news.FullTextPages
			case "closed":
				return news.FullTextNone
			default:
				return news.FullTextAPI
			}
		},
	}
}

// previewed is what looking at an address gives: something only at news.example.
func previewed(_ context.Context, address string) (*web.Preview, error) {
	if address != "https://news.example" {
		return nil, errors.New("There is no feed <here>.")
	}
	first := press()[0]
	return &web.Preview{
		Feed:    news.Feed{URL: "https://news.example/rss", Title: "The News <b>", Language: "en", Kind: news.KindFeed},
		Others:  []string{"https://news.example/sport.rss"},
		Items:   []news.Article{first, {Title: "A second story", URL: "javascript:alert(1)"}},
		Article: &first, Trouble: "status 404",
	}, nil
}

// key is a URL key that is good enough here.
func key(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "http") {
		return "", errors.New("not an address on the web")
	}
	return strings.ToLower(u.Host) + u.Path, nil
}
