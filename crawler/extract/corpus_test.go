package extract_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet.example/crawler/extract"
)

// maxPageTime is how long any real page may take.
const maxPageTime = 2 * time.Second

// annotated is a page of which people marked what belongs to the text.
type annotated struct {
	File    string   `json:"file"`
	URL     string   `json:"url"`
	With    []string `json:"with"`
	Without []string `json:"without"`
}

var spaces = regexp.MustCompile(`\s+`)

// TestCorpus reads real pages, if there are any: none may fail, or take longer
// than maxPageTime, and the marked passages must be told apart about as well as
// when the model was trained.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("BROADSHEET_CORPORA")
	if dir == "" {
		t.Skip("BROADSHEET_CORPORA is not set; it names the folder that holds pages/text.json and pages/html")
	}
	data, err := os.ReadFile(filepath.Join(dir, "pages", "text.json"))
	if err != nil {
		t.Fatal(err)
	}
	var pages []annotated
	if err := json.Unmarshal(data, &pages); err != nil {
		t.Fatal(err)
	}
	var right, extra, missed int
	var took []time.Duration
	for _, p := range pages {
		body := unpack(t, filepath.Join(dir, "pages", "html", p.File))
		start := time.Now()
		c, err := extract.Page(body, "", p.URL)
		took = append(took, time.Since(start))
		if _, refused := errors.AsType[*extract.MediaError](err); err != nil && !refused {
			t.Errorf("%s: %v", p.File, err)
			continue
		}
		text := spaces.ReplaceAllString(c.Text, " ")
		for _, s := range p.With {
			if strings.Contains(text, strings.TrimSpace(spaces.ReplaceAllString(s, " "))) {
				right++
			} else {
				missed++
			}
		}
		for _, s := range p.Without {
			if strings.Contains(text, strings.TrimSpace(spaces.ReplaceAllString(s, " "))) {
				extra++
			}
		}
	}
	slices.Sort(took)
	t.Logf("median %v, 99 of 100 within %v, slowest %v", took[len(took)/2], took[len(took)*99/100], took[len(took)-1])
	if slowest := took[len(took)-1]; slowest > maxPageTime {
		t.Errorf("the slowest page took %v, more than %v", slowest, maxPageTime)
	}
	if f1 := 2 * float64(right) / float64(2*right+extra+missed); f1 < 0.935 {
		t.Errorf("F1 of marked passages %.4f, want at least 0.935", f1)
	}
}

func unpack(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
