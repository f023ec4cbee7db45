package fetch

import (
	"net"
	"net/http"
	"time"
)

const (
	// maxHeaderBytes bounds an answer's headers.
	maxHeaderBytes = 64 << 10
	// idleConns and idleTimeout bound the connections kept open between requests.
	idleConns   = 256
	idleTimeout = 30 * time.Second
)

// newTransport returns a transport that connects only where the guard lets it,
// through no proxy, and leaves decompression to this package.
func newTransport(cfg Config, g *guard) *http.Transport {
	dial := cfg.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: cfg.ConnectTimeout, Control: g.control, Resolver: cfg.resolver}).DialContext
	}
	return &http.Transport{
		Proxy:                  nil, // a proxy would connect behind the guard's back
		DialContext:            dial,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		TLSHandshakeTimeout:    cfg.TLSTimeout,
		ResponseHeaderTimeout:  cfg.HeaderTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConns:           idleConns,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        idleTimeout,
	}
}
