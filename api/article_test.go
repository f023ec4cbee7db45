package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// one is the reply that carries an article.
type one struct {
	ID      string
	Article news.Article
}

func TestArticle(t *testing.T) {
	w := newWorld(t, nil)
	ids := w.put(t, sample()...)

	var got one
	r := w.get(t, "/v1/articles/"+ids[0])
	r.into(t, &got)
	if got.ID != ids[0] || got.Article.Title != "Harbor strike ends" || got.Article.Content == "" || got.Article.Revision != 1 {
		t.Errorf("%+v", got)
	}
	if where := r.header.Get("Content-Location"); where != "/v1/articles/"+ids[0] {
		t.Errorf("Content-Location %q", where)
	}

	r = w.get(t, "/v1/articles/"+ids[0]+"?fields=title,url")
	if s := string(r.body); strings.Contains(s, "publishedAt") || !strings.Contains(s, "Harbor strike ends") {
		t.Errorf("with fields: %s", s)
	}
	wantProblem(t, w.get(t, "/v1/articles/"+ids[0]+"?fields=tytle"), 400, "parameterInvalid")
	wantProblem(t, w.get(t, "/v1/articles/"+ids[0]+"?highlight=true"), 400, "parameterInvalid")
	wantProblem(t, w.get(t, "/v1/articles/"+news.ArticleID("nothing")), 404, "notFound")
	wantProblem(t, w.get(t, "/v1/articles/x"), 404, "notFound")
}

// The full text of a publisher who forbids it leaves by no route.
func TestFullTextPolicy(t *testing.T) {
	w := newWorld(t, nil)
	ids := w.put(t, sample()...)
	for _, path := range []string{
		"/v1/articles/" + ids[3], "/v1/articles/" + ids[3] + "/revisions", "/v1/search?q=essay&fields=content,title&highlight=false",
		"/v1/lookup?url=https://closed.example/secret", "/v1/export/articles.ndjson",
	} {
		r := w.get(t, path)
		if r.status != http.StatusOK || !strings.Contains(string(r.body), "Harbor essay") {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
		if strings.Contains(string(r.body), "may not leave") {
			t.Errorf("%s gives the full text away", path)
		}
	}
}

func TestRevisions(t *testing.T) {
	w := newWorld(t, nil)
	ids := w.put(t, sample()...)
	changed := sample()[0]
	changed.Content = "Dock workers in Porto ended their strike."
	w.put(t, changed)
	var got struct{ Revisions []news.Revision }
	w.get(t, "/v1/articles/"+ids[0]+"/revisions").into(t, &got)
	if len(got.Revisions) != 2 || got.Revisions[0].Number != 1 || !strings.Contains(got.Revisions[1].Content, "Porto") {
		t.Errorf("%+v", got.Revisions)
	}
	wantProblem(t, w.get(t, "/v1/articles/"+news.ArticleID("nothing")+"/revisions"), 404, "notFound")
	wantProblem(t, w.get(t, "/v1/articles/"+ids[0]+"/revisions?n=1"), 400, "parameterInvalid")
}

func TestRemove(t *testing.T) {
	w := newWorld(t, nil)
	ids := w.put(t, sample()...)
	path := "/v1/articles/" + ids[0]
	for range 2 { // removing twice is no error
		if r := w.send(t, http.MethodDelete, path, ""); r.status != http.StatusNoContent {
			t.Fatalf("remove: %d %s", r.status, r.body)
		}
	}
	wantProblem(t, w.get(t, path), 410, "removed")
	wantProblem(t, w.get(t, path+"/revisions"), 410, "removed")
	wantProblem(t, w.get(t, "/v1/lookup?url="+url.QueryEscape(sample()[0].URL)), 410, "removed")
	wantProblem(t, w.send(t, http.MethodDelete, "/v1/articles/"+news.ArticleID("nothing"), ""), 404, "notFound")
	wantProblem(t, w.send(t, http.MethodDelete, "/v1/articles/x", ""), 404, "notFound")
	w.follow(t)
	if f := w.search(t, "q=dock"); f.TotalResults != 0 {
		t.Error("the removed article is still found")
	}
}

func TestRedirectedID(t *testing.T) {
	w := newWorld(t, nil)
	ids := w.put(t, sample()[:2]...)
	both := store.Draft{Article: sample()[0], Keys: []string{"gazette.example/harbor", "gazette.example/tram"}}
	if _, err := w.store.PutArticles(t.Context(), both); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		var got one
		w.get(t, "/v1/articles/"+id).into(t, &got)
		if got.ID != ids[0] || got.Article.ID != ids[0] {
			t.Errorf("%s leads to %s, want the survivor %s", id, got.ID, ids[0])
		}
		if r := w.get(t, "/v1/articles/"+id+"/revisions"); r.status != http.StatusOK {
			t.Errorf("revisions of %s: %d %s", id, r.status, r.body)
		}
	}
}

func TestLookup(t *testing.T) {
	w := newWorld(t, nil)
	ids := w.put(t, sample()...)
	var got one
	w.get(t, "/v1/lookup?url="+url.QueryEscape("https://GAZETTE.example/tram")).into(t, &got)
	if got.ID != ids[1] {
		t.Errorf("%+v", got)
	}
	wantProblem(t, w.get(t, "/v1/lookup"), 400, "parametersMissing")
	wantProblem(t, w.get(t, "/v1/lookup?url=about:blank"), 400, "parameterInvalid")
	wantProblem(t, w.get(t, "/v1/lookup?uri=x"), 400, "parameterInvalid")
	wantProblem(t, w.get(t, "/v1/lookup?url=https://gazette.example/none"), 404, "notFound")
	wantProblem(t, w.get(t, "/v1/lookup?url=https://gazette.example/tram&fields=x"), 400, "parameterInvalid")
	wantProblem(t, w.get(t, "/v1/lookup?url=a&url=b"), 400, "parameterInvalid")
}

func TestSources(t *testing.T) {
	w := newWorld(t, nil)
	if r := w.get(t, "/v1/sources"); !strings.Contains(string(r.body), `"sources":[]`) {
		t.Errorf("without articles: %s", r.body)
	}
	w.put(t, sample()...)
	var got struct{ Sources []news.Source }
	w.get(t, "/v1/sources").into(t, &got)
	if len(got.Sources) != 3 || got.Sources[0].ID != "gazette" || got.Sources[0].Articles != 2 {
		t.Errorf("%+v", got.Sources)
	}
	for _, s := range got.Sources {
		if want := s.ID == "closed"; (s.FullText == news.FullTextNone) != want {
			t.Errorf("policy of %s: %s", s.ID, s.FullText)
		}
	}
	wantProblem(t, w.get(t, "/v1/sources?q=x"), 400, "parameterInvalid")
}
