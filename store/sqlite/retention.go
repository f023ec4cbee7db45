package sqlite

import (
	"context"
	"time"

	"broadsheet.example/store"
)

var _ store.Retention = (*Store)(nil)

// maxExpired bounds how many articles are taken down in one transaction: others
// wait for the writer meanwhile.
const maxExpired = 100

// Expire takes old articles down; see [store.Retention].
func (s *Store) Expire(ctx context.Context, before time.Time, n int) (int, error) {
	var removed int
	err := s.update(ctx, "remove old articles", func(ctx context.Context, t *tx) error {
		ids, err := t.texts(ctx, `SELECT meta ->> 'id' FROM articles WHERE published < ? ORDER BY published, seq LIMIT ?`, millis(before), min(n, maxExpired))
		if err != nil {
			return err
		}
		removed = len(ids)
		return forEach(ctx, ids, func(ctx context.Context, id string) error {
			_, err := s.remove(ctx, t, id)
			return err
		})
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}
