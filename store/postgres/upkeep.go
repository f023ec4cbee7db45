package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

var (
	_ store.Upkeep = (*Store)(nil)
	_ store.Pauses = (*Store)(nil)
)

// days counts the days since 1970, UTC.
func days(t time.Time) int64 { return millis(t) / (24 * time.Hour).Milliseconds() }

// MoveFeed gives a feed its new address; see [store.Upkeep].
func (s *Store) MoveFeed(ctx context.Context, id, url string) (string, error) {
	host := clean(s.host(url))
	if len(host) > maxHost {
		return "", &news.ParamError{Param: "url", Value: url, Reason: fmt.Sprintf("the name of its host is longer than %d bytes", maxHost)}
	}
	survivor := id
	err := s.take(ctx, "move feed", func(ctx context.Context, t *tx) error {
		survivor = id
		old, err := t.hostOfFeed(ctx, id)
		if err != nil {
			return err
		}
		if _, err := t.hold(ctx, []string{old, host}); err != nil {
			return err
		}
		var b batch
		there, err := t.get(ctx, `SELECT id FROM feeds WHERE url = $1 AND id <> $2`, []any{clean(url), id}, &survivor)
		switch {
		case err != nil:
			return err
		case there:
			b.mergeFeed(id, survivor)
		default:
			b.add(`UPDATE feeds SET url = $1, host = $2 WHERE id = $3`, clean(url), host, id)
		}
		b.add(feedsMoved, []string{old, host})
		return t.send(ctx, &b)
	})
	return survivor, err
}

// mergeFeed hands the pages of a feed to another one and forgets it.
func (b *batch) mergeFeed(id, other string) {
	b.add(`UPDATE pages SET feed = $1 WHERE feed = $2`, other, id)
	b.add(`UPDATE feeds SET articles = articles + (SELECT articles FROM feeds WHERE id = $1) WHERE id = $2`, id, other)
	b.add(`UPDATE hosts SET token = 0, feed = NULL WHERE feed = $1`, id)
	b.add(`DELETE FROM feeds WHERE id = $1`, id)
}

// Shift moves the schedule; see [store.Upkeep]. A schedule that goes by the
// database's clock has not been touched when this machine's was set, and stays.
func (s *Store) Shift(ctx context.Context, by time.Duration) error {
	if s.now == nil {
		s.log.Warn("clock of this machine was set: the schedule goes by the database's and stays", "by", by)
		return nil
	}
	ms := by.Milliseconds()
	return s.take(ctx, "shift schedule", func(ctx context.Context, t *tx) error {
		var b batch
		b.add(`UPDATE hosts SET free = free + $1, feed_due = feed_due + $1, page_due = page_due + $1`, ms)
		b.add(`UPDATE feeds SET due = due + $1 WHERE due IS NOT NULL`, ms)
		b.add(`UPDATE pages SET due = due + $1 WHERE due IS NOT NULL`, ms)
		return t.send(ctx, &b)
	})
}

// PagesToday counts a host's page commits; see [store.Upkeep].
func (s *Store) PagesToday(ctx context.Context, host string) (int, error) {
	return read(ctx, s, "count pages of "+host, func(ctx context.Context, q querier) (int, error) {
		now, err := s.clock(ctx, q)
		if err != nil {
			return 0, err
		}
		var n int
		_, err = found(q.QueryRow(ctx, `SELECT visits FROM hosts WHERE host = $1 AND day = $2`, clean(host), days(now)).Scan(&n))
		return n, err
	})
}

// Postpone puts a host's pages off; see [store.Upkeep].
func (s *Store) Postpone(ctx context.Context, host string, until time.Time) (int, error) {
	var n int64
	host = clean(host)
	err := s.update(ctx, "postpone pages", func(ctx context.Context, t *tx) error {
		if _, err := t.hold(ctx, []string{host}); err != nil {
			return err
		}
		var err error
		if n, err = t.exec(ctx, `UPDATE pages SET due = $1 WHERE host = $2 AND due < $1`, millis(until), host); err != nil {
			return err
		}
		return t.pagesMoved(ctx, host)
	})
	return int(n), err
}

// Pending counts a feed's undone pages; see [store.Upkeep].
func (s *Store) Pending(ctx context.Context, feedID string) (int, error) {
	return read(ctx, s, "count pages of feed "+feedID, func(ctx context.Context, q querier) (int, error) {
		var n int
		err := q.QueryRow(ctx, `SELECT count(*) FROM pages WHERE feed = $1 AND state = 'pending'`, clean(feedID)).Scan(&n)
		return n, err
	})
}

// NoteEdit remembers a revision; see [store.Upkeep].
func (s *Store) NoteEdit(ctx context.Context, feedID string) error {
	return s.update(ctx, "note edit", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `UPDATE feeds SET edited_at = $1 WHERE id = $2`, millis(t.now), clean(feedID))
		return err
	})
}

// Edited tells of the last revision; see [store.Upkeep].
func (s *Store) Edited(ctx context.Context, feedID string) (time.Time, error) {
	return read(ctx, s, "edits of feed "+feedID, func(ctx context.Context, q querier) (time.Time, error) {
		var seen int64
		_, err := found(q.QueryRow(ctx, `SELECT edited_at FROM feeds WHERE id = $1`, clean(feedID)).Scan(&seen))
		return instant(seen), err
	})
}

// Pause holds a host back; see [store.Pauses].
func (s *Store) Pause(ctx context.Context, host string, until time.Time) error {
	host = clean(host)
	if len(host) > maxHost {
		return &news.ParamError{Param: "host", Value: host, Reason: fmt.Sprintf("is longer than %d bytes", maxHost)}
	}
	return s.update(ctx, "pause", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO hosts (host, held) VALUES ($1, $2) ON CONFLICT (host) DO UPDATE SET held = excluded.held`, host, millis(until))
		return err
	})
}

// Resume ends a pause; see [store.Pauses].
func (s *Store) Resume(ctx context.Context, host string) error {
	return s.update(ctx, "resume", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `UPDATE hosts SET held = 0 WHERE host = $1`, clean(host))
		return err
	})
}

// ListPauses returns the pauses in force; see [store.Pauses].
func (s *Store) ListPauses(ctx context.Context) ([]store.Pause, error) {
	return read(ctx, s, "list pauses", func(ctx context.Context, q querier) ([]store.Pause, error) {
		now, err := s.clock(ctx, q)
		if err != nil {
			return nil, err
		}
		var pauses []store.Pause
		rows, err := q.Query(ctx, `SELECT host, held FROM hosts WHERE held > 0 AND held > $1 ORDER BY host`, millis(now))
		err = walk(rows, err, func(rows pgx.Rows) error {
			var p store.Pause
			var until int64
			err := rows.Scan(&p.Host, &until)
			p.Until = instant(until)
			pauses = append(pauses, p)
			return err
		})
		return pauses, err
	})
}
