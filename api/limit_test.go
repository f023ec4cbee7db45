package api_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"broadsheet.example/api"
	"broadsheet.example/news"
)

// More searches than there is room for are told to come back.
func TestConcurrentSearches(t *testing.T) {
	entered, release := make(chan struct{}, 1), make(chan struct{})
	w := newWorldOfPages(t, func(c *api.Config, d *api.Deps) {
		c.MaxSearches = 1
		d.Index = func() news.Index {
			return scripted{search: func(context.Context, news.Query) (*news.Result, error) {
				entered <- struct{}{}
				<-release
				return &news.Result{}, nil
			}}
		}
	})
	var first sync.WaitGroup
	first.Go(func() {
		if r := w.get(t, "/v1/search"); r.status != http.StatusOK {
			t.Errorf("the first: %d", r.status)
		}
	})
	<-entered
	r := w.get(t, "/v1/search")
	wantProblem(t, r, 503, "unavailable")
	if r.header.Get("Retry-After") == "" {
		t.Error("503 says nothing of when to come back")
	}
	r = w.get(t, "/?q=harbor", func(r *http.Request) { r.Header.Set("Accept", "text/html") })
	if r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") == "" || !strings.Contains(string(r.body), "<h1") {
		t.Errorf("a page: %d %v", r.status, r.header)
	}
	close(release)
	first.Wait()
	if r := w.get(t, "/v1/search"); r.status != http.StatusOK {
		t.Errorf("when there is room again: %d", r.status)
	}
}

func TestDocsPage(t *testing.T) {
	w := newWorld(t, nil)
	r := w.get(t, "/docs")
	text := string(r.body)
	for _, route := range api.Routes(w.server) {
		if !strings.Contains(text, "<code>"+route+"</code>") {
			t.Errorf("the page does not show %s", route)
		}
	}
	for _, foreign := range []string{"<script", "src=", "http://", "https://"} {
		if strings.Contains(text, foreign) {
			t.Errorf("the page holds %s", foreign)
		}
	}
	if !strings.Contains(text, "1 to 366; by default 30") || !strings.Contains(text, "<code>facetSize</code>") || r.header.Get("Content-Security-Policy") == "" {
		t.Error("the page shows no parameters, or may load things from elsewhere")
	}
}
