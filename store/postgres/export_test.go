package postgres

import "context"

// Fate tells what became of a transaction by its number, its connection and which
// of that connection's it was.
func (s *Store) Fate(ctx context.Context, number, connection string, serial int64) (string, error) {
	c := commit{number, connection, serial}
	return c.fate(ctx, s.pool)
}
