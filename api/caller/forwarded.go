package caller

import (
	"bytes"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// isForwarded reports whether a proxy says that it passes the request on.
func isForwarded(c *fiber.Ctx) bool {
	forwarded := false
	c.Request().Header.VisitAll(func(name, _ []byte) {
		switch {
		case forwarded:
		case bytes.EqualFold(name, []byte("forwarded")), bytes.EqualFold(name, []byte("via")), bytes.EqualFold(name, []byte("x-real-ip")):
			forwarded = true
		default:
			const prefix = "x-forwarded-"
			forwarded = len(name) >= len(prefix) && bytes.EqualFold(name[:len(prefix)], []byte(prefix))
		}
	})
	return forwarded
}

// believe takes over what a trusted proxy says of its client.
func (c *Caller) believe(ctx *fiber.Ctx, trusted []netip.Prefix) {
	c.Addr = client(values(ctx, fiber.HeaderXForwardedFor), c.Addr, trusted)
	if scheme := last(values(ctx, fiber.HeaderXForwardedProto)); scheme == "http" || scheme == "https" {
		c.Scheme = scheme
	}
	if host := last(values(ctx, fiber.HeaderXForwardedHost)); isHost(host) {
		c.Host = host
	}
}

// client follows the chain of X-Forwarded-For from our end for as long as it
// names proxies that are trusted. What stands before the first other address is
// hearsay.
func client(chain []string, peer netip.Addr, trusted []netip.Prefix) netip.Addr {
	for i := len(chain) - 1; i >= 0 && contains(trusted, peer); i-- {
		addr, ok := parseAddr(chain[i])
		if !ok {
			break
		}
		peer = addr
	}
	return peer
}

// parseAddr reads an address, which some proxies write with a port.
func parseAddr(text string) (netip.Addr, bool) {
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		var both netip.AddrPort
		if both, err = netip.ParseAddrPort(text); err == nil {
			addr = both.Addr()
		}
	}
	return addr.Unmap().WithZone(""), err == nil
}

// values lists the elements of a header, however many times it was given.
func values(c *fiber.Ctx, name string) []string {
	var list []string
	for _, line := range c.Request().Header.PeekAll(name) {
		for one := range strings.SplitSeq(string(line), ",") {
			list = append(list, strings.TrimSpace(one))
		}
	}
	return list
}

// last is the element that the nearest proxy has written.
func last(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

// longestHost bounds a name with its port.
const longestHost = 260

// isHost reports whether a text may stand in a Host header and in our links.
func isHost(s string) bool {
	return s != "" && len(s) <= longestHost && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("-._~:[]", r))
	})
}
