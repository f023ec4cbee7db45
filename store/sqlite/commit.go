package sqlite

import (
	"context"

	"broadsheet.example/store"
)

// commitEach runs n commits in one transaction, each of which succeeds or fails
// by itself.
func (s *Store) commitEach(ctx context.Context, what string, n int, one func(context.Context, *tx, int) (store.Committed, error)) ([]store.Committed, error) {
	committed := make([]store.Committed, n)
	err := s.update(ctx, what, func(ctx context.Context, t *tx) error {
		for i := range n {
			err := t.within(ctx, func() (err error) {
				committed[i], err = one(ctx, t, i)
				return err
			})
			if lost(err) {
				return err
			}
			if err != nil {
				committed[i] = store.Committed{Err: err}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return committed, nil
}
