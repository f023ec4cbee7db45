package telemetry_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/telemetry"
)

// collector takes in spans as a collector would.
type collector struct {
	mu    sync.Mutex
	spans []span
	about string
}

type span struct {
	TraceID, SpanID, ParentSpanID, Name string
	Kind                                int
	StartTimeUnixNano, EndTimeUnixNano  string
	Status                              struct{ Code int }
	Attributes                          []struct {
		Key   string
		Value struct{ StringValue, IntValue string }
	}
}

func (s span) attribute(key string) string {
	for _, a := range s.Attributes {
		if a.Key == key {
			return a.Value.StringValue + a.Value.IntValue
		}
	}
	return ""
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	var body struct {
		ResourceSpans []struct {
			Resource   json.RawMessage
			ScopeSpans []struct{ Spans []span }
		}
	}
	if err != nil || json.Unmarshal(text, &body) != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/json" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range body.ResourceSpans {
		c.about = string(resource.Resource)
		for _, scope := range resource.ScopeSpans {
			c.spans = append(c.spans, scope.Spans...)
		}
	}
}

func (c *collector) named(t *testing.T, name string) span {
	t.Helper()
	for _, s := range c.spans {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no span is called %q: %+v", name, c.spans)
	return span{}
}

type failing struct{ news.Index }

func (failing) Search(context.Context, news.Query) (*news.Result, error) {
	return nil, errors.New("broken")
}

func (failing) Related(context.Context, news.RelatedQuery) ([]news.Hit, error) {
	return make([]news.Hit, 3), nil
}

func open(t *testing.T, endpoint string, sample float64, log io.Writer) *telemetry.Tracing {
	t.Helper()
	tracing, err := telemetry.Open(telemetry.Config{Endpoint: endpoint, Sample: sample, Version: "test"}, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return tracing
}

func TestSpans(t *testing.T) {
	var c collector
	server := httptest.NewServer(&c)
	defer server.Close()
	tracing := open(t, server.URL, 1, io.Discard)
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	ctx, end := tracing.Request(t.Context(), "GET", parent)
	if _, err := tracing.Index(failing{}).Search(ctx, news.Query{}); err == nil {
		t.Error("the error of the search is lost")
	}
	if hits, err := tracing.Index(failing{}).Related(ctx, news.RelatedQuery{}); err != nil || len(hits) != 3 {
		t.Errorf("related: %d hits, %v", len(hits), err)
	}
	end("/v1/search", 503)
	tracing.Fetched("feed", "ok", 250*time.Millisecond, 1000)
	if err := tracing.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	request, search, fetch := c.named(t, "GET /v1/search"), c.named(t, "search"), c.named(t, "fetch feed")
	if request.TraceID != "0af7651916cd43dd8448eb211c80319c" || request.ParentSpanID != "b7ad6b7169203331" || request.Kind != 2 || request.Status.Code != 2 {
		t.Errorf("the request: %+v", request)
	}
	if request.attribute("http.response.status_code") != "503" || request.attribute("http.route") != "/v1/search" {
		t.Errorf("attributes: %+v", request.Attributes)
	}
	if search.ParentSpanID != request.SpanID || search.TraceID != request.TraceID || search.Status.Code != 2 {
		t.Errorf("the search: %+v", search)
	}
	if related := c.named(t, "related"); related.ParentSpanID != request.SpanID || related.attribute("search.hits") != "3" {
		t.Errorf("the search for related articles: %+v", related)
	}
	if fetch.ParentSpanID != "" || fetch.Kind != 3 || fetch.Status.Code != 0 || fetch.attribute("fetch.bytes") != "1000" || len(fetch.StartTimeUnixNano) != 19 {
		t.Errorf("the fetch: %+v", fetch)
	}
	if !strings.Contains(c.about, `"service.name"`) || !strings.Contains(c.about, `"broadsheet"`) {
		t.Errorf("resource: %s", c.about)
	}
}

func TestSample(t *testing.T) {
	var c collector
	server := httptest.NewServer(&c)
	defer server.Close()
	tracing := open(t, server.URL, 0, io.Discard)
	_, end := tracing.Request(t.Context(), "GET", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	end("/", 200)
	if err := tracing.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(c.spans) != 0 {
		t.Errorf("a stranger's word had spans sent: %+v", c.spans)
	}
}

// A collector that is not there, or refuses, costs a line in the log.
func TestNoCollector(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	for _, endpoint := range []string{server.URL, "http://127.0.0.1:1"} {
		var log strings.Builder
		tracing := open(t, endpoint, 1, &log)
		tracing.Fetched("page", "ok", time.Second, 1)
		if err := tracing.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(log.String(), "traces were lost") {
			t.Errorf("%s: the log holds %q", endpoint, log.String())
		}
	}
}
