package fetch

import "net"

// WithResolver returns c with another DNS.
func (c Config) WithResolver(r *net.Resolver) Config {
	c.resolver = r
	return c
}
