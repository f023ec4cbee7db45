package fetch

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"syscall"

	"code.dny.dev/ssrf"
)

// guard decides which addresses may be visited: public ones on the ports of the
// web, and any port in the networks that are allowed by name.
type guard struct {
	allowed []netip.Prefix
	public  *ssrf.Guardian
}

// ports returns the ports of the web.
func ports() []uint16 { return []uint16{80, 443, 8080, 8443} }

// addressError tells why an address may not be visited.
type addressError struct{ reason string }

func (e addressError) Error() string { return e.reason }

func newGuard(allowed []netip.Prefix) *guard {
	return &guard{allowed: slices.Clone(allowed), public: ssrf.New(ssrf.WithPorts(ports()...))}
}

// control is called by the dialer with each address it is about to connect to,
// after the name was looked up. No answer of the DNS can get past it.
func (g *guard) control(network, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return addressError{fmt.Sprintf("%s %s is no address to fetch from", network, address)}
	}
	return g.check(ap)
}

func (g *guard) check(ap netip.AddrPort) error {
	addr := ap.Addr().Unmap()
	if slices.ContainsFunc(g.allowed, func(p netip.Prefix) bool { return p.Contains(addr) }) {
		return nil
	}
	if !slices.Contains(ports(), ap.Port()) {
		return errPort(strconv.Itoa(int(ap.Port())))
	}
	if g.public.SafeAddr(addr) != nil {
		return addressError{fmt.Sprintf("%s is in a private or special network: allow that network if it is meant to be visited", addr)}
	}
	return nil
}

// url refuses what can be refused before a name is looked up. The port of a
// name that may turn out to be in an allowed network is left to control.
func (g *guard) url(u *url.URL) error {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return errPort(port)
	}
	if addr, err := netip.ParseAddr(u.Hostname()); err == nil {
		return g.check(netip.AddrPortFrom(addr, uint16(n)))
	}
	if len(g.allowed) == 0 && !slices.Contains(ports(), uint16(n)) {
		return errPort(port)
	}
	return nil
}

func errPort(port string) error {
	return addressError{fmt.Sprintf("port %s is not one of the web's (80, 443, 8080, 8443): allow the host's network if it is meant to be visited", port)}
}
