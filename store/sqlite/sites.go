package sqlite

import (
	"context"
	"database/sql"

	"broadsheet.example/store"
)

var _ store.Sites = (*Store)(nil)

// Site returns what was learnt of a host; see [store.Sites].
func (s *Store) Site(ctx context.Context, host string) (store.Site, error) {
	site := store.Site{Host: host}
	_, err := found(s.read.QueryRowContext(ctx, `SELECT learned, pending FROM sites WHERE host = ?`, host).Scan(&site.Learned, &site.Pending))
	return site, s.failed("site "+host, err)
}

// PutSite keeps what was learnt of a host; see [store.Sites].
func (s *Store) PutSite(ctx context.Context, site store.Site) error {
	return s.update(ctx, "put site", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO sites VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET learned = excluded.learned, pending = excluded.pending`, site.Host, nullable(site.Learned), site.Pending)
		return err
	})
}

// PendingSites lists hosts; see [store.Sites].
func (s *Store) PendingSites(ctx context.Context) ([]string, error) {
	hosts, err := s.column(ctx, `SELECT host FROM sites WHERE pending = 1 ORDER BY host`)
	return hosts, s.failed("pending sites", err)
}

// ArticlesOf lists a host's articles; see [store.Sites].
func (s *Store) ArticlesOf(ctx context.Context, host, after string, n int) ([]string, error) {
	ids, err := s.column(ctx, `SELECT DISTINCT article FROM pages WHERE host = ? AND article > ? ORDER BY article LIMIT ?`, host, after, n)
	return ids, s.failed("articles of "+host, err)
}

// column returns the one column of all rows, which is text.
func (s *Store) column(ctx context.Context, query string, args ...any) ([]string, error) {
	var texts []string
	rows, err := s.read.QueryContext(ctx, query, args...)
	err = walk(rows, err, func(rows *sql.Rows) error {
		var text string
		err := rows.Scan(&text)
		texts = append(texts, text)
		return err
	})
	return texts, err
}
