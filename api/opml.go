package api

import (
	"bytes"
	"slices"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/configs/opml"
	"broadsheet.example/news"
)

// opmlType is what feed readers call OPML.
const opmlType = "text/x-opml"

type importFeedsReply struct {
	Status string `json:"status"`
	// Added counts the feeds that are new, Known those that were here already.
	Added   int            `json:"added"`
	Known   int            `json:"known"`
	Skipped []opml.Skipped `json:"skipped"`
}

// importFeeds answers POST /v1/import: OPML in.
func (s *Server) importFeeds(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	if err := wantType(c, opmlType, "application/xml", "text/xml", "application/octet-stream"); err != nil {
		return err
	}
	text, err := body(c, opml.MaxBytes)
	if err != nil {
		return err
	}
	file, err := opml.Read(bytes.NewReader(text))
	if err != nil {
		return err
	}
	feeds := make([]news.Feed, 0, len(file.Feeds))
	for _, f := range file.Feeds {
		if err := s.identify(&f); err != nil {
			file.Skipped = append(file.Skipped, opml.Skipped{URL: clip(f.URL), Reason: err.Error()})
			continue
		}
		feeds = append(feeds, f)
	}
	added, err := s.deps.Store.PutFeeds(c.UserContext(), feeds...)
	if err != nil {
		return err
	}
	s.log.Info("feeds imported", "added", added, "known", len(feeds)-added, "skipped", len(file.Skipped))
	return c.JSON(importFeedsReply{statusOK, added, len(feeds) - added, notNil(file.Skipped)})
}

// exportFeeds answers GET /v1/export: OPML out, without backfills.
func (s *Server) exportFeeds(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	feeds, err := s.deps.Store.ListFeeds(c.UserContext())
	if err != nil {
		return err
	}
	// A backfill is work, not a subscription: elsewhere it would mean nothing.
	feeds = slices.DeleteFunc(feeds, func(f news.Feed) bool { return f.Kind == kindBackfill })
	var b bytes.Buffer
	if err := opml.Write(&b, "Broadsheet: feeds", feeds); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, opmlType+"; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="feeds.opml"`)
	return c.Send(b.Bytes())
}
