package crawler_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"broadsheet.example/crawler"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/source"
	"broadsheet.example/store"
)

// benchHosts is how many hosts the benchmarks visit.
const benchHosts = 1_000

// benchPage is a page of 36 kB, most of it frame.
func benchPage() []byte {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="en"><head><title>The harbour wall is to be raised</title></head><body><header><nav><ul>`)
	for i := range 150 {
		fmt.Fprintf(&b, `<li class="menu-item item-%d"><a href="/section/%d" title="Section %d of the paper">Section number %d</a></li>`, i, i, i, i)
	}
	b.WriteString(`</ul></nav></header><main><article><h1>The harbour wall is to be raised</h1>`)
	for range 3 {
		b.WriteString(prose("the harbour wall"))
	}
	b.WriteString(`</article><aside>`)
	for i := range 80 {
		fmt.Fprintf(&b, `<div class="teaser"><h3><a href="/other/%d">Another story of the day, number %d</a></h3><p>What it is about.</p></div>`, i, i)
	}
	b.WriteString(`</aside></main></body></html>`)
	return []byte(b.String())
}

// fetches visits b.N pages of a thousand hosts with 32 at a time and hands each
// to read. The server shares the process, so pages/cpu-s counts its work too.
func fetches(b *testing.B, read func(*fetch.Response)) {
	body := benchPage()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(body)
	_ = z.Close()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	}))
	defer srv.Close()
	cfg := fetch.DefaultConfig()
	cfg.Gap = 0
	cfg.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", srv.Listener.Addr().String())
	}
	client := fetch.New(cfg, slog.New(slog.DiscardHandler))
	defer client.Close()
	var next atomic.Int64
	b.SetBytes(int64(len(body)))
	b.SetParallelism(16)
	before := cpu()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := next.Add(1)
			resp, err := client.Get(b.Context(), fetch.Request{URL: fmt.Sprintf("http://h%d.example/%d", n%benchHosts, n), Kind: fetch.Page})
			if err != nil {
				b.Error(err)
				return
			}
			read(resp)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(float64(b.N)/(cpu()-before).Seconds(), "pages/cpu-s")
}

// cpu is the processor time this process has taken.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkFetch(b *testing.B) {
	fetches(b, func(*fetch.Response) {})
}

func BenchmarkFetchAndExtract(b *testing.B) {
	sources, err := source.Load()
	if err != nil {
		b.Fatal(err)
	}
	ingest := crawler.NewIngester(sources, nameless{}, nil)
	fetches(b, func(resp *fetch.Response) {
		l := store.PageLease{Key: resp.URL, URL: resp.URL, Item: store.Item{Title: "The harbour wall is to be raised"}}
		if _, err := ingest.Page(b.Context(), l, resp); err != nil {
			b.Error(err)
		}
	})
}
