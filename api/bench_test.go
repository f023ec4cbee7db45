package api_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet.example/api"
	"broadsheet.example/news"
)

// largeResult is 20 hits with snippets and 5 facets of 10 values.
func largeResult() *news.Result {
	r := &news.Result{Total: 12_345, NextCursor: strings.Repeat("c", 80), Facets: map[string]news.Facet{}}
	for i := range 20 {
		a := sample()[0]
		a.ID, a.Version, a.Revision, a.Content = news.ArticleID(fmt.Sprint(i)), 1, 1, strings.Repeat("Text of the article. ", 120)
		r.Hits = append(r.Hits, news.Hit{
			Article: a, Score: 3.5, Highlights: map[string][]string{"content": {strings.Repeat("a <mark>word</mark> in its place ", 7)}},
		})
	}
	for _, name := range []string{"source", "person", "place", "organization", "language"} {
		f := news.Facet{Other: 100}
		for i := range 10 {
			f.Buckets = append(f.Buckets, news.Bucket{Value: fmt.Sprint("value-", i), Label: fmt.Sprint("Label ", i), Count: 100 - i})
		}
		r.Facets[name] = f
	}
	return r
}

// BenchmarkSearch is the API's own share of a search over one connection, client
// included; the index answers at once.
func BenchmarkSearch(b *testing.B) {
	result := largeResult()
	w := newWorld(b, func(_ *api.Config, d *api.Deps) {
		d.Index = func() news.Index {
			return scripted{search: func(context.Context, news.Query) (*news.Result, error) { return result, nil }}
		}
	})
	path := w.base + "/v1/search?q=%22harbor+strike%22+-opinion&sources=gazette&from=7d&facets=source,person,place,organization,language"
	start := time.Now()
	for b.Loop() {
		resp, err := w.client.Get(path)
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			b.Fatal(resp.Status, err)
		}
		b.SetBytes(n)
	}
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "req/s")
}
