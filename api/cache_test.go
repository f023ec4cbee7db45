package api_test

import (
	"net/http"
	"strings"
	"testing"

	"broadsheet.example/api"
)

func TestValidators(t *testing.T) {
	generation := "one"
	w := newWorld(t, func(_ *api.Config, d *api.Deps) { d.Generation = func() string { return generation } })
	ids := w.put(t, sample()...)
	known := func(tag string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("If-None-Match", tag) }
	}
	for _, path := range []string{"/v1/search?q=harbor&sortBy=newest", "/v1/search?q=harbor&from=7d", "/v1/articles/" + ids[0], "/v1/sources", "/v1/feeds"} {
		r := w.get(t, path)
		tag := r.header.Get("ETag")
		if !strings.HasPrefix(tag, `W/"`) || r.header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: ETag %q, Cache-Control %q", path, tag, r.header.Get("Cache-Control"))
		}
		for _, given := range []string{tag, `"other", ` + tag, strings.TrimPrefix(tag, "W/"), "*"} {
			if r := w.get(t, path, known(given)); r.status != http.StatusNotModified || len(r.body) > 0 || r.header.Get("ETag") != tag {
				t.Errorf("%s, If-None-Match %s: %d, %d bytes, ETag %s", path, given, r.status, len(r.body), r.header.Get("ETag"))
			}
		}
		if r := w.get(t, path, known(`W/"other"`)); r.status != http.StatusOK {
			t.Errorf("%s, another tag: %d", path, r.status)
		}
	}
	tag := w.get(t, "/v1/search?q=harbor&sortBy=newest").header.Get("ETag")
	if w.get(t, "/v1/search?q=tram&sortBy=newest").header.Get("ETag") == tag {
		t.Error("two queries have one tag")
	}
	generation = "two"
	if r := w.get(t, "/v1/search?q=harbor&sortBy=newest", known(tag)); r.status != http.StatusOK {
		t.Errorf("the index has changed: %d", r.status)
	}
	if r := w.get(t, "/v1/search?colour=red"); r.header.Get("Cache-Control") != "no-store" || r.header.Get("ETag") != "" {
		t.Errorf("an error may be kept: %v", r.header)
	}
}

func TestCountsAlone(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	f := w.search(t, "q=harbor&pageSize=0&facets=source")
	if f.TotalResults != 4 || len(f.Articles) != 0 || f.PageSize != 0 || f.Page != 1 || f.NextCursor != "" || len(f.Facets["source"].Buckets) != 3 {
		t.Errorf("%+v", f)
	}
}

// Whatever is asked for, marks stand in JSON as they are.
func TestMarksAreNotEscaped(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	for _, path := range []string{"/v1/search?q=harbor", "/v1/search?q=harbor&fields=title"} {
		if text := string(w.get(t, path).body); !strings.Contains(text, "<mark>") || strings.Contains(text, `\u003c`) {
			t.Errorf("%s: %s", path, text)
		}
	}
}

func TestUnknownMethod(t *testing.T) {
	w := newWorld(t, nil)
	wantProblem(t, w.do(t, w.client, "FROB", "/v1/search", "", ""), 405, "methodNotAllowed")
}

func TestSourcesHaveSites(t *testing.T) {
	w := newWorld(t, func(_ *api.Config, d *api.Deps) {
		d.Site = func(id string) string { return "https://" + id + ".example/" }
		d.Free = func() (int64, error) { return 7, nil }
	})
	w.put(t, sample()...)
	if text := string(w.get(t, "/v1/sources").body); !strings.Contains(text, `"url":"https://gazette.example/"`) || !strings.Contains(text, `"fullText":"none"`) {
		t.Errorf("%s", text)
	}
	if text := string(w.get(t, "/v1/status").body); !strings.Contains(text, `"freeBytes":7`) {
		t.Errorf("%s", text)
	}
}
