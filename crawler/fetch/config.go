package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// DefaultUserAgent names the program and where its operator's readers learn
// about it. Operators should put a contact of their own.
const DefaultUserAgent = "Broadsheet/1.0 (+https://broadsheet.example/crawler)"

// maxRobots is how much of a robots.txt is read (RFC 9309, 2.5).
const maxRobots = 500 << 10

// Config is how a [Client] behaves. Start from [DefaultConfig]: a zero Gap means
// no distance at all; any other zero value stands for its default.
type Config struct {
	// UserAgent is sent with every request. What stands before its first slash
	// or space is the name looked for in robots.txt.
	UserAgent string
	// Gap is the least time between two requests to one host.
	Gap time.Duration
	// MaxWait is how long Get waits for a host's turn before it gives up with
	// [Resting].
	MaxWait time.Duration
	// AllowNetworks are networks that may be visited, on any port, although
	// they are private or special.
	AllowNetworks []netip.Prefix

	// Most decoded bytes of a body. Sitemaps count as feeds.
	MaxFeedBytes, MaxPageBytes int64

	// Longest time to connect, for the TLS handshake, and to the answer's
	// headers; then for the whole answer, waiting for the host's turn left out.
	ConnectTimeout, TLSTimeout, HeaderTimeout time.Duration
	FeedTimeout, PageTimeout                  time.Duration

	// Now is the clock of dates; nil means time.Now. Waiting goes by the
	// machine's monotonic clock.
	Now func() time.Time
	// Observe, if not nil, is told of every request sent: what was fetched
	// ("feed", "page", "sitemap", "robots"), the HTTP status or the kind of
	// error, how long it took and how many bytes of body came in. It may be
	// called concurrently.
	Observe func(kind, outcome string, took time.Duration, bytes int)

	// Dial, if not nil, connects in place of the network. Names are not looked
	// up and addresses not checked then: it is for tests, with a server in
	// memory behind it.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	// resolver replaces the DNS in tests of this package.
	resolver *net.Resolver
}

// DefaultConfig returns the defaults.
func DefaultConfig() Config {
	return Config{
		UserAgent:      DefaultUserAgent,
		Gap:            time.Second,
		MaxWait:        time.Minute,
		MaxFeedBytes:   8 << 20,
		MaxPageBytes:   5 << 20,
		ConnectTimeout: 10 * time.Second,
		TLSTimeout:     10 * time.Second,
		HeaderTimeout:  15 * time.Second,
		FeedTimeout:    30 * time.Second,
		PageTimeout:    45 * time.Second,
		Now:            time.Now,
	}
}

// Validate reports everything that is wrong with c.
func (c Config) Validate() error {
	var errs []error
	if strings.ContainsFunc(c.UserAgent, func(r rune) bool { return r < ' ' || r > '~' }) {
		errs = append(errs, fmt.Errorf("user agent %q: printable ASCII only", c.UserAgent))
	}
	for name, d := range map[string]time.Duration{
		"gap": c.Gap, "longest wait": c.MaxWait, "connect timeout": c.ConnectTimeout, "TLS timeout": c.TLSTimeout,
		"header timeout": c.HeaderTimeout, "feed timeout": c.FeedTimeout, "page timeout": c.PageTimeout,
	} {
		if d < 0 {
			errs = append(errs, fmt.Errorf("%s %v: must not be negative", name, d))
		}
	}
	if c.MaxFeedBytes < 0 || c.MaxPageBytes < 0 {
		errs = append(errs, errors.New("size limits must not be negative"))
	}
	return errors.Join(errs...)
}

// withDefaults fills in what is zero, but for Gap.
func (c Config) withDefaults() Config {
	d := DefaultConfig()
	if c.UserAgent == "" {
		c.UserAgent = d.UserAgent
	}
	if c.Now == nil {
		c.Now = d.Now
	}
	for _, f := range []struct{ have, want *time.Duration }{
		{&c.MaxWait, &d.MaxWait},
		{&c.ConnectTimeout, &d.ConnectTimeout},
		{&c.TLSTimeout, &d.TLSTimeout},
		{&c.HeaderTimeout, &d.HeaderTimeout},
		{&c.FeedTimeout, &d.FeedTimeout},
		{&c.PageTimeout, &d.PageTimeout},
	} {
		if *f.have == 0 {
			*f.have = *f.want
		}
	}
	if c.MaxFeedBytes == 0 {
		c.MaxFeedBytes = d.MaxFeedBytes
	}
	if c.MaxPageBytes == 0 {
		c.MaxPageBytes = d.MaxPageBytes
	}
	return c
}

// maxBytes is the most that a body of the kind may have when decoded.
func (c Config) maxBytes(k Kind) int64 {
	switch k {
	case Page:
		return c.MaxPageBytes
	case robotsFile:
		return maxRobots
	default:
		return c.MaxFeedBytes
	}
}

// timeout is how long an answer of the kind may take in all.
func (c Config) timeout(k Kind) time.Duration {
	if k == Page {
		return c.PageTimeout
	}
	return c.FeedTimeout
}

// accept is the Accept header for the kind.
func accept(k Kind) string {
	switch k {
	case Feed:
		return "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
	case Page:
		return "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.1"
	case Sitemap:
		return "application/xml, text/xml, */*;q=0.1"
	default:
		return "text/plain, */*;q=0.1"
	}
}

// header returns the headers of a request of the kind.
func (c Config) header(k Kind) http.Header {
	return http.Header{
		"User-Agent":      {c.UserAgent},
		"Accept":          {accept(k)},
		"Accept-Encoding": {"gzip, deflate, br, zstd"},
	}
}
