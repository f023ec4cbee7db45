package opensearch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
)

// snapshotServer holds snapshots and answers searches on them with broken, once
// it is set; every page has one hit and another behind it.
type snapshotServer struct {
	opened  int
	opening string // the answer to who opens one; empty: it is opened
	broken  string // the answer to searches of the snapshot opened first; empty: hits
	status  int
}

func (s *snapshotServer) answer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // an empty one is answered too
	switch {
	case r.URL.Path == "/":
		answer(w, 200, fit)
	case r.URL.Path == "/_analyze":
		answer(w, 200, analyzing)
	case strings.HasSuffix(r.URL.Path, "/_search/point_in_time") && r.Method == http.MethodPost:
		if s.opening != "" {
			answer(w, 429, s.opening)
			return
		}
		s.opened++
		answer(w, 200, fmt.Sprintf(`{"pit_id":"pit%d"}`, s.opened))
	case s.broken != "" && strings.Contains(string(body), `"pit1"`):
		answer(w, s.status, s.broken)
	case strings.HasSuffix(r.URL.Path, "/_search"):
		answer(w, 200, `{"hits":{"total":{"value":2},"hits":[`+aHit("a")+","+aHit("b")+`]}}`)
	default:
		answer(w, 200, `{}`)
	}
}

func aHit(id string) string {
	return fmt.Sprintf(`{"fields":{"id":[%q],"published":[1]},"sort":[1,1,%[1]q]}`, id)
}

// searcher returns an engine over the server.
func (s *snapshotServer) searcher(t *testing.T) *Engine {
	t.Helper()
	cluster, err := Connect(t.Context(), serve(t, s.answer))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Close(); err != nil {
			t.Error(err)
		}
	})
	lib := indextest.NewLibrary()
	lib.Put(news.Article{ID: "a"}, news.Article{ID: "b"})
	return cluster.Open("g1", lib, slog.New(slog.DiscardHandler))
}

const (
	nodeGone   = `{"error":{"root_cause":[{"type":"node_not_connected_exception","reason":"[node-2] disconnected"}],"type":"search_phase_execution_exception","reason":"Partial shards failure"}}`
	stateGone  = `{"error":{"root_cause":[{"type":"search_context_missing_exception","reason":"No search context found"}],"type":"search_phase_execution_exception","reason":"all shards failed"}}`
	overloaded = `{"error":{"root_cause":[{"type":"rejected_execution_exception","reason":"queue is full"}],"type":"search_phase_execution_exception","reason":"all shards failed"}}`
	partial    = `{"_shards":{"total":11,"successful":7,"skipped":0,"failed":0},"hits":{"total":{"value":1},"hits":[]}}`
	tooMany    = `{"error":{"root_cause":[{"type":"rejected_execution_exception","reason":"Trying to create too many Point In Time contexts. This limit can be set by changing the [search.max_open_pit_context] setting."}]}}`
)

// TestLostSnapshots loses a snapshot with a node: what begins is answered from a
// new one, what was to continue has expired, and what is overloaded is neither.
func TestLostSnapshots(t *testing.T) {
	for name, c := range map[string]struct {
		status           int
		broken           string
		first, continues error
	}{
		"a node is gone":     {503, nodeGone, nil, news.ErrCursorExpired},
		"a node came back":   {404, stateGone, nil, news.ErrCursorExpired},
		"nobody has a shard": {200, partial, nil, news.ErrCursorExpired},
		"too much is asked":  {503, overloaded, news.ErrUnavailable, news.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			s := &snapshotServer{status: c.status}
			e := s.searcher(t)
			q := news.Query{Size: 1}
			r, err := e.Search(t.Context(), q)
			if err != nil || r.NextCursor == "" {
				t.Fatalf("got %+v, error %v, want a cursor", r, err)
			}
			s.broken = c.broken
			next := q
			next.Cursor = r.NextCursor
			if _, err := e.Search(t.Context(), next); !errors.Is(err, c.continues) {
				t.Errorf("the page after: error %v, want %v", err, c.continues)
			}
			if _, err := e.Search(t.Context(), q); !errors.Is(err, c.first) {
				t.Errorf("a first page: error %v, want %v", err, c.first)
			}
		})
	}
}

// TestShardsPassedBy asks a cluster that, as OpenSearch does for some seconds after
// the loss of a node, passes shards by that nobody holds, and calls it no failure.
func TestShardsPassedBy(t *testing.T) {
	cluster, err := Connect(t.Context(), serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			answer(w, 200, fit)
		case "/_analyze":
			answer(w, 200, analyzing)
		default:
			answer(w, 200, strings.Replace(partial, "{", `{"pit_id":"pit1",`, 1))
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	e := cluster.Open("g1", indextest.NewLibrary(), slog.New(slog.DiscardHandler))
	for name, q := range map[string]news.Query{"by date": {Size: 1, Sort: news.SortNewest}, "by relevance": {Size: 1}} {
		if r, err := e.Search(t.Context(), q); !errors.Is(err, news.ErrUnavailable) {
			t.Errorf("%s: got %+v, error %v", name, r, err)
		}
	}
	if d, err := e.Digest(t.Context()); !errors.Is(err, news.ErrUnavailable) {
		t.Errorf("digest: got %+v, error %v", d, err)
	}
	if err := cluster.Close(); err != nil {
		t.Error(err)
	}
}

// TestNoMoreSnapshots searches a cluster that holds as many snapshots as it may.
func TestNoMoreSnapshots(t *testing.T) {
	s := &snapshotServer{opening: tooMany}
	e := s.searcher(t)
	var log bytes.Buffer
	e.log = slog.New(slog.NewTextHandler(&log, nil))
	for range 3 {
		if r, err := e.Search(t.Context(), news.Query{Size: 1}); err != nil || len(r.Hits) != 1 {
			t.Errorf("got %+v, error %v, want a hit", r, err)
		}
	}
	if n := strings.Count(log.String(), "without a snapshot"); n != 1 {
		t.Errorf("three searches were warned of %d times, want once:\n%s", n, log.String())
	}
	if d, err := e.Digest(t.Context()); err != nil || d.Articles != 2 {
		t.Errorf("digest: got %+v, error %v, want one of 2 articles", d, err)
	}
}
