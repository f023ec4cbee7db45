package fetch

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"broadsheet.example/crawler/link"
)

// Client fetches. It is safe for concurrent use, and one client should do all
// the fetching of a process, since it is what keeps requests to a host apart.
type Client struct {
	cfg       Config
	log       *slog.Logger
	guard     *guard
	gate      *gate
	robots    *robots
	transport *http.Transport
}

// New returns a client. It starts nothing.
func New(cfg Config, log *slog.Logger) *Client {
	cfg = cfg.withDefaults()
	g := newGuard(cfg.AllowNetworks)
	return &Client{
		cfg:       cfg,
		log:       log,
		guard:     g,
		gate:      newGate(cfg.Gap, cfg.MaxWait),
		robots:    newRobots(cfg.UserAgent, cfg.Now),
		transport: newTransport(cfg, g),
	}
}

// Get fetches r.URL. It asks robots.txt first, waits for the turn of the URL's
// host, and does both again for the host of every redirect. It gives up when
// ctx is done. Every error is an [*Error].
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	clean, err := link.Clean(r.URL)
	if err != nil {
		return nil, &Error{Kind: Address, URL: abbreviate(r.URL), HostNext: c.cfg.Now(), Err: err}
	}
	if r.ValidatorsURL == "" || r.ValidatorsURL == r.URL {
		r.ValidatorsURL = clean
	}
	r.URL = clean
	v := c.visit(r)
	a, err := v.follow(ctx)
	next := c.cfg.Now().Add(c.gate.next(link.Host(clean)))
	if e, ok := errors.AsType[*Error](err); ok {
		told := *e // a robots.txt that cannot be had is one error for many callers
		told.HostNext = next
		return nil, &told
	}
	res := v.response(a)
	res.HostNext = next
	return res, nil
}

// Robots tells whether robots.txt allows url to be fetched as a page, and if
// not, why. It fetches the robots.txt if that is not at hand; when it cannot be
// had, that is the error.
func (c *Client) Robots(ctx context.Context, url string) (allowed bool, reason string, err error) {
	clean, err := link.Clean(url)
	if err != nil {
		return false, "", &Error{Kind: Address, URL: abbreviate(url), Err: err}
	}
	v := c.visit(Request{URL: clean, Kind: Page})
	_, err = v.ask(ctx)
	if isKind(err, Robots) {
		return false, errors.Unwrap(err).Error(), nil
	}
	if err != nil {
		return false, "", v.fail(nil, err)
	}
	return true, "robots.txt allows it", nil
}

// abbreviate bounds a URL that is none, and may be anything.
func abbreviate(url string) string { return url[:min(len(url), link.MaxLen)] }

// Idle closes the connections that are not in use.
func (c *Client) Idle() { c.transport.CloseIdleConnections() }

// Close closes idle connections. Calls under way are ended by their contexts.
func (c *Client) Close() error {
	c.Idle()
	return nil
}
