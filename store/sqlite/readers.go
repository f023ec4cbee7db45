package sqlite

import "context"

// Readers lists the known readers; see [store.Outbox].
func (s *Store) Readers(ctx context.Context) ([]string, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT name FROM readers`)
	if err != nil {
		return nil, s.failed("list readers", err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, s.failed("list readers", err)
		}
		names = append(names, name)
	}
	return names, s.failed("list readers", rows.Err())
}
