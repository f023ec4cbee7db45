package api_test

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"broadsheet.example/api"
	"broadsheet.example/api/web"
	"broadsheet.example/news"
)

const base = "/news"

// newWorldBelow starts a server below the base path, with the real pages.
func newWorldBelow(t *testing.T) *world {
	t.Helper()
	w := newWorldOfPages(t, func(c *api.Config, _ *api.Deps) {
		c.BasePath, c.TrustedProxies = base, []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	w.put(t, sample()...)
	return w
}

// newWorldOfPages starts a server with the real pages.
func newWorldOfPages(t *testing.T, change func(*api.Config, *api.Deps)) *world {
	t.Helper()
	var w *world
	w = newWorld(t, func(c *api.Config, d *api.Deps) {
		pages, err := web.New(web.Deps{
			Search:  func(ctx context.Context, q news.Query) (*news.Result, error) { return w.server.Search(ctx, q) },
			Related: func(ctx context.Context, q news.RelatedQuery) ([]news.Hit, error) { return w.server.Related(ctx, q) },
			Archive: d.Store, Feeds: d.Store, FullText: d.FullText, Key: d.Key, Reader: d.Reader,
			SignIn: func(key string) bool { return key == "write" },
		})
		if err != nil {
			t.Fatal(err)
		}
		d.Pages, d.Session = pages.Mount, pages.Session
		change(c, d)
	})
	return w
}

// proxied is what a proxy adds to a request.
func proxied(r *http.Request) {
	r.Host = "localhost"
	r.Header.Set("Accept", "text/html")
	r.Header.Set("X-Forwarded-For", "203.0.113.7")
	r.Header.Set("X-Forwarded-Proto", "https")
	r.Header.Set("X-Forwarded-Host", "example.org")
}

// Every link of every page that can be reached stays below the base path, and
// leads to something.
func TestPagesBelowBasePath(t *testing.T) {
	w := newWorldBelow(t)
	seen := map[string]bool{}
	queue := []string{base + "/", base + "/docs"}
	for len(queue) > 0 && len(seen) < 150 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] || strings.Contains(path, "/v1/export/") {
			continue
		}
		seen[path] = true
		r := w.get(t, path, proxied)
		if r.status != http.StatusOK {
			t.Errorf("%s answers %d", path, r.status)
		}
		if strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
			queue = append(queue, links(t, path, r.body)...)
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d pages were found", len(seen))
	}
}

// links returns the addresses on our server that a page names.
func links(t *testing.T, path string, text []byte) []string {
	t.Helper()
	var list []string
	for z := html.NewTokenizer(strings.NewReader(string(text))); z.Next() != html.ErrorToken; {
		for _, a := range z.Token().Attr {
			if !strings.HasPrefix(a.Val, "/") || a.Key == "placeholder" {
				continue
			}
			if !strings.HasPrefix(a.Val, base+"/") {
				t.Errorf("%s: %s leads to %s", path, a.Key, a.Val)
			}
			if a.Key == "href" || a.Key == "src" {
				list = append(list, a.Val)
			}
		}
	}
	return list
}

func TestBasePath(t *testing.T) {
	w := newWorldBelow(t)
	w.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if r := w.get(t, base+"?q=a", proxied); r.status != http.StatusPermanentRedirect || r.header.Get("Location") != base+"/?q=a" {
		t.Errorf("without the slash: %d, %s", r.status, r.header.Get("Location"))
	}
	if r := w.get(t, base+"paper", proxied); r.status != http.StatusNotFound {
		t.Errorf("a path that only begins like the base path: %d", r.status)
	}
	for _, path := range []string{"/v1/search?q=harbor", base + "/v1/search?q=harbor"} {
		if r := w.get(t, path, proxied); r.status != http.StatusOK || !strings.Contains(string(r.body), "Harbor strike") {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	for path, want := range map[string]string{
		"/v1/search.rss?q=harbor":  `href="https://example.org/news/v1/search.rss?q=harbor"`,
		"/v1/search.atom?q=harbor": `href="https://example.org/news/?q=harbor"`,
		"/v1/search.json?q=harbor": `"feed_url":"https://example.org/news/v1/search.json?q=harbor"`,
		"/opensearch.xml":          `template="https://example.org/news/?q={searchTerms}"`,
		"/openapi.json":            `"servers":[{"url":"/news"}]`,
		"/docs":                    `href="/news/openapi.json"`,
	} {
		if r := w.get(t, base+path, proxied); !strings.Contains(string(r.body), want) {
			t.Errorf("%s does not hold %s: %.800s", path, want, r.body)
		}
	}
	r := w.do(t, w.control, http.MethodPost, "/v1/feeds", "application/json", `{"url":"https://gazette.example/feed"}`)
	if at := r.header.Get("Location"); !strings.HasPrefix(at, base+"/v1/feeds/") {
		t.Errorf("a new feed is at %q", at)
	}
}

func TestPublicURL(t *testing.T) {
	w := newWorld(t, func(c *api.Config, _ *api.Deps) { c.PublicURL = "https://press.example.org/archive" })
	if r := w.get(t, "/opensearch.xml"); !strings.Contains(string(r.body), `"https://press.example.org/archive/?q={searchTerms}"`) {
		t.Errorf("%s", r.body)
	}
}
