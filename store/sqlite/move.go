package sqlite

import (
	"context"
	"database/sql"

	"broadsheet.example/store/move"
)

var _ move.Source = (*Store)(nil)

// shapes are the tables that this store keeps otherwise than [move.Tables] has
// them. Of a paused host that has nothing else to wait for, the time that it is
// free is that of its pause.
func shapes() map[string]move.Shape {
	return map[string]move.Shape{
		"feeds": {
			Read:  map[string]string{"interval_ns": "interval", "edited_at": "coalesce((SELECT seen FROM feed_edits WHERE feed = feeds.id), 0)"},
			Names: map[string]string{"interval_ns": "interval", "edited_at": ""},
			Also:  []string{`INSERT INTO feed_edits SELECT :id, :edited_at WHERE :edited_at > 0`},
		},
		"hosts": {
			From: `(SELECT host, CASE WHEN until > 0 AND free <= until THEN 0 ELSE coalesce(free, 0) END AS free, coalesce(rest, 0) AS rest,
    coalesce(until, 0) AS held, coalesce(day, 0) AS day, coalesce(pages, 0) AS visits, feed_due, page_due
  FROM (SELECT host FROM hosts UNION SELECT host FROM pauses UNION SELECT host FROM host_days)
  LEFT JOIN hosts USING (host) LEFT JOIN pauses USING (host) LEFT JOIN host_days USING (host))`,
			Names:  map[string]string{"held": "", "day": "", "visits": ""},
			Values: map[string]string{"free": "max(:free, :held)"},
			Also: []string{
				`INSERT INTO pauses SELECT :host, :held WHERE :held > 0`,
				`INSERT INTO host_days SELECT :host, :day, :visits WHERE :day > 0`,
			},
		},
		"pages": {
			Read:   map[string]string{"etag": "CAST(etag AS BLOB)", "modified": "CAST(modified AS BLOB)"},
			Values: map[string]string{"etag": "CAST(:etag AS TEXT)", "modified": "CAST(:modified AS TEXT)"},
		},
		"duplicates": {Read: map[string]string{"original": `"of"`}, Names: map[string]string{"original": `"of"`}},
		"readers":    {From: `(SELECT name AS reader FROM readers)`, Names: map[string]string{"reader": "name"}},
		"outbox": {
			From:   `(SELECT o.ord, r.name AS reader, o.article, o.version, o.partition, o.deleted, o.since FROM outbox o JOIN readers r ON r.id = o.reader)`,
			Values: map[string]string{"reader": `(SELECT id FROM readers WHERE name = :reader)`},
		},
	}
}

// Rows reads a table as a move wants it; see [move.Source]. Nobody writes
// meanwhile, for the caller owns the directory.
func (s *Store) Rows(ctx context.Context, t move.Table, after move.Row, n int) ([]move.Row, error) {
	rows, err := rowsOf(ctx, s.read, t, after, n)
	return rows, s.failed("read "+t.Name, err)
}

// Count counts the rows of a table; see [move.Source].
func (s *Store) Count(ctx context.Context, t move.Table) (int64, error) {
	n, err := countOf(ctx, s.read, t)
	return n, s.failed("count "+t.Name, err)
}

func rowsOf(ctx context.Context, db *sql.DB, t move.Table, after move.Row, n int) ([]move.Row, error) {
	args := append(append([]any{}, after...), n)
	list := make([]move.Row, 0, n)
	rows, err := db.QueryContext(ctx, shapes()[t.Name].Select(t, after != nil, "?"), args...)
	err = walk(rows, err, func(rows *sql.Rows) error {
		dest, row := t.Receive()
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		list = append(list, row())
		return nil
	})
	return list, err
}

func countOf(ctx context.Context, db *sql.DB, t move.Table) (n int64, err error) {
	err = db.QueryRowContext(ctx, shapes()[t.Name].CountAll(t)).Scan(&n)
	return n, err
}
