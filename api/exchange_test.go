package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/api"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

type imported struct {
	Stored, Failed int
	Results        []struct {
		Line            int
		ID, Kind, Error string
	}
}

func (w *world) importLines(t *testing.T, text string) reply {
	t.Helper()
	return w.do(t, w.control, http.MethodPost, "/v1/import/articles", "application/x-ndjson", text)
}

func TestImportArticles(t *testing.T) {
	w := newWorld(t, nil)
	good := `{"url":"https://a.example/1","title":"One","content":"Text.","publishedAt":"2024-04-18T10:00:00Z","source":{"id":"a","name":"A"}}`
	text := good + "\n\n{\"url\":\n" + good + "\n" + strings.Replace(good, "Text.", "Changed.", 1) + "\n"
	var got imported
	w.importLines(t, text).into(t, &got)
	if got.Stored != 3 || got.Failed != 1 || len(got.Results) != 4 {
		t.Fatalf("%+v", got)
	}
	want := "1 new, 3 , 4 unchanged, 5 revised"
	var lines []string
	for _, r := range got.Results {
		lines = append(lines, fmt.Sprint(r.Line, " ", r.Kind))
	}
	if s := strings.Join(lines, ", "); s != want || got.Results[1].Error == "" {
		t.Errorf("lines and kinds %q, want %q, the second with an error: %+v", s, want, got.Results)
	}
	id := got.Results[0].ID
	w.send(t, http.MethodDelete, "/v1/articles/"+id, "")
	w.importLines(t, good).into(t, &got)
	if got.Failed != 1 || !strings.Contains(got.Results[0].Error, "taken down") {
		t.Errorf("what was taken down came back: %+v", got)
	}
	w.importLines(t, "").into(t, &got)
	if got.Stored != 0 || got.Failed != 0 {
		t.Errorf("nothing: %+v", got)
	}
}

func TestImportArticlesLimits(t *testing.T) {
	w := newWorld(t, nil)
	many := strings.Repeat("{}\n", api.MaxImportLines+1)
	wantProblem(t, w.importLines(t, many), 413, "bodyTooLarge")
	wantProblem(t, w.do(t, w.control, http.MethodPost, "/v1/import/articles", "image/png", "x"), 415, "mediaTypeUnsupported")
	wantProblem(t, w.do(t, w.control, http.MethodPost, "/v1/import/articles?sure=1", "", "x"), 400, "parameterInvalid")
	huge := strings.Repeat("x", api.MaxImport+1)
	wantProblem(t, w.importLines(t, huge), 413, "bodyTooLarge")
	// Without a length in advance, the bytes are counted as they come.
	r := w.do(t, w.control, http.MethodPost, "/v1/import/articles", "application/x-ndjson", huge,
		func(r *http.Request) { r.ContentLength = -1 })
	wantProblem(t, r, 413, "bodyTooLarge")
	if f := w.search(t, ""); f.TotalResults != 0 {
		t.Error("something was stored")
	}
}

// A line on which the reader breaks is reported like any other bad one.
func TestImportArticlesPanic(t *testing.T) {
	w := newWorld(t, func(_ *api.Config, d *api.Deps) {
		d.Draft = func(text []byte) (*store.Draft, error) {
			if bytes.Contains(text, []byte("boom")) {
				panic("boom")
			}
			return draft(text)
		}
	})
	var got imported
	w.importLines(t, "{\"url\":\"boom\"}\n{\"url\":\"https://a.example/1\",\"title\":\"One\"}\n").into(t, &got)
	if got.Stored != 1 || got.Failed != 1 || got.Results[0].Error == "" || got.Results[1].Kind != "new" {
		t.Errorf("%+v", got)
	}
}

