package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"

	"broadsheet.example/bench/press"
	"broadsheet.example/news"
)

// stock is Bleve as it comes. It is given what makes it cheapest: nothing is
// stored, all text of an article is one field beside the title's, so that a word
// is one list of postings, and dates are plain numbers.
type stock struct{ index bleve.Index }

func openStock(dir string) (*stock, error) {
	i, err := bleve.Open(dir)
	if errors.Is(err, bleve.ErrorIndexPathDoesNotExist) {
		i, err = bleve.New(dir, stockMapping())
	}
	if err != nil {
		return nil, err
	}
	return &stock{i}, nil
}

const publishedField = "published"

func stockMapping() mapping.IndexMapping {
	doc := bleve.NewDocumentStaticMapping()
	for _, name := range []string{"title", "text"} {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.DocValues = en.AnalyzerName, false, false, false
		doc.AddFieldMappingsAt(name, f)
	}
	for _, name := range append(fields(), "section", "language") {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.IncludeTermVectors = keyword.Name, false, false, false
		doc.AddFieldMappingsAt(name, f)
	}
	date := bleve.NewNumericFieldMapping()
	date.Store, date.IncludeInAll = false, false
	doc.AddFieldMappingsAt(publishedField, date)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	return m
}

func stockDocument(a *news.Article) map[string]any {
	doc := map[string]any{
		"title": a.Title, "text": []string{a.Title, a.Description, a.Content},
		publishedField: float64(a.PublishedAt.Unix()), "section": a.Section, "language": a.Language,
	}
	for _, f := range fields() {
		doc[f] = values(a, f)
	}
	return doc
}

func (s *stock) name() string { return "stock Bleve" }

func (s *stock) held() (int, error) {
	n, err := s.index.DocCount()
	return int(n), err
}

func (s *stock) add(_ context.Context, batch []news.Article) error {
	b := s.index.NewBatch()
	for i := range batch {
		if err := b.Index(batch[i].ID, stockDocument(&batch[i])); err != nil {
			return err
		}
	}
	return s.index.Batch(b)
}

func (s *stock) ask(ctx context.Context, q question) (answer, error) {
	r := bleve.NewSearchRequestOptions(stockQuery(q), shown, 0, false)
	if q.order == newest {
		r.SortBy([]string{"-" + publishedField})
	}
	if q.facets {
		addFacets(r)
	}
	found, err := s.index.SearchInContext(ctx, r)
	if err != nil {
		return answer{}, err
	}
	a := answer{total: int(found.Total)}
	for _, h := range found.Hits {
		a.first = append(a.first, h.ID)
	}
	if q.facets {
		a.facets = stockCounts(found.Facets)
	}
	return a, nil
}

func addFacets(r *bleve.SearchRequest) {
	for _, f := range fields() {
		r.AddFacet(f, bleve.NewFacetRequest(f, shown))
	}
	months := bleve.NewFacetRequest(publishedField, 100)
	for from := press.Start(); from.Before(press.Start().Add(press.Span)); from = from.AddDate(0, 1, 0) {
		low, high := float64(from.Unix()), float64(from.AddDate(0, 1, 0).Unix())
		months.AddNumericRange(from.Format(monthLayout), &low, &high)
	}
	r.AddFacet(news.FacetDate, months)
}

func stockCounts(facets search.FacetResults) map[string]map[string]int {
	out := make(map[string]map[string]int, len(facets))
	for name, f := range facets {
		counts := make(map[string]int)
		if name == news.FacetDate {
			for _, month := range f.NumericRanges {
				counts[month.Name] = month.Count
			}
		} else {
			for _, t := range f.Terms.Terms() {
				counts[t.Term] = t.Count
			}
		}
		out[name] = counts
	}
	return out
}

func stockQuery(q question) query.Query {
	var out query.Query
	switch q.kind {
	case phrase, near: // it has no proximity: the phrase is the nearest it has
		p := bleve.NewMatchPhraseQuery(strings.Join(q.words, " "))
		p.SetField("text")
		out = p
	case prefix:
		p := bleve.NewPrefixQuery(q.words[0])
		p.SetField("text")
		out = p
	case allOf:
		out = bleve.NewConjunctionQuery(stockWords(q)...)
	case anyOf:
		out = bleve.NewDisjunctionQuery(stockWords(q)...)
	}
	if q.order == bestRecent {
		return query.NewCustomScoreQueryWithScorer(out, fade, []string{publishedField}, nil)
	}
	return out
}

// titleBoost is how much more a word counts in a title.
const titleBoost = 3

// stockWords asks for each word: where relevance is all that is asked for in the
// title too, else, and cheaper, in the one field that holds all text.
func stockWords(q question) []query.Query {
	var list []query.Query
	for _, w := range q.words {
		text := bleve.NewMatchQuery(w)
		text.SetField("text")
		if q.facets || q.order == newest {
			list = append(list, text)
			continue
		}
		title := bleve.NewMatchQuery(w)
		title.SetField("title")
		title.SetBoost(titleBoost)
		list = append(list, bleve.NewDisjunctionQuery(title, text))
	}
	return list
}

func fade(_ context.Context, d *search.DocumentMatch) (float64, error) {
	seconds, ok := d.Fields[publishedField].(float64)
	if !ok {
		return 0, errors.New("no date")
	}
	return d.Score * decay(time.Unix(int64(seconds), 0)), nil
}

func (s *stock) close() error { return s.index.Close() }
