package api_test

import (
	"net/http"
	"strings"
	"testing"

	"broadsheet.example/api"
)

// Who has signed in to the pages reads by his cookie what they link to, and
// nothing else.
func TestSessionReadsWhatPagesLinkTo(t *testing.T) {
	taken := false // the key
	w := newWorldOfPages(t, func(c *api.Config, d *api.Deps) {
		withKeys(true)(c, d)
		find := d.Keys
		d.Keys = func(token string) (api.Key, bool) {
			key, ok := find(token)
			return key, ok && !taken
		}
	})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	signed := w.do(t, client, http.MethodPost, "/sign-in", "application/x-www-form-urlencoded", "key=write", remote,
		func(r *http.Request) { r.Header.Set("Origin", w.base) })
	cookie, _, _ := strings.Cut(signed.header.Get("Set-Cookie"), ";")
	if signed.status != http.StatusSeeOther || cookie == "" {
		t.Fatalf("sign in: %d, cookie %q", signed.status, cookie)
	}
	id := w.put(t, sample()[:1]...)[0]
	tests := []struct {
		name, method, path, header, value string
		want                              int
	}{
		{"search", "GET", "/v1/search?q=port", "", "", 200},
		{"feed of a search", "GET", "/v1/search.rss", "Sec-Fetch-Site", "same-origin", 200},
		{"file", "GET", "/v1/export/articles.csv", "Sec-Fetch-Site", "none", 200},
		{"article", "GET", "/v1/articles/" + id, "Origin", w.base, 200},
		{"feeds", "GET", "/v1/feeds", "", "", 200},
		{"status", "HEAD", "/v1/status", "", "", 200},
		{"another site's page", "GET", "/v1/search", "Sec-Fetch-Site", "cross-site", 401},
		{"a neighbor's page", "GET", "/v1/search", "Sec-Fetch-Site", "same-site", 401},
		{"another origin", "GET", "/v1/search", "Origin", "https://evil.example", 401},
		{"another session", "GET", "/v1/search", "Cookie", cookie + "x", 401},
		{"a wrong key besides", "GET", "/v1/search", "X-Api-Key", "wrong", 401},
		{"not linked", "GET", "/v1/sources", "", "", 401},
		{"not the article itself", "GET", "/v1/articles/" + id + "/revisions", "", "", 401},
		{"not a read", "POST", "/v1/search", "", "", 401},
		{"a change", "POST", "/v1/feeds", "", "", 401},
		{"a removal", "DELETE", "/v1/articles/" + id, "", "", 401},
	}
	as := func(header, value string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Cookie", cookie)
			if header != "" {
				r.Header.Set(header, value)
			}
		}
	}
	for _, tt := range tests {
		if r := w.do(t, client, tt.method, tt.path, "", "", remote, as(tt.header, tt.value)); r.status != tt.want {
			t.Errorf("%s: %s %s: %d, want %d", tt.name, tt.method, tt.path, r.status, tt.want)
		}
	}
	taken = true
	wantProblem(t, w.get(t, "/v1/search", remote, as("", "")), 401, "apiKeyInvalid")
}
