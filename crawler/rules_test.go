package crawler_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The manual names a test for each rule; they must be there.
func TestManualNamesTestsThatExist(t *testing.T) {
	manual, err := os.ReadFile("../docs/crawling.md")
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	for _, dir := range []string{".", "../api", "../store", "../configs"} {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)`).FindAllSubmatch(text, -1) {
				declared[string(m[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range regexp.MustCompile("`((?:Test|Fuzz)\\w+)`").FindAllSubmatch(manual, -1) {
		if !declared[string(m[1])] {
			t.Errorf("docs/crawling.md names %s, which is not there", m[1])
		}
	}
	const rules = 91
	rows := regexp.MustCompile(`(?m)^\| (\d+) \|`).FindAllSubmatch(manual, -1)
	if len(rows) != rules {
		t.Errorf("%d rules, want %d", len(rows), rules)
	}
	for i, m := range rows {
		if want := i + 1; string(m[1]) != strconv.Itoa(want) {
			t.Errorf("rule %s stands where %d should", m[1], want)
		}
	}
}
