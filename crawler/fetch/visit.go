package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"broadsheet.example/crawler/link"
)

// maxHops is the most redirects that are followed.
const maxHops = 5

// visit is one Get on its way: the request, and where redirects have led.
type visit struct {
	client    *Client
	req       Request
	kind      Kind
	url       string // where it stands
	hops      []string
	temporary bool          // some redirect was not for good
	left      time.Duration // of the time for all answers together
}

func (c *Client) visit(r Request) *visit {
	return &visit{client: c, req: r, kind: r.Kind, url: r.URL, left: c.cfg.timeout(r.Kind)}
}

// follow goes from redirect to redirect to the answer, or fails with an *Error.
func (v *visit) follow(ctx context.Context) (*answer, error) {
	for {
		a, conditional, err := v.hop(ctx)
		if err != nil {
			return nil, v.fail(a, err)
		}
		if a.status == http.StatusNotModified && conditional {
			return a, nil
		}
		if !redirects(a.status) {
			if kind, err := judge(a); err != nil {
				return nil, v.failure(kind, a, err)
			}
			return a, nil
		}
		if err := v.redirect(a); err != nil {
			return nil, v.failure(Redirect, a, err)
		}
	}
}

// hop asks for the address where the visit stands. The answer may be nil or, on
// an error, incomplete.
func (v *visit) hop(ctx context.Context) (a *answer, conditional bool, err error) {
	delay, err := v.ask(ctx)
	if err != nil {
		return nil, false, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, v.url, nil)
	if err != nil {
		return nil, false, err
	}
	req.Header = v.client.cfg.header(v.kind)
	if v.url == v.req.ValidatorsURL {
		conditional = setValidators(req.Header, v.req.Validators)
	}
	a, err = v.pass(ctx, req, delay)
	return a, conditional, err
}

// ask finds out whether the address where the visit stands may be fetched, and
// returns how far from other requests this one has to stay.
func (v *visit) ask(ctx context.Context) (time.Duration, error) {
	u, err := url.Parse(v.url)
	if err != nil {
		return 0, addressError{err.Error()}
	}
	if err := v.client.guard.url(u); err != nil {
		return 0, err
	}
	if v.kind == robotsFile {
		return 0, nil
	}
	r, err := v.client.robots.find(ctx, v.client, u)
	if err != nil {
		if v.req.IgnoreRobots && !isKind(err, Canceled, Resting) {
			return 0, nil
		}
		return 0, err
	}
	delay := min(r.delay, maxCrawlDelay)
	if v.req.IgnoreRobots {
		return delay, nil
	}
	return delay, r.permit(v.kind, v.url)
}

// pass sends the request when the gate lets it.
func (v *visit) pass(ctx context.Context, req *http.Request, delay time.Duration) (*answer, error) {
	exempt := v.kind == robotsFile
	p, err := v.client.gate.enter(ctx, link.Host(v.url), delay, exempt)
	if err != nil {
		return nil, err
	}
	a, err := v.send(ctx, req, p.delay)
	t := trace{exempt: exempt, arrived: a.arrived, took: a.took}
	switch a.status {
	case http.StatusTooManyRequests:
		t.rest, t.strike = a.retryAfter, a.retryAfter == 0
	case http.StatusServiceUnavailable:
		t.rest = a.retryAfter
	default:
		t.well = err == nil && !exempt
	}
	p.leave(t)
	return a, err
}

// redirect moves the visit to where the answer points.
func (v *visit) redirect(a *answer) error {
	location := a.header.Get("Location")
	if location == "" {
		return fmt.Errorf("a redirect (HTTP %d) that leads nowhere: check that the address opens in a browser", a.status)
	}
	target, err := link.Join(v.url, location)
	if err != nil {
		return fmt.Errorf("a redirect that cannot be followed: %w", err)
	}
	v.hops = append(v.hops, v.url)
	if slices.Contains(v.hops, target) {
		return fmt.Errorf("redirects in a circle, back to %s: check that the address opens in a browser", target)
	}
	if len(v.hops) > maxHops {
		return fmt.Errorf("more than %d redirects: check that the address opens in a browser", maxHops)
	}
	downgrade := strings.HasPrefix(v.url, "https:") && strings.HasPrefix(target, "http:")
	if !permanent(a.status) || downgrade && v.kind == Feed {
		v.temporary = true
	}
	v.url = target
	return nil
}

// response makes the visit's result from its last answer.
func (v *visit) response(a *answer) *Response {
	return &Response{
		URL: v.url, Status: a.status, Header: a.header, ContentType: a.header.Get("Content-Type"), Body: a.body,
		NotModified: a.status == http.StatusNotModified, Truncated: a.truncated,
		Hops: v.hops, Permanent: len(v.hops) > 0 && !v.temporary,
		At: a.at, RetryAfter: a.retryAfter, MaxAge: maxAge(a.header, a.at), Took: a.took, Validators: validators(a.header),
	}
}

// fail turns an error of hop into an *Error, unless it is one.
func (v *visit) fail(a *answer, err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	kind, err := classify(err)
	return v.failure(kind, a, err)
}

func (v *visit) failure(kind ErrorKind, a *answer, err error) *Error {
	e := &Error{Kind: kind, URL: v.url, Err: err}
	if a != nil {
		e.Status, e.RetryAfter = a.status, a.retryAfter
	}
	return e
}

// isKind reports whether err is an *Error of one of the kinds.
func isKind(err error, kinds ...ErrorKind) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && slices.Contains(kinds, e.Kind)
}
