package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
)

func putNumbered(t *testing.T, s *sqlite.Store, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		url := fmt.Sprintf("https://gazette.example/%d", i)
		done, err := s.PutArticles(t.Context(), store.Draft{Article: news.Article{URL: url, Title: fmt.Sprint("Number ", i), Content: strings.Repeat("Text. ", 200)}, Keys: []string{url}})
		if err != nil || done[0].Err != nil {
			t.Fatal(err, done)
		}
	}
}

// A copy made while the owner writes is a store of its own: whole, of one moment,
// and as good as the first.
func TestCopy(t *testing.T) {
	dir, copied := t.TempDir(), filepath.Join(t.TempDir(), "deep", "copy")
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	putNumbered(t, s, 0, 50)
	written := make(chan struct{})
	go func() {
		defer close(written)
		putNumbered(t, s, 50, 150)
	}()
	n, err := sqlite.Copy(t.Context(), dir, copied)
	<-written
	if err != nil || n < 50 || n > 150 {
		t.Fatalf("%d articles copied, %v", n, err)
	}
	second, err := sqlite.Open(t.Context(), sqlite.Config{Dir: copied}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	stats, err := second.Stats(t.Context())
	if err != nil || stats.Articles != n {
		t.Errorf("the copy holds %d articles, %v, want %d", stats.Articles, err, n)
	}
	a, err := second.Articles(t.Context(), news.ArticleID("https://gazette.example/7"))
	if err != nil || len(a) != 1 || a[0].Title != "Number 7" {
		t.Errorf("%v, %v", a, err)
	}
	if _, err := sqlite.Copy(t.Context(), dir, copied); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("over a store: %v", err)
	}
	halfGone := t.TempDir()
	if err := os.WriteFile(filepath.Join(halfGone, "broadsheet.db-wal"), []byte("of another store"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Copy(t.Context(), dir, halfGone); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("beside the log of another store: %v", err)
	}
}

func TestCopyOfNothing(t *testing.T) {
	if _, err := sqlite.Copy(t.Context(), t.TempDir(), t.TempDir()); err == nil {
		t.Error("an empty directory was copied")
	}
	dir, to := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "broadsheet.db"), []byte(strings.Repeat("no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Copy(t.Context(), dir, to); err == nil {
		t.Error("what is no database was copied")
	}
	if left, err := filepath.Glob(filepath.Join(to, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
