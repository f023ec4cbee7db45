package api_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"broadsheet.example/api"
)

// FuzzRoutes sends whatever it likes to every route, over loopback. Nothing may
// fail inside, and nothing may be told that the document does not know.
func FuzzRoutes(f *testing.F) {
	w := newWorld(f, func(_ *api.Config, d *api.Deps) { d.Reindex = func(context.Context) error { return nil } })
	w.put(f, sample()...)
	routes := api.Routes(w.server)
	for i := range routes {
		f.Add(uint8(i), "aeqvmgtkbg5ehwkqu3mdwmwtsy", "q=a+-b&facets=date&url=http://x/&digest=1", `{"url":"http://a/","q":"x","enabled":true}`)
	}
	f.Add(uint8(0), "x", "q=a*&cursor=eyJz&tz=Asia/Tokyo&from=0001&to=9999&interval=hour&facets=date,entity", "<opml/>")
	f.Fuzz(func(t *testing.T, route uint8, id, query, body string) {
		method, path, _ := strings.Cut(routes[int(route)%len(routes)], " ")
		path = strings.ReplaceAll(path, "{id}", url.PathEscape(id))
		path = strings.ReplaceAll(path, "{n}", "2")
		if path == "/v1/stream" {
			method = http.MethodHead // a stream has no end
		}
		target := w.base + path + "?" + query
		if _, err := url.Parse(target); err != nil || len(target) > 8000 {
			return
		}
		req := httptest.NewRequestWithContext(t.Context(), method, "http://localhost/", strings.NewReader(body))
		if req.URL, _ = url.Parse(target); req.URL == nil {
			return
		}
		req.RequestURI, req.Host = "", "localhost"
		resp, err := w.client.Do(req)
		if err != nil {
			return // no request, by the client's own rules
		}
		defer resp.Body.Close()
		reply, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%s %s: %d %s", method, target, resp.StatusCode, reply)
		}
		if plain(id) && isDocumented(method, resp.StatusCode, req.URL.Path) {
			checkReply(t, req, resp, reply)
		}
	})
}

// plain reports whether a part of a path can be nothing else.
func plain(id string) bool {
	return id != "" && !strings.ContainsFunc(id, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}
