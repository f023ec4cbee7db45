package opensearch

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"broadsheet.example/news"
)

// window is how many articles that OpenSearch finds the best are put in their
// exact order, by the formula of package index.
const window = 100

// windowed reports whether the search begins with articles of the window, and how
// many of it are passed by. Without words both formulas give the same order.
func (s *search) windowed() (passed int, ok bool) {
	switch {
	case s.q.Sort != news.SortRelevancy || s.q.Size == 0 || !s.hasWords():
		return 0, false
	case s.after == nil:
		return s.q.Offset, s.q.Offset < window
	default:
		return int(s.after.Epoch), s.after.Epoch > 0
	}
}

// place sets in the body which hits are wanted: one more than the page has, which
// tells whether there are more.
func (s *search) place(body object) {
	passed, windowed := s.windowed()
	switch {
	case s.q.Size == 0:
		body["size"] = 0
	case windowed:
		body["size"] = max(window, passed+s.q.Size) + 1
	case s.after == nil:
		body["from"] = s.q.Offset
		body["size"] = min(s.q.Size+1, maxWindow-s.q.Offset)
	default:
		body["search_after"] = s.position()
		body["size"] = s.q.Size + 1
	}
}

// placed is a hit in its place.
type placed struct {
	*found
	article *news.Article // nil when the library no longer has it
	score   float64
}

// page fills the hits and the cursor that continues after them.
func (s *search) page(ctx context.Context, r *reply, result *news.Result) error {
	hits := make([]placed, len(r.Hits.Hits))
	for i := range hits {
		hits[i] = placed{found: &r.Hits.Hits[i], score: r.Hits.Hits[i].rank()}
	}
	passed, windowed := s.windowed()
	end := passed + s.q.Size
	if !windowed {
		passed, end = 0, s.q.Size
	}
	if s.q.Size == 0 || len(hits) <= passed {
		return nil
	}
	more := len(hits) > end
	hits = hits[:min(len(hits), max(end, window))]
	if !windowed {
		hits = hits[:min(len(hits), end)]
	}
	last := hits[len(hits)-1].found // in the order of OpenSearch
	if err := s.load(ctx, hits, windowed, passed); err != nil {
		return err
	}
	if windowed {
		s.rank(hits[:min(len(hits), window)])
	}
	if more {
		shown := end
		if !windowed || end >= window {
			shown = 0
		}
		var err error
		if result.NextCursor, err = s.cursorAfter(ctx, last, shown); err != nil {
			return err
		}
	}
	s.show(hits[passed:min(end, len(hits))], result)
	return nil
}

// load loads the articles of the hits that are shown or put in order.
func (s *search) load(ctx context.Context, hits []placed, windowed bool, passed int) error {
	if !windowed {
		hits = hits[passed:]
	}
	ids := make([]string, len(hits))
	for i := range hits {
		ids[i] = hits[i].text(fieldID)
	}
	list, err := s.engine.library.Articles(ctx, ids...)
	if err != nil {
		return fmt.Errorf("load articles: %w", err)
	}
	byID := make(map[string]*news.Article, len(list))
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	for i := range hits {
		hits[i].article = byID[ids[i]]
	}
	return nil
}

// rank puts hits in their exact order. Those that the library no longer has keep
// the score of OpenSearch.
func (s *search) rank(hits []placed) {
	ranker := s.engine.mapper.Ranker(s.q, s.readings, s.sets)
	for i := range hits {
		if hits[i].article != nil {
			hits[i].score = ranker.Score(hits[i].article)
		}
	}
	slices.SortFunc(hits, func(a, b placed) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.number(fieldPublished), a.number(fieldPublished)),
			cmp.Compare(a.text(fieldID), b.text(fieldID)))
	})
}

// show adds hits to the result, with what was asked of each.
func (s *search) show(hits []placed, result *news.Result) {
	snippets := s.engine.mapper.Snippets(s.q, s.readings)
	for _, h := range hits {
		if h.article == nil {
			continue
		}
		hit := news.Hit{Article: *h.article, Copies: s.copiesOf(h.article.ID)}
		if s.q.Sort == news.SortRelevancy {
			hit.Score = h.score
		}
		if s.q.Highlight.On {
			hit.Highlights = snippets(h.article)
		}
		result.Hits = append(result.Hits, hit)
	}
}
