// Package fetch does one polite GET at a time: it asks robots.txt, keeps the
// distance between requests to a host, follows redirects, checks every address
// it connects to, and bounds the answer in bytes and time.
//
// It is not a crawler: it neither decides when to fetch what nor retries nor
// remembers anything across restarts. It hands on bytes as they were sent, once
// decompressed; charsets and formats belong to others. Start reading at
// [Client.Get].
package fetch

import (
	"net/http"
	"time"

	"broadsheet.example/store"
)

// Kind says what is fetched, and with it how long and how large it may be.
type Kind int

// The kinds of request.
const (
	Feed Kind = iota
	Page
	Sitemap
)

// String returns the kind's name in logs and metrics.
func (k Kind) String() string {
	switch k {
	case Feed:
		return "feed"
	case Page:
		return "page"
	case Sitemap:
		return "sitemap"
	default:
		return "robots"
	}
}

// robotsFile is the kind of the client's own requests for robots.txt.
const robotsFile Kind = -1

// Request is one thing to fetch.
type Request struct {
	URL  string
	Kind Kind
	// Validators make the request conditional. They are sent to ValidatorsURL
	// alone (URL when that is empty), never to another address a redirect leads
	// to.
	Validators    store.Validators
	ValidatorsURL string
	// IgnoreRobots fetches what robots.txt forbids: for feeds that a person has
	// subscribed to. A Crawl-delay is still kept.
	IgnoreRobots bool
}

// Response is a successful answer: status 200 or 203, or 304 to a conditional
// request.
type Response struct {
	// URL is where the answer came from, after redirects.
	URL         string
	Status      int
	Header      http.Header
	ContentType string // as sent
	// Body is decompressed. It is the beginning only if Truncated.
	Body        []byte
	NotModified bool
	// Truncated: the connection ended before the announced length.
	Truncated bool
	// Hops are the addresses that redirected, in order. Permanent is set when
	// there are any and all did so for good (301, 308); for feeds also none from
	// https to http.
	Hops      []string
	Permanent bool
	// At is when the last request was sent. HostNext is the earliest time for
	// the next request to the host of the request's URL.
	At, HostNext time.Time
	// Took is how long the last answer took, from request to last byte.
	Took time.Duration
	// RetryAfter and MaxAge are what the server asked for; 0 if nothing.
	RetryAfter, MaxAge time.Duration
	// Validators came with this answer; on 304 those it leaves out are to be
	// kept.
	Validators store.Validators
}
