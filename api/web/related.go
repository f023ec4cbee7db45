package web

import (
	"context"
	"time"

	"broadsheet.example/news"
)

// The list of related articles: how many, and of what time around the article.
const (
	relatedHits   = 8
	relatedWindow = 60 * 24 * time.Hour
)

// related finds what else was written on the same matter.
func (p *pages) related(ctx context.Context, a *news.Article) ([]hit, error) {
	hits, err := p.deps.Related(ctx, news.RelatedQuery{Article: *a, Window: relatedWindow, Size: relatedHits})
	if err != nil {
		return nil, err
	}
	return newHits(hits, pagePath, time.UTC, p.deps.Now()), nil
}
