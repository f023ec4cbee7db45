package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet.example/news"
)

// theirs is what a client of NewsAPI reads.
type theirs struct {
	Status, Code, Message string
	TotalResults          int
	Articles              []struct {
		Source                       struct{ ID, Name *string }
		Author, Description, Content *string
		Title, URL, PublishedAt      string
	}
	Sources []struct{ ID, Name, Category string }
}

func TestNewsAPI(t *testing.T) {
	w := newWorld(t, nil)
	articles := sample()
	articles[0].Content += strings.Repeat(" More.", 100)
	articles = append(articles, news.Article{
		URL: "https://bare.example/1", Title: "Bare", PublishedAt: time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC), Completeness: news.FeedOnly,
	})
	w.put(t, articles...)
	ask := func(path string) theirs {
		var got theirs
		w.get(t, path).into(t, &got)
		return got
	}
	got := ask("/v2/everything?q=harbor&pageSize=2&page=2&apiKey=whatever")
	if got.Status != "ok" || got.TotalResults != 4 || len(got.Articles) != 2 || got.Articles[1].Title != "Harbor strike ends" {
		t.Fatalf("%+v", got)
	}
	if a := got.Articles[1]; *a.Author != "Smith, John" || a.PublishedAt != "2024-04-18T10:00:00Z" || !strings.HasSuffix(*a.Content, " chars]") || a.Description != nil {
		t.Errorf("%+v", a)
	}
	if got := ask("/v2/everything?q=bare"); got.Articles[0].Source.ID != nil || got.Articles[0].Content != nil {
		t.Errorf("%+v", got.Articles[0])
	}
	for path, want := range map[string]int{
		"/v2/everything?qintitle=strike":                   2,
		"/v2/everything?qInTitle=strike&q=lisbon":          1,
		"/v2/everything?sources=gazette,observer":          3,
		"/v2/everything?domains=observer.example":          1,
		"/v2/everything?q=harbor&sortBy=popularity":        4,
		"/v2/everything?q=harbor&from=2024-04-20":          2,
		"/v2/everything?q=harbor&searchIn=title,content":   4,
		"/v2/top-headlines?language=en":                    4,
		"/v2/top-headlines?category=business&q=harbor":     2,
		"/v2/top-headlines?category=general&language=en":   4,
		"/v2/top-headlines?sources=gazette":                2,
		"/v2/everything?q=harbor&page=100&pageSize=100":    4,
		"/v2/everything?q=%22harbor+strike%22+AND+-lisbon": 1,
	} {
		if got := ask(path); got.Status != "ok" || got.TotalResults != want {
			t.Errorf("%s: %+v, want %d", path, got, want)
		}
	}
	if got := ask("/v2/top-headlines/sources?category=general"); len(got.Sources) < 3 || got.Sources[0].Category != "general" {
		t.Errorf("%+v", got)
	}
	if got := ask("/v2/sources?country=pt"); got.Status != "ok" || len(got.Sources) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestNewsAPIErrors(t *testing.T) {
	w := newWorld(t, withKeys(true))
	w.put(t, sample()...)
	tests := []struct {
		name, path string
		change     []func(*http.Request)
		status     int
		code       string
	}{
		{"nothing asked", "/v2/everything", nil, 400, "parametersMissing"},
		{"nothing asked of the top", "/v2/top-headlines?pageSize=5", nil, 400, "parametersMissing"},
		{"mixed", "/v2/top-headlines?sources=gazette&country=us", nil, 400, "parametersIncompatible"},
		{"many sources", "/v2/everything?sources=" + strings.Repeat("a,", 20) + "b", nil, 400, "sourcesTooMany"},
		{"no source", "/v2/everything?sources=nobody", nil, 400, "sourceDoesNotExist"},
		{"page size", "/v2/everything?q=a&pageSize=101", nil, 400, "parameterInvalid"},
		{"sort", "/v2/everything?q=a&sortBy=age", nil, 400, "parameterInvalid"},
		{"date", "/v2/everything?q=a&from=someday", nil, 400, "parameterInvalid"},
		{"query", "/v2/everything?q=%22", nil, 400, "parameterInvalid"},
		{"parameter", "/v2/everything?q=a&colour=red", nil, 400, "parameterInvalid"},
		{"deep", "/v2/everything?q=a&page=1000", nil, 400, "maximumResultsReached"},
		{"no key", "/v2/everything?q=a", []func(*http.Request){remote}, 401, "apiKeyMissing"},
		{"bad key", "/v2/everything?q=a&apiKey=bad", []func(*http.Request){remote}, 401, "apiKeyInvalid"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := w.get(t, tt.path, tt.change...)
			var got theirs
			r.into(t, &got)
			if r.status != tt.status || got.Status != "error" || got.Code != tt.code || got.Message == "" {
				t.Errorf("%d %+v, want %d %s", r.status, got, tt.status, tt.code)
			}
		})
	}
	bare := func(r *http.Request) { r.Header.Set("Authorization", "read") }
	for path, change := range map[string]func(*http.Request){"/v2/everything?q=a&apiKey=read": remote, "/v2/everything?q=a": bare} {
		if r := w.get(t, path, remote, change); r.status != http.StatusOK {
			t.Errorf("%s with a key: %d", path, r.status)
		}
	}
}
