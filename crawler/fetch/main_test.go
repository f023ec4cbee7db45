package fetch_test

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/internal/memnet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// loopback allows the test servers and keeps no distance.
func loopback() fetch.Config {
	cfg := fetch.DefaultConfig()
	cfg.Gap = 0
	cfg.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	return cfg
}

func open(t testing.TB, cfg fetch.Config) *fetch.Client {
	t.Helper()
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	c := fetch.New(cfg, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { c.Close() })
	return c
}

// origin is a server on a loopback address of its own, with a robots.txt and a
// list of the requests it got.
type origin struct {
	*httptest.Server

	mu       sync.Mutex
	robots   string // empty: 404
	requests []*http.Request
}

// serve starts a server at addr (127.0.0.x) that answers with handler.
func serve(t testing.TB, addr string, handler http.HandlerFunc) *origin {
	t.Helper()
	l, err := net.Listen("tcp", addr+":0")
	if err != nil {
		t.Fatal(err)
	}
	o := &origin{}
	o.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.requests = append(o.requests, r)
		robots := o.robots
		o.mu.Unlock()
		switch {
		case r.URL.Path != "/robots.txt":
			handler(w, r)
		case robots == "":
			http.NotFound(w, r)
		default:
			w.Write([]byte(robots))
		}
	}))
	o.Listener.Close()
	o.Listener = l
	o.Start()
	t.Cleanup(o.Close)
	return o
}

// paths lists the paths asked for so far.
func (o *origin) paths() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var p []string
	for _, r := range o.requests {
		p = append(p, r.URL.RequestURI())
	}
	return p
}

func (o *origin) last() *http.Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.requests[len(o.requests)-1]
}

// get fetches a page and expects it to succeed.
func get(t testing.TB, c *fetch.Client, r fetch.Request) *fetch.Response {
	t.Helper()
	res, err := c.Get(t.Context(), r)
	if err != nil {
		t.Fatalf("Get(%q): %v", r.URL, err)
	}
	return res
}

// fail fetches and expects an error of the kind, which it returns.
func fail(t testing.TB, c *fetch.Client, r fetch.Request, kind fetch.ErrorKind) *fetch.Error {
	t.Helper()
	res, err := c.Get(t.Context(), r)
	e, ok := errors.AsType[*fetch.Error](err)
	if !ok {
		t.Fatalf("Get(%q) = %+v, %v, want an error of kind %s", r.URL, res, err, kind)
	}
	if e.Kind != kind {
		t.Fatalf("Get(%q): error of kind %s, want %s: %v", r.URL, e.Kind, kind, e)
	}
	return e
}

func page(url string) fetch.Request { return fetch.Request{URL: url, Kind: fetch.Page} }

// visitLog notes when each request arrived.
type visitLog struct {
	mu     sync.Mutex
	start  time.Time
	visits []visit
	live   map[string]int
	crowds int // requests that met another one at their host
}

type visit struct {
	at   time.Duration
	host string
	path string
}

func (l *visitLog) of(host string) []time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	var at []time.Duration
	for _, v := range l.visits {
		if v.host == host && v.path != "/robots.txt" {
			at = append(at, v.at)
		}
	}
	return at
}

// bubble starts a server in the test's bubble and returns a client for it. The
// server must be stopped by calling the function before the bubble ends.
func bubble(t *testing.T, cfg fetch.Config, handler http.HandlerFunc) (*fetch.Client, *visitLog, func()) {
	t.Helper()
	m := memnet.New()
	l := &visitLog{start: time.Now(), live: map[string]int{}}
	var running sync.WaitGroup
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running.Add(1)
		defer running.Done()
		site := strings.TrimPrefix(r.Host, "www.")
		l.mu.Lock()
		l.visits = append(l.visits, visit{time.Since(l.start), r.Host, r.URL.Path})
		if l.live[site]++; l.live[site] > 1 {
			l.crowds++
		}
		l.mu.Unlock()
		defer func() {
			l.mu.Lock()
			l.live[site]--
			l.mu.Unlock()
		}()
		handler(w, r)
	})}
	running.Go(func() { srv.Serve(m) })
	cfg.Dial = m.Dial
	c := fetch.New(cfg, slog.New(slog.DiscardHandler))
	return c, l, func() {
		c.Close()
		srv.Close()
		running.Wait()
	}
}
