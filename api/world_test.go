package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"broadsheet.example/api"
	"broadsheet.example/index"
	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
)

// reader is the outbox reader that the test's index follows.
const reader = "index"

// world is a server over real loopback sockets, with a real store and a real
// index behind it.
type world struct {
	store  *sqlite.Store
	index  news.Index
	server *api.Server
	// base is the address of the server; client comes from loopback, control over
	// the control socket.
	base            string
	client, control *http.Client
}

// newServer builds a server on the parts of w; change alters its dependencies.
func newServer(t testing.TB, w world, change func(*api.Config, *api.Deps)) *api.Server {
	t.Helper()
	cfg := api.Config{CORSOrigins: []string{"*"}}
	deps := api.Deps{
		Crawling: api.Crawling{
			Trace: func(_ context.Context, address string) (any, error) {
				return []map[string]any{{"step": "address", "ok": true, "note": address}}, nil
			},
			Backfill: func(address string) (news.Feed, error) {
				site, days, ok := strings.Cut(address, "#")
				if !ok {
					return news.Feed{}, errors.New("no days")
				}
				return news.Feed{ID: news.ArticleID(address), URL: site + "#" + days, Kind: "backfill", Enabled: true}, nil
			},
			Pauses: w.store,
			Confirm: func(_ context.Context, id string, asked url.Values) (string, error) {
				if id != "known" || asked.Get("hub.topic") != "topic" {
					return "", news.ErrNotFound
				}
				return asked.Get("hub.challenge"), nil
			},
			Deliver: func(_ context.Context, id, signature string, body []byte) error {
				switch {
				case id != "known":
					return news.ErrNotFound
				case signature != "sha256="+string(body):
					return api.ErrUnsigned
				}
				return nil
			},
			Host: func(address string) string { return strings.Split(address+"///", "/")[2] },
			Discover: func(_ context.Context, address string) (news.Feed, []string, error) {
				if strings.Contains(address, "nothing") {
					return news.Feed{}, nil, fmt.Errorf("%w: no feed there", news.ErrNotFound)
				}
				k, err := key(address)
				if err != nil {
					return news.Feed{}, nil, &news.ParamError{Param: "url", Value: address, Reason: err.Error()}
				}
				return news.Feed{ID: news.ArticleID(k), URL: address, Title: "Gazette", Kind: news.KindFeed}, []string{address + "/more"}, nil
			},
		},
		Store: w.store, Index: func() news.Index { return w.index }, Reader: func() string { return reader },
		Key: key, EntityKey: strings.ToLower, Draft: draft, Ready: func() error { return nil },
		FullText: func(id string) news.FullTextPolicy {
			if id == "closed" {
				return news.FullTextNone
			}
			return news.FullTextAPI
		},
		Registry: prometheus.NewRegistry(), Version: "test", Started: time.Now(),
	}
	if change != nil {
		change(&cfg, &deps)
	}
	return api.New(cfg, deps)
}

// newWorld starts a server; change alters its configuration and dependencies.
func newWorld(t testing.TB, change func(*api.Config, *api.Deps)) *world {
	t.Helper()
	ctx := t.Context()
	log := slog.New(slog.DiscardHandler)
	st, err := sqlite.Open(ctx, sqlite.Config{Dir: t.TempDir()}, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	if err := st.Register(ctx, reader); err != nil {
		t.Fatal(err)
	}
	idx, err := index.Open(ctx, index.Config{Dir: filepath.Join(t.TempDir(), "index")}, st, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { idx.Close() })
	w := &world{store: st, index: idx}
	w.server = newServer(t, *w, change)
	w.serve(t)
	return w
}

// serve listens on a loopback port and on a control socket.
func (w *world) serve(t testing.TB) {
	t.Helper()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "control.sock")
	unix, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 2)
	go func() { ended <- w.server.Serve(tcp, false) }()
	go func() { ended <- w.server.Serve(unix, true) }()
	w.base = "http://" + tcp.Addr().String()
	w.client = &http.Client{Transport: &http.Transport{}}
	w.control = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", socket)
	}}}
	t.Cleanup(func() {
		w.client.CloseIdleConnections()
		w.control.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := w.server.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		for range 2 {
			if err := <-ended; err != nil {
				t.Errorf("serve: %v", err)
			}
		}
	})
}

