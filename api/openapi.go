package api

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"
)

// document is openapi.yaml as JSON. A test writes it (-update) and keeps the two
// alike.
//
//go:embed openapi.json
var document []byte

// openAPI answers GET /openapi.json.
func (s *Server) openAPI(c *fiber.Ctx) error {
	text, err := documentBelow(s.cfg.BasePath)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(text)
}
