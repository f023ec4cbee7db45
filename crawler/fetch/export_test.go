package fetch

import (
	"context"
	"net"
)

// WithDial returns c with the network replaced. The address check is the
// dialer's, so it does not take part.
func (c Config) WithDial(dial func(ctx context.Context, network, addr string) (net.Conn, error)) Config {
	c.dial = dial
	return c
}

// WithResolver returns c with another DNS.
func (c Config) WithResolver(r *net.Resolver) Config {
	c.resolver = r
	return c
}
