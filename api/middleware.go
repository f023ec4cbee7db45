package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"

	"broadsheet.example/api/caller"
)

// Names of what middleware leaves with a request.
const (
	headerRequestID = "X-Request-Id"
	localRequestID  = "requestId"
	localBodyRead   = "bodyRead"
)

// middleware is what every request goes through, outermost first.
func (s *Server) middleware() {
	s.app.Use(caller.Identify(s.cfg.TrustedProxies), s.observe, protect, s.cors, closeUnread, s.readers)
	s.app.Use(compress.New(compress.Config{Level: compress.LevelBestSpeed, Next: isStream}), s.deadline, revalidate)
	if s.cfg.BasePath != "" {
		s.app.Use(s.rebase)
	}
}

// isStream reports whether the reply is sent bit by bit; compressing it would
// hold it back.
func isStream(c *fiber.Ctx) bool {
	return slices.Contains([]string{pathExportNDJSON, pathExportCSV, pathStream}, c.Path())
}

// observe names the request, answers what fails, and writes the one line of the
// log and the measurements of it.
func (s *Server) observe(c *fiber.Ctx) error {
	start := time.Now()
	c.Set(headerRequestID, requestID(c))
	endSpan := func(string, int) {}
	if s.deps.Trace != nil {
		var ctx context.Context
		ctx, endSpan = s.deps.Trace(c.UserContext(), c.Method(), c.Get("Traceparent"))
		c.SetUserContext(ctx)
	}
	if err := s.recovered(c); err != nil {
		if err := s.fail(c, err); err != nil {
			return err
		}
	}
	took := time.Since(start)
	status := c.Response().StatusCode()
	s.metrics.observe(c, status, took)
	endSpan(routeOf(c, status), status)
	level := slog.LevelInfo
	if status >= fiber.StatusInternalServerError {
		level = slog.LevelWarn
	}
	s.log.Log(c.UserContext(), level, "request", "request", requestID(c), "method", c.Method(), "path", c.Path(),
		"status", status, "took", took, "peer", peerOf(c))
	return nil
}

// peerOf is the client as far as that is known: his address, or that he came over
// the control socket.
func peerOf(c *fiber.Ctx) string {
	if who := caller.Of(c); who.Addr.IsValid() {
		return who.Addr.String()
	}
	return c.Context().RemoteAddr().String()
}

// recovered runs the handlers behind it; a panic of theirs becomes an error.
func (s *Server) recovered(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return c.Next()
}

// requestID returns the name of the request: the caller's, if it is a sound one,
// or else a new one.
func requestID(c *fiber.Ctx) string {
	if id, ok := c.Locals(localRequestID).(string); ok {
		return id
	}
	id := c.Get(headerRequestID)
	if !isSoundID(id) {
		var b [8]byte
		rand.Read(b[:]) // never fails
		id = hex.EncodeToString(b[:])
	}
	c.Locals(localRequestID, id)
	return id
}

func isSoundID(id string) bool {
	const longest = 64
	return id != "" && len(id) <= longest && !strings.ContainsFunc(id, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '_' || r == '.')
	})
}

// protect sets what keeps browsers from reading replies as something else.
func protect(c *fiber.Ctx) error {
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	return c.Next()
}

// cors lets the pages of the configured origins read replies. It says so of GET
// and POST alone, and never lets cookies through.
func (s *Server) cors(c *fiber.Ctx) error {
	origin := c.Get(fiber.HeaderOrigin)
	switch {
	case origin == "":
		return c.Next()
	case slices.Contains(s.cfg.CORSOrigins, "*"):
		c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	case slices.Contains(s.cfg.CORSOrigins, origin):
		c.Vary(fiber.HeaderOrigin)
		c.Set(fiber.HeaderAccessControlAllowOrigin, origin)
	default:
		return c.Next()
	}
	c.Set(fiber.HeaderAccessControlExposeHeaders, "X-Request-Id, Retry-After, Content-Location, ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset")
	if c.Method() != fiber.MethodOptions || c.Get(fiber.HeaderAccessControlRequestMethod) == "" {
		return c.Next()
	}
	c.Set(fiber.HeaderAccessControlAllowMethods, "GET, HEAD, POST")
	c.Set(fiber.HeaderAccessControlAllowHeaders, "Content-Type, X-Request-Id, If-None-Match, Authorization, X-Api-Key, Last-Event-ID")
	c.Set(fiber.HeaderAccessControlMaxAge, "86400")
	return c.SendStatus(fiber.StatusNoContent)
}

// closeUnread closes a connection after a request whose body was not read to its
// end. What is left of it would otherwise be taken for the next request.
func closeUnread(c *fiber.Ctx) error {
	err := c.Next()
	if c.Request().IsBodyStream() && c.Locals(localBodyRead) == nil {
		c.Context().SetConnectionClose()
	}
	return err
}

// deadline gives handlers a context that ends in time, since Fiber's does not.
func (s *Server) deadline(c *fiber.Ctx) error {
	timeout := s.cfg.Timeout
	switch c.Path() {
	case pathImport, pathImportArticles:
		timeout = importTimeout
	case pathDiscover:
		timeout = discoverTimeout
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), timeout)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}
