package web

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// errForeign refuses what is only for who sits at this machine.
var errForeign = errors.New("this page is for visitors on the machine itself, directly and without a proxy between")

// isLocal reports whether the visitor sits at this machine: the peer is loopback,
// no proxy says that it passes the request on, and the address in the browser
// names this machine too, so that no foreign name was made to lead here.
func isLocal(c *fiber.Ctx) bool {
	peer, ok := c.Context().RemoteAddr().(*net.TCPAddr)
	if !ok || !peer.IP.IsLoopback() {
		return false
	}
	proxied := false
	c.Request().Header.VisitAll(func(key, _ []byte) {
		name := strings.ToLower(string(key))
		proxied = proxied || name == "forwarded" || name == "via" || name == "x-real-ip" || strings.HasPrefix(name, "x-forwarded-")
	})
	return !proxied && isLoopbackName(string(c.Request().Host()))
}

func isLoopbackName(host string) bool {
	u, err := url.Parse("//" + host)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return strings.EqualFold(u.Hostname(), "localhost") || err == nil && ip.IsLoopback()
}

// isOwnForm reports whether a form was sent from one of our own pages. Browsers
// say where a form comes from; what says nothing is refused.
func isOwnForm(c *fiber.Ctx) bool {
	if site := c.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	u, err := url.Parse(c.Get(fiber.HeaderOrigin))
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, string(c.Request().Host()))
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
