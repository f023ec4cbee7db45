package crawler_test

import (
	"net/http"
	"testing"
	"time"
)

func TestRedirects(t *testing.T) {
	tests := []struct {
		name   string
		code   int
		to     string
		answer http.HandlerFunc
		want   string // address after a week
	}{
		{"301", 301, "http://b.example/feed", validated(`"1"`, rss("")), "b.example/feed"},
		{"308", 308, "http://b.example/feed", validated(`"1"`, rss("")), "b.example/feed"},
		{"302", 302, "http://b.example/feed", validated(`"1"`, rss("")), "a.example/feed"},
		{"303", 303, "http://b.example/feed", validated(`"1"`, rss("")), "a.example/feed"},
		{"307", 307, "http://b.example/feed", validated(`"1"`, rss("")), "a.example/feed"},
		{"to a login page", 301, "http://b.example/feed", text("<html><title>Log in</title></html>"), "a.example/feed"},
		{"to the home page", 301, "http://b.example/", validated(`"1"`, rss("")), "a.example/feed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.on("a.example/feed", status(tt.code, "Location", tt.to))
				w.on("b.example/feed", tt.answer)
				w.on("b.example/", tt.answer)
				w.subscribe("a.example/feed")
				w.live(23 * time.Hour)
				if _, ok := w.feeds()["a.example/feed"]; !ok {
					t.Error("a redirect was believed within a day")
				}
				w.live(6 * 24 * time.Hour)
				if _, ok := w.feeds()[tt.want]; !ok || len(w.feeds()) != 1 {
					t.Errorf("after a week: %v, want %s", w.feeds(), tt.want)
				}
				w.subscribe("a.example/feed")
				if len(w.feeds()) != 1 {
					t.Error("the old address was forgotten")
				}
			})
		})
	}
}

func TestValidatorsStayWithTheirAddress(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", text(rss(""), "ETag", `"a"`))
		w.on("b.example/feed", text(rss("<ttl>20</ttl>"), "ETag", `"b"`))
		w.subscribe("a.example/feed")
		w.pass()
		w.on("a.example/feed", status(302, "Location", "http://b.example/feed"))
		w.live(2 * time.Hour)
		for i, r := range w.got("b.example/feed") {
			got := r.header.Get("If-None-Match")
			if i == 0 && got != "" || i > 0 && got != `"b"` {
				t.Errorf("request %d to the new address sent %q", i, got)
			}
		}
		for i, r := range w.got("a.example/feed") {
			if got := r.header.Get("If-None-Match"); i > 1 && got != "" {
				t.Errorf("request %d to the old address sent %q", i, got)
			}
		}
	})
}

func TestFeedsThatMoveToOneAddressMerge(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", status(301, "Location", "http://c.example/feed"))
		w.on("b.example/feed", status(301, "Location", "http://c.example/feed"))
		w.on("c.example/feed", validated(`"1"`, rss("", "p.example/1 One", "p.example/2 Two")))
		w.on("p.example/1", text(article("One", "")))
		w.on("p.example/2", text(article("Two", "")))
		w.subscribe("a.example/feed", "b.example/feed")
		w.live(7 * 24 * time.Hour)
		if got := w.feeds(); len(got) != 1 || got["c.example/feed"].URL == "" {
			t.Errorf("feeds: %v, want the one address", got)
		}
		if got := w.articles(); len(got) != 2 {
			t.Errorf("%d articles, want two", len(got))
		}
		if n := len(w.got("p.example/1")); n != 1 {
			t.Errorf("a page was fetched %d times", n)
		}
	})
}

func TestRedirectLoopIsAnError(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", status(http.StatusFound, "Location", "/b"))
		w.on("a.example/b", status(http.StatusFound, "Location", "/feed"))
		w.subscribe("a.example/feed")
		w.pass()
		if n := len(w.got("a.example/feed")) + len(w.got("a.example/b")); n != 2 {
			t.Errorf("%d requests in a circle of two", n)
		}
		if f := w.feeds()["a.example/feed"]; f.LastError == "" {
			t.Errorf("feed: %+v", f)
		}
	})
}
