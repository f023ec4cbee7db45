package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/news"
)

// command runs one command line on a data directory as main would.
func command(t *testing.T, dir string, line ...string) (status int, out, errs string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var o, e bytes.Buffer
	status = Run(ctx, Parts{}, append(line, "--data-dir", dir), strings.NewReader(""), &o, &e)
	return status, o.String(), e.String()
}

// must runs a command that has to succeed.
func must(t *testing.T, dir string, line ...string) string {
	t.Helper()
	status, out, errs := command(t, dir, line...)
	if status != exitOK {
		t.Fatalf("broadsheet %s: status %d: %s", strings.Join(line, " "), status, errs)
	}
	return out
}

// fails runs a command that has to fail with a message that holds each part.
func fails(t *testing.T, dir string, parts []string, line ...string) {
	t.Helper()
	status, _, errs := command(t, dir, line...)
	if status == exitOK {
		t.Errorf("broadsheet %s succeeded, want an error that says %q", strings.Join(line, " "), parts)
	}
	for _, p := range parts {
		if !strings.Contains(errs, p) {
			t.Errorf("broadsheet %s: %q lacks %q", strings.Join(line, " "), errs, p)
		}
	}
}

// buffer is a log that a test may read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// startDemo runs the demo on a data directory and returns when everything it
// publishes can be searched.
func startDemo(t *testing.T, dir string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var out, errs buffer
	ended := make(chan int, 1)
	go func() {
		ended <- Run(ctx, Parts{}, []string{"demo", "--listen", "127.0.0.1:0", "--data-dir", dir}, strings.NewReader(""), &out, &errs)
	}()
	t.Cleanup(func() {
		start := time.Now()
		cancel()
		if status := <-ended; status != exitOK {
			t.Errorf("the demo ended with status %d: %s", status, errs.String())
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("the demo took %v to stop", took)
		}
	})
	c := &client{http: overSocket(socketPath(dir))}
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		var s struct {
			Articles int `json:"articles"`
			Feeds    struct{ Due int }
			Pages    struct{ Due, Leased int }
			Outbox   struct{ Pending int }
		}
		err := c.call(ctx, http.MethodGet, "/v1/status", nil, nil, &s)
		if err == nil && s.Articles > 80 && s.Feeds.Due+s.Pages.Due+s.Pages.Leased+s.Outbox.Pending == 0 {
			return
		}
		select {
		case status := <-ended:
			ended <- status
			t.Fatalf("the demo ended with status %d: %s", status, errs.String())
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("the demo was not ready in time: %+v, %v, %s", s, err, errs.String())
		}
	}
}

func TestDemoFromCrawlToSearch(t *testing.T) {
	dir := t.TempDir()
	startDemo(t, dir)

	t.Run("search", func(t *testing.T) {
		out := must(t, dir, "search", "Rotterdam", "--facets", "source,person,date", "--size", "3")
		for _, want := range []string{" articles in ", "source\n", "person\n", "date\n", "Ledger & Tide", "http://127.0.0.1:"} {
			if !strings.Contains(out, want) {
				t.Errorf("output lacks %q:\n%s", want, out)
			}
		}
	})
	t.Run("json and filters", func(t *testing.T) { checkFilters(t, dir) })
	t.Run("boilerplate", func(t *testing.T) { checkBoilerplate(t, dir) })
	t.Run("recall", func(t *testing.T) { checkRecall(t, dir) })
	t.Run("syntax error points", func(t *testing.T) {
		fails(t, dir, []string{"offset", "(harbour OR\n", "^"}, "search", "(harbour OR")
	})
	t.Run("sources", func(t *testing.T) {
		if out := must(t, dir, "sources"); !strings.Contains(out, "The Danube Mirror") {
			t.Errorf("output:\n%s", out)
		}
	})
	t.Run("feeds", func(t *testing.T) { checkFeeds(t, dir) })
	t.Run("one owner", func(t *testing.T) {
		fails(t, dir, []string{dir, "process"}, "crawl")
	})
	t.Run("measurements", func(t *testing.T) { checkMeasurements(t, dir) })
	t.Run("backup", func(t *testing.T) { checkBackup(t, dir) })
	t.Run("entities", func(t *testing.T) { checkEntities(t, dir) })
	t.Run("reindex", func(t *testing.T) {
		before := digests(t, dir)
		for deadline := time.Now().Add(time.Minute); !before.Equal && time.Now().Before(deadline); before = digests(t, dir) {
			time.Sleep(50 * time.Millisecond) // duplicates are found a moment after articles are searchable
		}
		must(t, dir, "reindex")
		if after := digests(t, dir); after != before || !after.Equal {
			t.Errorf("digests before %+v, after %+v", before, after)
		}
	})
	t.Run("doctor", func(t *testing.T) {
		if out := must(t, dir, "doctor"); !strings.Contains(out, "agrees with the store") {
			t.Errorf("output:\n%s", out)
		}
	})
	t.Run("export, import", func(t *testing.T) { checkRoundTrip(t, dir) })
	t.Run("remove", func(t *testing.T) { checkRemove(t, dir) })
}

