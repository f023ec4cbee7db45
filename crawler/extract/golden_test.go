package extract_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/crawler/extract"
)

var update = flag.Bool("update", false, "write the golden files anew")

// now is the time at which the golden pages are read.
var now = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// TestGolden reads the pages in testdata, each made for one difficulty, and
// compares what was extracted with the golden file beside it. The first line
// of a page is a comment with its address, the second one that names the trap.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.html")
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".html")
		t.Run(name, func(t *testing.T) {
			page, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c, err := extract.Options{Now: now}.Page(page, "", addressOf(page))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, strings.TrimSuffix(file, ".html")+".golden", describe(c))
		})
	}
}

func addressOf(page []byte) string {
	first, _, _ := bytes.Cut(page, []byte("\n"))
	return string(bytes.TrimSpace(bytes.Trim(first, "<!->")))
}

func compare(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
}

// describe writes content in a form that people can read and compare.
func describe(c *extract.Content) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	line("title", c.Title)
	line("authors", strings.Join(c.Authors, "; "))
	if !c.Published.Time.IsZero() {
		line("published", fmt.Sprintf("%s (%s, %s)", c.Published.Time.Format(time.RFC3339), c.Published.Source, c.Published.Precision))
	} else {
		line("refused date", c.Published.Raw)
	}
	if !c.Updated.IsZero() {
		line("updated", c.Updated.Format(time.RFC3339))
	}
	line("canonical", c.Canonical)
	line("publisher", strings.TrimSpace(c.Publisher.Name+" "+c.Publisher.URL))
	line("site", c.SiteName)
	line("image", c.Image.URL)
	line("section", c.Section)
	line("tags", strings.Join(c.Tags, "; "))
	line("language", c.Language)
	line("description", c.Description)
	line("editor's note", strings.ReplaceAll(c.EditorNote, "\n\n", " / "))
	line("access", string(c.Wall.Access))
	line("prompts", strings.Join(c.Wall.Prompts, " / "))
	if c.Robots != (extract.Robots{}) {
		line("robots", fmt.Sprintf("%+v", c.Robots))
	}
	line("words", fmt.Sprint(c.Words))
	line("completeness", string(extract.Completeness(c, 0)))
	fmt.Fprintf(&b, "\n%s\n", c.Text)
	return b.String()
}
