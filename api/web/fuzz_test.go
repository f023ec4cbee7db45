package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/web"
	"broadsheet.example/news"
)

// echo answers every search with one article that is made of the fuzzer's text, and
// whose engine escapes nothing.
func echo(s string) web.Deps {
	return web.Deps{Search: func(_ context.Context, q news.Query) (*news.Result, error) {
		a := article(news.Ref{ID: s, Name: s}, s, 0, news.Entity{ID: s, Type: news.Person, Name: s})
		a.URL, a.Description, a.Language = s, s, s
		bucket := news.Bucket{Value: s, Label: s, Count: 1}
		facets := map[string]news.Facet{}
		for _, f := range q.Facets {
			facets[f.Name] = news.Facet{Buckets: []news.Bucket{bucket}, Other: 1}
		}
		return &news.Result{
			Total: 1, Facets: facets, Warnings: []string{s},
			Hits: []news.Hit{{Article: a, Highlights: map[string][]string{"title": {s}, "content": {s, s}}}},
		}, nil
	}}
}

// FuzzSearchPage wants a sound page, without anything inline, whatever the address
// and the articles hold.
func FuzzSearchPage(f *testing.F) {
	for _, s := range []string{
		"q=harbour", `q="two state`, "q=%00%ff&page=2", "sources=a,%22b,c%22,-d&from=7d&more=source&find=a", "cursor=x&pageSize=5",
		`"><script>alert(1)</script>`, "<mark>a</mark></mark><mark>", "javascript:alert(1)", "' onload=alert(1) x='", "\u202e{{.}}", "http://x/\">",
	} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		app := newApp(t, echo(text))
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/", nil)
		if req.URL.RawQuery = query; !isAddress(query) || len(query) > 2000 || len(text) > 2000 {
			t.Skip("no address that a client could send")
		}
		req.Header.Set(fiber.HeaderAccept, "text/html")
		p := answer(t, app, req)
		if p.status != http.StatusOK && p.status != http.StatusBadRequest {
			t.Errorf("status %d", p.status)
		}
		p.checkFrame()
	})
}

// isAddress reports whether s can stand behind the question mark of a request line.
func isAddress(s string) bool {
	for _, r := range s {
		if r <= ' ' || r == '#' || r >= 0x7f {
			return false
		}
	}
	_, err := url.ParseRequestURI("/?" + s)
	return err == nil
}
