package api_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"broadsheet.example/api"
	"broadsheet.example/news"
)

func TestStatus(t *testing.T) {
	w := newWorld(t, func(_ *api.Config, d *api.Deps) {
		d.Status = func(context.Context) map[string]any { return map[string]any{"crawl": map[string]int{"fetched": 7}} }
	})
	w.put(t, sample()...)
	w.send(t, http.MethodPost, "/v1/feeds", `{"url":"https://gazette.example/rss"}`)
	w.send(t, http.MethodPost, "/v1/feeds", `{"url":"https://off.example/rss","enabled":false}`)
	var got struct {
		Version  string
		Ready    bool
		Articles int
		Feeds    struct {
			Enabled, Disabled int
			Health            map[string]int
		}
		Outbox struct{ Pending int }
		Digest struct {
			Store, Index struct {
				Articles int
				Sum      string
			}
			Equal bool
		}
		Crawl struct{ Fetched int }
	}
	w.get(t, "/v1/status?digest=true").into(t, &got)
	if got.Version != "test" || !got.Ready || got.Articles != 4 || got.Outbox.Pending != 0 || got.Crawl.Fetched != 7 {
		t.Errorf("%+v", got)
	}
	if got.Feeds.Enabled != 1 || got.Feeds.Disabled != 1 || got.Feeds.Health["new"] != 1 {
		t.Errorf("feeds: %+v", got.Feeds)
	}
	if !got.Digest.Equal || got.Digest.Store != got.Digest.Index || got.Digest.Store.Articles != 4 || len(got.Digest.Store.Sum) != 16 {
		t.Errorf("digest: %+v", got.Digest)
	}
	if r := w.get(t, "/v1/status"); strings.Contains(string(r.body), `"digest"`) {
		t.Error("a digest nobody asked for")
	}
	wantProblem(t, w.get(t, "/v1/status?digest=maybe"), 400, "parameterInvalid")
	wantProblem(t, w.get(t, "/v1/status?full=1"), 400, "parameterInvalid")
}

func TestReadiness(t *testing.T) {
	w := newWorld(t, func(_ *api.Config, d *api.Deps) {
		d.Ready = func() error { return errors.New("the index is being rebuilt") }
	})
	p := wantProblem(t, w.get(t, "/readyz"), 503, "unavailable")
	if !strings.Contains(p.Detail, "rebuilt") {
		t.Errorf("%+v", p)
	}
	if r := w.get(t, "/v1/status"); !strings.Contains(string(r.body), `"notReady":"the index is being rebuilt"`) {
		t.Errorf("%s", r.body)
	}
	if r := w.get(t, "/healthz"); r.status != http.StatusOK {
		t.Errorf("alive: %d", r.status)
	}
	if r := newWorld(t, nil).get(t, "/readyz"); r.status != http.StatusOK {
		t.Errorf("ready: %d %s", r.status, r.body)
	}
}

func TestMetrics(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	w.send(t, http.MethodPost, "/v1/feeds", `{"url":"https://gazette.example/rss"}`)
	w.search(t, "q=harbor")
	w.get(t, "/v1/articles/"+news.ArticleID("a"))
	w.get(t, "/v1/nowhere")
	text := string(w.get(t, "/metrics").body)
	for _, line := range []string{
		`broadsheet_http_requests_total{method="GET",route="/v1/search",status="200"} 1`,
		`broadsheet_http_requests_total{method="other",route="other",status="404"} 2`,
		`broadsheet_articles 4`, `broadsheet_feeds{health="new"} 1`, `broadsheet_outbox_pending 0`, `broadsheet_outbox_age_seconds 0`, `broadsheet_store_up 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("there is no line %q", line)
		}
	}
	if strings.Contains(text, "nowhere") {
		t.Error("a made-up address became a label")
	}
	broken := newWorld(t, func(_ *api.Config, d *api.Deps) { d.Store = failing{d.Store, errors.New("broken")} })
	if text := string(broken.get(t, "/metrics").body); !strings.Contains(text, "broadsheet_store_up 0\n") {
		t.Error("a broken store is not told of")
	}
	wantProblem(t, broken.get(t, "/v1/status"), 500, "unexpectedError")
}

func TestReindex(t *testing.T) {
	calls := 0
	w := newWorld(t, func(_ *api.Config, d *api.Deps) {
		d.Reindex = func(context.Context) error {
			if calls++; calls > 1 {
				return news.ErrUnavailable
			}
			return nil
		}
	})
	if r := w.send(t, http.MethodPost, "/v1/reindex", ""); r.status != http.StatusOK {
		t.Errorf("%d %s", r.status, r.body)
	}
	wantProblem(t, w.send(t, http.MethodPost, "/v1/reindex", ""), 503, "unavailable")
	wantProblem(t, newWorld(t, nil).send(t, http.MethodPost, "/v1/reindex", ""), 503, "unavailable")
}

func TestOpenAPI(t *testing.T) {
	w := newWorld(t, nil)
	var doc struct{ OpenAPI string }
	w.get(t, "/openapi.json").into(t, &doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("%+v", doc)
	}
}