// reply is what the tests read of a search.
func reply(t *testing.T, dir string, line ...string) searchReply {
	t.Helper()
	var r searchReply
	if err := json.Unmarshal([]byte(must(t, dir, append([]string{"search", "--json"}, line...)...)), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func checkFilters(t *testing.T, dir string) {
	all := reply(t, dir, "minister", "--facets", "source")
	counts := map[string]int{}
	var two []string
	for _, b := range all.Facets["source"].Buckets {
		counts[b.Value] = b.Count
		if len(two) < 2 {
			two = append(two, b.Value)
		}
	}
	if len(two) < 2 {
		t.Fatalf("too few publishers to choose from: %v", counts)
	}
	filtered := reply(t, dir, "minister", "--facets", "source", "--sources", strings.Join(two, ","))
	if want := counts[two[0]] + counts[two[1]]; filtered.Total != want {
		t.Errorf("two publishers give %d articles, their buckets say %d", filtered.Total, want)
	}
	for _, b := range filtered.Facets["source"].Buckets {
		if counts[b.Value] != b.Count {
			t.Errorf("bucket %s counts %d under the filter, %d without: its own filter must not count", b.Value, b.Count, counts[b.Value])
		}
	}
	title := all.Articles[0].Title
	if r := reply(t, dir, `"`+strings.NewReplacer(`"`, "", "“", "", "”", "").Replace(title)+`"`); r.Total < 1 {
		t.Errorf("the phrase %q is not found", title)
	}
}

func checkFeeds(t *testing.T, dir string) {
	out := must(t, dir, "feeds")
	if strings.Count(out, "ok ") < 6 {
		t.Errorf("six healthy feeds expected:\n%s", out)
	}
	address := regexp.MustCompile(`http://\S+rss\.xml`).FindString(out)
	if address == "" {
		t.Fatalf("no address in:\n%s", out)
	}
	must(t, dir, "feeds", "disable", address)
	if out := must(t, dir, "feeds", "list"); !strings.Contains(out, "off ") {
		t.Errorf("the disabled feed is not off:\n%s", out)
	}
	must(t, dir, "feeds", "enable", address)
	opml := filepath.Join(t.TempDir(), "feeds.opml")
	if err := os.WriteFile(opml, []byte(must(t, dir, "feeds", "export")), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := must(t, dir, "feeds", "import", opml); !strings.Contains(out, "0 feeds added, 6 known") {
		t.Errorf("importing the export says %q", out)
	}
	fails(t, dir, []string{"nowhere"}, "feeds", "remove", "nowhere")
	fails(t, dir, []string{"ftp://x.example/"}, "feeds", "add", "ftp://x.example/")
}

// digests returns what /v1/status says of store and index.
func digests(t *testing.T, dir string) (d struct {
	Store, Index struct {
		Articles int
		Sum      string
	}
	Equal bool
},
) {
	t.Helper()
	c := &client{http: overSocket(socketPath(dir))}
	reply := struct{ Digest any }{&d}
	if err := c.call(t.Context(), http.MethodGet, "/v1/status", url.Values{"digest": {"true"}}, nil, &reply); err != nil {
		t.Fatal(err)
	}
	return d
}

func checkRoundTrip(t *testing.T, dir string) {
	exported := must(t, dir, "export")
	lines := strings.Count(exported, "\n")
	file := filepath.Join(t.TempDir(), "articles.ndjson")
	bad := "{\"url\":\"https://example.org/x\"}\nnot JSON\n"
	if err := os.WriteFile(file, []byte(bad+exported), 0o600); err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	status, out, errs := command(t, other, "import", file)
	if status != exitFailed || !strings.Contains(out, "2 lines refused") || !strings.Contains(errs, "line 1: ") || !strings.Contains(errs, "line 2: ") {
		t.Errorf("import: status %d, %q, %q", status, out, errs)
	}
	if got := reply(t, other); got.Total != lines {
		t.Errorf("%d articles after import, %d lines were exported", got.Total, lines)
	}
	if _, out, _ := command(t, other, "import", file); !strings.Contains(out, "0 articles new, 0 changed") {
		t.Errorf("importing twice says %q", out)
	}
	if diff := cmp.Diff(states(t, must(t, other, "export")), states(t, exported)); diff != "" {
		t.Errorf("ids, versions, revisions and partitions after import (-got +want):\n%s", diff)
	}
	want := reply(t, dir, "minister", "--facets", "person,source", "--param", "recency=off")
	got := reply(t, other, "minister", "--facets", "person,source", "--param", "recency=off")
	if got.Total != want.Total || len(got.Facets["person"].Buckets) != len(want.Facets["person"].Buckets) {
		t.Errorf("the imported archive answers %d, the first %d", got.Total, want.Total)
	}
}

// states lists which state of each article an export holds.
func states(t *testing.T, export string) map[string]string {
	t.Helper()
	list := map[string]string{}
	for line := range strings.Lines(export) {
		var a news.Article
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		list[a.ID] = fmt.Sprint(a.Version, " ", a.Revision, " ", a.Partition)
	}
	return list
}

// checkBackup backs up an archive in use, and restores it elsewhere.
func checkBackup(t *testing.T, dir string) {
	must(t, dir, "keys", "add", "reader")
	copied, restored := filepath.Join(t.TempDir(), "copy"), filepath.Join(t.TempDir(), "data")
	before := states(t, must(t, dir, "export"))
	if out := must(t, dir, "backup", copied); !strings.Contains(out, "articles backed up") {
		t.Errorf("backup says %q", out)
	}
	after := states(t, must(t, dir, "export"))
	fails(t, dir, []string{"is there already"}, "backup", copied)
	fails(t, dir, []string{"is there already"}, "restore", copied)
	fails(t, restored, []string{"no such file"}, "restore", filepath.Join(copied, "nowhere"))
	keyed := t.TempDir() // a directory whose keys are in use, without an archive yet
	must(t, keyed, "keys", "add", "desk")
	fails(t, keyed, []string{"keys.json is there already"}, "restore", copied)
	if out := must(t, keyed, "keys", "list"); !strings.Contains(out, "desk") {
		t.Errorf("a restore that is refused has changed the keys:\n%s", out)
	}
	must(t, restored, "restore", copied)
	got := states(t, must(t, restored, "export"))
	for id, state := range after { // a live archive may have moved on meanwhile
		if got[id] != state && got[id] != before[id] || got[id] == "" && before[id] != "" {
			t.Errorf("article %s is restored as %q; it was %q before the backup, %q after", id, got[id], before[id], state)
		}
	}
	if out := must(t, restored, "keys", "list"); !strings.Contains(out, "reader") {
		t.Errorf("keys after restoring: %s", out)
	}
	if got, want := reply(t, restored, "minister"), reply(t, dir, "minister"); got.Total != want.Total {
		t.Errorf("the restored archive finds %d, want %d", got.Total, want.Total)
	}
}

func checkRemove(t *testing.T, dir string) {
	victim := reply(t, dir, "--sort", "oldest").Articles[0]
	must(t, dir, "remove", victim.URL)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if r := reply(t, dir, "--sort", "oldest"); r.Articles[0].ID != victim.ID {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the removed article is still found")
		}
	}
	fails(t, dir, []string{"taken down"}, "remove", victim.URL)
}

func TestUsage(t *testing.T) {
	dir := t.TempDir()
	fails(t, dir, []string{"unknown command", "did you mean search", "--help"}, "serach", "x")
	fails(t, dir, []string{"--rolls", "--help"}, "serve", "--rolls", "api")
	fails(t, dir, []string{"crawl, index and api"}, "serve", "--roles", "cook")
	fails(t, dir, []string{"Atlantis", "--list"}, "init", "--dir", dir, "--country", "Atlantis")
	fails(t, dir, []string{"no such file"}, "import", filepath.Join(dir, "none.ndjson"))
	fails(t, dir, []string{"broadsheet init"}, "search", "x", "--config", filepath.Join(dir, "none.yaml"))
}

func TestInit(t *testing.T) {
	dir := t.TempDir()
	out := must(t, dir, "init", "--dir", dir, "--country", "kenya", "--topic", "Science")
	if !strings.Contains(out, "feeds to begin with") {
		t.Errorf("output: %s", out)
	}
	fails(t, dir, []string{"--force"}, "init", "--dir", dir)
	config := filepath.Join(dir, "broadsheet.yaml")
	data := filepath.Join(dir, "data")
	for _, want := range []string{"Nairobi Wire", "BBC News"} {
		if out := must(t, data, "feeds", "--config", config); strings.Contains(out, want) {
			t.Errorf("a command other than serve and crawl filled the list: %s", out)
		}
		text, err := os.ReadFile(filepath.Join(dir, "feeds.opml"))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("feeds.opml lacks %q: %v", want, err)
		}
	}
}

func TestInspectQuery(t *testing.T) {
	dir := t.TempDir()
	if out := must(t, dir, "inspect", "query", "a OR b"); !strings.Contains(out, `"query":"a OR b"`) {
		t.Errorf("output: %s", out)
	}
	fails(t, dir, []string{"offset", "^"}, "inspect", "query", "a OR")
}

func TestDamagedIndexIsRebuilt(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "one.ndjson")
	line := `{"url":"https://example.org/a","title":"The harbour wall","content":"It is to be raised.","publishedAt":"2026-11-01"}` + "\n"
	if err := os.WriteFile(file, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	must(t, data, "import", file)
	damage(t, filepath.Join(data, "index"))
	status, out, errs := command(t, data, "doctor")
	if status != exitOK && !strings.Contains(out+errs, "rebuilt") {
		t.Errorf("status %d: %s %s", status, out, errs)
	}
	damage(t, filepath.Join(data, "index"))
	if r := reply(t, data, "harbour"); r.Total != 1 {
		t.Errorf("%d articles found while the damaged index is rebuilt, want 1: no answer before it is whole", r.Total)
	}
	aside, err := filepath.Glob(filepath.Join(data, "index", "*.aside"))
	if err != nil || len(aside) != 2 {
		t.Errorf("the damaged index was not set aside: %v, %v", aside, err)
	}
}

// damage overwrites the files of an index.
func damage(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == currentFile {
			return err
		}
		return os.WriteFile(path, []byte("no longer what it was"), 0o600)
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
}