// What is exported can be imported, and is the same then.
func TestExportArticles(t *testing.T) {
	w := newWorld(t, nil)
	articles := sample()
	for i := range 450 { // more than two pages of the export
		articles = append(articles, news.Article{
			URL: fmt.Sprintf("https://bulk.example/%d", i), Title: fmt.Sprint("Number ", i), Content: "Text & more <text>.",
			Source: news.Ref{ID: "bulk", Name: "Bulk"}, PublishedAt: sample()[0].PublishedAt, Completeness: news.Full,
		})
	}
	w.put(t, articles...)
	r := w.get(t, "/v1/export/articles.ndjson")
	if r.header.Get("Content-Type") != "application/x-ndjson" {
		t.Errorf("type %q", r.header.Get("Content-Type"))
	}
	lines := bytes.Count(r.body, []byte("\n"))
	if lines != len(articles) {
		t.Fatalf("%d lines, want %d", lines, len(articles))
	}
	other := newWorld(t, nil)
	var got imported
	other.importLines(t, string(r.body)).into(t, &got)
	if got.Stored != len(articles) {
		t.Fatalf("imported %d, want %d", got.Stored, len(articles))
	}
	again := other.get(t, "/v1/export/articles.ndjson")
	if diff := cmp.Diff(exported(t, r.body), exported(t, again.body)); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
	wantProblem(t, w.get(t, "/v1/export/articles.ndjson?page=2"), 400, "parameterInvalid")
	if r := w.do(t, w.client, http.MethodHead, "/v1/export/articles.ndjson", "", ""); r.status != http.StatusOK || len(r.body) != 0 {
		t.Errorf("HEAD: %d, %d bytes", r.status, len(r.body))
	}
}

// exported reads articles without what the second store decides anew.
func exported(t *testing.T, text []byte) []news.Article {
	t.Helper()
	var list []news.Article
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		var a news.Article
		if err := json.Unmarshal(s.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		a.FirstSeen = a.PublishedAt
		list = append(list, a)
	}
	return list
}

// failing is a store whose disk is full, or worse.
type failing struct {
	api.Store
	err error
}

func (f failing) PutArticles(context.Context, ...store.Draft) ([]store.Committed, error) {
	return nil, f.err
}

// Scan fails after the first article.
func (f failing) Scan(ctx context.Context, at store.ScanPosition, _ int) ([]news.Article, store.ScanPosition, error) {
	if at != (store.ScanPosition{}) {
		return nil, store.ScanPosition{}, f.err
	}
	return f.Store.Scan(ctx, at, 1)
}

func (f failing) Stats(context.Context) (store.Stats, error) { return store.Stats{}, f.err }

func TestFullDisk(t *testing.T) {
	w := newWorld(t, func(_ *api.Config, d *api.Deps) {
		d.Store = failing{d.Store, fmt.Errorf("write: %w", news.ErrDiskFull)}
	})
	line := `{"url":"https://a.example/1","title":"One","content":"Text."}`
	wantProblem(t, w.importLines(t, line), 507, "diskFull")
	w.put(t, sample()...)
	first, rest, _ := bytes.Cut(w.get(t, "/v1/export/articles.ndjson").body, []byte("\n"))
	var p problem
	if err := json.Unmarshal(rest, &p); err != nil || p.Code != "diskFull" || !bytes.HasPrefix(first, []byte(`{"id":`)) {
		t.Errorf("an export that ends early says %s, then %s", first, rest)
	}
}

// While an export runs, articles arrive and are revised; those that were there at
// its beginning are all in it, and none is twice.
func TestExportWhileArticlesArrive(t *testing.T) {
	w := newWorld(t, nil)
	const before, batch = 2_000, 200
	many := func(from, to int, text string) {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, `{"url":"https://a.example/%d","title":"Harbor %d","content":%q,"publishedAt":"2024-04-18T10:00:00Z","language":"en"}`+"\n", i, i, text)
		}
		if r := w.importLines(t, b.String()); r.status != http.StatusOK {
			t.Error(r.status, string(r.body))
		}
	}
	for from := 0; from < before; from += batch {
		many(from, from+batch, "Text.")
		w.follow(t)
	}
	for _, path := range []string{"/v1/export/articles.ndjson", "/v1/export/articles.ndjson?language=en"} {
		resp, err := w.client.Get(w.base + path)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]int{}
		lines := bufio.NewScanner(resp.Body)
		for n := 0; lines.Scan(); n++ {
			var a news.Article
			if err := json.Unmarshal(lines.Bytes(), &a); err != nil || a.URL == "" {
				t.Fatalf("%v in %s", err, lines.Bytes())
			}
			seen[a.URL]++
			if n == before/4 { // the rest is on its way, and what comes now is behind or before it
				many(before, before+batch, "Text.")
				many(before/2, before/2+batch, "Text. Revised for "+path)
				w.follow(t)
			}
		}
		resp.Body.Close()
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
		for i := range before {
			if url := fmt.Sprintf("https://a.example/%d", i); seen[url] != 1 {
				t.Fatalf("%s: %s is there %d times", path, url, seen[url])
			}
		}
		for url, n := range seen {
			if n != 1 {
				t.Errorf("%s: %s is there %d times", path, url, n)
			}
		}
	}
}
