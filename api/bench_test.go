package api_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"broadsheet.example/api"
	"broadsheet.example/news"
)

// largeResult is 20 hits with snippets and 5 facets of 10 values.
func largeResult() *news.Result {
	r := &news.Result{Total: 12_345, NextCursor: strings.Repeat("c", 80), Facets: map[string]news.Facet{}}
	for i := range 20 {
		a := sample()[0]
		a.ID, a.Version, a.Revision, a.Content = news.ArticleID(fmt.Sprint(i)), 1, 1, strings.Repeat("Text of the article. ", 120)
		r.Hits = append(r.Hits, news.Hit{
			Article: a, Score: 3.5, Highlights: map[string][]string{"content": {strings.Repeat("a <mark>word</mark> in its place ", 7)}},
		})
	}
	for _, name := range []string{"source", "person", "place", "organization", "language"} {
		f := news.Facet{Other: 100}
		for i := range 10 {
			f.Buckets = append(f.Buckets, news.Bucket{Value: fmt.Sprint("value-", i), Label: fmt.Sprint("Label ", i), Count: 100 - i})
		}
		r.Facets[name] = f
	}
	return r
}

// benchPath asks for what largeResult is.
const benchPath = "/v1/search?q=%22harbor+strike%22+-opinion&sources=gazette&from=7d&facets=source,person,place,organization,language"

// The environment by which BenchmarkSearch tells its client what to do.
const (
	benchAddress  = "BENCH_ADDRESS"
	benchRequests = "BENCH_REQUESTS"
	benchConns    = 16
)

// BenchmarkSearch is the API's own share of a search: JSON and HTTP over 16
// connections, from a process of its own so that its CPU time is not counted; the
// index answers at once.
func BenchmarkSearch(b *testing.B) {
	result := largeResult()
	w := newWorld(b, func(_ *api.Config, d *api.Deps) {
		d.Generation = func() string { return "1" } // without it, replies are hashed
		d.Index = func() news.Index {
			return scripted{search: func(context.Context, news.Query) (*news.Result, error) { return result, nil }}
		}
	})
	client := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestBenchClient$")
	client.Env = append(os.Environ(), benchAddress+"="+strings.TrimPrefix(w.base, "http://"), benchRequests+"="+strconv.Itoa(b.N))
	before := cpuTime(b)
	b.ResetTimer()
	if out, err := client.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	b.StopTimer()
	perRequest := (cpuTime(b) - before) / time.Duration(b.N)
	b.ReportMetric(float64(perRequest.Nanoseconds())/1000, "cpu-µs/op")
	b.ReportMetric(float64(time.Second)/float64(perRequest), "req/s/core")
}

// cpuTime is what this process has used so far.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// TestBenchClient is the client of BenchmarkSearch.
func TestBenchClient(t *testing.T) {
	address := os.Getenv(benchAddress)
	if address == "" {
		t.Skip("is run by BenchmarkSearch")
	}
	total, err := strconv.Atoi(os.Getenv(benchRequests))
	if err != nil {
		t.Fatal(err)
	}
	var clients sync.WaitGroup
	for i := range benchConns {
		clients.Go(func() {
			if err := askOften(address, (total+benchConns-1-i)/benchConns); err != nil {
				t.Error(err)
			}
		})
	}
	clients.Wait()
}

// askOften sends requests over one connection.
func askOften(address string, n int) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for range n {
		if _, err := io.WriteString(conn, "GET "+benchPath+" HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n"); err != nil {
			return err
		}
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil || resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %w", resp.Status, err)
		}
	}
	return nil
}

// BenchmarkIdleStreams is the memory of clients of /v1/stream to whom nothing
// happens: 1,000 of them, in a process of their own.
func BenchmarkIdleStreams(b *testing.B) {
	const clients = 1_000
	w := newWorld(b, func(_ *api.Config, d *api.Deps) { d.Generation = func() string { return "1" } })
	before := residentMemory(b)
	for b.Loop() {
		client := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestBenchStreams$")
		client.Env = append(os.Environ(), benchAddress+"="+strings.TrimPrefix(w.base, "http://"), benchRequests+"="+strconv.Itoa(clients))
		leave, err := client.StdinPipe()
		if err != nil {
			b.Fatal(err)
		}
		out, err := client.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		if err := client.Start(); err != nil {
			b.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != allOpen {
			b.Fatal(line, err)
		}
		time.Sleep(3 * streamLook) // so that each has looked for news
		b.ReportMetric(float64(residentMemory(b)-before)/(1<<20), "MB/1000-clients")
		leave.Close()
		if err := client.Wait(); err != nil {
			b.Fatal(err)
		}
	}
}

// streamLook is how often a stream looks for what is new.
const streamLook = time.Second

// allOpen is what the client says when its streams are open.
const allOpen = "all open\n"

// residentMemory is what this process holds, once garbage is gone.
func residentMemory(b *testing.B) int64 {
	b.Helper()
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Skip("the system does not tell: ", err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

// TestBenchStreams is the client of BenchmarkIdleStreams.
func TestBenchStreams(t *testing.T) {
	address := os.Getenv(benchAddress)
	if address == "" {
		t.Skip("is run by BenchmarkIdleStreams")
	}
	total, err := strconv.Atoi(os.Getenv(benchRequests))
	if err != nil {
		t.Fatal(err)
	}
	for range total {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprint(conn, "GET /v1/stream?q=harbor HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if _, err := readUntil(bufio.NewReader(conn), "retry: "); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Print(allOpen)
	_, _ = io.ReadAll(os.Stdin) // until the benchmark has seen enough
}

// BenchmarkSearchReply is the same without sockets.
func BenchmarkSearchReply(b *testing.B) {
	result := largeResult()
	w := newWorld(b, func(_ *api.Config, d *api.Deps) {
		d.Generation = func() string { return "1" } // without it, replies are hashed
		d.Index = func() news.Index {
			return scripted{search: func(context.Context, news.Query) (*news.Result, error) { return result, nil }}
		}
	})
	b.ReportAllocs()
	api.Ask(b, w.server, benchPath)
}
