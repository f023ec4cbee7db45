package entity_test

import (
	"os"
	"path/filepath"
	"testing"

	"broadsheet.example/entity/tagger"
	"broadsheet.example/news"
)

// leastF1 is what the recognizer must reach on modern world news.
const leastF1 = 0.80

// TestScore compares the mentions found in labeled articles with their labels:
// type, start and end must agree.
func TestScore(t *testing.T) {
	dir := os.Getenv("BROADSHEET_CORPORA")
	if dir == "" {
		t.Skip("set BROADSHEET_CORPORA to a folder with ner/dev/worldwide.dev.iob2")
	}
	in, err := os.Open(filepath.Join(dir, "ner", "dev", "worldwide.dev.iob2"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	docs, err := tagger.ReadIOB2(in)
	if err != nil {
		t.Fatal(err)
	}
	r := recognizer(t)
	types := map[string]news.EntityType{"PER": news.Person, "LOC": news.Place, "FAC": news.Place, "ORG": news.Organization}
	found, there, right := 0, 0, 0
	for _, d := range docs {
		want := map[news.Mention]bool{}
		for _, n := range d.Names {
			if kind := types[n.Type]; kind != "" {
				want[news.Mention{Start: n.Start, End: n.End, Type: kind, Text: d.Text[n.Start:n.End]}] = true
			}
		}
		got := r.Mentions(d.Text)
		for _, m := range got {
			if want[m] {
				right++
			}
		}
		found, there = found+len(got), there+len(want)
	}
	f1 := 2 * float64(right) / float64(max(found+there, 1))
	t.Logf("F1 %.3f on %d documents, %d names", f1, len(docs), there)
	if f1 < leastF1 {
		t.Errorf("F1 %.3f, want at least %.3f", f1, leastF1)
	}
}
