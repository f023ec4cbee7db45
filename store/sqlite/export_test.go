package sqlite

import (
	"context"
	"fmt"
)

// LimitPages makes the engine believe that the disk holds n pages, and returns
// how many are in use.
func (s *Store) LimitPages(ctx context.Context, n int) (used int, err error) {
	err = s.update(ctx, "limit pages", func(ctx context.Context, t *tx) error {
		if _, err := t.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", n)); err != nil {
			return err
		}
		return t.conn.QueryRowContext(ctx, "PRAGMA page_count").Scan(&used)
	})
	return used, err
}
