package store

import (
	"context"
	"time"

	"broadsheet.example/news"
)

// Upkeep is what keeps a crawl in order over months: feeds that move, clocks
// that are set, hosts that must not be asked for too much.
type Upkeep interface {
	// MoveFeed gives the feed the address that it has moved to for good; its ID
	// stays, so that the old address is still known. When another feed has that
	// address already, the two become one: the pages of the feed go to the
	// other, whose ID is returned. ErrNotFound when the feed is unknown.
	MoveFeed(ctx context.Context, id, url string) (string, error)
	// Shift moves every time that the schedule waits for, after the clock was
	// set. Leases in force are moved as well.
	Shift(ctx context.Context, by time.Duration) error
	// PagesToday counts the page commits of a host on this day, UTC.
	PagesToday(ctx context.Context, host string) (int, error)
	// Postpone makes what is due of the host's pages before until due then, and
	// returns how many pages that were.
	Postpone(ctx context.Context, host string, until time.Time) (int, error)
	// Pending counts the pages named by the feed that were not had yet.
	Pending(ctx context.Context, feedID string) (int, error)
	// NoteEdit remembers that an article of the feed was revised; Edited tells
	// when that was last, zero for never.
	NoteEdit(ctx context.Context, feedID string) error
	Edited(ctx context.Context, feedID string) (time.Time, error)
}

// Pauses holds hosts back by an operator's word. A paused host is leased to
// nobody; work on it goes on where it stood.
type Pauses interface {
	// Pause holds the host back until then, or all hosts when host is empty.
	// Leases in force are not recalled.
	Pause(ctx context.Context, host string, until time.Time) error
	// Resume ends a pause. Ending one that is not there is no error.
	Resume(ctx context.Context, host string) error
	// ListPauses returns the pauses in force, that of all hosts first.
	ListPauses(ctx context.Context) ([]Pause, error)
}

// Pause is one pause in force. Host is empty for all hosts.
type Pause struct {
	Host  string    `json:"host"`
	Until time.Time `json:"until"`
}

// Tracer tells where an address stands on its way in.
type Tracer interface {
	// TracePage returns the page known under one of keys. ErrNotFound when
	// there is none.
	TracePage(ctx context.Context, keys ...string) (PageTrace, error)
	// Unread lists the readers that have not acknowledged the newest version
	// of an article.
	Unread(ctx context.Context, articleID string) ([]string, error)
}

// PageTrace is all that is known of a page.
type PageTrace struct {
	Key, URL, Host string
	Feed           news.Feed // who named it; only the ID when it was deleted since
	Item           Item
	State          PageState
	Status         int
	Error          string
	Attempts       int
	Validators     Validators
	FirstSeen      time.Time
	FetchedAt      time.Time // zero before the first visit
	Next           time.Time // when it is due; zero for never
	HostFree       time.Time // when its host may be visited again
	Leased         bool      // somebody visits the host now
	ArticleID      string
}

// Retention takes down what has grown too old.
type Retention interface {
	// Expire takes articles down that were published before the time, at most n
	// of them, as [Archive].Remove does, and returns how many; 0 when none is
	// left.
	Expire(ctx context.Context, before time.Time, n int) (int, error)
}
