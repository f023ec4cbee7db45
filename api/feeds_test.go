package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/news"
)

type feedReply struct{ Feed news.Feed }

func TestFeeds(t *testing.T) {
	w := newWorld(t, nil)
	r := w.send(t, http.MethodPost, "/v1/feeds", `{"url":"https://gazette.example/rss","title":"Gazette","category":"World"}`)
	var added feedReply
	r.into(t, &added)
	if r.status != http.StatusCreated || !added.Feed.Enabled || r.header.Get("Location") != "/v1/feeds/"+added.Feed.ID {
		t.Fatalf("add: %d %s", r.status, r.body)
	}
	if r := w.send(t, http.MethodPost, "/v1/feeds", `{"url":"https://gazette.example/rss","title":"Other"}`); r.status != http.StatusOK || strings.Contains(string(r.body), "Other") {
		t.Errorf("add again: %d %s", r.status, r.body)
	}
	if r := w.send(t, http.MethodPost, "/v1/feeds", `{"url":"https://press.example/map","kind":"sitemap","enabled":false}`); r.status != http.StatusCreated || !strings.Contains(string(r.body), `"enabled":false`) {
		t.Errorf("add one that is off: %d %s", r.status, r.body)
	}
	path := "/v1/feeds/" + added.Feed.ID
	var changed feedReply
	w.send(t, http.MethodPatch, path, `{"title":"The Gazette","enabled":false}`).into(t, &changed)
	if changed.Feed.Title != "The Gazette" || changed.Feed.Category != "World" || changed.Feed.Enabled {
		t.Errorf("change: %+v", changed.Feed)
	}
	if r := w.send(t, http.MethodPost, path+"/refresh", ""); r.status != http.StatusAccepted {
		t.Errorf("refresh: %d %s", r.status, r.body)
	}
	var list struct{ Feeds []news.Feed }
	w.get(t, "/v1/feeds").into(t, &list)
	if len(list.Feeds) != 2 {
		t.Errorf("list: %+v", list.Feeds)
	}
	var single feedReply
	w.get(t, path).into(t, &single)
	if single.Feed.ID != added.Feed.ID {
		t.Errorf("one: %+v", single)
	}
	if r := w.send(t, http.MethodDelete, path, ""); r.status != http.StatusNoContent {
		t.Errorf("delete: %d %s", r.status, r.body)
	}
	wantProblem(t, w.get(t, path), 404, "notFound")
}

func TestFeedErrors(t *testing.T) {
	w := newWorld(t, nil)
	long := strings.Repeat("x", 501)
	tests := []struct {
		name, method, path, body string
		status                   int
		code, param, detail      string
	}{
		{"no url", "POST", "/v1/feeds", `{"title":"x"}`, 400, "parametersMissing", "url", "address"},
		{"bad url", "POST", "/v1/feeds", `{"url":"mailto:x"}`, 400, "parameterInvalid", "url", "no address"},
		{"unknown member", "POST", "/v1/feeds", `{"ulr":"x"}`, 400, "parameterInvalid", "ulr", "did you mean url?"},
		{"wrong type", "POST", "/v1/feeds", `{"url":"https://a.example","enabled":"yes"}`, 400, "parameterInvalid", "enabled", "bool"},
		{"bad kind", "POST", "/v1/feeds", `{"url":"https://a.example","kind":"video"}`, 400, "parameterInvalid", "kind", "sitemap"},
		{"long title", "POST", "/v1/feeds", `{"url":"https://a.example","title":"` + long + `"}`, 400, "parameterInvalid", "title", "500"},
		{"no JSON", "POST", "/v1/feeds", `url=x`, 400, "parameterInvalid", "body", "JSON object"},
		{"list", "POST", "/v1/feeds", `[]`, 400, "parameterInvalid", "body", "JSON object"},
		{"change none", "PATCH", "/v1/feeds/nothing", `{"enabled":true}`, 404, "notFound", "", ""},
		{"change to a long title", "PATCH", "/v1/feeds/nothing", `{"title":"` + long + `"}`, 400, "parameterInvalid", "title", "500"},
		{"change what cannot be", "PATCH", "/v1/feeds/nothing", `{"url":"x"}`, 400, "parameterInvalid", "url", "there are title"},
		{"delete none", "DELETE", "/v1/feeds/nothing", "", 404, "notFound", "", ""},
		{"refresh none", "POST", "/v1/feeds/nothing/refresh", "", 404, "notFound", "", ""},
		{"list with a filter", "GET", "/v1/feeds?health=ok", "", 400, "parameterInvalid", "health", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := wantProblem(t, w.send(t, tt.method, tt.path, tt.body), tt.status, tt.code)
			if p.Param != tt.param || !strings.Contains(p.Detail, tt.detail) {
				t.Errorf("%+v", p)
			}
		})
	}
}

