package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
)

// Replies may be kept but must be checked with us before they are used again:
// an article may be revised or taken down at any time.
const cachePolicy = "private, no-cache"

// revalidate gives reads a validator, that of their bytes if the handler has set
// none, and answers 304 when the caller has them already.
func revalidate(c *fiber.Ctx) error {
	err := c.Next()
	if err != nil || !isRead(c) || !strings.HasPrefix(c.Path(), "/v") || c.Response().IsBodyStream() {
		return err
	}
	switch c.Response().StatusCode() {
	case fiber.StatusOK:
	case fiber.StatusNotModified:
		c.Set(fiber.HeaderCacheControl, cachePolicy)
		return nil
	default:
		return nil
	}
	c.Set(fiber.HeaderCacheControl, cachePolicy)
	tag := c.GetRespHeader(fiber.HeaderETag)
	if tag == "" {
		tag = tagOf(c.Response().Body())
		c.Set(fiber.HeaderETag, tag)
	}
	if matches(c.Get(fiber.HeaderIfNoneMatch), tag) {
		c.Response().ResetBody()
		c.Status(fiber.StatusNotModified)
	}
	return nil
}

func isRead(c *fiber.Ctx) bool {
	return c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
}

// isKnown gives a search the validator of its result, which follows from the
// state of the index and the query, and reports whether the caller has it: then
// nothing need be searched.
func (s *Server) isKnown(c *fiber.Ctx, q news.Query, values url.Values) bool {
	if s.deps.Generation == nil || !isRead(c) {
		return false
	}
	parts := []string{s.deps.Generation(), s.deps.Version, s.deps.Started.String(), c.Path(), values.Encode()}
	if movesWithTime(q, values) {
		parts = append(parts, q.Now.Truncate(time.Minute).String())
	}
	tag := tagOf([]byte(strings.Join(parts, "\x00")))
	c.Set(fiber.HeaderETag, tag)
	return matches(c.Get(fiber.HeaderIfNoneMatch), tag)
}

// movesWithTime reports whether the result may change though the index does not:
// scores decay with age, and dates may be ages. It says so too often rather than
// too rarely.
func movesWithTime(q news.Query, values url.Values) bool {
	if q.Sort == news.SortRelevancy && q.Recency != news.RecencyOff {
		return true
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		return true
	}
	text := strings.ToLower(values.Encode())
	return strings.Contains(text, "after%3a") || strings.Contains(text, "before%3a") || strings.Contains(text, "date%3a")
}

// tagOf is a weak validator: the same reply may be compressed or not, and tell
// another time that it took.
func tagOf(text []byte) string {
	sum := sha256.Sum256(text)
	return `W/"` + hex.EncodeToString(sum[:16]) + `"`
}

// matches reports whether If-None-Match names the tag; weakly, as it must.
func matches(header, tag string) bool {
	if strings.TrimSpace(header) == "*" {
		return true
	}
	opaque := strings.TrimPrefix(tag, "W/")
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		if one == opaque {
			return true
		}
	}
	return false
}
