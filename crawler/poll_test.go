package crawler_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet.example/news"
)

func TestValidatorsAreEchoedVerbatim(t *testing.T) {
	inWorld(t, func(w *world) {
		const etag, modified = `W/"a"`, "yesterday, about 5 o'clock"
		w.on("a.example/feed", text(rss(""), "ETag", etag, "Last-Modified", modified))
		w.subscribe("a.example/feed")
		w.pass()
		w.live(2 * time.Hour)
		got := w.got("a.example/feed")
		if len(got) < 2 {
			t.Fatalf("%d polls", len(got))
		}
		if h := got[0].header; h.Get("If-None-Match") != "" || h.Get("If-Modified-Since") != "" {
			t.Errorf("first request was conditional: %v", h)
		}
		if h := got[1].header; h.Get("If-None-Match") != etag || h.Get("If-Modified-Since") != modified {
			t.Errorf("second request: %v, want the validators as they were given", h)
		}
		if n := w.crawler.Counts().LyingValidators; n != int64(len(got)-1) {
			t.Errorf("%d bodies that came unchanged in spite of validators, want %d", n, len(got)-1)
		}
	})
}

func TestRequestsCarryNothingPersonal(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed?x=1", text(rss(""), "Set-Cookie", "id=1", "ETag", `"1"`))
		w.subscribe("a.example/feed?x=1")
		w.live(time.Hour)
		for _, r := range w.got("a.example/feed?x=1") {
			if r.header.Get("Cookie") != "" || r.header.Get("Referer") != "" {
				t.Errorf("headers %v", r.header)
			}
			if a := r.header.Get("User-Agent"); !strings.Contains(a, "Broadsheet") || !strings.Contains(a, "https://") {
				t.Errorf("user agent %q names no program and contact", a)
			}
			if a := r.header.Get("Accept"); !strings.Contains(a, "application/rss+xml") || !strings.Contains(a, "application/atom+xml") {
				t.Errorf("accept %q", a)
			}
		}
	})
}

func TestNextPoll(t *testing.T) {
	hours := func(n int) time.Duration { return time.Duration(n) * time.Hour }
	many := make([]string, 60)
	for i := range many {
		many[i] = "p.example/private/a"
	}
	tests := []struct {
		name     string
		answer   func() http.HandlerFunc
		from, to time.Duration
	}{
		{"the longest of what is asked", func() http.HandlerFunc {
			return validated(`"1"`, rss("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>"), "Cache-Control", "max-age=7200")
		}, hours(2), 132 * time.Minute},
		{"ttl", func() http.HandlerFunc { return validated(`"1"`, rss("<ttl>90</ttl>")) }, 90 * time.Minute, 99 * time.Minute},
		{"max-age beyond a day", func() http.HandlerFunc { return validated(`"1"`, rss(""), "Cache-Control", "max-age=99999999") }, hours(24), hours(24)},
		{"Expires", func() http.HandlerFunc {
			return validated(`"1"`, rss(""), "Expires", began.Add(hours(3)).Format(http.TimeFormat))
		}, hours(3) - time.Minute, 200 * time.Minute},
		{"Expires of 0", func() http.HandlerFunc { return validated(`"1"`, rss(""), "Expires", "0") }, 10 * time.Minute, 25 * time.Minute},
		{"Expires in the past", func() http.HandlerFunc {
			return validated(`"1"`, rss(""), "Expires", began.Add(-hours(3)).Format(http.TimeFormat))
		}, 10 * time.Minute, 25 * time.Minute},
		{"Expires that is none", func() http.HandlerFunc { return validated(`"1"`, rss(""), "Expires", "in a while") }, 10 * time.Minute, 25 * time.Minute},
		{"no validators", func() http.HandlerFunc { return text(rss("")) }, hours(6), 400 * time.Minute},
		{"no validators, large", func() http.HandlerFunc { return text(rss(strings.Repeat(" ", 1<<20+1))) }, hours(24), hours(24)},
		{"hours and days to skip, from a Saturday", func() http.HandlerFunc {
			return validated(`"1"`, rss("<skipDays><day>Saturday</day></skipDays><skipHours><hour>0</hour><hour>1</hour></skipHours>"))
		}, hours(26) - time.Minute, hours(26)},
		{"a busy feed", func() http.HandlerFunc { return validated(`"1"`, rss("", many...)) }, 10 * time.Minute, 22 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.on("p.example/robots.txt", text("User-agent: *\nDisallow: /private/"))
				w.on("a.example/feed", tt.answer())
				w.subscribe("a.example/feed")
				w.pass()
				f := w.feeds()["a.example/feed"]
				if d := f.NextPoll.Sub(f.LastPoll); d < tt.from || d > tt.to {
					t.Errorf("next poll after %v, want %v to %v (feed: %+v)", d, tt.from, tt.to, f)
				}
			})
		})
	}
}

