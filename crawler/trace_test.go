package crawler_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet.example/crawler"
)

// trace returns the steps of a HOST/PATH as lines "NAME ok|no NOTE".
func (w *world) trace(url string) string {
	w.Helper()
	steps, err := crawler.NewTracer(w.store, nil, w.now).Trace(w.Context(), url)
	if err != nil {
		w.Fatal(err)
	}
	var lines []string
	for _, s := range steps {
		ok := "no"
		if s.OK {
			ok = "ok"
		}
		lines = append(lines, s.Name+" "+ok+" "+s.Note)
	}
	return strings.Join(lines, "\n")
}

func (w *world) wantTrace(url string, want ...string) {
	w.Helper()
	got := w.trace(url)
	for _, line := range want {
		if !strings.Contains(got, line) {
			w.Errorf("trace of %s:\n%s\nwant %q in it", url, got, line)
		}
	}
}

func TestTrace(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", validated(`"1"`, rss("", "p.example/1 One", "p.example/2 Two", "q.example/3 Three", "r.example/4 Four")))
		w.on("p.example/robots.txt", text("User-agent: *\nDisallow: /2"))
		w.on("p.example/1", text(article("One", "")))
		w.on("q.example/3", status(http.StatusServiceUnavailable))
		w.on("r.example/4", text(article("Four", "")))
		w.subscribe("a.example/feed")
		if err := w.store.Pause(w.Context(), "r.example", w.now().Add(48*time.Hour)); err != nil {
			w.Fatal(err)
		}
		w.pass()
		if err := w.store.Register(w.Context(), "index"); err != nil {
			w.Fatal(err)
		}
		w.wantTrace("http://p.example/1?utm_source=x", "address ok known by the key https://p.example/1", `discovered ok named by Feed, as "One"`,
			"fetched ok HTTP 200", "stored ok article ", "indexed no index has not taken")
		w.wantTrace("http://p.example/2", "fetched no refused, the feed's own words stand", "robots.txt", "stored ok", "feedOnly")
		w.wantTrace("http://q.example/3", " attempts have failed", "HTTP 503", "due at", "stored no")
		w.wantTrace("http://r.example/4", "fetched no not yet fetched; its host is paused")
		w.wantTrace("http://unknown.example/", "discovered no", "stored no")
		w.wantTrace("ftp://x", "address no")
		if err := w.store.Remove(w.Context(), w.articles()[0].ID); err != nil {
			w.Fatal(err)
		}
		w.wantTrace("http://p.example/1", "stored no the article was taken down")
	})
}

func TestPauseHoldsHostsBack(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", validated(`"1"`, rss("")))
		w.on("b.example/feed", validated(`"1"`, rss("")))
		w.subscribe("a.example/feed", "b.example/feed")
		if err := w.store.Pause(w.Context(), "", w.now().Add(time.Hour)); err != nil {
			w.Fatal(err)
		}
		w.run(5*time.Minute, 0)
		if n := len(w.requests); n != 0 {
			t.Errorf("%d requests while everything was paused", n)
		}
		if err := w.store.Resume(w.Context(), ""); err != nil {
			w.Fatal(err)
		}
		if err := w.store.Pause(w.Context(), "a.example", w.now().Add(time.Hour)); err != nil {
			w.Fatal(err)
		}
		w.run(5*time.Minute, 0)
		if len(w.got("a.example/feed")) != 0 || len(w.got("b.example/feed")) == 0 {
			t.Errorf("requests with one host paused: %v", w.requests)
		}
		w.live(2 * time.Hour)
		if len(w.got("a.example/feed")) == 0 {
			t.Error("the host was not visited after its pause")
		}
	})
}

func TestPageBudget(t *testing.T) {
	inWorld(t, func(w *world) {
		w.config.PageBudget = 3
		w.crawler = w.again()
		var items []string
		for _, p := range []string{"1", "2", "3", "4", "5", "6", "7"} {
			items = append(items, "p.example/"+p+" Page "+p)
			w.on("p.example/"+p, text(article("Page "+p, "")))
		}
		w.on("a.example/feed", validated(`"1"`, rss("", items...)))
		w.subscribe("a.example/feed")
		for day, want := range []int{3, 6, 7} {
			w.live(23 * time.Hour)
			got := 0
			for _, r := range w.requests {
				if strings.HasPrefix(r.url, "p.example/") && !strings.HasSuffix(r.url, "robots.txt") {
					got++
				}
			}
			if got != want {
				t.Errorf("day %d: %d pages fetched, want %d", day, got, want)
			}
			w.live(time.Hour)
		}
	})
}
