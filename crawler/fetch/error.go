package fetch

import (
	"fmt"
	"time"
)

// ErrorKind says why a fetch failed, for callers that decide what to do next.
type ErrorKind string

// The kinds of error.
const (
	Robots   ErrorKind = "robots"   // robots.txt forbids it
	Address  ErrorKind = "address"  // the address may not be visited: scheme, port, special network
	Timeout  ErrorKind = "timeout"  // too slow
	Network  ErrorKind = "network"  // name, connection, TLS, broken answer
	TooLarge ErrorKind = "tooLarge" // body or headers beyond the limit
	NotText  ErrorKind = "notText"  // image, video, PDF, or an encoding that cannot be read
	Status   ErrorKind = "status"   // an HTTP status that is no success
	Blocked  ErrorKind = "blocked"  // a wall against bots, a login, payment, too many requests
	Redirect ErrorKind = "redirect" // a loop, too many hops, or a bad target
	Resting  ErrorKind = "resting"  // the host must rest longer than a fetch waits
	Canceled ErrorKind = "canceled" // the caller gave up
)

// Error is what [Client.Get] fails with.
type Error struct {
	Kind ErrorKind
	// URL is the address that failed, which may be a redirect's target or a
	// robots.txt.
	URL string
	// Status is the HTTP status, 0 if there was none.
	Status int
	// RetryAfter is how long the server asked to be left alone; 0 if it did not.
	RetryAfter time.Duration
	// HostNext is the earliest time for the next request to the host of the
	// request's URL.
	HostNext time.Time
	// Err says what happened and what to do about it.
	Err error
}

// Error names the address and says in plain words what happened.
func (e *Error) Error() string { return fmt.Sprintf("fetch %q: %v", e.URL, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
