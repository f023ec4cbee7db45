package demo_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet.example/demo"
	"broadsheet.example/news"
)

// noon is the fixed now of the tests.
var noon = time.Date(2026, 11, 26, 12, 0, 30, 0, time.UTC)

// start runs a press on free ports whose clock stands still and which corrects
// nothing by itself.
func start(t *testing.T) *demo.Press {
	t.Helper()
	return startWith(t, demo.Config{Now: func() time.Time { return noon }, CorrectAfter: -1})
}

func startWith(t *testing.T, cfg demo.Config) *demo.Press {
	t.Helper()
	p, err := demo.Start(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// get fetches url with the given header lines ("Name: value").
func get(t *testing.T, method, url string, header ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Set(name, value)
	}
	client := http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, body
}

func TestPublishers(t *testing.T) {
	p := start(t)
	kinds := map[demo.Kind]int{}
	for _, pub := range p.Publishers() {
		kinds[pub.Kind]++
		if res, body := get(t, "GET", pub.URL); res.StatusCode != 200 || !strings.Contains(string(body), "invented") {
			t.Errorf("%s: front page: status %d, or it does not say that it is invented", pub.Name, res.StatusCode)
		}
	}
	want := map[demo.Kind]int{demo.KindRSS: 3, demo.KindAtom: 1, demo.KindJSON: 1, demo.KindSitemap: 1}
	for kind, n := range want {
		if kinds[kind] != n {
			t.Errorf("publishers of kind %s: got %d, want %d", kind, kinds[kind], n)
		}
	}
	for i, f := range p.Feeds() {
		if pub := p.Publishers()[i]; f.URL != pub.FeedURL || f.Title != pub.Name || !f.Enabled {
			t.Errorf("feed %d: got %+v, which is not the feed of %+v", i, f, pub)
		}
		if (f.Kind == news.KindSitemap) != (p.Publishers()[i].Kind == demo.KindSitemap) {
			t.Errorf("feed %s: got kind %s", f.URL, f.Kind)
		}
	}
}

func TestTakenPort(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	_, port, _ := net.SplitHostPort(busy.Addr().String())
	n, _ := strconv.Atoi(port)
	cfg := demo.Config{Ports: [demo.PublisherCount]int{0, n}}
	if p, err := demo.Start(t.Context(), cfg, slog.New(slog.DiscardHandler)); err == nil {
		p.Close()
		t.Errorf("a chosen port that is taken: got no error")
	}
}

func TestDefaultPortsGiveWay(t *testing.T) {
	cfg := demo.Config{Ports: demo.DefaultPorts(), CorrectAfter: -1}
	first := startWith(t, cfg)
	second := startWith(t, cfg)
	taken := map[string]bool{}
	for _, p := range append(first.Publishers(), second.Publishers()...) {
		if taken[p.URL] {
			t.Errorf("two publishers at %s", p.URL)
		}
		taken[p.URL] = true
	}
}

func TestEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p, err := demo.Start(ctx, demo.Config{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	url := p.Publishers()[0].URL
	cancel()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if res, err := http.Get(url); err == nil {
		res.Body.Close()
		t.Errorf("%s still answers after its context ended", url)
	}
}
