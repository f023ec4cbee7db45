package stored

import (
	"encoding/json"
	"fmt"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Discovered says what a discovery did.
type Discovered int

// What a discovery can do: nothing, name a page that other feeds have named
// before, make one due again, or add one.
const (
	PageKnown Discovered = iota
	PageNamed
	PageChanged
	PageNew
)

// Count adds a discovery to what a poll did.
func (d Discovered) Count(c *store.Committed) {
	switch d {
	case PageNew:
		c.New++
	case PageChanged:
		c.Changed++
	case PageKnown, PageNamed:
	}
}

// CheckDiscovery reports why a page cannot be taken in.
func CheckDiscovery(d store.Discovery) error {
	if d.Key == "" || d.URL == "" {
		return &news.ParamError{Param: "key", Value: d.URL, Reason: "a page needs a key and an address"}
	}
	return nil
}

// PageKeys are the keys under which a discovery's page is known.
func PageKeys(d store.Discovery) []string {
	return append([]string{d.Key}, Union(nil, d.Aliases)...)
}

// Heard is what is remembered of a page from discovery to discovery.
type Heard struct {
	Aliases []string
	Said    map[string]string // by feed, the hash that it last gave
}

// FirstHeard is what is remembered of a new page.
func FirstHeard(feed string, d store.Discovery) Heard {
	return Heard{Union(nil, d.Aliases), map[string]string{feed: d.Hash}}
}

// DecodeHeard reads what Encode made.
func DecodeHeard(aliases, said []byte) (h Heard, err error) {
	if err := json.Unmarshal(aliases, &h.Aliases); err != nil {
		return h, fmt.Errorf("read aliases: %w", err)
	}
	if err := json.Unmarshal(said, &h.Said); err != nil {
		return h, fmt.Errorf("read what feeds said: %w", err)
	}
	return h, nil
}

// Encode is the stored form, two texts.
func (h Heard) Encode() (aliases, said string, err error) {
	a, err := json.Marshal(h.Aliases)
	if err != nil {
		return "", "", err
	}
	s, err := json.Marshal(h.Said)
	return string(a), string(s), err
}

// Again takes a further discovery in. The page is due again when this feed says
// something else of it than before: what two feeds say of one page is told
// apart, or they would take turns in making it due.
func (h *Heard) Again(feed string, d store.Discovery) Discovered {
	before, named := h.Said[feed]
	if named && before == d.Hash || !named && len(h.Said) >= MaxFeedsOfPage {
		return PageKnown
	}
	h.Said[feed] = d.Hash
	h.Aliases = Union(h.Aliases, d.Aliases)
	if !named {
		return PageNamed
	}
	return PageChanged
}

// Expiry is when a lease ends that is given now.
func Expiry(now time.Time, ttl time.Duration) time.Time {
	return now.Add(ttl).UTC().Truncate(time.Millisecond)
}

// FillPage unpacks the aliases and the item of a page that is leased.
func (c *Codec) FillPage(l *store.PageLease, aliases, item []byte) error {
	if err := json.Unmarshal(aliases, &l.Aliases); err != nil {
		return fmt.Errorf("page %s: %w", l.Key, err)
	}
	if err := c.UnpackJSON(item, &l.Item); err != nil {
		return fmt.Errorf("page %s: %w", l.Key, err)
	}
	return nil
}

// FillFeed reads the state of a feed that is leased.
func FillFeed(l *store.FeedLease, state string) error {
	if err := json.Unmarshal([]byte(state), &l.State); err != nil {
		return fmt.Errorf("state of feed %s: %w", l.Feed.ID, err)
	}
	return nil
}
