package api_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api"
	"broadsheet.example/news"
)

// scripted is an index whose searches do what a test wants.
type scripted struct {
	news.Index
	search func(context.Context, news.Query) (*news.Result, error)
}

func (s scripted) Search(ctx context.Context, q news.Query) (*news.Result, error) {
	return s.search(ctx, q)
}

func withSearch(search func(context.Context, news.Query) (*news.Result, error)) func(*api.Config, *api.Deps) {
	return func(c *api.Config, d *api.Deps) {
		c.Timeout = 50 * time.Millisecond
		d.Index = func() news.Index { return scripted{search: search} }
	}
}

func TestErrorsOfTheIndex(t *testing.T) {
	tests := []struct {
		name   string
		search func(context.Context, news.Query) (*news.Result, error)
		status int
		code   string
		retry  bool
	}{
		{"slow", func(ctx context.Context, _ news.Query) (*news.Result, error) {
			<-ctx.Done()
			return nil, fmt.Errorf("search: %w", ctx.Err())
		}, 503, "timeout", true},
		{"canceled", func(context.Context, news.Query) (*news.Result, error) { return nil, context.Canceled }, 503, "unavailable", true},
		{"not ready", func(context.Context, news.Query) (*news.Result, error) { return nil, news.ErrUnavailable }, 503, "unavailable", true},
		{"cursor expired", func(context.Context, news.Query) (*news.Result, error) { return nil, news.ErrCursorExpired }, 410, "cursorExpired", false},
		{"bad value", func(context.Context, news.Query) (*news.Result, error) {
			return nil, &news.ParamError{Param: "cursor", Reason: "is of another search"}
		}, 400, "parameterInvalid", false},
		{"costly", func(context.Context, news.Query) (*news.Result, error) {
			return nil, fmt.Errorf("search: %w", &news.CostError{Clause: "inter*"})
		}, 422, "queryTooCostly", false},
		{"broken", func(context.Context, news.Query) (*news.Result, error) { return nil, errors.New("secret path /data") }, 500, "unexpectedError", false},
		{"panic", func(context.Context, news.Query) (*news.Result, error) { panic("boom") }, 500, "unexpectedError", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, withSearch(tt.search))
			r := w.get(t, "/v1/search?q=a")
			wantProblem(t, r, tt.status, tt.code)
			if strings.Contains(string(r.body), "secret") || strings.Contains(string(r.body), "boom") {
				t.Errorf("the reply tells inner things: %s", r.body)
			}
			if got := r.header.Get("Retry-After") != ""; got != tt.retry {
				t.Errorf("Retry-After is there: %v, want %v", got, tt.retry)
			}
		})
	}
	w := newWorld(t, withSearch(func(context.Context, news.Query) (*news.Result, error) { return nil, &news.CostError{Clause: "inter*"} }))
	for _, path := range []string{"/v1/search.rss?q=a", "/v1/search.atom?q=a", "/v1/search.json?q=a", "/v1/timeseries?q=a", "/v1/entities?q=a", "/v1/stream?q=a", "/v1/export/articles.ndjson?q=a", "/v1/export/articles.csv?q=a"} {
		if p := wantProblem(t, w.get(t, path), 422, "queryTooCostly"); !strings.Contains(p.Detail, "inter*") || p.Clause != "inter*" || p.Param != "q" {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if r := w.get(t, "/v2/everything?q=a"); r.status != 422 || !strings.Contains(string(r.body), `"code":"parameterInvalid"`) || !strings.Contains(string(r.body), "inter*") {
		t.Errorf("/v2: %d %s", r.status, r.body)
	}
	w = newWorldOfPages(t, withSearch(func(context.Context, news.Query) (*news.Result, error) { return nil, &news.CostError{Clause: "inter*"} }))
	for _, path := range []string{"/?q=inter*", "/sources/gazette"} {
		r := w.get(t, path, func(r *http.Request) { r.Header.Set("Accept", "text/html") })
		if r.status != 422 && r.status != 404 || r.status == 422 && !strings.Contains(string(r.body), "inter*") {
			t.Errorf("page %s: %d", path, r.status)
		}
	}
	w = newWorld(t, func(_ *api.Config, d *api.Deps) { d.Index = func() news.Index { return nil } })
	wantProblem(t, w.get(t, "/v1/search"), 503, "unavailable")
	wantProblem(t, w.get(t, "/v1/suggest?q=a"), 503, "unavailable")
	wantProblem(t, w.get(t, "/v1/status?digest=true"), 503, "unavailable")
}

func TestHTTP(t *testing.T) {
	w := newWorld(t, func(_ *api.Config, d *api.Deps) {
		d.Pages = func(r fiber.Router) {
			r.Get("/", func(c *fiber.Ctx) error { return c.SendString("the page") })
		}
	})
	w.put(t, sample()...)
	t.Run("pages", func(t *testing.T) {
		if r := w.get(t, "/"); string(r.body) != "the page" {
			t.Errorf("%d %s", r.status, r.body)
		}
	})
	t.Run("not found", func(t *testing.T) { wantProblem(t, w.get(t, "/v1/nowhere"), 404, "notFound") })
	t.Run("method", func(t *testing.T) {
		r := w.do(t, w.client, http.MethodPut, "/v1/search", "", "")
		wantProblem(t, r, 405, "methodNotAllowed")
		if allow := r.header.Get("Allow"); !strings.Contains(allow, "GET") || !strings.Contains(allow, "POST") || !strings.Contains(allow, "HEAD") {
			t.Errorf("Allow %q", allow)
		}
	})
	t.Run("head", func(t *testing.T) {
		for _, path := range []string{"/v1/search?q=harbor", "/healthz", "/openapi.json", "/metrics"} {
			r := w.do(t, w.client, http.MethodHead, path, "", "")
			if r.status != http.StatusOK || len(r.body) != 0 || r.header.Get("Content-Length") == "0" {
				t.Errorf("HEAD %s: %d, %d bytes, length %s", path, r.status, len(r.body), r.header.Get("Content-Length"))
			}
		}
		if r := w.do(t, w.client, http.MethodHead, "/v1/search?x=1", "", ""); r.status != http.StatusBadRequest {
			t.Errorf("HEAD of what is wrong: %d", r.status)
		}
	})
	t.Run("request id", func(t *testing.T) {
		id := func(given string) string {
			return w.get(t, "/healthz", func(r *http.Request) { r.Header.Set("X-Request-Id", given) }).header.Get("X-Request-Id")
		}
		if got := id("abc-1"); got != "abc-1" {
			t.Errorf("a sound id came back as %q", got)
		}
		for _, bad := range []string{"a b", strings.Repeat("x", 65), `"><script>`} {
			if got := id(bad); got == bad || len(got) != 16 {
				t.Errorf("%q came back as %q", bad, got)
			}
		}
	})
	t.Run("long address", func(t *testing.T) {
		r := w.get(t, "/v1/search?q="+strings.Repeat("a+", 10_000))
		p := wantProblem(t, r, 431, "requestInvalid")
		if !strings.Contains(p.Detail, "POST") {
			t.Errorf("%+v", p)
		}
	})
	t.Run("large body", func(t *testing.T) {
		text := `{"q":"` + strings.Repeat("a ", api.MaxBody/2) + `"}`
		wantProblem(t, w.do(t, w.client, http.MethodPost, "/v1/search", "application/json", text), 413, "bodyTooLarge")
		gzipped := func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }
		wantProblem(t, w.do(t, w.client, http.MethodPost, "/v1/search", "application/json", "{}", gzipped), 415, "mediaTypeUnsupported")
	})
	t.Run("CORS", func(t *testing.T) {
		origin := func(r *http.Request) { r.Header.Set("Origin", "https://reader.example") }
		if r := w.get(t, "/v1/search", origin); r.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%v", r.header)
		}
		r := w.do(t, w.client, http.MethodOptions, "/v1/search", "", "", origin,
			func(r *http.Request) { r.Header.Set("Access-Control-Request-Method", "POST") })
		if r.status != http.StatusNoContent || strings.Contains(r.header.Get("Access-Control-Allow-Methods"), "DELETE") {
			t.Errorf("preflight: %d %v", r.status, r.header)
		}
	})
	t.Run("compression", func(t *testing.T) {
		for encoding, open := range map[string]func(io.Reader) (io.Reader, error){
			"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
			"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+"/v1/search", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Accept-Encoding", encoding)
			resp, err := w.client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			plain, err := open(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(plain)
			if err != nil || resp.Header.Get("Content-Encoding") != encoding || !strings.Contains(string(text), `"status":"ok"`) {
				t.Errorf("%s: %v, %v, %.80s", encoding, err, resp.Header, text)
			}
			if !strings.Contains(resp.Header.Get("Vary"), "Accept-Encoding") {
				t.Errorf("%s: Vary is %q", encoding, resp.Header.Get("Vary"))
			}
		}
	})
}

