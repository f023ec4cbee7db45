package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/caller"
)

// errForeign refuses what is only for who looks after the machine.
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

// isRead reports whether the request changes nothing.
func isRead(c *fiber.Ctx) bool {
	return c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
}

// mayAdmin reports whether the visitor may look after the machine.
func (p *pages) mayAdmin(c *fiber.Ctx) bool { return isLocal(c) || p.isSignedIn(c) }

// own lets through none of the scripts and forms of other sites.
func (p *pages) own(h fiber.Handler) fiber.Handler {
	return p.page(func(c *fiber.Ctx) error {
		isPlain := isRead(c) && c.Get(fiber.HeaderOrigin) == ""
		if !isPlain && !isOwnForm(c) {
			return errForeign
		}
		return h(c)
	})
}

// admin lets only those through who look after the machine. Others are asked to
// sign in.
func (p *pages) admin(h fiber.Handler) fiber.Handler {
	return p.own(func(c *fiber.Ctx) error {
		if !p.mayAdmin(c) {
			return p.askKey(c)
		}
		return h(c)
	})
}
