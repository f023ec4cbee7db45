package cli

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"broadsheet.example/crawler/extract"
	"broadsheet.example/news"
)

// maxRecallLoss is the share of the articles' own words that may go with what
// their sites repeat.
const maxRecallLoss = 0.002

// checkRecall counts the words that the press wrote, as its articles' files say,
// in the text that each page has by itself and in the stored text, from which
// what its site repeats is gone.
func checkRecall(t *testing.T, dir string) {
	written := pressBodies(t)
	articles, words, alone, stored := 0, 0, 0, 0
	for line := range strings.Lines(must(t, dir, "export")) {
		var a news.Article
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		body, ok := written[a.Title]
		if !ok || a.Completeness == news.FeedOnly {
			continue
		}
		articles++
		words += len(wordsOf(body))
		alone += shared(body, pageAlone(t, a.URL))
		stored += shared(body, a.Content)
	}
	loss := float64(alone-stored) / float64(max(alone, 1))
	t.Logf("%d articles, %d words; on their pages %d, stored %d: %.3f points of recall lost", articles, words, alone, stored, 100*loss)
	if articles < 70 || loss >= maxRecallLoss {
		t.Errorf("%d articles, %.3f points lost; want 70 at least and less than %.1f", articles, 100*loss, 100*maxRecallLoss)
	}
}

// mark is what an article's file has besides words.
var mark = regexp.MustCompile(`\{day[^}]*\}`)

// pressBodies reads the texts of the press by title. What it corrects later is
// left out, for a page may have changed since it was stored.
func pressBodies(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../demo/articles/*/*.md")
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, body, _ := strings.Cut(string(data), "\n---\n")
		_, title, _ := strings.Cut("\n"+head, "\ntitle: ")
		title, _, _ = strings.Cut(title, "\n")
		_, err = os.Stat(strings.TrimSuffix(file, ".md") + ".corrected.md")
		if body != "" && err != nil && !strings.HasSuffix(file, ".corrected.md") {
			bodies[title] = mark.ReplaceAllString(body, " ")
		}
	}
	return bodies
}

// pageAlone is the text of a page of which nothing else of its site is known.
func pageAlone(t *testing.T, address string) string {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	c, err := extract.Page(page, res.Header.Get("Content-Type"), address)
	if err != nil {
		t.Fatal(err)
	}
	return c.Text
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// shared counts the words that two texts have in common, each as often as in
// both.
func shared(a, b string) int {
	have := map[string]int{}
	for _, w := range wordsOf(b) {
		have[w]++
	}
	n := 0
	for _, w := range wordsOf(a) {
		if have[w] > 0 {
			have[w]--
			n++
		}
	}
	return n
}
