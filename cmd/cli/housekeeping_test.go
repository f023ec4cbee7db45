package cli

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRetention serves an archive with one article that is too old and one that is
// not.
func TestRetention(t *testing.T) {
	t.Run("in a directory", testRetention)
	t.Run("in a shared store", func(t *testing.T) {
		sharedStore(t)
		testRetention(t)
	})
}

func testRetention(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "articles.ndjson")
	var lines strings.Builder
	for name, age := range map[string]time.Duration{"old": 100 * 24 * time.Hour, "new": 24 * time.Hour} {
		at := time.Now().Add(-age).UTC().Format(time.RFC3339)
		fmt.Fprintf(&lines, `{"url":"https://a.example/%s","title":"Budget %s","content":"Text.","publishedAt":%q,"source":{"id":"a","name":"A"}}`+"\n", name, name, at)
	}
	if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, dir, "import", file)
	if got := reply(t, dir, "budget"); got.Total != 2 {
		t.Fatalf("%d articles at first, want 2", got.Total)
	}
	t.Setenv("BROADSHEET_INDEX_RETENTION", "2400h")
	t.Setenv("BROADSHEET_FEEDS_FILE", "none")
	ctx, cancel := context.WithCancel(t.Context())
	var out, errs buffer
	ended := make(chan int, 1)
	go func() {
		ended <- Run(ctx, Parts{}, []string{"serve", "--listen", "127.0.0.1:0", "--data-dir", dir}, strings.NewReader(""), &out, &errs)
	}()
	t.Cleanup(func() { cancel(); <-ended })
	c := &client{http: overSocket(socketPath(dir))}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		var s struct {
			Total int `json:"totalResults"`
		}
		if err := c.call(ctx, http.MethodGet, "/v1/search?q=budget", nil, nil, &s); err == nil && s.Total == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the old article is still there: %+v, %s", s, errs.String())
		}
	}
	if got := must(t, dir, "search", "title:new"); !strings.Contains(got, "Budget new") {
		t.Errorf("the new article is gone, too: %s", got)
	}
}
