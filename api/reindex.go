package api

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/news"
)

// reindex answers POST /v1/reindex when the new index is in use, however long
// that takes. It goes on when the caller does not wait.
func (s *Server) reindex(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	if s.deps.Reindex == nil {
		return news.ErrUnavailable
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(c.UserContext()))
	defer cancel()
	go s.cancelOnStop(ctx, cancel)
	if err := s.deps.Reindex(ctx); err != nil {
		return err
	}
	return c.JSON(shortReply{statusOK})
}
