package web

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// Sizes of the list of related articles, and of the search for it.
const (
	relatedHits     = 8
	relatedEntities = 5
	relatedWords    = 12
)

// related searches what others wrote on the same people, places and things, best
// where the words of the title recur.
func (p *pages) related(ctx context.Context, a *news.Article) ([]hit, error) {
	if len(a.Entities) == 0 {
		return nil, nil
	}
	var ids []string
	for _, e := range a.Entities[:min(len(a.Entities), relatedEntities)] {
		ids = append(ids, e.ID)
	}
	q := news.Query{
		Expr: anyWord(a.Title), Filters: []news.Filter{{Facet: news.FacetEntity, Values: ids}}, Size: relatedHits + 1, Now: p.deps.Now(),
	}
	q.SetDefaults()
	r, err := p.deps.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	var others []news.Hit
	for _, h := range r.Hits {
		if h.Article.ID != a.ID && len(others) < relatedHits {
			others = append(others, h)
		}
	}
	return newHits(others, pagePath, time.UTC, q.Now), nil
}

// anyWord holds where any of the title's longer words does; nil if it has none.
func anyWord(title string) query.Node {
	const least = 4 // letters; shorter words say little
	var parts []query.Node
	for _, w := range strings.FieldsFunc(title, func(r rune) bool { return !isWordRune(r) }) {
		if utf8.RuneCountInString(w) >= least && len(parts) < relatedWords {
			parts = append(parts, query.Word{Text: w})
		}
	}
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	default:
		return query.Or{Parts: parts}
	}
}
