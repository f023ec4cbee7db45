package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet.example/api"
)

// remote makes a request one that a proxy passes on.
func remote(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.7") }

func bearing(token string) func(*http.Request) {
	return func(r *http.Request) {
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
	}
}

// withKeys has one key of each scope, and one that has expired.
func withKeys(require bool) func(*api.Config, *api.Deps) {
	return func(c *api.Config, d *api.Deps) {
		c.RequireKey = require
		d.Reindex = func(context.Context) error { return nil }
		d.Keys = func(token string) (api.Key, bool) {
			switch token {
			case "read", "write", "admin":
				return api.Key{Name: token, Scope: api.Scope(token)}, true
			case "expired":
				return api.Key{Name: token, Scope: api.ScopeAdmin, Expires: time.Now().Add(-time.Second)}, true
			}
			return api.Key{}, false
		}
	}
}

// Every route with every kind of key, from elsewhere. A route that is let through
// answers anything but 401 and 403.
func TestKeys(t *testing.T) {
	w := newWorld(t, withKeys(true))
	needs := func(route string) api.Scope {
		method, path, _ := strings.Cut(route, " ")
		switch {
		case path == "/healthz", path == "/readyz", path == "/openapi.json", path == "/opensearch.xml", path == "/docs", path == "/v1/suggest":
			return ""
		case path == "/v1/search" || method == http.MethodGet:
			return api.ScopeRead
		case method == http.MethodDelete && path == "/v1/articles/{id}", path == "/v1/reindex":
			return api.ScopeAdmin
		}
		return api.ScopeWrite
	}
	rank := map[api.Scope]int{"": 0, api.ScopeRead: 1, api.ScopeWrite: 2, api.ScopeAdmin: 3}
	for _, route := range api.Routes(w.server) {
		method, path, _ := strings.Cut(route, " ")
		if path == "/v1/stream" {
			method = http.MethodHead // a stream has no end
		}
		scope := needs(route)
		for _, key := range []string{"", "read", "write", "admin", "wrong", "expired"} {
			r := w.do(t, w.client, method, strings.NewReplacer("{id}", "x", "{n}", "1").Replace(path), "", "", remote, bearing(key))
			want := 0
			switch {
			case scope == "":
			case key == "", key == "wrong", key == "expired":
				want = http.StatusUnauthorized
			case rank[api.Scope(key)] < rank[scope]:
				want = http.StatusForbidden
			}
			if want != 0 && r.status != want || want == 0 && (r.status == http.StatusUnauthorized || r.status == http.StatusForbidden) {
				t.Errorf("%s with the key %q: %d, want %d", route, key, r.status, want)
			}
			if r.status == http.StatusUnauthorized && r.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s: 401 says nothing of how", route)
			}
		}
	}
	wantProblem(t, w.get(t, "/v1/search", remote), 401, "apiKeyMissing")
	wantProblem(t, w.get(t, "/v1/search", remote, bearing("wrong")), 401, "apiKeyInvalid")
	wantProblem(t, w.get(t, "/v1/search", remote, bearing("expired")), 401, "apiKeyInvalid")
	if r := w.get(t, "/v1/search", remote, func(r *http.Request) { r.Header.Set("X-Api-Key", "read") }); r.status != http.StatusOK {
		t.Errorf("X-Api-Key: %d", r.status)
	}
	if r := w.get(t, "/v1/search"); r.status != http.StatusOK {
		t.Errorf("from this machine: %d", r.status)
	}
}

// Where there are no keys, reads are open and changes are local.
func TestWithoutKeys(t *testing.T) {
	w := newWorld(t, nil)
	if r := w.get(t, "/v1/search", remote); r.status != http.StatusOK {
		t.Errorf("read: %d", r.status)
	}
	body := `{"url":"https://gazette.example/rss"}`
	wantProblem(t, w.do(t, w.client, http.MethodPost, "/v1/feeds", "application/json", body, remote), 403, "localOnly")
}

func TestRateLimit(t *testing.T) {
	w := newWorld(t, func(c *api.Config, d *api.Deps) {
		withKeys(false)(c, d)
		c.RequestsPerMinute = 2
	})
	if left := time.Until(time.Now().Truncate(time.Minute).Add(time.Minute)); left < 5*time.Second {
		time.Sleep(left) // the count must not begin anew between two requests
	}
	for _, want := range []string{"1", "0"} {
		if r := w.get(t, "/v1/search", remote, bearing("write")); r.status != http.StatusOK || r.header.Get("RateLimit-Remaining") != want || r.header.Get("RateLimit-Limit") != "2" {
			t.Errorf("%d %v", r.status, r.header)
		}
	}
	r := w.get(t, "/v1/search", remote, bearing("write"))
	wantProblem(t, r, 429, "rateLimited")
	if r.header.Get("Retry-After") == "" || r.header.Get("RateLimit-Reset") == "" {
		t.Errorf("%v", r.header)
	}
	if r := w.get(t, "/v1/search", remote, bearing("read")); r.status != http.StatusOK {
		t.Errorf("a key has its own allowance: %d", r.status)
	}
	for range 5 {
		if r := w.get(t, "/v1/search"); r.status != http.StatusOK {
			t.Errorf("from this machine: %d", r.status)
		}
	}
}
