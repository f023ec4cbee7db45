package api

import (
	"bufio"
	"context"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/store"
)

// exportPage is how many articles an export holds in memory at once.
const exportPage = 200

// exportArticles answers GET /v1/export/articles.ndjson: every article, one a
// line, in the shape that import takes. A line that tells of an error is the
// last one.
func (s *Server) exportArticles(c *fiber.Ctx) error {
	if _, err := only(c); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, ndjsonType)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="articles.ndjson"`)
	id, conn := requestID(c), c.Context().Conn()
	if c.Method() == fiber.MethodHead {
		return nil
	}
	// The context of the request ends when this function does.
	ctx, cancel := context.WithCancel(context.WithoutCancel(c.UserContext()))
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer cancel()
		go s.cancelOnStop(ctx, cancel)
		if err := s.writeArticles(ctx, w, conn); err != nil {
			s.log.Warn("export ended early", "request", id, "err", err)
			p := problemOf(err)
			p.RequestID = id
			_ = writeLine(w, p) // the client may be the one who went away
		}
	})
	return nil
}

// cancelOnStop ends a stream when the server stops.
func (s *Server) cancelOnStop(ctx context.Context, cancel context.CancelFunc) {
	select {
	case <-s.done:
		cancel()
	case <-ctx.Done():
	}
}

// writeArticles walks the store page by page, each with its own time to write.
func (s *Server) writeArticles(ctx context.Context, w *bufio.Writer, conn net.Conn) error {
	var at store.ScanPosition
	for {
		page, next, err := s.deps.Store.Scan(ctx, at, exportPage)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
			return err
		}
		for _, a := range page {
			if err := writeLine(w, s.outward(a)); err != nil {
				return err
			}
		}
		if err := w.Flush(); err != nil {
			return err
		}
		at = next
	}
}

func writeLine(w *bufio.Writer, v any) error {
	text, err := encodeJSON(v)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}