func TestCORSOfChosenOrigins(t *testing.T) {
	w := newWorld(t, func(c *api.Config, _ *api.Deps) { c.CORSOrigins = []string{"https://reader.example"} })
	for origin, want := range map[string]string{"https://reader.example": "https://reader.example", "https://evil.example": ""} {
		r := w.get(t, "/healthz", func(r *http.Request) { r.Header.Set("Origin", origin) })
		if got := r.header.Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("%s: allowed %q, want %q", origin, got, want)
		}
	}
}

// exchange sends raw bytes over one connection and returns all that comes back.
func exchange(t *testing.T, w *world, raw string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, raw); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(conn) // the server closes, or waits for more until the deadline
	return string(text)
}

// A body that no route reads must not be taken for the next request.
func TestUnreadBodyIsNoRequest(t *testing.T) {
	w := newWorld(t, nil)
	hidden := "DELETE /v1/feeds/x HTTP/1.1\r\nHost: localhost\r\n\r\n"
	for name, raw := range map[string]string{
		"with a length": fmt.Sprintf("GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", len(hidden), hidden),
		"refused":       fmt.Sprintf("POST /v1/feeds HTTP/1.1\r\nHost: evil.example\r\nContent-Length: %d\r\n\r\n%s", len(hidden), hidden),
		"in chunks":     fmt.Sprintf("POST /v1/nowhere HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(hidden), hidden),
	} {
		if answers := strings.Count(exchange(t, w, raw), "HTTP/1.1 "); answers != 1 {
			t.Errorf("%s: %d answers to one request", name, answers)
		}
	}
}

func TestKeepAlive(t *testing.T) {
	w := newWorld(t, nil)
	request := "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
	post := "POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
	raw := request + post + request + "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
	if text := exchange(t, w, raw); strings.Count(text, "HTTP/1.1 200") != 4 {
		t.Errorf("four requests over one connection got:\n%s", text)
	}
}

func TestNonsense(t *testing.T) {
	w := newWorld(t, nil)
	for _, raw := range []string{"\r\n\r\n", "HELLO\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "FROB /v1/search HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "GET /v1/articles/%00%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"} {
		if text := exchange(t, w, raw); strings.Contains(text, "HTTP/1.1 5") {
			t.Errorf("%q got:\n%s", raw, text)
		}
	}
}

// synced is a buffer that handlers may write to while a test reads.
type synced struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *synced) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *synced) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestAccessLog(t *testing.T) {
	var log synced
	w := newWorld(t, func(_ *api.Config, d *api.Deps) { d.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	w.get(t, "/healthz")
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 1 || !strings.Contains(lines[0], "path=/healthz") || !strings.Contains(lines[0], "status=200") || !strings.Contains(lines[0], "request=") {
		t.Errorf("one request left:\n%s", log.String())
	}
}

func TestShutdown(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	w := newWorld(t, func(c *api.Config, d *api.Deps) {
		d.Index = func() news.Index {
			return scripted{search: func(context.Context, news.Query) (*news.Result, error) {
				close(entered)
				<-release
				return &news.Result{}, nil
			}}
		}
	})
	answered := make(chan int, 1)
	go func() {
		resp, err := w.client.Get(w.base + "/v1/search")
		if err != nil {
			answered <- 0
			return
		}
		defer resp.Body.Close()
		answered <- resp.StatusCode
	}()
	<-entered
	stopped := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		stopped <- w.server.Shutdown(ctx)
	}()
	select {
	case err := <-stopped:
		t.Fatalf("shutdown did not wait for the request under way: %v", err)
	case <-time.After(150 * time.Millisecond):
	}
	close(release)
	if status := <-answered; status != http.StatusOK {
		t.Errorf("the request under way got %d", status)
	}
	if err := <-stopped; err != nil {
		t.Errorf("shutdown: %v", err)
	}
	if _, err := net.Dial("tcp", strings.TrimPrefix(w.base, "http://")); err == nil {
		t.Error("the port still answers")
	}
}

func TestShutdownEndsStreams(t *testing.T) {
	w := newWorld(t, nil)
	var articles []news.Article
	for i := range 900 {
		articles = append(articles, news.Article{
			URL: fmt.Sprintf("https://bulk.example/%d", i), Title: fmt.Sprint("Number ", i), Content: strings.Repeat("Text. ", 3000),
			Source: news.Ref{ID: "bulk", Name: "Bulk"}, PublishedAt: sample()[0].PublishedAt, Completeness: news.Full,
		})
	}
	w.put(t, articles...)
	resp, err := w.client.Get(w.base + "/v1/export/articles.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := bufio.NewReader(resp.Body).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		stopped <- w.server.Shutdown(ctx)
	}()
	time.Sleep(50 * time.Millisecond) // the stream has seen the stop before the reader goes on
	if _, err := io.Copy(io.Discard, resp.Body); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("read: %v", err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("shutdown: %v", err)
	}
}
