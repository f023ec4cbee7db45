package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// feedReply is a feed in the API's shape.
type feedReply struct {
	news.Feed
	// IntervalSeconds is how often the feed is polled as things stand.
	IntervalSeconds int `json:"intervalSeconds,omitempty"`
}

func shapeFeed(f news.Feed) feedReply {
	return feedReply{f, int(f.Interval.Seconds())}
}

type oneFeed struct {
	Status string    `json:"status"`
	Feed   feedReply `json:"feed"`
}

type manyFeeds struct {
	Status string      `json:"status"`
	Feeds  []feedReply `json:"feeds"`
}

// listFeeds answers GET /v1/feeds.
func (s *Server) listFeeds(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	list, err := s.deps.Store.ListFeeds(c.UserContext())
	if err != nil {
		return err
	}
	reply := manyFeeds{statusOK, make([]feedReply, len(list))}
	for i, f := range list {
		reply.Feeds[i] = shapeFeed(f)
	}
	return c.JSON(reply)
}

// feed answers GET /v1/feeds/{id}.
func (s *Server) feed(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	f, err := s.findFeed(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	return c.JSON(oneFeed{statusOK, shapeFeed(f)})
}

func (s *Server) findFeed(ctx context.Context, id string) (news.Feed, error) {
	list, err := s.deps.Store.ListFeeds(ctx)
	if err != nil {
		return news.Feed{}, err
	}
	at := slices.IndexFunc(list, func(f news.Feed) bool { return f.ID == id })
	if at < 0 {
		return news.Feed{}, news.ErrNotFound
	}
	return list[at], nil
}

// newFeed is the body of POST /v1/feeds.
type newFeed struct {
	URL      string        `json:"url"`
	Title    string        `json:"title"`
	Category string        `json:"category"`
	Kind     news.FeedKind `json:"kind"`
	Enabled  *bool         `json:"enabled"`
}

// addFeed answers POST /v1/feeds: 201 with the feed, or 200 with the one that was
// there already, which stays as it is.
func (s *Server) addFeed(c *fiber.Ctx) error {
	var in newFeed
	if err := jsonBody(c, &in, "url", "title", "category", "kind", "enabled"); err != nil {
		return err
	}
	f, err := s.feedFrom(in)
	if err != nil {
		return err
	}
	added, err := s.deps.Store.PutFeeds(c.UserContext(), f)
	if err != nil {
		return err
	}
	stored, err := s.findFeed(c.UserContext(), f.ID)
	if err != nil {
		return err
	}
	if added > 0 {
		c.Status(fiber.StatusCreated)
		c.Set(fiber.HeaderLocation, "/v1/feeds/"+f.ID)
		s.log.Info("feed added", "feed", f.ID, "url", f.URL)
	}
	return c.JSON(oneFeed{statusOK, shapeFeed(stored)})
}

// feedFrom checks what a caller wants to have polled.
func (s *Server) feedFrom(in newFeed) (news.Feed, error) {
	if in.URL = strings.TrimSpace(in.URL); in.URL == "" {
		return news.Feed{}, missing("url", "give the address of a feed")
	}
	switch in.Kind {
	case "":
		in.Kind = news.KindFeed
	case news.KindFeed, news.KindSitemap:
	default:
		return news.Feed{}, &news.ParamError{Param: "kind", Value: clip(string(in.Kind)), Reason: "must be feed or sitemap"}
	}
	for name, text := range map[string]string{"title": in.Title, "category": in.Category} {
		if len(text) > maxLabel {
			return news.Feed{}, &news.ParamError{Param: name, Reason: "is too long: at most 500 bytes"}
		}
	}
	f := news.Feed{
		URL: in.URL, Title: in.Title, Category: in.Category, Kind: in.Kind,
		Enabled: in.Enabled == nil || *in.Enabled, AddedAt: time.Now(),
	}
	err := s.identify(&f)
	return f, err
}

// maxLabel is the longest title or category of a feed, in bytes.
const maxLabel = 500

// identify gives a feed its ID.
func (s *Server) identify(f *news.Feed) error {
	key, err := s.deps.Key(f.URL)
	if err != nil {
		return &news.ParamError{Param: "url", Value: clip(f.URL), Reason: "is no address of a feed: " + err.Error()}
	}
	f.ID = news.ArticleID(key)
	return nil
}

// feedPatch is the body of PATCH /v1/feeds/{id}.
type feedPatch struct {
	Title    *string `json:"title"`
	Category *string `json:"category"`
	Enabled  *bool   `json:"enabled"`
}

// changeFeed answers PATCH /v1/feeds/{id}.
func (s *Server) changeFeed(c *fiber.Ctx) error {
	var in feedPatch
	if err := jsonBody(c, &in, "title", "category", "enabled"); err != nil {
		return err
	}
	for name, text := range map[string]*string{"title": in.Title, "category": in.Category} {
		if text != nil && len(*text) > maxLabel {
			return &news.ParamError{Param: name, Reason: "is too long: at most 500 bytes"}
		}
	}
	f, err := s.deps.Store.ChangeFeed(c.UserContext(), c.Params("id"),
		store.FeedPatch{Title: in.Title, Category: in.Category, Enabled: in.Enabled})
	if err != nil {
		return err
	}
	return c.JSON(oneFeed{statusOK, shapeFeed(f)})
}

// refreshFeed answers POST /v1/feeds/{id}/refresh: the feed is polled as soon as
// its host's rest is over.
func (s *Server) refreshFeed(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	f, err := s.deps.Store.ChangeFeed(c.UserContext(), c.Params("id"), store.FeedPatch{Refresh: true})
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusAccepted).JSON(oneFeed{statusOK, shapeFeed(f)})
}

// deleteFeed answers DELETE /v1/feeds/{id}.
func (s *Server) deleteFeed(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	id := c.Params("id")
	if err := s.deps.Store.DeleteFeed(c.UserContext(), id); err != nil {
		return err
	}
	s.log.Info("feed deleted", "feed", id)
	return c.SendStatus(fiber.StatusNoContent)
}
