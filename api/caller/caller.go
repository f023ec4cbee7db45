// Package caller tells who sends a request and by which address he reached us:
// over the control socket, from this machine itself, through a proxy that the
// operator trusts, or from elsewhere.
//
// It decides who a caller is, not what he may do. Start reading at [Identify].
package caller

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Caller is who sends a request.
type Caller struct {
	// Addr is the address of the client: that of the peer or, behind trusted
	// proxies, the one they name. It is not valid over the control socket.
	Addr netip.Addr
	// Scheme and Host are how the client reached us: http or https, and what
	// stands in his Host header.
	Scheme, Host string

	foreign error
}

// The reasons why a caller is not taken for one who sits at this machine.
var (
	ErrElsewhere = errors.New("from this machine itself, directly and without a proxy")
	ErrName      = errors.New("under the name localhost or a loopback address")
	ErrOrigin    = errors.New("from our own web pages, not from those of other sites")
)

// Local returns nil for who calls over the control socket, or from this machine
// without a proxy between and without a foreign web page behind him. Otherwise it
// returns the Err that says from where one would have to call.
func (c *Caller) Local() error { return c.foreign }

// Base is the address of the server as the client knows it, without a slash at
// its end.
func (c *Caller) Base() string { return c.Scheme + "://" + c.Host }

// Owns reports whether an Origin header is that of our own pages.
func (c *Caller) Owns(origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, c.Host)
}

// local is where a request carries its caller.
const local = "caller"

// Identify returns the middleware that tells callers apart. What a peer in one of
// the trusted networks says of the client in X-Forwarded-For, -Proto and -Host is
// believed, what others say is not. Who comes through a proxy, trusted or not, is
// never local, and neither is a trusted proxy that says nothing.
func Identify(trusted []netip.Prefix) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Locals(local, identify(c, trusted))
		return c.Next()
	}
}

// Of returns the caller of a request. Where [Identify] has not run, nobody's word
// is trusted.
func Of(c *fiber.Ctx) *Caller {
	if known, ok := c.Locals(local).(*Caller); ok {
		return known
	}
	found := identify(c, nil)
	c.Locals(local, found)
	return found
}

func identify(c *fiber.Ctx, trusted []netip.Prefix) *Caller {
	found := &Caller{Scheme: "http", Host: string(c.Request().Host())}
	if c.Context().IsTLS() {
		found.Scheme = "https"
	}
	forwarded := isForwarded(c)
	switch peer := c.Context().RemoteAddr().(type) {
	case controlAddr:
		if forwarded {
			found.foreign = ErrElsewhere
		}
		return found
	case *net.TCPAddr:
		found.Addr = peer.AddrPort().Addr().Unmap().WithZone("")
	}
	isProxy := contains(trusted, found.Addr)
	found.foreign = found.reason(c.Get(fiber.HeaderOrigin), isProxy || forwarded)
	if isProxy {
		found.believe(c, trusted)
	}
	return found
}

// reason says why the peer is not local, nil if he is.
func (c *Caller) reason(origin string, proxied bool) error {
	switch {
	case proxied || !c.Addr.IsLoopback():
		return ErrElsewhere
	case !isLoopbackHost(c.Host):
		return ErrName
	case origin != "" && !c.Owns(origin):
		return ErrOrigin
	}
	return nil
}

// isLoopbackHost reports whether a Host header names this machine, which keeps
// out pages whose own name was made to lead here.
func isLoopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func contains(networks []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(addr) })
}
