package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"broadsheet.example/crawler/link"
)

const (
	// maxCrawlDelay is the longest Crawl-delay that is kept. Where more is asked
	// for, pages are not fetched.
	maxCrawlDelay = 30 * time.Second
	// A robots.txt is asked for again after robotsAge, or sooner if it says so,
	// but not before robotsMinAge; after robotsRetry when it could not be had.
	robotsAge    = 24 * time.Hour
	robotsMinAge = 5 * time.Minute
	robotsRetry  = 5 * time.Minute
	// robotsGiveUp is after how long without a robots.txt a site counts as one
	// that has none (RFC 9309, 2.3.1.4).
	robotsGiveUp = 30 * 24 * time.Hour
	// maxOrigins and maxRules bound what is remembered.
	maxOrigins = 32768
	maxRules   = 32 << 20
	// ruleBytes is what a rule takes besides its pattern.
	ruleBytes = 40
)

// robots remembers what the robots.txt of each origin says.
type robots struct {
	agent string
	now   func() time.Time

	mu      sync.Mutex
	origins map[string]*origin
	bytes   int // of all rules
}

// origin is the robots.txt of one scheme, host and port. Lock holds a token
// while somebody reads or fetches it, and guards what follows; used and size
// are guarded by robots.mu.
type origin struct {
	key     string
	lock    chan struct{}
	rules   *rules // nil if it was never had
	err     error  // why it could not be had, the last time
	expires time.Time
	failing time.Time // since when it could not be had

	used time.Time
	size int
}

func newRobots(agent string, now func() time.Time) *robots {
	return &robots{agent: productOf(agent), now: now, origins: map[string]*origin{}}
}

// find returns the rules for u's origin, and fetches them when they are not at
// hand; callers for one origin share one fetch. If they cannot be had and never
// were, that is the error: nothing may be fetched for now.
func (r *robots) find(ctx context.Context, c *Client, u *url.URL) (*rules, error) {
	key := u.Scheme + "://" + u.Host
	o := r.origin(key)
	select {
	case o.lock <- struct{}{}:
	case <-ctx.Done():
		return nil, reason(ctx, ctx, ctx.Err())
	}
	defer func() { <-o.lock }()
	if now := r.now(); now.Before(o.expires) && o.expires.Sub(now) <= robotsAge {
		return o.verdict(now)
	}
	v := c.visit(Request{URL: key + "/robots.txt", Kind: robotsFile})
	a, err := v.follow(ctx)
	if isKind(err, Canceled, Resting) {
		return nil, err
	}
	r.learn(o, a, err)
	return o.verdict(r.now())
}

// verdict is what the origin's robots.txt says, as far as is known.
func (o *origin) verdict(now time.Time) (*rules, error) {
	switch {
	case o.rules != nil:
		return o.rules, nil
	case now.Sub(o.failing) > robotsGiveUp:
		return &rules{}, nil
	default:
		return nil, o.err
	}
}

// learn takes in the answer to the request for the origin's robots.txt.
func (r *robots) learn(o *origin, a *answer, err error) {
	now := r.now()
	switch {
	case err == nil:
		age := robotsAge
		if stated := maxAge(a.header, a.at); stated > 0 {
			age = min(max(stated, robotsMinAge), robotsAge)
		}
		o.rules, o.err, o.failing, o.expires = parseRules(complete(a), r.agent), nil, time.Time{}, now.Add(age)
	case absent(err):
		o.rules, o.err, o.failing, o.expires = &rules{}, nil, time.Time{}, now.Add(robotsAge)
	default:
		if o.failing.IsZero() {
			o.failing = now
		}
		o.err, o.expires = unavailable(err), now.Add(robotsRetry)
	}
	r.keep(o)
}

// complete returns the body's whole lines.
func complete(a *answer) string {
	body := string(a.body)
	if !a.truncated {
		return body
	}
	return body[:strings.LastIndexAny(body, "\r\n")+1]
}

// absent reports whether err means that there is no robots.txt, which allows
// everything: a refusal other than 429, or redirects that lead nowhere.
func absent(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return false
	}
	refused := e.Kind == Status || e.Kind == Blocked
	return e.Kind == Redirect || refused && e.Status < 500 && e.Status != http.StatusTooManyRequests
}

// unavailable says why nothing may be fetched for now.
func unavailable(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Kind == Address {
		return err
	}
	told := *e
	told.RetryAfter = 0 // it is told again and again; the gate keeps the host's rest
	told.Err = fmt.Errorf("robots.txt cannot be had, so nothing is fetched for now: %w", e.Err)
	return &told
}

// permit decides on a URL. The error says which line forbids it.
func (r *rules) permit(kind Kind, raw string) error {
	if r.delay > maxCrawlDelay && kind == Page {
		return &Error{Kind: Robots, URL: raw, Err: fmt.Errorf("robots.txt asks for %v between requests, too long to fetch pages: ask the publisher", r.delay)}
	}
	// A server takes "%61" for "a", whatever its robots.txt does: both readings
	// must be allowed.
	for _, reading := range []string{upperEscapes(raw), link.Plain(raw)} {
		if ok, line := r.allows(reading); !ok {
			return &Error{Kind: Robots, URL: raw, Err: fmt.Errorf("robots.txt forbids it (%s): ask the publisher", line)}
		}
	}
	return nil
}

// origin finds or makes the entry for key.
func (r *robots) origin(key string) *origin {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.origins[key]
	if o == nil {
		o = &origin{key: key, lock: make(chan struct{}, 1)}
		r.origins[key] = o
	}
	o.used = time.Now()
	r.trim()
	return o
}

// keep counts the size of the origin's rules, unless it was forgotten while they
// were fetched.
func (r *robots) keep(o *origin) {
	size := 0
	if o.rules != nil {
		for _, rule := range o.rules.list {
			size += ruleBytes + len(rule.pattern)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.origins[o.key] != o {
		return
	}
	r.bytes += size - o.size
	o.size = size
	r.trim()
}

// trim forgets the origins longest unused while there are too many. The memory
// is locked.
func (r *robots) trim() {
	for len(r.origins) > 1 && (len(r.origins) > maxOrigins || r.bytes > maxRules) {
		r.forget()
	}
}

// forget drops the origin longest unused. The memory is locked.
func (r *robots) forget() {
	var oldest string
	for key, o := range r.origins {
		if oldest == "" || o.used.Before(r.origins[oldest].used) {
			oldest = key
		}
	}
	r.bytes -= r.origins[oldest].size
	delete(r.origins, oldest)
}
