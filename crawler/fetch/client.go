package fetch

import (
	"context"
	"errors"
	"log/slog"
)

// Client fetches. It is safe for concurrent use, and one client should do all
// the fetching of a process, since it is what keeps requests to a host apart.
type Client struct {
	cfg  Config
	log  *slog.Logger
	gate *gate
}

// New returns a client. It starts nothing.
func New(cfg Config, log *slog.Logger) *Client {
	cfg = cfg.withDefaults()
	return &Client{cfg: cfg, log: log, gate: newGate(cfg.Gap, cfg.MaxWait)}
}

// Get fetches r.URL. It waits for the turn of the URL's host, and of the host
// of every redirect, until ctx is done. Every error is an [*Error].
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	return nil, &Error{Kind: Network, URL: r.URL, Err: errors.ErrUnsupported}
}

// Robots tells whether robots.txt allows url to be fetched as a page, and if
// not, why. It may fetch the robots.txt.
func (c *Client) Robots(ctx context.Context, url string) (allowed bool, reason string, err error) {
	return false, "", &Error{Kind: Network, URL: url, Err: errors.ErrUnsupported}
}

// Idle closes the connections that are not in use.
func (c *Client) Idle() {}

// Close closes idle connections; it does not wait for calls under way.
func (c *Client) Close() error { return nil }
