package index

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// collection is a judged set of documents and queries in the form of TREC.
type collection struct {
	documents []struct{ ID, Title, Body string }
	queries   []struct{ ID, Text string }
	judged    map[string]map[string]int // by query, document
}

func loadCollection(t *testing.T, dir string) *collection {
	t.Helper()
	c := &collection{judged: map[string]map[string]int{}}
	eachLine(t, filepath.Join(dir, "documents.ndjson"), func(line string) error {
		var d struct{ ID, Title, Body string }
		err := json.Unmarshal([]byte(line), &d)
		c.documents = append(c.documents, d)
		return err
	})
	eachLine(t, filepath.Join(dir, "queries.ndjson"), func(line string) error {
		var q struct{ ID, Text string }
		err := json.Unmarshal([]byte(line), &q)
		c.queries = append(c.queries, q)
		return err
	})
	eachLine(t, filepath.Join(dir, "qrels.txt"), func(line string) error {
		var q, doc string
		var zero, grade int
		_, err := fmt.Sscan(line, &q, &zero, &doc, &grade)
		if c.judged[q] == nil {
			c.judged[q] = map[string]int{}
		}
		c.judged[q][doc] = max(grade, 0)
		return err
	})
	return c
}

func eachLine(t *testing.T, path string, visit func(line string) error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if err := visit(lines.Text()); err != nil {
			t.Fatalf("%s: %q: %v", path, lines.Text(), err)
		}
	}
}

// quality is what ranked lists are worth, averaged over the queries.
type quality struct{ MAP, NDCG10, Recall float64 }

func (c *collection) quality(t *testing.T, search func(text string) []string) quality {
	t.Helper()
	var sum quality
	for _, q := range c.queries {
		got := search(q.Text)
		relevant, hits, precision := 0, 0, 0.0
		var ideal []int
		for _, grade := range c.judged[q.ID] {
			if grade > 0 {
				relevant++
				ideal = append(ideal, grade)
			}
		}
		if relevant == 0 {
			continue
		}
		slices.SortFunc(ideal, func(a, b int) int { return cmp.Compare(b, a) })
		gain, best := 0.0, 0.0
		for i, id := range got {
			grade := c.judged[q.ID][id]
			if grade > 0 {
				hits++
				precision += float64(hits) / float64(i+1)
			}
			if i < 10 {
				gain += float64(grade) / math.Log2(float64(i+2))
			}
		}
		for i, grade := range ideal[:min(10, len(ideal))] {
			best += float64(grade) / math.Log2(float64(i+2))
		}
		n := float64(len(c.queries))
		sum.MAP += precision / float64(relevant) / n
		sum.NDCG10 += gain / best / n
		sum.Recall += float64(hits) / float64(relevant) / n
	}
	return sum
}

// plainQuery is what a person who types the text would get.
func plainQuery(text string) query.Node {
	var all query.All
	for w := range strings.FieldsSeq(text) {
		if strings.ContainsFunc(w, isWordRune) {
			all.Parts = append(all.Parts, query.Word{Text: w})
		}
	}
	return all
}

// TestRelevance guards the ranking on the Cranfield collection: long questions
// over abstracts, with graded judgments.
func TestRelevance(t *testing.T) {
	corpora := os.Getenv("BROADSHEET_CORPORA")
	if corpora == "" {
		t.Skip("BROADSHEET_CORPORA names no directory with the cranfield collection")
	}
	c := loadCollection(t, filepath.Join(corpora, "cranfield"))
	ours := c.ours(t, false)
	rows := map[string]quality{"ours, plain": c.ours(t, true), "textbook BM25": c.quality(t, c.textbook(t))}
	for _, model := range []string{index.TFIDFScoring, index.BM25Scoring} {
		rows["stock Bleve, "+model] = c.quality(t, c.stock(t, model))
	}
	t.Logf("%-20s MAP %.4f, nDCG@10 %.4f, R@1000 %.4f", "ours", ours.MAP, ours.NDCG10, ours.Recall)
	for name, got := range rows {
		t.Logf("%-20s MAP %.4f, nDCG@10 %.4f, R@1000 %.4f", name, got.MAP, got.NDCG10, got.Recall)
		if got.MAP >= ours.MAP || got.NDCG10 >= ours.NDCG10 {
			t.Errorf("%s ranks better: MAP %.4f against %.4f, nDCG@10 %.4f against %.4f", name, got.MAP, ours.MAP, got.NDCG10, ours.NDCG10)
		}
	}
}

// ours is what our own ranking is worth: as it is, or plain, as every engine does
// it.
func (c *collection) ours(t *testing.T, plain bool) quality {
	t.Helper()
	lib := indextest.NewLibrary()
	e := openTest(t, Config{Dir: t.TempDir(), Plain: plain}, lib)
	defer e.Close()
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	var changes []news.Change
	for _, d := range c.documents {
		a := news.Article{ID: d.ID, Version: 1, Title: d.Title, Content: strings.TrimSpace(strings.TrimPrefix(d.Body, d.Title)), Language: "en", PublishedAt: day}
		lib.Put(a)
		changes = append(changes, news.Change{ID: a.ID, Version: 1, Article: &a})
	}
	if _, err := e.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
	return c.quality(t, func(text string) []string {
		var ids []string
		for offset := 0; offset < 1000; offset += news.MaxSize {
			r, err := e.Search(t.Context(), news.Query{Expr: plainQuery(text), Offset: offset, Size: news.MaxSize, Now: day})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range r.Hits {
				ids = append(ids, h.Article.ID)
			}
		}
		return ids
	})
}
