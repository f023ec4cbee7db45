package index

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
)

// TestRelatedGolden compares what is related to every sixth article of the demo
// press with the golden file. Run it with -update to write the file anew.
func TestRelatedGolden(t *testing.T) {
	lib := indextest.NewLibrary()
	e := openTest(t, Config{Dir: t.TempDir()}, lib)
	defer e.Close()
	articles := demoArticles(t, time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))
	applyDemo(t, e, lib, articles)
	var b strings.Builder
	for some := range slices.Chunk(articles, 6) {
		a := some[0]
		hits, err := e.Related(t.Context(), news.RelatedQuery{Article: a, Window: 60 * 24 * time.Hour, Size: 5})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", a.ID)
		for _, h := range hits {
			fmt.Fprintf(&b, "\t%5.3f %s\n", h.Score, h.Article.ID)
		}
	}
	golden(t, "testdata/related.txt", b.String())
}
