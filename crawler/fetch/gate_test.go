package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet.example/crawler/fetch"
)

// polite is the default configuration.
func polite() fetch.Config { return fetch.DefaultConfig() }

// gaps are the distances between successive times.
func gaps(at []time.Duration) []time.Duration {
	var d []time.Duration
	for i := 1; i < len(at); i++ {
		d = append(d, at[i]-at[i-1])
	}
	return d
}

func TestGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, log, stop := bubble(t, polite(), func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(200 * time.Millisecond)
			hello(w, r)
		})
		defer stop()
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				host := []string{"a.example", "www.a.example", "b.example", "c.example:8080"}[i%4]
				get(t, c, page(fmt.Sprintf("http://%s/%d", host, i)))
			})
		}
		all.Wait()
		if log.crowds > 0 {
			t.Errorf("%d requests met another one at their host", log.crowds)
		}
		a := append(log.of("a.example"), log.of("www.a.example")...)
		if len(a) != 20 {
			t.Fatalf("%d requests at a.example, want 20", len(a))
		}
		for _, host := range []string{"a.example", "b.example", "c.example:8080"} {
			for _, gap := range gaps(log.of(host)) {
				if gap < time.Second {
					t.Errorf("%s: a gap of %v", host, gap)
				}
			}
		}
		if took := time.Since(log.start); took > 30*time.Second {
			t.Errorf("20 requests at the busiest host took %v", took)
		}
	})
}

func TestHostNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _, stop := bubble(t, polite(), hello)
		defer stop()
		res := get(t, c, page("http://a.example/"))
		if wait := time.Until(res.HostNext); wait <= 0 || wait > time.Second {
			t.Errorf("next request in %v, want within a second", wait)
		}
		if !res.At.Equal(time.Now()) {
			t.Errorf("sent at %v, want now", res.At)
		}
	})
}

func TestCrawlDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, log, stop := bubble(t, polite(), func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				fmt.Fprint(w, "User-agent: *\nCrawl-delay: 7")
			}
		})
		defer stop()
		for range 3 {
			get(t, c, page("http://a.example/"))
		}
		if got := gaps(log.of("a.example")); got[0] != 7*time.Second || got[1] != 7*time.Second {
			t.Errorf("gaps %v, want 7 s", got)
		}
	})
}

func TestSlowHostGetsMoreTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, log, stop := bubble(t, polite(), func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/slow" {
				time.Sleep(4 * time.Second)
			}
		})
		defer stop()
		for _, path := range []string{"/slow", "/a", "/b"} {
			get(t, c, page("http://a.example"+path))
		}
		if got := gaps(log.of("a.example")); got[0] != 12*time.Second || got[1] != time.Second {
			t.Errorf("gaps %v, want 4 s and twice as much, then 1 s", got)
		}
	})
}

func TestRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, log, stop := bubble(t, polite(), func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/busy" {
				w.Header().Set("Retry-After", "20")
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		})
		defer stop()
		e := fail(t, c, page("http://a.example/busy"), fetch.Status)
		if wait := time.Until(e.HostNext); wait != 20*time.Second {
			t.Errorf("next request in %v, want 20 s", wait)
		}
		get(t, c, page("http://www.a.example/"))
		if got := log.of("www.a.example")[0] - log.of("a.example")[0]; got != 20*time.Second {
			t.Errorf("the host was left alone for %v, want 20 s", got)
		}
	})
}

func TestTooManyRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := true
		c, log, stop := bubble(t, polite(), func(w http.ResponseWriter, r *http.Request) {
			if busy && r.URL.Path != "/robots.txt" {
				w.WriteHeader(http.StatusTooManyRequests)
			}
		})
		defer stop()
		for range 4 {
			fail(t, c, page("http://a.example/"), fetch.Blocked)
		}
		busy = false
		for range 6 {
			get(t, c, page("http://a.example/"))
		}
		want := []time.Duration{2, 4, 8, 16, 8, 4, 2, 1, 1}
		for i, got := range gaps(log.of("a.example")) {
			if got != want[i]*time.Second {
				t.Errorf("gap %d is %v, want %v", i, got, want[i]*time.Second)
			}
		}
		busy = true
		for range 6 {
			fail(t, c, page("http://a.example/"), fetch.Blocked)
		}
		if e := fail(t, c, page("http://a.example/"), fetch.Resting); time.Until(e.HostNext) != 64*time.Second {
			t.Errorf("next request in %v, want 64 s", time.Until(e.HostNext))
		}
	})
}

func TestRedirectObeysTheOtherHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, log, stop := bubble(t, polite(), func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/away" {
				http.Redirect(w, r, "http://b.example/in", http.StatusFound)
			}
			if r.URL.Path == "/here" {
				http.Redirect(w, r, "/away", http.StatusFound)
			}
		})
		defer stop()
		get(t, c, page("http://b.example/first"))
		res := get(t, c, page("http://a.example/here"))
		if got := gaps(log.of("b.example")); len(got) != 1 || got[0] < time.Second {
			t.Errorf("gaps at the other host %v, want one of a second", got)
		}
		if got := gaps(log.of("a.example")); len(got) != 1 || got[0] < time.Second {
			t.Errorf("gaps at the first host %v, want one of a second", got)
		}
		if res.URL != "http://b.example/in" || time.Until(res.HostNext) > time.Second {
			t.Errorf("ended at %s, next in %v", res.URL, time.Until(res.HostNext))
		}
	})
}

// TestRepeatedRequest has a server close kept connections after it has read the
// request. The transport repeats such a request, and that is to be polite too.
func TestRepeatedRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dropped := false
		c, log, stop := bubble(t, polite(), func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/b" && !dropped {
				dropped = true
				conn, _, _ := w.(http.Hijacker).Hijack()
				conn.Close()
			}
		})
		defer stop()
		get(t, c, page("http://a.example/a"))
		get(t, c, page("http://a.example/b"))
		at := log.of("a.example")
		if len(at) != 3 {
			t.Fatalf("%d requests, want the second one twice", len(at))
		}
		for _, gap := range gaps(at) {
			if gap < time.Second {
				t.Errorf("a gap of %v", gap)
			}
		}
	})
}

func TestWaitObeysContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, log, stop := bubble(t, polite(), func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				fmt.Fprint(w, "User-agent: *\nCrawl-delay: 20")
			}
		})
		defer stop()
		get(t, c, page("http://a.example/"))
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.Get(ctx, page("http://a.example/"))
		if e, ok := errors.AsType[*fetch.Error](err); !ok || e.Kind != fetch.Canceled || time.Since(start) != 3*time.Second {
			t.Errorf("error %v after %v, want one of kind canceled after 3 s", err, time.Since(start))
		}
		if n := len(log.of("a.example")); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	})
}

func TestHangingHostsHoldUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, log, stop := bubble(t, polite(), func(w http.ResponseWriter, r *http.Request) {
			if r.Host != "good.example" {
				<-r.Context().Done()
			}
		})
		defer stop()
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() { fail(t, c, page(fmt.Sprintf("http://bad%d.example/", i)), fetch.Timeout) })
		}
		for range 10 {
			get(t, c, page("http://good.example/"))
		}
		if took := time.Since(log.start); took > 11*time.Second {
			t.Errorf("10 requests took %v beside hanging hosts", took)
		}
		all.Wait()
	})
}

// trickle writes n bytes every pause until the client has had enough.
func trickle(w http.ResponseWriter, r *http.Request, n int, pause time.Duration) {
	for r.Context().Err() == nil {
		if _, err := w.Write(make([]byte, n)); err != nil {
			return
		}
		w.(http.Flusher).Flush()
		time.Sleep(pause)
	}
}

func TestSlowAnswers(t *testing.T) {
	for _, tt := range []struct {
		name    string
		kind    fetch.Kind
		handler http.HandlerFunc
		want    time.Duration
	}{
		{"no headers", fetch.Page, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 15 * time.Second},
		{"headers, then nothing", fetch.Page, func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, 10 * time.Second},
		{"a byte a second", fetch.Page, func(w http.ResponseWriter, r *http.Request) { trickle(w, r, 1, time.Second) }, 10 * time.Second},
		{"a byte a second after an error", fetch.Page, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			trickle(w, r, 1, time.Second)
		}, 0},
		{"fast enough, without end", fetch.Page, func(w http.ResponseWriter, r *http.Request) { trickle(w, r, 2<<10, time.Second) }, 45 * time.Second},
		{"a feed without end", fetch.Feed, func(w http.ResponseWriter, r *http.Request) { trickle(w, r, 2<<10, time.Second) }, 30 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, _, stop := bubble(t, polite(), func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/robots.txt" {
						http.NotFound(w, r)
						return
					}
					w.Header().Set("Content-Type", "text/html")
					tt.handler(w, r)
				})
				defer stop()
				start := time.Now()
				r := fetch.Request{URL: "http://a.example/a", Kind: tt.kind}
				if tt.want == 0 {
					fail(t, c, r, fetch.Status)
					return
				}
				fail(t, c, r, fetch.Timeout)
				if took := time.Since(start); took != tt.want {
					t.Errorf("given up after %v, want %v", took, tt.want)
				}
			})
		})
	}
}

// TestEndlessHeaders has a server send header lines for ever.
func TestEndlessHeaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _, stop := bubble(t, polite(), func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				return
			}
			conn, _, _ := w.(http.Hijacker).Hijack()
			defer conn.Close()
			fmt.Fprint(conn, "HTTP/1.1 200 OK\r\n")
			for i := 0; ; i++ {
				if _, err := fmt.Fprintf(conn, "X-%d: y\r\n", i); err != nil {
					return
				}
			}
		})
		defer stop()
		fail(t, c, page("http://a.example/a"), fetch.TooLarge)
	})
}
