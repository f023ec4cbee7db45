package api_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"broadsheet.example/api"
	"broadsheet.example/index"
	"broadsheet.example/news"
)

// What Fiber v2 and fasthttp would do by themselves, and must not do here. That
// no body is taken for a request, and that stopping waits for requests and ends
// streams, is tested in http_test.go.

// Each route has its own limit of a body: one of an import may be larger than the
// 4 MiB that Fiber reads, one of a search must not be.
func TestBodyLimitOfEachRoute(t *testing.T) {
	w := newWorld(t, nil)
	a := sample()[0]
	a.Content = strings.Repeat("Text of the article. ", 300_000)
	line, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	if len(line) < 5<<20 {
		t.Fatalf("the article has %d bytes", len(line))
	}
	r := w.do(t, w.control, http.MethodPost, "/v1/import/articles", "application/x-ndjson", string(line))
	if r.status != http.StatusOK || !strings.Contains(string(r.body), `"stored":1`) {
		t.Errorf("an import: %d %s", r.status, r.body)
	}
	long := `{"q":"` + strings.Repeat("a ", api.MaxBody/2) + `"}`
	chunked := func(r *http.Request) { r.ContentLength = -1 } // so that it is counted, not believed
	wantProblem(t, w.do(t, w.client, http.MethodPost, "/v1/search", "application/json", long, chunked), 413, "bodyTooLarge")
}

// A client that waits to be told to send its body is told.
func TestExpectContinue(t *testing.T) {
	w := newWorld(t, nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	fmt.Fprint(conn, "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 14\r\nExpect: 100-continue\r\n\r\n")
	if line, err := in.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
		t.Fatalf("got %q, %v", line, err)
	}
	fmt.Fprint(conn, `{"q":"harbor"}`)
	if text, err := readUntil(in, `"totalResults"`); err != nil {
		t.Errorf("%v after %q", err, text)
	}
}

// readUntil reads up to a text.
func readUntil(in *bufio.Reader, end string) (string, error) {
	var text strings.Builder
	for !strings.Contains(text.String(), end) {
		c, err := in.ReadByte()
		if err != nil {
			return text.String(), err
		}
		text.WriteByte(c)
	}
	return text.String(), nil
}

// Headers may be longer than the 4 KiB that Fiber reads.
func TestLongHeaders(t *testing.T) {
	w := newWorld(t, nil)
	r := w.get(t, "/v1/search?q=harbor", func(r *http.Request) { r.Header.Set("X-Filler", strings.Repeat("x", 10<<10)) })
	if r.status != http.StatusOK {
		t.Errorf("%d %s", r.status, r.body)
	}
}

// Who does not send his headers is cut; a body may take its time.
func TestSlowClients(t *testing.T) {
	parts := newWorld(t, nil)
	w := &world{store: parts.store, index: parts.index}
	w.server = newServer(t, *w, nil)
	api.SetHeaderTimeout(w.server, 300*time.Millisecond)
	w.serve(t)
	dial := func() net.Conn {
		t.Helper()
		conn, err := net.Dial("tcp", strings.TrimPrefix(w.base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	for _, begun := range []string{"", "GET /v1/search HTTP/1.1\r\nHost: local"} {
		conn := dial()
		fmt.Fprint(conn, begun)
		if _, err := io.ReadAll(conn); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after %q the connection stays open", begun)
		}
	}
	conn := dial()
	fmt.Fprint(conn, "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 14\r\n\r\n{\"q\":")
	time.Sleep(600 * time.Millisecond)
	fmt.Fprint(conn, `"harbor"}`)
	if text, err := readUntil(bufio.NewReader(conn), `"totalResults"`); err != nil {
		t.Errorf("a slow body: %v after %q", err, text)
	}
}

// A stream is not compressed, and lives longer than a request may.
func TestStreamsAreNoRequests(t *testing.T) {
	var w *world
	w = newWorld(t, func(c *api.Config, d *api.Deps) {
		c.Timeout = 100 * time.Millisecond
		d.Generation = func() string { return fmt.Sprint(w.index.(*index.Engine).Stats().Generation) }
	})
	for _, path := range []string{"/v1/stream", "/v1/export/articles.ndjson", "/v1/export/articles.csv"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip, br")
		resp, err := w.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if resp.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s comes as %s", path, resp.Header.Get("Content-Encoding"))
		}
		resp.Body.Close()
	}
	lines, closed := events(t, w, "q=harbor", "")
	defer closed()
	wantLine(t, lines, "retry: ")
	time.Sleep(300 * time.Millisecond)
	w.put(t, sample()[0])
	if data := wantLine(t, lines, "data: "); !strings.Contains(data, "Harbor strike ends") {
		t.Errorf("data: %s", data)
	}
}

// An export is read from the store while it is written, long after Fiber has taken
// the request's context for another one.
func TestExportsDoNotMix(t *testing.T) {
	w := newWorld(t, nil)
	var articles []news.Article
	for i := range 450 {
		a := sample()[0]
		a.URL, a.Title = fmt.Sprintf("https://bulk.example/%d", i), fmt.Sprint("Number ", i)
		articles = append(articles, a)
	}
	w.put(t, articles...)
	resp, err := w.client.Get(w.base + "/v1/export/articles.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	in := bufio.NewReader(resp.Body)
	n := 0
	for ; ; n++ {
		line, err := in.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || !strings.Contains(line, `"title":"Number `) {
			t.Fatalf("line %d: %v, %s", n, err, line)
		}
		if n%50 == 0 { // other requests come meanwhile
			w.get(t, fmt.Sprintf("/v1/search?q=%d", n))
		}
	}
	if n != len(articles) {
		t.Errorf("%d lines of %d", n, len(articles))
	}
}

func TestOptions(t *testing.T) {
	w := newWorldOfPages(t, func(*api.Config, *api.Deps) {})
	for path, want := range map[string]string{"/v1/search": "GET, HEAD, POST, OPTIONS", "/v1/feeds/x": "GET, HEAD, DELETE, PATCH, OPTIONS", "/": "GET, HEAD, OPTIONS"} {
		r := w.do(t, w.client, http.MethodOptions, path, "", "")
		if r.status != http.StatusNoContent || !sameList(r.header.Get("Allow"), want) {
			t.Errorf("OPTIONS %s: %d, Allow %q, want %q", path, r.status, r.header.Get("Allow"), want)
		}
	}
	r := w.do(t, w.client, http.MethodPut, "/v1/search", "", "")
	if wantProblem(t, r, 405, "methodNotAllowed"); !sameList(r.header.Get("Allow"), "GET, HEAD, POST, OPTIONS") {
		t.Errorf("Allow %q", r.header.Get("Allow"))
	}
	wantProblem(t, w.do(t, w.client, http.MethodOptions, "/v1/nowhere", "", ""), 404, "notFound")
	if r := w.get(t, "/nowhere", func(r *http.Request) { r.Header.Set("Accept", "application/json") }); r.status != 404 || r.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a program that is lost: %d %v", r.status, r.header)
	}
}

// sameList compares lists whose order does not matter.
func sameList(a, b string) bool {
	left, right := map[string]bool{}, map[string]bool{}
	for s := range strings.SplitSeq(a, ", ") {
		left[s] = true
	}
	for s := range strings.SplitSeq(b, ", ") {
		right[s] = true
	}
	if len(left) != len(right) {
		return false
	}
	for s := range left {
		if !right[s] {
			return false
		}
	}
	return true
}
