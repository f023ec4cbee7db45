package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

// announce puts a change into every reader's outbox. A change that a reader has
// not acknowledged yet is replaced, and keeps its place and age.
func (t *tx) announce(ctx context.Context, i identity, deleted bool, at time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO outbox (reader, article, version, partition, deleted, since)
SELECT id, ?, ?, ?, ?, ? FROM readers WHERE true
ON CONFLICT (reader, article) DO UPDATE SET version = excluded.version, deleted = excluded.deleted`, i.id, i.version, i.partition, deleted, millis(at))
	return err
}

// Register makes a reader known; see [store.Outbox].
func (s *Store) Register(ctx context.Context, reader string) error {
	return s.update(ctx, "register reader", func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `INSERT INTO readers (name) VALUES (?) ON CONFLICT DO NOTHING`, reader)
		if err != nil || n == 0 {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO outbox (reader, article, version, partition, deleted, since)
SELECT r.id, i.id, i.version, i.partition, 0, ? FROM identities i, readers r WHERE r.name = ? AND i.seq IS NOT NULL ORDER BY i.seq`, millis(s.now()), reader)
		return err
	})
}

// Unregister forgets a reader; see [store.Outbox].
func (s *Store) Unregister(ctx context.Context, reader string) error {
	return s.update(ctx, "unregister reader", func(ctx context.Context, t *tx) error {
		if _, err := t.exec(ctx, `DELETE FROM outbox WHERE reader = (SELECT id FROM readers WHERE name = ?)`, reader); err != nil {
			return err
		}
		_, err := t.exec(ctx, `DELETE FROM readers WHERE name = ?`, reader)
		return err
	})
}

// Readers lists the known readers; see [store.Outbox].
func (s *Store) Readers(ctx context.Context) ([]string, error) {
	var names []string
	rows, err := s.read.QueryContext(ctx, `SELECT name FROM readers ORDER BY name`)
	err = walk(rows, err, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	})
	return names, s.failed("list readers", err)
}

func (t *tx) reader(ctx context.Context, name string) (int64, error) {
	var id int64
	ok, err := t.get(ctx, `SELECT id FROM readers WHERE name = ?`, []any{name}, &id)
	if err == nil && !ok {
		err = fmt.Errorf("reader %s: %w", name, news.ErrNotFound)
	}
	return id, err
}

// LeaseChanges hands out changes; see [store.Outbox].
func (s *Store) LeaseChanges(ctx context.Context, reader string, n int, ttl time.Duration) ([]news.Change, error) {
	var changes []news.Change
	err := s.update(ctx, "lease changes", func(ctx context.Context, t *tx) error {
		id, err := t.reader(ctx, reader)
		if err != nil {
			return err
		}
		now := s.now()
		var waiting bool
		_, err = t.get(ctx, `SELECT EXISTS (SELECT 1 FROM outbox WHERE reader = ? AND leased <= ?)`, []any{id, millis(now)}, &waiting)
		if err != nil || !waiting || n <= 0 {
			return err
		}
		token, err := t.tokens(ctx, 1)
		if err != nil {
			return err
		}
		changes, err = t.leaseChanges(ctx, id, n, token, now, stored.Expiry(now, ttl))
		return err
	})
	if err != nil {
		return nil, err
	}
	return changes, nil
}

func (t *tx) leaseChanges(ctx context.Context, reader int64, n int, token int64, now, expires time.Time) ([]news.Change, error) {
	type row struct {
		ord    int64
		change news.Change
	}
	var leased []row
	err := t.each(ctx, `UPDATE outbox SET leased = ?, token = ? WHERE ord IN
  (SELECT ord FROM outbox WHERE reader = ? AND leased <= ? ORDER BY ord LIMIT ?)
RETURNING ord, article, version, partition, deleted, since`, []any{millis(expires), token, reader, millis(now), n}, func(rows *sql.Rows) error {
		r := row{change: news.Change{Token: token}}
		var since int64
		err := rows.Scan(&r.ord, &r.change.ID, &r.change.Version, &r.change.Partition, &r.change.Deleted, &since)
		r.change.Since = instant(since)
		leased = append(leased, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(leased, func(a, b row) int { return cmp.Compare(a.ord, b.ord) })
	changes := make([]news.Change, len(leased))
	for i, r := range leased {
		changes[i] = r.change
	}
	return changes, nil
}

// AckChanges removes what a reader has made durable; see [store.Outbox]. A row
// that has moved on to a newer version is handed out again at once.
func (s *Store) AckChanges(ctx context.Context, reader string, changes []news.Change) error {
	return s.update(ctx, "acknowledge changes", func(ctx context.Context, t *tx) error {
		id, err := t.reader(ctx, reader)
		if err != nil {
			return err
		}
		for _, c := range changes {
			n, err := t.exec(ctx, `DELETE FROM outbox WHERE reader = ? AND article = ? AND version = ?`, id, c.ID, c.Version)
			if err != nil {
				return err
			}
			if n > 0 {
				continue
			}
			_, err = t.exec(ctx, `UPDATE outbox SET leased = 0, since = ? WHERE reader = ? AND article = ? AND token = ? AND token > 0`, millis(s.now()), id, c.ID, c.Token)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Backlog tells how far behind a reader is; see [store.Outbox].
func (s *Store) Backlog(ctx context.Context, reader string) (store.Backlog, error) {
	var b store.Backlog
	var id int64
	ok, err := found(s.read.QueryRowContext(ctx, `SELECT id FROM readers WHERE name = ?`, reader).Scan(&id))
	if err == nil && !ok {
		err = fmt.Errorf("reader %s: %w", reader, news.ErrNotFound)
	}
	if err != nil {
		return b, s.failed("backlog", err)
	}
	var oldest int64
	err = s.read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM outbox WHERE reader = ?1),
  coalesce((SELECT since FROM outbox WHERE reader = ?1 ORDER BY ord LIMIT 1), 0)`, id).Scan(&b.Pending, &oldest)
	b.Oldest = instant(oldest)
	return b, s.failed("backlog", err)
}
