package api

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// controlListener marks its connections, so that requests over them are told
// from those that merely come from this machine.
type controlListener struct{ net.Listener }

func (l controlListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return controlConn{conn}, nil
}

type controlConn struct{ net.Conn }

// RemoteAddr is what the handler recognizes the connection by.
func (controlConn) RemoteAddr() net.Addr { return controlAddr{} }

type controlAddr struct{}

func (controlAddr) Network() string { return "unix" }
func (controlAddr) String() string  { return "control" }

// isLocal returns nil for what comes over the control socket, or from this
// machine without a proxy between and without a foreign web page behind it, and
// otherwise what is wrong.
func isLocal(c *fiber.Ctx) *Problem {
	if _, control := c.Context().RemoteAddr().(controlAddr); control {
		return nil
	}
	switch {
	case !fromLoopback(c):
		return problem(fiber.StatusForbidden, CodeLocalOnly, "changes are only taken from this machine itself, directly and without a proxy")
	case !isLoopbackHost(string(c.Request().Host())):
		return problem(fiber.StatusForbidden, CodeLocalOnly, "changes are only taken under the name localhost or a loopback address")
	case !sameOrigin(c):
		return problem(fiber.StatusForbidden, CodeLocalOnly, "changes are not taken from the web pages of other sites")
	}
	return nil
}

// fromLoopback reports whether the peer is this machine and speaks for itself.
func fromLoopback(c *fiber.Ctx) bool {
	addr, ok := c.Context().RemoteAddr().(*net.TCPAddr)
	return ok && addr.IP.IsLoopback() && !isForwarded(c)
}

// isForwarded reports whether a proxy says that it passes the request on.
func isForwarded(c *fiber.Ctx) bool {
	forwarded := false
	c.Request().Header.VisitAll(func(key, _ []byte) {
		name := strings.ToLower(string(key))
		if name == "forwarded" || name == "x-real-ip" || strings.HasPrefix(name, "x-forwarded-") {
			forwarded = true
		}
	})
	return forwarded
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

// sameOrigin reports whether the request comes from no web page, or from one of
// our own.
func sameOrigin(c *fiber.Ctx) bool {
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, string(c.Request().Host()))
}
