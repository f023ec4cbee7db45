package index

import (
	"cmp"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
)

// textbook is BM25 as it stands in textbooks, k1 = 1.2 and b = 0.75, over title
// and body as one text: any word matches.
func (c *collection) textbook(t *testing.T) func(text string) []string {
	t.Helper()
	const k1, b = 1.2, 0.75
	analyzers := testAnalyzers(t)
	english := analyzers[setEnglish]
	counts, holders, total := make([]map[string]int, len(c.documents)), map[string]int{}, 0.0
	lengths := make([]float64, len(c.documents))
	for i, d := range c.documents {
		counts[i] = map[string]int{}
		for _, tok := range english.analyze(d.Body) {
			counts[i][tok.term]++
			lengths[i]++
		}
		total += lengths[i]
		for term := range counts[i] {
			holders[term]++
		}
	}
	n := float64(len(c.documents))
	return func(text string) []string {
		scores := map[string]float64{}
		for _, tok := range english.analyze(text) {
			df := float64(holders[tok.term])
			idf := math.Log(1 + (n-df+0.5)/(df+0.5))
			for i, d := range c.documents {
				if tf := float64(counts[i][tok.term]); tf > 0 {
					scores[d.ID] += idf * tf * (k1 + 1) / (tf + k1*(1-b+b*lengths[i]/(total/n)))
				}
			}
		}
		ids := make([]string, 0, len(scores))
		for id := range scores {
			ids = append(ids, id)
		}
		slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) })
		return ids[:min(len(ids), 1000)]
	}
}

// stock is Bleve as it comes, with a match query over the body.
func (c *collection) stock(t *testing.T, model string) func(text string) []string {
	t.Helper()
	im := bleve.NewIndexMapping()
	im.DefaultAnalyzer, im.ScoringModel = en.AnalyzerName, model
	idx, err := bleve.New(filepath.Join(t.TempDir(), "bleve"), im)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = idx.Close() })
	w := idx.NewBatch()
	for _, d := range c.documents {
		if err := w.Index(d.ID, map[string]any{"title": d.Title, "body": d.Body}); err != nil {
			t.Fatal(err)
		}
	}
	if err := idx.Batch(w); err != nil {
		t.Fatal(err)
	}
	return func(text string) []string {
		q := bleve.NewMatchQuery(text)
		q.SetField("body")
		r, err := idx.Search(bleve.NewSearchRequestOptions(q, 1000, 0, false))
		if err != nil {
			t.Fatal(err)
		}
		ids := make([]string, 0, len(r.Hits))
		for _, h := range r.Hits {
			ids = append(ids, h.ID)
		}
		return ids
	}
}
