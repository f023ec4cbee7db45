package api

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
)

// nowhere is the address of a text that is no article.
const nowhere = "https://text.invalid/"

// relatedToText answers POST /v1/related: articles on the same matter as a text
// that the caller gives, or as the article of an address.
func (s *Server) relatedToText(c *fiber.Ctx) error {
	values, err := relatedBody(c)
	if err != nil {
		return err
	}
	ask, err := relatedAsk(values)
	if err != nil {
		return err
	}
	a, err := s.articleMeant(c, values)
	if err != nil {
		return err
	}
	return s.sendRelated(c, a, ask)
}

// relatedBody reads the members of the body as parameters.
func relatedBody(c *fiber.Ctx) (url.Values, error) {
	if _, err := only(c); err != nil {
		return nil, err
	}
	values, err := searchParameters(c)
	if err != nil {
		return nil, err
	}
	known := []string{"url", "title", "content", "publishedAt", param.PageSize, "window", "sameSource", fieldNames}
	for name := range values {
		if !slices.Contains(known, name) {
			return nil, unknownName("member", name, known)
		}
	}
	return values, nil
}

// articleMeant is the article at the address, or else one made of the text.
func (s *Server) articleMeant(c *fiber.Ctx, values url.Values) (news.Article, error) {
	address, title, content := values.Get("url"), values.Get("title"), values.Get("content")
	switch {
	case address != "" && (title != "" || content != ""):
		return news.Article{}, &news.ParamError{Param: "url", Reason: "cannot be given together with title and content"}
	case address != "":
		return s.articleAt(c.UserContext(), address)
	case title == "" && content == "":
		return news.Article{}, missing("title", "give a title, content or both, or the url of an article that is here")
	}
	return s.articleOf(title, content, values.Get("publishedAt"))
}

// articleOf reads a text as an import would, so that it has its entities. Without
// a date, articles of any time are related to it.
func (s *Server) articleOf(title, content, published string) (news.Article, error) {
	at := time.Now()
	if published != "" {
		var err error
		if at, err = time.Parse(time.RFC3339, published); err != nil {
			return news.Article{}, &news.ParamError{Param: "publishedAt", Value: clip(published), Reason: "must be a time such as 2024-04-18T19:04:00Z"}
		}
	}
	line, err := json.Marshal(map[string]string{"url": nowhere, "title": title, "content": content, "publishedAt": at.Format(time.RFC3339)})
	if err != nil {
		return news.Article{}, fmt.Errorf("write text: %w", err)
	}
	draft, err := s.deps.Draft(line)
	if err != nil {
		return news.Article{}, &news.ParamError{Param: "content", Reason: "cannot be read: " + err.Error()}
	}
	a := draft.Article
	a.ID = "" // of no article
	if published == "" {
		a.PublishedAt = time.Time{}
	}
	return a, nil
}
