package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

var _ store.Upkeep = (*Store)(nil)

const day = 24 * time.Hour

// MoveFeed gives a feed its new address; see [store.Upkeep].
func (s *Store) MoveFeed(ctx context.Context, id, url string) (string, error) {
	err := s.update(ctx, "move feed", func(ctx context.Context, t *tx) error {
		var old string
		ok, err := t.get(ctx, `SELECT host FROM feeds WHERE id = ?`, []any{id}, &old)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("feed %s: %w", id, news.ErrNotFound)
		}
		var other string
		there, err := t.get(ctx, `SELECT id FROM feeds WHERE url = ? AND id <> ?`, []any{url, id}, &other)
		if err != nil {
			return err
		}
		host := s.host(url)
		if there {
			err = t.mergeFeed(ctx, id, other)
			id = other
		} else {
			_, err = t.exec(ctx, `UPDATE feeds SET url = ?, host = ? WHERE id = ?`, url, host, id)
		}
		if err != nil {
			return err
		}
		return forEach(ctx, []string{old, host}, t.feedsMoved)
	})
	return id, err
}

// mergeFeed hands the pages of a feed to another one and forgets it.
func (t *tx) mergeFeed(ctx context.Context, id, other string) error {
	return inOrder(
		func() error {
			_, err := t.exec(ctx, `UPDATE pages SET feed = ? WHERE feed = ?`, other, id)
			return err
		},
		func() error {
			_, err := t.exec(ctx, `UPDATE feeds SET articles = articles + (SELECT articles FROM feeds WHERE id = ?) WHERE id = ?`, id, other)
			return err
		},
		func() error {
			_, err := t.exec(ctx, `UPDATE hosts SET token = 0, feed = NULL WHERE feed = ?`, id)
			return err
		},
		func() error {
			_, err := t.exec(ctx, `DELETE FROM feeds WHERE id = ?`, id)
			return err
		},
	)
}

// Shift moves the schedule; see [store.Upkeep].
func (s *Store) Shift(ctx context.Context, by time.Duration) error {
	ms := by.Milliseconds()
	return s.update(ctx, "shift schedule", func(ctx context.Context, t *tx) error {
		for _, query := range []string{
			`UPDATE feeds SET due = due + ? WHERE due IS NOT NULL`,
			`UPDATE pages SET due = due + ? WHERE due IS NOT NULL`,
			`UPDATE hosts SET free = free + ?1, feed_due = feed_due + ?1, page_due = page_due + ?1`,
		} {
			if _, err := t.exec(ctx, query, ms); err != nil {
				return err
			}
		}
		return nil
	})
}

// PagesToday counts a host's page commits; see [store.Upkeep].
func (s *Store) PagesToday(ctx context.Context, host string) (int, error) {
	var n int
	_, err := found(s.read.QueryRowContext(ctx, `SELECT pages FROM host_days WHERE host = ? AND day = ?`, host, millis(s.now())/day.Milliseconds()).Scan(&n))
	return n, s.failed("count pages of "+host, err)
}

// Postpone puts a host's pages off; see [store.Upkeep].
func (s *Store) Postpone(ctx context.Context, host string, until time.Time) (int, error) {
	var n int64
	err := s.update(ctx, "postpone pages", func(ctx context.Context, t *tx) (err error) {
		n, err = t.exec(ctx, `UPDATE pages SET due = ?1 WHERE host = ?2 AND due < ?1`, millis(until), host)
		if err != nil {
			return err
		}
		return t.pagesMoved(ctx, host)
	})
	return int(n), err
}

// Pending counts a feed's undone pages; see [store.Upkeep].
func (s *Store) Pending(ctx context.Context, feedID string) (int, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM pages WHERE feed = ? AND state = 'pending'`, feedID).Scan(&n)
	return n, s.failed("count pages of feed "+feedID, err)
}

// NoteEdit remembers a revision; see [store.Upkeep].
func (s *Store) NoteEdit(ctx context.Context, feedID string) error {
	return s.update(ctx, "note edit", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO feed_edits SELECT id, ? FROM feeds WHERE id = ? ON CONFLICT DO UPDATE SET seen = excluded.seen`, millis(s.now()), feedID)
		return err
	})
}

// Edited tells of the last revision; see [store.Upkeep].
func (s *Store) Edited(ctx context.Context, feedID string) (time.Time, error) {
	var seen int64
	_, err := found(s.read.QueryRowContext(ctx, `SELECT seen FROM feed_edits WHERE feed = ?`, feedID).Scan(&seen))
	return instant(seen), s.failed("edits of feed "+feedID, err)
}

var _ store.Pauses = (*Store)(nil)

// Pause holds a host back; see [store.Pauses].
func (s *Store) Pause(ctx context.Context, host string, until time.Time) error {
	return s.update(ctx, "pause", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO pauses VALUES (?, ?) ON CONFLICT DO UPDATE SET until = excluded.until`, host, millis(until))
		if err != nil || host == "" {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO hosts (host, free) VALUES (?1, ?2)
ON CONFLICT DO UPDATE SET free = max(free, excluded.free) WHERE token = 0`, host, millis(until))
		return err
	})
}

// Resume ends a pause; see [store.Pauses].
func (s *Store) Resume(ctx context.Context, host string) error {
	return s.update(ctx, "resume", func(ctx context.Context, t *tx) error {
		var until int64
		ok, err := t.get(ctx, `DELETE FROM pauses WHERE host = ? RETURNING until`, []any{host}, &until)
		if err != nil || !ok {
			return err
		}
		_, err = t.exec(ctx, `UPDATE hosts SET free = ? + rest WHERE host = ? AND token = 0 AND free = ?`, millis(s.now()), host, until)
		return err
	})
}

// ListPauses returns the pauses in force; see [store.Pauses].
func (s *Store) ListPauses(ctx context.Context) ([]store.Pause, error) {
	var pauses []store.Pause
	rows, err := s.read.QueryContext(ctx, `SELECT host, until FROM pauses WHERE until > ? ORDER BY host`, millis(s.now()))
	err = walk(rows, err, func(rows *sql.Rows) error {
		var p store.Pause
		var until int64
		err := rows.Scan(&p.Host, &until)
		p.Until = instant(until)
		pauses = append(pauses, p)
		return err
	})
	return pauses, s.failed("list pauses", err)
}
