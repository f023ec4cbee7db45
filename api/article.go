package api

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

// article answers GET /v1/articles/{id}. The id of an article that was merged
// into another gives that other one.
func (s *Server) article(c *fiber.Ctx) error {
	values, err := only(c, fieldNames)
	if err != nil {
		return err
	}
	fields, err := param.Fields(values)
	if err != nil {
		return err
	}
	a, err := s.find(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	return s.sendArticle(c, a, fields)
}

type articleReply struct {
	Status  string `json:"status"`
	ID      string `json:"id"`
	Article any    `json:"article"`
}

func (s *Server) sendArticle(c *fiber.Ctx, a news.Article, fields []string) error {
	article, err := s.articleReply(a, fields)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentLocation, "/v1/articles/"+a.ID)
	return c.JSON(articleReply{statusOK, a.ID, article})
}

// find returns the article with the id, ErrRemoved or ErrNotFound.
func (s *Server) find(ctx context.Context, id string) (news.Article, error) {
	if !news.IsID(id) {
		return news.Article{}, news.ErrNotFound
	}
	found, err := s.deps.Store.Articles(ctx, id)
	if err != nil {
		return news.Article{}, err
	}
	if len(found) > 0 {
		return found[0], nil
	}
	// Articles leaves out what is removed and what is unknown; Revisions tells
	// one from the other.
	if _, err := s.deps.Store.Revisions(ctx, id); err != nil {
		return news.Article{}, err
	}
	return news.Article{}, news.ErrNotFound
}

type revisionsReply struct {
	Status    string          `json:"status"`
	ID        string          `json:"id"`
	Revisions []news.Revision `json:"revisions"`
}

// revisions answers GET /v1/articles/{id}/revisions.
func (s *Server) revisions(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	a, err := s.find(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	list, err := s.deps.Store.Revisions(c.UserContext(), a.ID)
	if err != nil {
		return err
	}
	if !s.mayLeave(a) {
		for i := range list {
			list[i].Content = ""
		}
	}
	return c.JSON(revisionsReply{statusOK, a.ID, notNil(list)})
}

// removeArticle answers DELETE /v1/articles/{id}: a takedown.
func (s *Server) removeArticle(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	id := c.Params("id")
	if !news.IsID(id) {
		return news.ErrNotFound
	}
	if err := s.deps.Store.Remove(c.UserContext(), id); err != nil {
		return err
	}
	s.log.Info("article removed", "article", id)
	return c.SendStatus(fiber.StatusNoContent)
}

// lookup answers GET /v1/lookup: which article is known under an address?
func (s *Server) lookup(c *fiber.Ctx) error {
	values, err := only(c, "url", fieldNames)
	if err != nil {
		return err
	}
	fields, err := param.Fields(values)
	if err != nil {
		return err
	}
	address := values.Get("url")
	if address == "" {
		return missing("url", "give the address of an article")
	}
	a, err := s.articleAt(c.UserContext(), address)
	if err != nil {
		return err
	}
	return s.sendArticle(c, a, fields)
}

// articleAt returns the article that is known under an address.
func (s *Server) articleAt(ctx context.Context, address string) (news.Article, error) {
	key, err := s.deps.Key(address)
	if err != nil {
		return news.Article{}, &news.ParamError{Param: "url", Value: clip(address), Reason: "is no address of an article: " + err.Error()}
	}
	id, err := s.deps.Store.Lookup(ctx, key)
	switch {
	case errors.Is(err, news.ErrNotFound):
		return news.Article{}, s.notHere(ctx, address)
	case err != nil:
		return news.Article{}, err
	}
	return s.find(ctx, id)
}

// notHere tells how far an address has come that is no article here.
func (s *Server) notHere(ctx context.Context, address string) error {
	steps, err := s.deps.Crawling.Trace(ctx, address)
	if err != nil {
		return err
	}
	p := problem(fiber.StatusNotFound, CodeNotFound, "there is no article of this address here; trace tells how far it has come")
	p.Param, p.Trace = "url", steps
	return p
}

// clip keeps what a message repeats of a caller's text short.
func clip(s string) string {
	const longest = 200
	if len(s) > longest {
		return s[:longest] + "…"
	}
	return s
}

type sourcesReply struct {
	Status  string        `json:"status"`
	Sources []news.Source `json:"sources"`
}

// sources answers GET /v1/sources.
func (s *Server) sources(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	list, err := s.deps.Store.Sources(c.UserContext())
	if err != nil {
		return err
	}
	for i := range list {
		list[i].FullText = s.deps.FullText(list[i].ID)
		if list[i].URL == "" && s.deps.Site != nil {
			list[i].URL = s.deps.Site(list[i].ID)
		}
	}
	return c.JSON(sourcesReply{statusOK, notNil(list)})
}

// notNil makes an empty list [] in JSON rather than null.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
