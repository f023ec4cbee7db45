package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

var _ store.Subscriptions = (*Store)(nil)

const subscriptionColumns = `feed, hub, topic, secret, asked, expires, next, failures`

// PutSubscription keeps a subscription; see [store.Subscriptions].
func (s *Store) PutSubscription(ctx context.Context, sub store.Subscription) error {
	return s.update(ctx, "put subscription", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `INSERT OR REPLACE INTO subscriptions (`+subscriptionColumns+`) SELECT id, ?, ?, ?, ?, ?, ?, ? FROM feeds WHERE id = ?`,
			sub.Hub, sub.Topic, sub.Secret, millis(sub.Asked), millis(sub.Expires), millis(sub.Next), sub.Failures, sub.FeedID)
		return err
	})
}

// Subscription returns a feed's; see [store.Subscriptions].
func (s *Store) Subscription(ctx context.Context, feedID string) (store.Subscription, error) {
	subs, err := s.subscriptions(ctx, `WHERE feed = ?`, feedID)
	if err == nil && len(subs) == 0 {
		return store.Subscription{}, fmt.Errorf("subscription of feed %s: %w", feedID, news.ErrNotFound)
	}
	if err != nil {
		return store.Subscription{}, err
	}
	return subs[0], nil
}

// DueSubscriptions lists those that are due; see [store.Subscriptions].
func (s *Store) DueSubscriptions(ctx context.Context, n int) ([]store.Subscription, error) {
	return s.subscriptions(ctx, `WHERE next <= ? ORDER BY next LIMIT ?`, millis(s.now()), n)
}

// DropSubscription forgets a feed's; see [store.Subscriptions].
func (s *Store) DropSubscription(ctx context.Context, feedID string) error {
	return s.update(ctx, "drop subscription", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM subscriptions WHERE feed = ?`, feedID)
		return err
	})
}

func (s *Store) subscriptions(ctx context.Context, where string, args ...any) ([]store.Subscription, error) {
	var subs []store.Subscription
	rows, err := s.read.QueryContext(ctx, `SELECT `+subscriptionColumns+` FROM subscriptions `+where, args...)
	err = walk(rows, err, func(rows *sql.Rows) error {
		var sub store.Subscription
		var asked, expires, next int64
		err := rows.Scan(&sub.FeedID, &sub.Hub, &sub.Topic, &sub.Secret, &asked, &expires, &next, &sub.Failures)
		sub.Asked, sub.Expires, sub.Next = instant(asked), instant(expires), instant(next)
		subs = append(subs, sub)
		return err
	})
	return subs, s.failed("subscriptions", err)
}
