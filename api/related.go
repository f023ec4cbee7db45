package api

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

const (
	relatedPage      = 10  // shown unless more are asked for
	relatedWindow    = 30  // days before and after the article
	relatedMaxWindow = 366 // days
)

// relatedReply is the answer to GET /v1/articles/{id}/related.
type relatedReply struct {
	Status   string `json:"status"`
	ID       string `json:"id,omitempty"`
	Articles []any  `json:"articles"`
}

// related answers GET /v1/articles/{id}/related: articles of the same weeks on
// the same people, places and things, without repetitions of the article itself.
func (s *Server) related(c *fiber.Ctx) error {
	values, err := only(c, param.PageSize, "window", "sameSource", fieldNames)
	if err != nil {
		return err
	}
	ask, err := relatedAsk(values)
	if err != nil {
		return err
	}
	a, err := s.find(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	return s.sendRelated(c, a, ask)
}

// sendRelated answers with the articles closest to a.
func (s *Server) sendRelated(c *fiber.Ctx, a news.Article, ask asked) error {
	hits, err := s.relatedTo(c.UserContext(), a, ask)
	if err != nil {
		return err
	}
	reply := relatedReply{statusOK, a.ID, make([]any, len(hits))}
	for i, h := range hits {
		if reply.Articles[i], err = s.hitReply(&h, ask.fields); err != nil {
			return err
		}
	}
	return c.JSON(reply)
}

// asked is what a caller wants to see of related articles.
type asked struct {
	size, window int
	sameSource   bool
	fields       []string
}

func relatedAsk(values map[string][]string) (asked, error) {
	var ask asked
	var err error
	if ask.fields, err = param.Fields(values); err != nil {
		return ask, err
	}
	if ask.size, err = number(values, param.PageSize, relatedPage, 1, news.MaxRelated); err != nil {
		return ask, err
	}
	if ask.window, err = number(values, "window", relatedWindow, 1, relatedMaxWindow); err != nil {
		return ask, err
	}
	ask.sameSource, err = flag(values, "sameSource", true)
	return ask, err
}

// relatedTo returns the articles closest to a, the closest first.
func (s *Server) relatedTo(ctx context.Context, a news.Article, ask asked) ([]news.Hit, error) {
	index, err := s.index()
	if err != nil {
		return nil, err
	}
	q := news.RelatedQuery{Article: a, Window: time.Duration(ask.window) * 24 * time.Hour, Size: ask.size}
	if !ask.sameSource && a.Source.ID != "" {
		q.Filters = []news.Filter{{Facet: news.FacetSource, Values: []string{a.Source.ID}, Exclude: true}}
	}
	hits, err := index.Related(ctx, q)
	for i := range hits {
		hits[i].Copies = nil
	}
	return hits, err
}

// Related returns articles related to one from the index in use, under the same
// limit of searches at a time as the API's own. It is for the pages.
func (s *Server) Related(ctx context.Context, q news.RelatedQuery) ([]news.Hit, error) {
	index, err := s.index()
	if err != nil {
		return nil, err
	}
	return index.Related(ctx, q)
}