func TestNotModifiedKeepsAndRenewsValidators(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", text(rss(""), "ETag", `"1"`, "Last-Modified", "then"))
		w.subscribe("a.example/feed")
		w.pass()
		w.on("a.example/feed", status(http.StatusNotModified, "ETag", `"2"`, "Cache-Control", "max-age=18000"))
		w.live(2 * time.Hour)
		f := w.feeds()["a.example/feed"]
		if d := f.NextPoll.Sub(f.LastPoll); d < 5*time.Hour || d > 330*time.Minute {
			t.Errorf("next poll %v after a 304 that holds for 5 h", d)
		}
		w.live(6 * time.Hour)
		got := w.got("a.example/feed")
		last := got[len(got)-1].header
		if last.Get("If-None-Match") != `"2"` || last.Get("If-Modified-Since") != "then" {
			t.Errorf("last request: %v, want the renewed ETag and the old date", last)
		}
	})
}

func TestUnaskedNotModifiedDropsValidators(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", status(http.StatusNotModified, "ETag", `"1"`))
		w.subscribe("a.example/feed")
		w.live(time.Hour)
		for _, r := range w.got("a.example/feed") {
			if r.header.Get("If-None-Match") != "" {
				t.Errorf("validators of an answer to no question were sent: %v", r.header)
			}
		}
		if f := w.feeds()["a.example/feed"]; f.Health != news.HealthFailing || !strings.Contains(f.LastError, "not modified") {
			t.Errorf("feed: %+v", f)
		}
	})
}

// A server that says "not modified" for ever is put to the test after a month,
// and not believed again when that was a lie.
func TestLiesAreFoundOut(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("p.example/1", text(article("One", "")))
		w.on("p.example/2", text(article("Two", "")))
		old, fresh := rss("", "p.example/1 One"), ""
		w.on("a.example/feed", func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("ETag", `"1"`)
			switch {
			case r.Header.Get("If-None-Match") != "":
				rw.WriteHeader(http.StatusNotModified)
			case fresh == "":
				text(old)(rw, r)
			default:
				text(fresh)(rw, r)
			}
		})
		w.subscribe("a.example/feed")
		w.live(24 * time.Hour)
		fresh = rss("", "p.example/2 Two", "p.example/1 One")
		w.live(32 * 24 * time.Hour)
		unconditional := 0
		for _, r := range w.got("a.example/feed") {
			if r.header.Get("If-None-Match") == "" {
				unconditional++
			}
		}
		if got := len(w.articles()); got != 2 {
			t.Errorf("%d articles, want the one that was kept back too", got)
		}
		if unconditional < 2 {
			t.Fatalf("%d unconditional requests in a month", unconditional)
		}
		before := len(w.got("a.example/feed"))
		w.live(3 * 24 * time.Hour)
		for _, r := range w.got("a.example/feed")[before:] {
			if r.header.Get("If-None-Match") != "" {
				t.Errorf("the liar was believed again: %v", r.header)
			}
		}
	})
}

func TestHonestServerIsProbedOnceAMonth(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", validated(`"1"`, rss("", "p.example/1 One")))
		w.subscribe("a.example/feed")
		w.live(95 * 24 * time.Hour)
		unconditional := 0
		for _, r := range w.got("a.example/feed") {
			if r.header.Get("If-None-Match") == "" {
				unconditional++
			}
		}
		if unconditional != 4 {
			t.Errorf("%d unconditional requests in 95 days, want the first and one a month", unconditional)
		}
	})
}

func TestManualRefreshKeepsAMinute(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", validated(`"1"`, rss("")))
		w.subscribe("a.example/feed")
		w.pass()
		for range 5 {
			w.refresh("a.example/feed")
			w.live(10 * time.Second)
		}
		got := w.got("a.example/feed")
		for i := 1; i < len(got); i++ {
			if d := got[i].at.Sub(got[i-1].at); d < time.Minute {
				t.Errorf("polls %v apart", d)
			}
		}
		if len(got) < 2 {
			t.Error("the feed was not polled again")
		}
	})
}

func TestRestartPollsNothingEarly(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", validated(`"1"`, rss("", "p.example/1 One")))
		w.on("p.example/1", validated(`"2"`, article("One", "")))
		w.subscribe("a.example/feed")
		w.pass()
		before := len(w.requests)
		again := w.again()
		for range 5 {
			if err := again.Pass(w.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
		}
		if n := len(w.requests) - before; n != 0 {
			t.Errorf("%d requests after a restart, want none before the next poll is due: %v", n, w.requests[before:])
		}
	})
}

func TestClockSetByADay(t *testing.T) {
	for _, by := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
		inWorld(t, func(w *world) {
			w.on("a.example/feed", validated(`"1"`, rss("")))
			w.subscribe("a.example/feed")
			w.live(12 * time.Minute)
			before := len(w.got("a.example/feed"))
			w.run(20*time.Minute, by)
			got := w.got("a.example/feed")
			if n := len(got) - before; n < 1 || n > 3 {
				t.Errorf("clock set by %v: %d polls in the next 20 minutes", by, n)
			}
			if first := got[before].at.Sub(got[before-1].at); first < 9*time.Minute {
				t.Errorf("clock set by %v: next poll after %v", by, first)
			}
		})
	}
}