const opmlFile = `<opml version="2.0"><body>
<outline text="World"><outline text="Europe">
  <outline text="Gazette" xmlUrl="https://gazette.example/rss"/>
</outline></outline>
<outline text="Bad" xmlUrl="ftp://old.example/"/>
</body></opml>`

func TestOPML(t *testing.T) {
	w := newWorld(t, nil)
	var got struct {
		Added, Known int
		Skipped      []struct {
			Line        int
			URL, Reason string
		}
	}
	for i, want := range []string{"1 0", "0 1"} {
		w.do(t, w.control, http.MethodPost, "/v1/import", "text/x-opml", opmlFile).into(t, &got)
		if s := fmt.Sprint(got.Added, got.Known); s != want {
			t.Errorf("import %d: added and known %s, want %s", i+1, s, want)
		}
	}
	if len(got.Skipped) != 1 || got.Skipped[0].Line != 5 {
		t.Errorf("skipped: %+v", got.Skipped)
	}
	r := w.get(t, "/v1/export")
	if s := string(r.body); !strings.Contains(s, `text="Europe"`) || !strings.Contains(s, "https://gazette.example/rss") {
		t.Errorf("export: %s", s)
	}
	p := wantProblem(t, w.do(t, w.control, http.MethodPost, "/v1/import", "text/x-opml", "<opml>\n<body>\n<outline xmlUrl='a&b'/>"), 400, "opmlInvalid")
	if p.Line != 3 || !strings.Contains(p.Detail, "&amp;") {
		t.Errorf("%+v", p)
	}
	wantProblem(t, w.do(t, w.control, http.MethodPost, "/v1/import", "application/json", "{}"), 415, "mediaTypeUnsupported")
	wantProblem(t, w.get(t, "/v1/export?format=csv"), 400, "parameterInvalid")
}

// Changes are taken from this machine itself alone.
func TestLocalOnly(t *testing.T) {
	w := newWorld(t, nil)
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	tests := []struct {
		name   string
		client *http.Client
		change func(*http.Request)
		ok     bool
	}{
		{"loopback", w.client, func(*http.Request) {}, true},
		{"loopback by name", w.client, host("localhost:8080"), true},
		{"loopback, IPv6 name", w.client, host("[::1]:8080"), true},
		{"own page", w.client, func(r *http.Request) { r.Header.Set("Origin", "http://"+r.URL.Host) }, true},
		{"control socket", w.control, func(*http.Request) {}, true},
		{"control socket under another name", w.control, host("example.com"), true},
		{"foreign page", w.client, header("Origin", "https://evil.example"), false},
		{"page without an origin", w.client, header("Origin", "null"), false},
		{"rebound name", w.client, host("evil.example"), false},
		{"forwarded", w.client, header("Forwarded", "for=192.0.2.1"), false},
		{"forwarded for", w.client, header("X-Forwarded-For", "127.0.0.1"), false},
		{"forwarded protocol", w.client, header("x-forwarded-proto", "https"), false},
		{"real address", w.client, header("X-Real-Ip", "127.0.0.1"), false},
	}
	writes := []struct{ method, path string }{
		{"POST", "/v1/feeds"},
		{"PATCH", "/v1/feeds/x"},
		{"DELETE", "/v1/feeds/x"},
		{"POST", "/v1/feeds/x/refresh"},
		{"POST", "/v1/import"},
		{"POST", "/v1/import/articles"},
		{"DELETE", "/v1/articles/x"},
		{"POST", "/v1/reindex"},
		{"POST", "/v1/pauses"},
		{"DELETE", "/v1/pauses"},
		{"POST", "/v1/backfills"},
		{"POST", "/v1/discover"},
		{"PATCH", "/v1/entities/x"},
		{"POST", "/v1/entities/x/merge"},
		{"POST", "/v1/entities/x/split"},
		{"POST", "/v1/entities/x/aliases"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, write := range writes {
				r := w.do(t, tt.client, write.method, write.path, "", "", tt.change)
				if tt.ok == (r.status == http.StatusForbidden) {
					t.Errorf("%s %s: status %d", write.method, write.path, r.status)
				}
				if !tt.ok {
					wantProblem(t, r, 403, "localOnly")
				}
			}
			if r := w.do(t, tt.client, http.MethodGet, "/v1/feeds", "", "", tt.change); r.status != http.StatusOK {
				t.Errorf("reading: status %d", r.status)
			}
		})
	}
	if diff := cmp.Diff(len(writes), countWrites(t)); diff != "" {
		t.Errorf("the table does not hold every write (-table +document): %s", diff)
	}
}

// countWrites counts what the document marks as local.
func countWrites(t *testing.T) int {
	n := 0
	for _, item := range documentYAML(t)["paths"].(map[string]any) {
		for _, operation := range item.(map[string]any) {
			if strings.HasSuffix(operation.(map[string]any)["summary"].(string), "(local)") {
				n++
			}
		}
	}
	return n
}
