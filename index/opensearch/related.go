package opensearch

import (
	"context"

	"broadsheet.example/index"
	"broadsheet.example/news"
)

// Related returns what is closest to an article, as the contract of [news.Index]
// says, among the hundred that OpenSearch finds the closest.
func (e *Engine) Related(ctx context.Context, q news.RelatedQuery) ([]news.Hit, error) {
	s, err := index.RelatedSearch(&q)
	if err != nil {
		return nil, err
	}
	result, err := e.search(ctx, s, &q.Article)
	if err != nil {
		return nil, err
	}
	return index.Closest(&q, result.Hits), nil
}

// resemble reads the topics of the article that is to be resembled.
func (s *search) resemble(ctx context.Context) error {
	s.readings = s.engine.mapper.Topics(s.like, s.sets)
	if s.hasWords() {
		if err := s.count(ctx); err != nil {
			return err
		}
	}
	s.readings = index.ChooseTopics(s.like, s.readings)
	return nil
}
