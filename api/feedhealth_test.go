package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestFeedHealth(t *testing.T) {
	w := newWorld(t, nil)
	var added feedReply
	w.send(t, http.MethodPost, "/v1/feeds", `{"url":"https://gazette.example/rss"}`).into(t, &added)
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
	if err := w.store.Pause(t.Context(), "gazette.example", until); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Pause(t.Context(), "observer.example", until.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	var got struct {
		ID          string
		Enabled     bool
		PausedUntil time.Time
		Pending     *int
	}
	w.get(t, "/v1/feeds/"+added.Feed.ID+"/health").into(t, &got)
	if got.ID != added.Feed.ID || !got.Enabled || !got.PausedUntil.Equal(until) || got.Pending == nil || *got.Pending != 0 {
		t.Errorf("%+v, want the pause until %s", got, until)
	}
	wantProblem(t, w.get(t, "/v1/feeds/nobody/health"), 404, "notFound")
}

func TestDiscover(t *testing.T) {
	w := newWorld(t, nil)
	ask := func(address string) reply {
		return w.send(t, http.MethodPost, "/v1/discover", `{"url":"`+address+`"}`)
	}
	var got struct {
		Feed struct {
			ID, URL, Title, Kind string
			Known                bool
		}
		Others []string
	}
	ask("https://gazette.example/rss").into(t, &got)
	if f := got.Feed; f.Title != "Gazette" || f.Kind != "feed" || f.Known || len(got.Others) != 1 {
		t.Errorf("%+v", got)
	}
	w.send(t, http.MethodPost, "/v1/feeds", `{"url":"https://gazette.example/rss"}`)
	ask("https://gazette.example/rss").into(t, &got)
	if !got.Feed.Known {
		t.Error("a feed that was added is not known")
	}
	wantProblem(t, ask("https://nothing.example/"), 422, "feedNotFound")
	wantProblem(t, ask("nonsense"), 400, "parameterInvalid")
	wantProblem(t, ask(""), 400, "parametersMissing")
}

func TestBackfills(t *testing.T) {
	w := newWorld(t, nil)
	var started, one struct {
		Feed, Backfill struct {
			ID, Kind string
			Done     *bool
			Pending  *int
		}
	}
	w.send(t, http.MethodPost, "/v1/backfills", `{"url":"https://gazette.example/#2026-10-01..2026-10-31"}`).into(t, &started)
	var feed feedReply
	w.send(t, http.MethodPost, "/v1/feeds", `{"url":"https://gazette.example/rss"}`).into(t, &feed)
	var list struct{ Backfills []struct{ ID string } }
	w.get(t, "/v1/backfills").into(t, &list)
	if len(list.Backfills) != 1 || list.Backfills[0].ID != started.Feed.ID {
		t.Fatalf("%+v, want %s alone", list, started.Feed.ID)
	}
	w.get(t, "/v1/backfills/"+started.Feed.ID).into(t, &one)
	if b := one.Backfill; b.Kind != "backfill" || b.Done == nil || *b.Done || *b.Pending != 0 {
		t.Errorf("%+v", b)
	}
	if r := w.get(t, "/v1/export"); strings.Contains(string(r.body), "2026-10-01") || !strings.Contains(string(r.body), "gazette.example/rss") {
		t.Errorf("the subscriptions, without backfills: %s", r.body)
	}
	wantProblem(t, w.get(t, "/v1/backfills/"+feed.Feed.ID), 404, "notFound")
	wantProblem(t, w.get(t, "/v1/backfills/nobody"), 404, "notFound")
}

// What is not here answers with how far it has come.
func TestLookupTraces(t *testing.T) {
	w := newWorld(t, nil)
	r := w.get(t, "/v1/lookup?url=https://gazette.example/unknown")
	p := wantProblem(t, r, 404, "notFound")
	if p.Param != "url" || !strings.Contains(string(r.body), `"trace":[{`) {
		t.Errorf("%s", r.body)
	}
}

func TestRelatedToText(t *testing.T) {
	w := newWorld(t, nil)
	ids := w.put(t, sample()...)
	ask := func(body string) (reply, found) {
		r := w.do(t, w.client, http.MethodPost, "/v1/related", "application/json", body)
		var f found
		if r.status == http.StatusOK {
			r.into(t, &f)
		}
		return r, f
	}
	if _, got := ask(`{"title":"Strike ends in the harbor"}`); len(got.Articles) == 0 || got.Articles[0].Title != "Harbor strike ends" {
		t.Errorf("of a text: %v", got.titles())
	}
	if _, got := ask(`{"title":"Strike ends in the harbor","publishedAt":"2020-01-01T00:00:00Z","window":5}`); len(got.Articles) != 0 {
		t.Errorf("of another time: %v", got.titles())
	}
	r, got := ask(`{"url":"` + sample()[0].URL + `","fields":["title"]}`)
	if len(got.Articles) == 0 || got.Articles[0].URL != "" || !strings.Contains(string(r.body), ids[0]) {
		t.Errorf("of an address: %s", r.body)
	}
	for body, want := range map[string]string{
		`{}`: "parametersMissing", `{"url":"https://x.example/1","title":"x"}`: "parameterInvalid", `{"titel":"x"}`: "parameterInvalid",
		`{"title":"x","publishedAt":"soon"}`: "parameterInvalid", `{"title":"x","pageSize":51}`: "parameterInvalid",
	} {
		r, _ := ask(body)
		wantProblem(t, r, 400, want)
	}
	r, _ = ask(`{"url":"https://gazette.example/unknown"}`)
	wantProblem(t, r, 404, "notFound")
}

// Long queries of counts go by POST, as those of searches do.
func TestCountsByPost(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	for path, body := range map[string]string{
		"/v1/timeseries": `{"q":"harbor","splitBy":"source","series":2,"interval":"day"}`,
		"/v1/entities":   `{"q":"harbor","type":"person","facetSize":3}`,
	} {
		values := url.Values{"q": {"harbor"}}
		if path == "/v1/timeseries" {
			values.Set("splitBy", "source")
			values.Set("series", "2")
			values.Set("interval", "day")
		} else {
			values.Set("type", "person")
			values.Set("facetSize", "3")
		}
		asked, posted := w.get(t, path+"?"+values.Encode()), w.do(t, w.client, http.MethodPost, path, "application/json", body)
		if posted.status != http.StatusOK || string(asked.body) != string(posted.body) {
			t.Errorf("%s: by POST %d %s, by GET %s", path, posted.status, posted.body, asked.body)
		}
	}
}
