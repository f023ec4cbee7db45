package api

import (
	"errors"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// healthReply tells how a feed fares and what it waits for.
type healthReply struct {
	Status   string          `json:"status"`
	ID       string          `json:"id"`
	Enabled  bool            `json:"enabled"`
	Health   news.FeedHealth `json:"health,omitempty"`
	Error    string          `json:"lastError,omitempty"`
	Code     int             `json:"lastStatus,omitempty"`
	Poll     time.Time       `json:"lastPoll,omitzero"`
	Success  time.Time       `json:"lastSuccess,omitzero"`
	Next     time.Time       `json:"nextPoll,omitzero"`
	Interval int             `json:"intervalSeconds,omitempty"`
	Failures int             `json:"failures"` // in a row
	Articles int             `json:"articles"`
	Pending  int             `json:"pending"` // pages that it has named and that were not had yet
	Paused   time.Time       `json:"pausedUntil,omitzero"`
}

// feedHealth answers GET /v1/feeds/{id}/health.
func (s *Server) feedHealth(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	f, err := s.findFeed(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	pending, err := s.deps.Store.Pending(c.UserContext(), f.ID)
	if err != nil {
		return err
	}
	pauses, err := s.deps.Crawling.Pauses.ListPauses(c.UserContext())
	if err != nil {
		return err
	}
	return c.JSON(healthReply{
		Status: statusOK, ID: f.ID, Enabled: f.Enabled, Health: f.Health, Error: f.LastError, Code: f.LastStatus,
		Poll: f.LastPoll, Success: f.LastSuccess, Next: f.NextPoll, Interval: int(f.Interval.Seconds()),
		Failures: f.Failures, Articles: f.Articles, Pending: pending, Paused: pausedUntil(pauses, s.deps.Crawling.Host(f.URL)),
	})
}

// pausedUntil returns when the last pause ends that holds a host, zero when none
// does.
func pausedUntil(pauses []store.Pause, host string) time.Time {
	var until time.Time
	for _, p := range pauses {
		if (p.Host == "" || p.Host == host) && p.Until.After(until) {
			until = p.Until
		}
	}
	return until
}

// discovered answers POST /v1/discover: the feed of a site, which is not added.
type discovered struct {
	Status string    `json:"status"`
	Feed   feedFound `json:"feed"`
	// Others are further feeds that the page offers; they were not tried.
	Others []string `json:"others"`
}

type feedFound struct {
	ID       string        `json:"id"`
	URL      string        `json:"url"`
	Title    string        `json:"title,omitempty"`
	SiteURL  string        `json:"siteUrl,omitempty"`
	Language string        `json:"language,omitempty"`
	Kind     news.FeedKind `json:"kind"`
	// Known says that it is polled, or was, already.
	Known bool `json:"known"`
}

// discover answers POST /v1/discover. It asks other servers, and so is a change
// as far as keys are concerned.
func (s *Server) discover(c *fiber.Ctx) error {
	var in struct {
		URL string `json:"url"`
	}
	if err := jsonBody(c, &in, "url"); err != nil {
		return err
	}
	if in.URL == "" {
		return missing("url", "give the address of a site or of a page")
	}
	f, others, err := s.deps.Crawling.Discover(c.UserContext(), in.URL)
	if errors.Is(err, news.ErrNotFound) {
		return problem(fiber.StatusUnprocessableEntity, CodeNoFeed, err.Error())
	}
	if err != nil {
		return err
	}
	feeds, err := s.deps.Store.ListFeeds(c.UserContext())
	if err != nil {
		return err
	}
	found := feedFound{ID: f.ID, URL: f.URL, Title: f.Title, SiteURL: f.SiteURL, Language: f.Language, Kind: f.Kind}
	found.Known = slices.ContainsFunc(feeds, func(k news.Feed) bool { return k.ID == f.ID })
	return c.JSON(discovered{statusOK, found, notNil(others)})
}
