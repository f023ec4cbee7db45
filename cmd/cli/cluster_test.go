package cli

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet.example/index/opensearch"
)

// sharedIndex has every command of the test use an index of its own in OpenSearch,
// which goes with the test, reached through a door.
func sharedIndex(t *testing.T) *door {
	t.Helper()
	address := os.Getenv("BROADSHEET_OPENSEARCH_URL")
	if address == "" {
		t.Skip("set BROADSHEET_OPENSEARCH_URL to the address of an OpenSearch to test with (.ci/opensearch start gives one)")
	}
	cfg, err := opensearch.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Prefix = fmt.Sprintf("cmd%d_%d", os.Getpid(), time.Now().UnixNano())
	c, err := opensearch.Connect(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Sweep(context.Background(), func(string) bool { return true }); err != nil {
			t.Error(err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	d := openDoor(t, cfg.Hosts[0])
	t.Setenv("BROADSHEET_INDEX_ENGINE", "opensearch://"+d.address+"/"+cfg.Prefix)
	return d
}

// door lets connections through to a server while it is open.
type door struct {
	t       *testing.T
	address string
	target  string

	mu       sync.Mutex
	listener net.Listener
	open     map[net.Conn]bool
}

func openDoor(t *testing.T, target string) *door {
	t.Helper()
	d := &door{t: t, address: "127.0.0.1:0", target: target, open: map[net.Conn]bool{}}
	d.unlock()
	t.Cleanup(d.lock)
	return d
}

// unlock listens at the door's address.
func (d *door) unlock() {
	d.t.Helper()
	l, err := net.Listen("tcp", d.address)
	if err != nil {
		d.t.Fatal(err)
	}
	d.mu.Lock()
	d.listener, d.address = l, l.Addr().String()
	d.mu.Unlock()
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			go d.pass(from)
		}
	}()
}

// lock refuses new connections and breaks those that are open.
func (d *door) lock() {
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = d.listener.Close() // a second time too
	for c := range d.open {
		_ = c.Close()
	}
}

func (d *door) pass(from net.Conn) {
	to, err := net.Dial("tcp", d.target)
	if err != nil {
		_ = from.Close()
		return
	}
	d.mu.Lock()
	d.open[from], d.open[to] = true, true
	d.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(to, from); _ = to.Close() })
	both.Go(func() { _, _ = io.Copy(from, to); _ = from.Close() })
	both.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.open, from)
	delete(d.open, to)
}

// TestIndexInOpenSearch crawls, searches, rebuilds and removes with the index in
// OpenSearch.
func TestIndexInOpenSearch(t *testing.T) {
	sharedIndex(t)
	dir := t.TempDir()
	startDemo(t, dir)
	checkFilters(t, dir)
	want := reply(t, dir, "minister", "--facets", "source,person,date", "--param", "recency=off")
	if want.Total == 0 || len(want.Facets["person"].Buckets) == 0 {
		t.Fatalf("too little is found: %+v", want)
	}
	must(t, dir, "reindex")
	if d := digests(t, dir); !d.Equal {
		t.Errorf("store and index differ after a rebuild: %+v", d)
	}
	got := reply(t, dir, "minister", "--facets", "source,person,date", "--param", "recency=off")
	if got.Total != want.Total || len(got.Facets["person"].Buckets) != len(want.Facets["person"].Buckets) {
		t.Errorf("the rebuilt index finds %d articles, the old one %d", got.Total, want.Total)
	}
	must(t, dir, "remove", want.Articles[0].URL)
	for deadline := time.Now().Add(time.Minute); reply(t, dir, "minister").Total == want.Total; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("an article that was taken down is still found")
		}
	}
	if out := must(t, dir, "doctor"); !strings.Contains(out, "agrees with the store") {
		t.Errorf("doctor says:\n%s", out)
	}
}

// TestOpenSearchGoesAway takes the search engine away: searches say so, crawling
// goes on, and when it is back the index catches up.
func TestOpenSearchGoesAway(t *testing.T) {
	d := sharedIndex(t)
	dir := t.TempDir()
	startDemo(t, dir)
	want := reply(t, dir, "minister").Total
	d.lock()
	reply503(t, dir, d.address)
	before := articles(t, dir)
	file := t.TempDir() + "/one.ndjson"
	line := `{"url":"https://late.example/news/1","title":"A minister comes late","content":"Quuxly arrived.","publishedAt":"2024-05-01T10:00:00Z"}` + "\n"
	if err := os.WriteFile(file, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	imported := make(chan int, 1)
	go func() {
		status, _, _ := command(t, dir, "import", file) // waits for the index
		imported <- status
	}()
	for deadline := time.Now().Add(time.Minute); articles(t, dir) == before; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("without a search engine nothing is stored any more")
		}
	}
	d.unlock()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		status, _, _ := command(t, dir, "search", "quuxly")
		if status == exitOK && reply(t, dir, "quuxly").Total == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the index does not catch up")
		}
	}
	if status := <-imported; status != exitOK {
		t.Errorf("the import ended with status %d", status)
	}
	if got := reply(t, dir, "minister").Total; got != want+1 {
		t.Errorf("%d articles are found afterwards, want %d", got, want+1)
	}
	if d := digests(t, dir); !d.Equal {
		t.Errorf("store and index differ: %+v", d)
	}
}

// reply503 makes sure that a search is refused for now, without the address of
// the search engine.
func reply503(t *testing.T, dir, address string) {
	t.Helper()
	r, err := overSocket(socketPath(dir)).Get("http://broadsheet/v1/search?q=minister")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" || strings.Contains(string(text), address) {
		t.Errorf("without a search engine: %s, Retry-After %q: %s", r.Status, r.Header.Get("Retry-After"), text)
	}
}

// articles is how many articles the store has.
func articles(t *testing.T, dir string) int {
	t.Helper()
	var s struct{ Articles int }
	c := &client{http: overSocket(socketPath(dir))}
	if err := c.call(t.Context(), http.MethodGet, "/v1/status", nil, nil, &s); err != nil {
		t.Fatal(err)
	}
	return s.Articles
}

func TestOpenSearchOutOfReach(t *testing.T) {
	t.Setenv("BROADSHEET_INDEX_ENGINE", "opensearch://ann:hidden@127.0.0.1:1/news")
	status, out, errs := command(t, t.TempDir(), "search", "x")
	if status == exitOK || !strings.Contains(errs, "OpenSearch") || strings.Contains(out+errs, "hidden") {
		t.Errorf("status %d: %s %s", status, out, errs)
	}
	t.Setenv("BROADSHEET_INDEX_ENGINE", "elastic://ann:hidden@127.0.0.1:1/news")
	status, out, errs = command(t, t.TempDir(), "search", "x")
	if status == exitOK || !strings.Contains(errs, "index.engine must be") || strings.Contains(out+errs, "hidden") {
		t.Errorf("status %d: %s %s", status, out, errs)
	}
}
