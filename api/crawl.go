package api

import (
	"context"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Crawling is what the API asks of the crawler, besides feeds.
type Crawling struct {
	// Trace returns the steps that an address has taken, in JSON's terms.
	Trace func(ctx context.Context, address string) (any, error)
	// Discover finds the feed of an address, and further ones that its page offers.
	// It fails with a *news.ParamError for an address that cannot be fetched, and
	// with what happened, wrapping news.ErrNotFound, where there is no feed.
	Discover func(ctx context.Context, address string) (feed news.Feed, others []string, err error)
	// Host returns the host of an address as politeness and pauses count hosts.
	Host func(address string) string
	// Backfill reads the feed that stands for a backfill from its address.
	Backfill func(address string) (news.Feed, error)
	Pauses   store.Pauses
	// Confirm and Deliver take what WebSub hubs ask and tell about the feed with the
	// id. Both fail with news.ErrNotFound where nothing was asked of a hub, Deliver
	// with ErrUnsigned when the body is not signed as agreed.
	Confirm func(ctx context.Context, feedID string, asked url.Values) (challenge string, err error)
	Deliver func(ctx context.Context, feedID, signature string, body []byte) error
}

// trace answers GET /v1/trace: the way of an address from feed to index.
func (s *Server) trace(c *fiber.Ctx) error {
	values, err := only(c, "url")
	if err != nil {
		return err
	}
	if values.Get("url") == "" {
		return missing("url", "give the address to trace")
	}
	steps, err := s.deps.Crawling.Trace(c.UserContext(), values.Get("url"))
	if err != nil {
		return err
	}
	return c.JSON(map[string]any{"status": statusOK, "steps": steps})
}

// backfillReply is a backfill and how far it is.
type backfillReply struct {
	feedReply
	// Pending counts the pages that were found and not had yet.
	Pending int  `json:"pending"`
	Done    bool `json:"done"`
}

func (s *Server) backfillOf(ctx context.Context, f news.Feed) (backfillReply, error) {
	pending, err := s.deps.Store.Pending(ctx, f.ID)
	return backfillReply{shapeFeed(f), pending, !f.Enabled && pending == 0}, err
}

// listBackfills answers GET /v1/backfills.
func (s *Server) listBackfills(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	feeds, err := s.deps.Store.ListFeeds(c.UserContext())
	if err != nil {
		return err
	}
	list := []backfillReply{}
	for _, f := range feeds {
		if f.Kind != kindBackfill {
			continue
		}
		one, err := s.backfillOf(c.UserContext(), f)
		if err != nil {
			return err
		}
		list = append(list, one)
	}
	return c.JSON(map[string]any{"status": statusOK, "backfills": list})
}

// backfill answers GET /v1/backfills/{id}.
func (s *Server) backfill(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	f, err := s.findFeed(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	if f.Kind != kindBackfill {
		return news.ErrNotFound
	}
	one, err := s.backfillOf(c.UserContext(), f)
	if err != nil {
		return err
	}
	return c.JSON(map[string]any{"status": statusOK, "backfill": one})
}

// kindBackfill is the kind of a feed that stands for a backfill.
const kindBackfill news.FeedKind = "backfill"

// addBackfill answers POST /v1/backfills: 202 with the feed that stands for it.
func (s *Server) addBackfill(c *fiber.Ctx) error {
	var in struct {
		URL string `json:"url"`
	}
	if err := jsonBody(c, &in, "url"); err != nil {
		return err
	}
	f, err := s.deps.Crawling.Backfill(in.URL)
	if err != nil {
		return &news.ParamError{Param: "url", Value: clip(in.URL), Reason: err.Error()}
	}
	if _, err := s.deps.Store.PutFeeds(c.UserContext(), f); err != nil {
		return err
	}
	on := true
	if f, err = s.deps.Store.ChangeFeed(c.UserContext(), f.ID, store.FeedPatch{Enabled: &on, Refresh: true}); err != nil {
		return err
	}
	return c.Status(fiber.StatusAccepted).JSON(oneFeed{statusOK, shapeFeed(f)})
}

// pauseIn is the body of POST /v1/pauses.
type pauseIn struct {
	Host  string    `json:"host"`
	Until time.Time `json:"until"`
}

// listPauses answers GET /v1/pauses.
func (s *Server) listPauses(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	list, err := s.deps.Crawling.Pauses.ListPauses(c.UserContext())
	if err != nil {
		return err
	}
	if list == nil {
		list = []store.Pause{}
	}
	return c.JSON(map[string]any{"status": statusOK, "pauses": list})
}

// pause answers POST /v1/pauses.
func (s *Server) pause(c *fiber.Ctx) error {
	var in pauseIn
	if err := jsonBody(c, &in, "host", "until"); err != nil {
		return err
	}
	if in.Until.IsZero() {
		return missing("until", "say until when")
	}
	if err := s.deps.Crawling.Pauses.Pause(c.UserContext(), in.Host, in.Until); err != nil {
		return err
	}
	s.log.Info("paused", "host", in.Host, "until", in.Until)
	return c.SendStatus(fiber.StatusNoContent)
}

// resume answers DELETE /v1/pauses.
func (s *Server) resume(c *fiber.Ctx) error {
	values, err := only(c, "host")
	if err != nil {
		return err
	}
	if err := s.deps.Crawling.Pauses.Resume(c.UserContext(), values.Get("host")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