// key is a URL key that is good enough here.
func key(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "http") {
		return "", errors.New("not an address on the web")
	}
	return strings.ToLower(u.Host) + u.Path, nil
}

// draft reads a line of an import as the crawler would, more or less.
func draft(text []byte) (*store.Draft, error) {
	var a news.Article
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, err
	}
	k, err := key(a.URL)
	if err != nil {
		return nil, fmt.Errorf("url: %w", err)
	}
	if a.Completeness == "" {
		a.Completeness = news.Full
	}
	return &store.Draft{Article: a, Keys: []string{k}}, nil
}

// follow has the index take in what the store has for it.
func (w *world) follow(t testing.TB) {
	t.Helper()
	ctx := t.Context()
	changes, err := w.store.LeaseChanges(ctx, reader, 1000, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range changes {
		if found, err := w.store.Articles(ctx, c.ID); err == nil && len(found) > 0 && !c.Deleted {
			changes[i].Article = &found[0]
		}
	}
	if _, err := w.index.Apply(ctx, changes); err != nil {
		t.Fatal(err)
	}
	if err := w.store.AckChanges(ctx, reader, changes); err != nil {
		t.Fatal(err)
	}
}

// put stores and indexes articles, and returns their ids.
func (w *world) put(t testing.TB, articles ...news.Article) []string {
	t.Helper()
	drafts := make([]store.Draft, len(articles))
	for i, a := range articles {
		k, err := key(a.URL)
		if err != nil {
			t.Fatal(err)
		}
		drafts[i] = store.Draft{Article: a, Keys: []string{k}}
	}
	done, err := w.store.PutArticles(t.Context(), drafts...)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(done))
	for i, d := range done {
		if d.Err != nil {
			t.Fatal(d.Err)
		}
		ids[i] = d.ID
	}
	w.follow(t)
	return ids
}

// reply is an answer that was read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// into decodes the reply's JSON.
func (r reply) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(r.body, v); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
}

// do sends a request and checks its reply against the document.
func (w *world) do(t *testing.T, client *http.Client, method, path, kind, text string, change ...func(*http.Request)) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.base+path, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if client == w.control {
		req.Host = "localhost"
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for _, c := range change {
		c(req)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if isDocumented(method, resp.StatusCode, req.URL.Path) {
		checkReply(t, req, resp, body)
	}
	return reply{resp.StatusCode, resp.Header, body}
}

// isDocumented leaves out what the document does not speak of: other methods,
// and addresses that do not exist.
func isDocumented(method string, status int, path string) bool {
	known := strings.HasPrefix(path, "/v1/") || strings.HasPrefix(path, "/v2/") || path == "/healthz" || path == "/readyz" || path == "/openapi.json"
	return known && method != http.MethodHead && method != http.MethodOptions && status != http.StatusMethodNotAllowed && !strings.HasSuffix(path, "/nowhere")
}

// get asks from loopback.
func (w *world) get(t *testing.T, path string, change ...func(*http.Request)) reply {
	t.Helper()
	return w.do(t, w.client, http.MethodGet, path, "", "", change...)
}

// send sends JSON over the control socket.
func (w *world) send(t *testing.T, method, path, text string) reply {
	t.Helper()
	kind := ""
	if text != "" {
		kind = "application/json"
	}
	return w.do(t, w.control, method, path, kind, text)
}

// problem is what errors look like.
type problem struct {
	Type, Title, Detail, Code, Param, RequestID, Expected, Clause string
	Status, Line                                                  int
	Offset                                                        *int
}

// wantProblem fails the test unless r is an error with the status and code.
func wantProblem(t *testing.T, r reply, status int, code string) problem {
	t.Helper()
	var p problem
	if r.status != status || r.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("status %d, type %q, want %d with a problem document: %s", r.status, r.header.Get("Content-Type"), status, r.body)
	}
	r.into(t, &p)
	if p.Code != code || p.Status != status || p.RequestID == "" || p.RequestID != r.header.Get("X-Request-Id") {
		t.Errorf("problem %+v, want code %s, status %d and the request's id", p, code, status)
	}
	return p
}
