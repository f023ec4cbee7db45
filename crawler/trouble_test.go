package crawler_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet.example/news"
)

func TestFailuresBackOffAndRecover(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", status(http.StatusInternalServerError))
		w.subscribe("a.example/feed")
		w.live(2 * 24 * time.Hour)
		got := w.got("a.example/feed")
		want := 15 * time.Minute
		for i := 1; i < len(got); i++ {
			d := got[i].at.Sub(got[i-1].at)
			if d < want*89/100 || d > want*111/100 {
				t.Errorf("poll %d after %v, want about %v", i, d, want)
			}
			want = min(2*want, 24*time.Hour)
		}
		f := w.feeds()["a.example/feed"]
		if f.Health != news.HealthFailing || !strings.Contains(f.LastError, "HTTP 500") || f.Failures != len(got) {
			t.Errorf("feed: %+v", f)
		}
		w.on("a.example/feed", validated(`"1"`, rss("")))
		w.live(24 * time.Hour)
		if f := w.feeds()["a.example/feed"]; f.Health != news.HealthOK || f.Failures != 0 || f.LastError != "" {
			t.Errorf("after recovery: %+v", f)
		}
	})
}

func TestDeadFeedIsTriedWeekly(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", status(http.StatusInternalServerError))
		w.subscribe("a.example/feed")
		w.live(40 * 24 * time.Hour)
		f := w.feeds()["a.example/feed"]
		if f.Health != news.HealthDead || !f.Enabled || !strings.Contains(f.LastError, "once a week") {
			t.Errorf("feed after 40 days: %+v", f)
		}
		before := len(w.got("a.example/feed"))
		w.live(28 * 24 * time.Hour)
		if n := len(w.got("a.example/feed")) - before; n < 3 || n > 5 {
			t.Errorf("%d polls in four weeks of a dead feed, want one a week", n)
		}
		w.on("a.example/feed", validated(`"1"`, rss("")))
		w.live(8 * 24 * time.Hour)
		if f := w.feeds()["a.example/feed"]; f.Health != news.HealthOK {
			t.Errorf("feed back from the dead: %+v", f)
		}
	})
}

func TestRetryAfterHoldsForTheHost(t *testing.T) {
	for _, value := range []string{"259200", "date"} {
		inWorld(t, func(w *world) {
			until := time.Now().Add(3 * 24 * time.Hour)
			if value == "date" {
				value = until.UTC().Format(http.TimeFormat)
			}
			w.on("a.example/one", status(http.StatusServiceUnavailable, "Retry-After", value))
			w.on("www.a.example/two", validated(`"1"`, rss("")))
			w.subscribe("a.example/one")
			w.pass()
			w.subscribe("www.a.example/two")
			before := len(w.requests)
			w.live(time.Until(until) - time.Minute)
			if n := len(w.requests) - before; n != 0 {
				t.Errorf("%d requests to a host that asked for three days of rest: %v", n, w.requests[before:])
			}
			w.live(24 * time.Hour)
			if len(w.got("www.a.example/two")) == 0 {
				t.Error("the host was not visited again")
			}
		})
	}
}

func TestTooManyRequestsWithoutATime(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", status(http.StatusTooManyRequests))
		w.subscribe("a.example/feed")
		w.pass()
		f := w.feeds()["a.example/feed"]
		if d := f.NextPoll.Sub(f.LastPoll); d < time.Hour || f.Health != news.HealthBlocked {
			t.Errorf("next poll after %v, health %q; want an hour at least, blocked", d, f.Health)
		}
	})
}

func TestGoneFeedIsSwitchedOff(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", status(http.StatusGone))
		w.subscribe("a.example/feed")
		w.pass()
		if f := w.feeds()["a.example/feed"]; f.Health != news.HealthGone || !f.Enabled {
			t.Errorf("after the first 410: %+v", f)
		}
		w.live(10 * 24 * time.Hour)
		if n := len(w.got("a.example/feed")); n != 2 {
			t.Errorf("%d polls, want two", n)
		}
		if f := w.feeds()["a.example/feed"]; f.Health != news.HealthGone || f.Enabled || !strings.Contains(f.LastError, "switched off") {
			t.Errorf("after the second 410: %+v", f)
		}
	})
}

func TestBotWallIsNoEmptyFeed(t *testing.T) {
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   news.FeedHealth
	}{
		{"refused", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte("<title>Just a moment...</title>"))
		}, news.HealthBlocked},
		{"200", text("<html><title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script></html>"), news.HealthBlocked},
		{"login", status(http.StatusUnauthorized), news.HealthBlocked},
		{"a page", text("<html><title>Welcome</title><p>Our new site</p></html>"), news.HealthFailing},
		{"slow", func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(8 * time.Second)
			validated(`"1"`, rss(""))(w, r)
		}, news.HealthSlow},
		{"empty", validated(`"1"`, rss("")), news.HealthOK},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.on("a.example/feed", tt.answer)
				w.subscribe("a.example/feed")
				w.pass()
				f := w.feeds()["a.example/feed"]
				if f.Health != tt.want || (f.LastError == "") != (tt.want == news.HealthOK) {
					t.Errorf("health %q (%s), want %q and a reason", f.Health, f.LastError, tt.want)
				}
			})
		})
	}
}
