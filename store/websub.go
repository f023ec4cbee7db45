package store

import (
	"context"
	"time"
)

// Subscriptions keeps the WebSub subscriptions of feeds, at most one each.
type Subscriptions interface {
	// PutSubscription keeps s in place of what its feed had. Of a feed that is
	// unknown nothing is kept.
	PutSubscription(ctx context.Context, s Subscription) error
	// Subscription returns that of the feed, or ErrNotFound.
	Subscription(ctx context.Context, feedID string) (Subscription, error)
	// DueSubscriptions returns at most n of which the hub is to be asked now, those
	// first that have waited longest.
	DueSubscriptions(ctx context.Context, n int) ([]Subscription, error)
	// DropSubscription forgets that of the feed, if it has one. DeleteFeed does so
	// too.
	DropSubscription(ctx context.Context, feedID string) error
}

// Subscription is what a hub was asked for on behalf of one feed.
type Subscription struct {
	FeedID string
	Hub    string // address that is asked
	Topic  string // what the feed calls itself
	Secret string // shared with the hub, which signs with it
	// Asked is when the hub was last asked, zero for never; Expires is when what it
	// has confirmed ends, zero while it has confirmed nothing.
	Asked, Expires time.Time
	Next           time.Time // when to ask it again
	Failures       int       // requests in a row that were not confirmed
}
