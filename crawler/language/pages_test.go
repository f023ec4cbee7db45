package language_test

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"broadsheet.example/crawler/extract"
	"broadsheet.example/crawler/language"
)

// TestPages compares what the texts of real pages look like with what the pages
// state, which is wrong where a site calls every page English.
func TestPages(t *testing.T) {
	dir := os.Getenv("BROADSHEET_CORPORA")
	if dir == "" {
		t.Skip("BROADSHEET_CORPORA is not set; it names the folder that holds pages/html")
	}
	if testing.Short() {
		t.Skip("reads hundreds of pages")
	}
	files, err := filepath.Glob(filepath.Join(dir, "pages", "html", "*.gz"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d pages, %v", len(files), err)
	}
	stated := map[string]map[string]int{} // what the text looks like, by what is stated
	all, agree, other := 0, 0, 0
	seen := map[string]bool{} // a page may be there once for its text and once for its date
	for _, file := range files {
		_, page, _ := strings.Cut(filepath.Base(file), "-")
		if seen[page] {
			continue
		}
		seen[page] = true
		c, err := extract.Page(unpacked(t, file), "", "https://news.example/")
		if err != nil {
			continue
		}
		want := language.Code(c.Language)
		if want == "" || c.Text == "" {
			continue
		}
		got := language.Choose(c.Text)
		if stated[want] == nil {
			stated[want] = map[string]int{}
		}
		stated[want][got]++
		all++
		switch got {
		case want:
			agree++
		case "":
		default:
			other++
			t.Logf("%s states %s, looks like %s", filepath.Base(file), want, got)
		}
	}
	codes := make([]string, 0, len(stated))
	for code := range stated {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	for _, code := range codes {
		t.Logf("%s: %v", code, stated[code])
	}
	t.Logf("%d of %d agree, %d differ", agree, all, other)
	if 100*agree < 96*all {
		t.Errorf("%d of %d agree", agree, all)
	}
}

func unpacked(t *testing.T, file string) []byte {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
