package api_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet.example/api"
	"broadsheet.example/index"
)

func readLines(t *testing.T, resp *http.Response) <-chan string {
	t.Helper()
	lines := make(chan string, 1)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(resp.Body); s.Scan(); {
			if text := s.Text(); text != "" {
				lines <- text
			}
		}
	}()
	return lines
}

// wantLine waits for a line that begins so, and returns the rest of it.
func wantLine(t *testing.T, lines <-chan string, prefix string) string {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatalf("the stream ended before %s", prefix)
			}
			if rest, ok := strings.CutPrefix(line, prefix); ok {
				return rest
			}
		case <-deadline:
			t.Fatalf("no line begins with %s", prefix)
		}
	}
}

func TestStream(t *testing.T) {
	var w *world
	w = newWorld(t, func(_ *api.Config, d *api.Deps) {
		d.Generation = func() string { return fmt.Sprint(w.index.(*index.Engine).Stats().Generation) }
	})
	articles := sample()
	w.put(t, articles[1]) // is not new when the stream begins
	time.Sleep(2 * time.Millisecond)
	lines, closed := events(t, w, "q=harbor", "")
	wantLine(t, lines, "retry: ")
	w.put(t, articles[0])
	first := wantLine(t, lines, "id: ")
	if data := wantLine(t, lines, "data: "); !strings.Contains(data, "Harbor strike ends") || strings.Contains(data, `"content":"`) {
		t.Errorf("data: %s", data)
	}
	closed()

	time.Sleep(2 * time.Millisecond)
	w.put(t, articles[2])
	lines, closed = events(t, w, "q=harbor", first)
	defer closed()
	if data := wantLine(t, lines, "data: "); !strings.Contains(data, "Strike talks") {
		t.Errorf("after the first event: %s", data)
	}
	for _, bad := range []string{"from=7d", "to=2024", "dateField=updated", "page=2", "q=%22"} {
		if r := w.get(t, "/v1/stream?"+bad); r.status != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, r.status)
		}
	}
	r := w.get(t, "/v1/stream", func(r *http.Request) { r.Header.Set("Last-Event-ID", "x") })
	wantProblem(t, r, 400, "parameterInvalid")
}

// events opens a stream and returns its lines as they come.
func events(t *testing.T, w *world, query, last string) (lines <-chan string, closed func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+"/v1/stream?"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := w.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %v", resp.StatusCode, resp.Header)
	}
	return readLines(t, resp), func() { cancel(); resp.Body.Close() }
}
