package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/caller"
)

// errForeign refuses what is only for who sits at this machine.
var errForeign = errors.New("this page is for visitors on the machine itself, directly and without a proxy between")

// isLocal reports whether the visitor sits at this machine.
func isLocal(c *fiber.Ctx) bool { return caller.Of(c).Local() == nil }

// isOwnForm reports whether a form was sent from one of our own pages. Browsers
// say where a form comes from; what says nothing is refused.
func isOwnForm(c *fiber.Ctx) bool {
	if site := c.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	return caller.Of(c).Owns(c.Get(fiber.HeaderOrigin))
}

// local lets only visitors at this machine through, and none of the scripts and
// forms of other sites in their browsers.
func (p *pages) local(h fiber.Handler) fiber.Handler {
	return p.page(func(c *fiber.Ctx) error {
		isRead := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
		isPlain := isRead && c.Get(fiber.HeaderOrigin) == ""
		if !isLocal(c) || !isPlain && !isOwnForm(c) {
			return errForeign
		}
		return h(c)
	})
}
