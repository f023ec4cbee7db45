package fetch

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"broadsheet.example/crawler/link"
)

// Post sends a form to an address that asks for it, such as a WebSub hub, and
// returns the status of the answer. It keeps the distance to the host and checks
// the address like Get, asks no robots.txt, since nothing is taken, and follows
// no redirect. Every error is an [*Error]; a status alone is none.
func (c *Client) Post(ctx context.Context, address string, form url.Values) (int, error) {
	clean, err := link.Clean(address)
	if err != nil {
		return 0, &Error{Kind: Address, URL: abbreviate(address), Err: err}
	}
	v := c.visit(Request{URL: clean, Kind: Feed})
	u, err := url.Parse(clean)
	if err == nil {
		err = c.guard.url(u)
	}
	if err != nil {
		return 0, v.fail(nil, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, clean, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, v.fail(nil, err)
	}
	req.Header = c.cfg.header(Feed)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := v.pass(ctx, req, 0)
	if err != nil {
		return 0, v.fail(a, err)
	}
	return a.status, nil
}
