package opensearch

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
)

const (
	fit       = `{"version":{"number":"3.6.0","distribution":"opensearch"}}`
	analyzing = `{"tokens":[{"token":"a","position":0},{"token":"b","position":2}]}`
)

// serve returns the address of a server that answers as the handler does.
func serve(t *testing.T, handle http.HandlerFunc) Config {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	return Config{Hosts: []string{strings.TrimPrefix(s.URL, "http://")}, User: "ann", Password: "hidden"}
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, text)
}

func TestUnfitClusters(t *testing.T) {
	for name, c := range map[string]struct {
		status         int
		info, analysis string
		want           string
	}{
		"fit":                {200, fit, analyzing, ""},
		"old":                {200, `{"version":{"number":"2.19.1","distribution":"opensearch"}}`, analyzing, "too old: upgrade it to 3.0"},
		"another engine":     {200, `{"version":{"number":"9.3.0"}}`, analyzing, "not OpenSearch"},
		"another server":     {200, `hello`, analyzing, "check that it runs"},
		"a wrong password":   {401, `{}`, analyzing, PasswordVariable},
		"without rights":     {403, `{}`, analyzing, PasswordVariable},
		"without the module": {200, fit, "", "analysis-common is missing"},
		"with other gaps":    {200, fit, `{"tokens":[]}`, "keeps no gaps"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/":
					answer(w, c.status, c.info)
				case c.analysis == "":
					answer(w, 400, `{"error":{"type":"illegal_argument_exception","reason":"failed to find tokenizer [whitespace]"}}`)
				default:
					answer(w, 200, c.analysis)
				}
			})
			cluster, err := Connect(t.Context(), cfg)
			switch {
			case err == nil:
				if cerr := cluster.Close(); cerr != nil || c.want != "" {
					t.Errorf("connected, close says %v; want an error of %q", cerr, c.want)
				}
			case c.want == "" || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hidden"):
				t.Errorf("error %v, want one of %q", err, c.want)
			case errors.Is(err, news.ErrUnavailable):
				t.Errorf("%v is said to pass", err)
			}
		})
	}
	_, err := Connect(t.Context(), Config{Hosts: []string{"127.0.0.1:1"}})
	if !errors.Is(err, news.ErrUnavailable) {
		t.Errorf("out of reach: error %v", err)
	}
}

// bulkServer answers bulk calls item by item; item is given the id and how often
// bulk was called before.
func bulkServer(t *testing.T, item func(id string, calls int64) (status int, said string)) *Engine {
	t.Helper()
	var calls atomic.Int64
	cfg := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/":
			answer(w, 200, fit)
		case r.URL.Path == "/_analyze":
			answer(w, 200, analyzing)
		case strings.HasPrefix(r.URL.Path, "/_alias/"):
			answer(w, 404, `{}`)
		case r.URL.Path == "/_bulk":
			answer(w, 200, answerBulk(r, func(id string) (int, string) { return item(id, calls.Load()) }))
			calls.Add(1)
		default:
			answer(w, 200, `{}`)
		}
	})
	cluster, err := Connect(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Close(); err != nil {
			t.Error(err)
		}
	})
	return cluster.Open("g1", indextest.NewLibrary(), slog.New(slog.DiscardHandler))
}

func answerBulk(r *http.Request, item func(id string) (int, string)) string {
	var items []string
	for lines := bufio.NewScanner(r.Body); lines.Scan(); lines.Scan() { // each head is followed by its document
		var head map[string]struct {
			ID string `json:"_id"`
		}
		if json.Unmarshal(lines.Bytes(), &head) != nil {
			continue
		}
		for verb, h := range head {
			status, said := item(h.ID)
			kind, reason, _ := strings.Cut(said, ": ")
			items = append(items, fmt.Sprintf(`{%q:{"status":%d,"error":{"type":%q,"reason":%q}}}`, verb, status, kind, reason))
		}
	}
	return `{"items":[` + strings.Join(items, ",") + `]}`
}

func changes(ids ...string) []news.Change {
	list := make([]news.Change, len(ids))
	for i, id := range ids {
		list[i] = news.Change{ID: id, Version: 1, Partition: "2024-05", Article: &news.Article{ID: id, Title: id}}
	}
	return list
}

func TestBulkItemByItem(t *testing.T) {
	tries := map[string]int{}
	e := bulkServer(t, func(id string, calls int64) (int, string) {
		tries[id]++
		switch {
		case id == "busy" && calls < 2:
			return 429, "rejected_execution_exception"
		case id == "bad":
			return 400, "mapper_parsing_exception"
		case id == "late":
			return 409, "version_conflict_engine_exception"
		default:
			return 201, ""
		}
	})
	out, err := e.Apply(t.Context(), changes("good", "busy", "bad", "late"))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ applied, failed bool }{{true, false}, {true, false}, {false, true}, {false, false}} {
		if o := out[i]; o.Applied != want.applied || (o.Err != nil) != want.failed {
			t.Errorf("outcome of %s is %+v", o.ID, o)
		}
	}
	if tries["busy"] != 3 || tries["good"] != 1 || tries["bad"] != 1 {
		t.Errorf("tried %v, want what was busy alone tried again", tries)
	}
}

func TestBulkGivesUp(t *testing.T) {
	for said, c := range map[string]struct {
		status int
		want   error
	}{
		"rejected_execution_exception": {429, news.ErrUnavailable},
		"unavailable_shards_exception": {503, news.ErrUnavailable},
		"index_not_found_exception":    {404, news.ErrUnavailable},
		"cluster_block_exception: blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];": {429, news.ErrDiskFull},
		"cluster_block_exception: blocked by: [FORBIDDEN/5/index read-only (api)];":                                                                      {403, news.ErrUnavailable},
		"cluster_block_exception: blocked by: [SERVICE_UNAVAILABLE/2/no cluster manager];":                                                               {503, news.ErrUnavailable},
	} {
		e := bulkServer(t, func(string, int64) (int, string) { return c.status, said })
		if out, err := e.Apply(t.Context(), changes("a")); !errors.Is(err, c.want) {
			t.Errorf("%s: outcomes %+v, error %v, want %v", said, out, err, c.want)
		}
	}
	e := bulkServer(t, func(string, int64) (int, string) { return 429, "" })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Apply(ctx, changes("a")); !errors.Is(err, context.Canceled) {
		t.Errorf("a done context: error %v", err)
	}
}
