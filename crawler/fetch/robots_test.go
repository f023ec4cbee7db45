package fetch_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet.example/crawler/fetch"
)

func hello(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }

func TestRobots(t *testing.T) {
	o := serve(t, "127.0.0.2", hello)
	o.robots = "User-agent: *\nDisallow: /\n\nUser-agent: Broadsheet\nDisallow: /private/\nDisallow: /%C3%A9\nAllow: /private/open\n"
	c := open(t, loopback())
	for path, want := range map[string]bool{
		"/": true, "/a": true, "/private/a": false, "/private/open": true, "/privat%65/a": false, "/é": false, "/%c3%a9": false, "/x/../private/a": false,
	} {
		allowed, reason, err := c.Robots(t.Context(), o.URL+path)
		if allowed != want || err != nil || !want && !strings.Contains(reason, "Disallow: /") {
			t.Errorf("Robots(%s) = %v, %q, %v, want %v", path, allowed, reason, err, want)
		}
		if want {
			get(t, c, page(o.URL+path))
		} else {
			fail(t, c, page(o.URL+path), fetch.Robots)
		}
	}
	get(t, c, fetch.Request{URL: o.URL + "/private/feed.xml", IgnoreRobots: true})
	fail(t, c, fetch.Request{URL: o.URL + "/private/feed.xml"}, fetch.Robots)
	if n := count(o.paths(), "/robots.txt"); n != 1 {
		t.Errorf("robots.txt was fetched %d times, want once", n)
	}
	if _, _, err := c.Robots(t.Context(), "nonsense"); err == nil {
		t.Error("Robots of nonsense: no error")
	}
}

func count(list []string, what string) int {
	n := 0
	for _, s := range list {
		if s == what {
			n++
		}
	}
	return n
}

func TestRobotsShared(t *testing.T) {
	o := serve(t, "127.0.0.2", hello)
	c := open(t, loopback())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { get(t, c, page(o.URL+"/a")) })
	}
	all.Wait()
	if n := count(o.paths(), "/robots.txt"); n != 1 {
		t.Errorf("robots.txt was fetched %d times by 8 at once, want once", n)
	}
}

// TestRobotsAnswers plays what servers answer in place of a robots.txt.
func TestRobotsAnswers(t *testing.T) {
	forbid := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "User-agent: *\nDisallow: /") }
	for _, tt := range []struct {
		name   string
		robots http.HandlerFunc
		kind   fetch.ErrorKind // none: allowed
	}{
		{"404", http.NotFound, ""},
		{"401", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, ""},
		{"403 of a wall", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403); fmt.Fprint(w, "captcha") }, ""},
		{"429", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, fetch.Blocked},
		{"500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, fetch.Status},
		{"503 of a wall", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503); fmt.Fprint(w, "captcha") }, fetch.Blocked},
		{"no answer", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, fetch.Network},
		{"empty", func(http.ResponseWriter, *http.Request) {}, ""},
		{"204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, ""},
		{"an image", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			w.Write([]byte{0, 1})
		}, ""},
		{"endless redirects", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"?x", http.StatusFound) }, ""},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/real/robots.txt", http.StatusMovedPermanently)
		}, fetch.Robots},
		{"redirect to a forbidden network", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusMovedPermanently)
		}, fetch.Address},
		{"500 KiB, then a rule", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, strings.Repeat("# 34567890123456789012345678901\n", 500<<5), "User-agent: *\nDisallow: /")
		}, ""},
		{"a rule, then much", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "User-agent: *\nDisallow: /", strings.Repeat("\n# 2345678901234567890123456789012345678", 1<<16))
		}, fetch.Robots},
		{"cut within a line", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "User-agent: *\nDisallow: /")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := serve(t, "127.0.0.2", func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/real/robots.txt" {
					forbid(w, r)
				} else if r.URL.Path == "/a" {
					hello(w, r)
				}
			})
			real := o.Config.Handler
			o.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					tt.robots(w, r)
				} else {
					real.ServeHTTP(w, r)
				}
			})
			c := open(t, loopback())
			if tt.kind == "" {
				get(t, c, page(o.URL+"/a"))
				return
			}
			fail(t, c, page(o.URL+"/a"), tt.kind)
			if got := o.paths(); slices.Contains(got, "/a") {
				t.Errorf("the page was fetched all the same: %q", got)
			}
			if tt.kind != fetch.Address && tt.kind != fetch.Blocked {
				get(t, c, fetch.Request{URL: o.URL + "/a", IgnoreRobots: true})
			}
		})
	}
}

// TestRobotsAge moves the clock of dates.
func TestRobotsAge(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	cfg := loopback()
	cfg.Now = func() time.Time { return now }
	status, age := 200, ""
	o := serve(t, "127.0.0.2", hello)
	real := o.Config.Handler
	asked := 0
	o.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" {
			real.ServeHTTP(w, r)
			return
		}
		asked++
		w.Header().Set("Cache-Control", age)
		w.WriteHeader(status)
		fmt.Fprint(w, "User-agent: *\nDisallow: /private")
	})
	c := open(t, cfg)
	steps := []struct {
		name    string
		pass    time.Duration
		status  int
		age     string
		asked   int
		private bool // the private page is to be had
	}{
		{"first", 0, 200, "", 1, false},
		{"within the day", 23 * time.Hour, 200, "", 1, false},
		{"a day later", 2 * time.Hour, 200, "max-age=3600", 2, false},
		{"an hour later", 61 * time.Minute, 200, "max-age=1", 3, false},
		{"never more often than", 4 * time.Minute, 200, "max-age=1", 3, false},
		{"unavailable: the last copy stands", 2 * time.Minute, 500, "", 4, false},
		{"and is tried again soon", 6 * time.Minute, 500, "", 5, false},
		{"the clock jumps back", -48 * time.Hour, 404, "", 6, true},
	}
	for _, s := range steps {
		now = now.Add(s.pass)
		status, age = s.status, s.age
		allowed, _, err := c.Robots(t.Context(), o.URL+"/private")
		if err != nil || allowed != s.private || asked != s.asked {
			t.Errorf("%s: allowed %v, %v, asked %d times, want %v, %d", s.name, allowed, err, asked, s.private, s.asked)
		}
	}
}

func TestRobotsNeverHad(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	cfg := loopback()
	cfg.Now = func() time.Time { return now }
	o := serve(t, "127.0.0.2", hello)
	o.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	c := open(t, cfg)
	for _, tt := range []struct {
		pass time.Duration
		want bool
	}{{0, false}, {29 * 24 * time.Hour, false}, {25 * time.Hour, true}} {
		now = now.Add(tt.pass)
		allowed, _, err := c.Robots(t.Context(), o.URL+"/")
		if allowed != tt.want || (err == nil) != tt.want {
			t.Errorf("after %v: allowed %v, %v, want %v", tt.pass, allowed, err, tt.want)
		}
	}
}

func TestCrawlDelayTooLong(t *testing.T) {
	o := serve(t, "127.0.0.2", hello)
	o.robots = "User-agent: *\nCrawl-delay: 31"
	c := open(t, loopback())
	e := fail(t, c, page(o.URL+"/"), fetch.Robots)
	if !strings.Contains(e.Error(), "31s") {
		t.Errorf("error %q does not name the delay", e)
	}
	get(t, c, fetch.Request{URL: o.URL + "/feed"})
}
