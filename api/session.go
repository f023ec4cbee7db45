package api

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/caller"
)

// sessionKey is the key of a visitor who has signed in to the pages, for what a
// click on their links reads. Nothing else, and no page of another site, gets at
// it: a cookie comes with requests that its owner has not thought of.
func (s *Server) sessionKey(c *fiber.Ctx) string {
	if s.deps.Session == nil || !isRead(c) || !isLinked(c.Path()) || !isOwnVisit(c) {
		return ""
	}
	return s.deps.Session(c)
}

// isLinked reports whether the pages link to a path that needs a key.
func isLinked(path string) bool {
	switch path {
	case "/v1/search", "/v1/search.rss", pathExportCSV, "/v1/feeds", "/v1/status":
		return true
	}
	id, ok := strings.CutPrefix(path, "/v1/articles/")
	return ok && !strings.Contains(id, "/")
}

// isOwnVisit reports whether a request comes from our own pages or was typed.
// Browsers say so to sites that are encrypted or on their own machine; others have
// the word of the cookie, which does not come along from another site.
func isOwnVisit(c *fiber.Ctx) bool {
	switch c.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return false
	}
	origin := c.Get(fiber.HeaderOrigin)
	return origin == "" || caller.Of(c).Owns(origin)
}
