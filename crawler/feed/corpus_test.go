package feed_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unicode/utf8"

	"broadsheet.example/crawler/feed"
)

// slowest is how long one document may take.
const slowest = 2 * time.Second

// TestCorpus parses every file of feedparser's test suite: none may panic, be
// slow, or lose the encoding of its text.
func TestCorpus(t *testing.T) {
	root := os.Getenv("BROADSHEET_CORPORA")
	if root == "" {
		t.Skip("BROADSHEET_CORPORA is not set: no corpus of feeds to parse")
	}
	files, failed := 0, 0
	err := filepath.WalkDir(filepath.Join(root, "feedparser"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		start := time.Now()
		f, err := feed.Parse(body, "", feedURL)
		if took := time.Since(start); took > slowest {
			t.Errorf("%s took %v", path, took)
		}
		if err != nil {
			failed++
			t.Logf("%s: %v", path, err)
			return nil
		}
		if title := f.PlainTitle(); !utf8.ValidString(title) {
			t.Errorf("%s: title %q is not valid UTF-8", path, title)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Errorf("no feeds under %s", root)
	}
	t.Logf("%d files, %d not feeds", files, failed)
}
