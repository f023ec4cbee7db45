package api_test

import (
	"context"
	"net/http"
	"net/netip"
	"strconv"
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
		case path == "/healthz", path == "/readyz", path == "/openapi.json", path == "/opensearch.xml", path == "/docs", path == "/v1/suggest", path == "/websub/{id}":
			return ""
		case path == "/v1/search", path == "/v1/timeseries", path == "/v1/entities", path == "/v1/related", method == http.MethodGet:
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
	for _, want := range []int{401, 401, 429} {
		if r := w.get(t, "/v1/search", remote, bearing("guess")); r.status != want {
			t.Errorf("a key that is none: %d, want %d", r.status, want)
		}
	}
	for range 5 {
		if r := w.get(t, "/v1/search"); r.status != http.StatusOK {
			t.Errorf("from this machine: %d", r.status)
		}
	}
}

// Behind a proxy that is trusted each client has an allowance of his own, and
// nobody gets another one by what he claims himself.
func TestRateLimitBehindProxy(t *testing.T) {
	w := newWorld(t, func(c *api.Config, _ *api.Deps) {
		c.RequestsPerMinute, c.TrustedProxies = 1, []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	if left := time.Until(time.Now().Truncate(time.Minute).Add(time.Minute)); left < 5*time.Second {
		time.Sleep(left) // the count must not begin anew between two requests
	}
	for _, tt := range []struct {
		chain string
		want  int
	}{
		{"203.0.113.7", 200},
		{"203.0.113.7", 429},
		{"198.51.100.1, 203.0.113.7", 429},
		{"203.0.113.8", 200},
		{"2001:db8::1", 200},
		{"2001:db8::2", 429},
		{"2001:db8:0:1::2", 200},
	} {
		r := w.get(t, "/v1/search", func(r *http.Request) { r.Header.Set("X-Forwarded-For", tt.chain) })
		if r.status != tt.want {
			t.Errorf("%s: %d, want %d", tt.chain, r.status, tt.want)
		}
	}
}

// What needs no key is limited as well where it could be used to try things out.
func TestRateLimitWithoutKeys(t *testing.T) {
	for _, route := range []string{"GET /v1/suggest?q=a", "POST /sign-in"} {
		w := newWorld(t, func(c *api.Config, d *api.Deps) {
			withKeys(true)(c, d)
			c.RequestsPerMinute = 1
		})
		if left := time.Until(time.Now().Truncate(time.Minute).Add(time.Minute)); left < 5*time.Second {
			time.Sleep(left) // the count must not begin anew between two requests
		}
		method, path, _ := strings.Cut(route, " ")
		first := w.do(t, w.client, method, path, "", "", remote)
		if second := w.do(t, w.client, method, path, "", "", remote); first.status == 429 || second.status != 429 {
			t.Errorf("%s: %d, then %d, want 429", route, first.status, second.status)
		}
		for range 3 {
			if r := w.get(t, "/healthz", remote); r.status != 200 {
				t.Errorf("a monitor: %d", r.status)
			}
		}
	}
}

// A page of another site cannot use a key that it has got hold of to change
// anything, unless the operator lets its origin in.
func TestWritesFromPages(t *testing.T) {
	w := newWorld(t, func(c *api.Config, d *api.Deps) {
		withKeys(true)(c, d)
		c.CORSOrigins = []string{"https://reader.example"}
	})
	feeds := 0
	for origin, want := range map[string]int{
		"": 201, "https://reader.example": 201, "https://evil.example": 403, "null": 403, w.base: 201,
	} {
		feeds++
		body := `{"url":"https://gazette.example/feed` + strconv.Itoa(feeds) + `"}`
		r := w.do(t, w.client, http.MethodPost, "/v1/feeds", "application/json", body, remote, bearing("write"), func(r *http.Request) {
			if origin != "" {
				r.Header.Set("Origin", origin)
			}
		})
		if r.status != want {
			t.Errorf("from %q: %d, want %d: %s", origin, r.status, want, r.body)
		}
	}
}
