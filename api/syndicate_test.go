package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"

	"broadsheet.example/api"
	"broadsheet.example/crawler/feed"
	"broadsheet.example/news"
)

// What we write, our own reader of feeds and gofeed read as it was meant.
func TestSearchesAreFeeds(t *testing.T) {
	generation := "one"
	w := newWorld(t, func(_ *api.Config, d *api.Deps) { d.Generation = func() string { return generation } })
	articles := sample()
	articles[0].Title = "Harbor <strike> & \"more\"\x01"
	articles[0].UpdatedAt = articles[0].PublishedAt.AddDate(0, 0, 9)
	articles[0].Tags = []string{"port & sea"}
	articles[1].Description = "A <b>line</b> & a harbor."
	w.put(t, articles...)
	for _, kind := range []string{"rss", "atom", "json"} {
		t.Run(kind, func(t *testing.T) {
			path := "/v1/search." + kind + "?q=harbor"
			r := w.get(t, path)
			if r.status != http.StatusOK {
				t.Fatalf("%d %s", r.status, r.body)
			}
			theirs, err := gofeed.NewParser().Parse(bytes.NewReader(r.body))
			if err != nil {
				t.Fatalf("gofeed: %v\n%s", err, r.body)
			}
			ours, err := feed.Parse(r.body, r.header.Get("Content-Type"), w.base+path)
			if err != nil {
				t.Fatalf("our reader: %v\n%s", err, r.body)
			}
			if len(theirs.Items) != 4 || len(ours.Items) != 4 || !strings.Contains(theirs.Title, "harbor") {
				t.Fatalf("%q: %d and %d items", theirs.Title, len(theirs.Items), len(ours.Items))
			}
			oldest := ours.Items[3]
			if oldest.Link != articles[0].URL || !strings.HasPrefix(oldest.Title, `Harbor <strike> & "more"`) || !oldest.Published.Equal(articles[0].PublishedAt) {
				t.Errorf("oldest: %+v", oldest)
			}
			if got := feed.Text(ours.Items[2].Summary + ours.Items[2].Content); !strings.Contains(got, "A <b>line</b> & a harbor.") {
				t.Errorf("summary: %q", got)
			}
			tag := r.header.Get("ETag")
			if r := w.get(t, path, func(r *http.Request) { r.Header.Set("If-None-Match", tag) }); r.status != http.StatusNotModified {
				t.Errorf("with its own tag: %d", r.status)
			}
			if strings.Contains(string(r.body), "A text that may not leave") {
				t.Error("a text that may not leave left")
			}
			wantProblem(t, w.get(t, "/v1/search."+kind+"?facets=source"), 400, "parameterInvalid")
		})
	}
	if text := string(w.get(t, "/opensearch.xml").body); !strings.Contains(text, "{searchTerms}") {
		t.Error(text)
	}
}

func TestFilteredExport(t *testing.T) {
	w := newWorld(t, nil)
	articles := sample()
	articles[0].Title = "=SUM(A1) harbor"
	w.put(t, articles...)
	lines := func(path string) []string {
		return strings.Split(strings.TrimSpace(string(w.get(t, path).body)), "\n")
	}
	if got := lines("/v1/export/articles.ndjson?q=harbor&sources=gazette"); len(got) != 2 || !strings.Contains(got[0], `"content":`) {
		t.Errorf("%q", got)
	}
	if got := lines("/v1/export/articles.csv?sources=gazette,closed"); !strings.HasPrefix(got[0], "id,publishedAt,") ||
		!strings.Contains(strings.Join(got, "\n"), ",'=SUM(A1) harbor,") || strings.Contains(strings.Join(got, "\n"), "may not leave") {
		t.Errorf("%q", got)
	}
	if got := lines("/v1/export/articles.csv"); len(got) < 5 {
		t.Errorf("%q", got)
	}
	wantProblem(t, w.get(t, "/v1/export/articles.csv?q=%22"), 400, "querySyntax")
	wantProblem(t, w.get(t, "/v1/export/articles.csv?sortBy=newest"), 400, "parameterInvalid")
}

// Many articles, some at the same time, none twice.
func TestFilteredExportIsWhole(t *testing.T) {
	w := newWorld(t, nil)
	var articles []news.Article
	for i := range 250 {
		a := sample()[i%3]
		a.URL += "/" + strings.Repeat("x", i)
		a.Content += strings.Repeat(" more", i)
		articles = append(articles, a)
	}
	w.put(t, articles...)
	seen := map[string]bool{}
	for line := range strings.Lines(string(w.get(t, "/v1/export/articles.ndjson?language=en").body)) {
		if seen[line] {
			t.Errorf("twice: %.80s", line)
		}
		seen[line] = true
	}
	if len(seen) != 250 {
		t.Errorf("%d articles of 250", len(seen))
	}
}
