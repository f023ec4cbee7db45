package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

var _ store.Subscriptions = (*Store)(nil)

// PutSubscription keeps a subscription; see [store.Subscriptions].
func (s *Store) PutSubscription(ctx context.Context, sub store.Subscription) error {
	return s.update(ctx, "put subscription", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO subscriptions (feed, hub, topic, secret, asked, expires, next, failures)
SELECT id, $2, $3, $4, $5, $6, $7, $8 FROM feeds WHERE id = $1
ON CONFLICT (feed) DO UPDATE SET hub = excluded.hub, topic = excluded.topic, secret = excluded.secret, asked = excluded.asked,
  expires = excluded.expires, next = excluded.next, failures = excluded.failures`,
			sub.FeedID, clean(sub.Hub), clean(sub.Topic), clean(sub.Secret), millis(sub.Asked), millis(sub.Expires), millis(sub.Next), sub.Failures)
		return err
	})
}

// Subscription returns a feed's; see [store.Subscriptions].
func (s *Store) Subscription(ctx context.Context, feedID string) (store.Subscription, error) {
	subs, err := s.subscriptions(ctx, `WHERE feed = $1`, clean(feedID))
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
	return s.subscriptions(ctx, `WHERE next <= $1 ORDER BY next LIMIT $2`, millis(s.now()), n)
}

// DropSubscription forgets a feed's; see [store.Subscriptions].
func (s *Store) DropSubscription(ctx context.Context, feedID string) error {
	return s.update(ctx, "drop subscription", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM subscriptions WHERE feed = $1`, clean(feedID))
		return err
	})
}

func (s *Store) subscriptions(ctx context.Context, where string, args ...any) ([]store.Subscription, error) {
	return read(ctx, s, "subscriptions", func(ctx context.Context, q querier) ([]store.Subscription, error) {
		rows, err := q.Query(ctx, `SELECT feed, hub, topic, secret, asked, expires, next, failures FROM subscriptions `+where, args...)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, func(row pgx.CollectableRow) (store.Subscription, error) {
			var sub store.Subscription
			var asked, expires, next int64
			err := row.Scan(&sub.FeedID, &sub.Hub, &sub.Topic, &sub.Secret, &asked, &expires, &next, &sub.Failures)
			sub.Asked, sub.Expires, sub.Next = instant(asked), instant(expires), instant(next)
			return sub, err
		})
	})
}
