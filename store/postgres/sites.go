package postgres

import (
	"context"

	"broadsheet.example/store"
)

var _ store.Sites = (*Store)(nil)

// Site returns what was learnt of a host; see [store.Sites].
func (s *Store) Site(ctx context.Context, host string) (store.Site, error) {
	return read(ctx, s, "site "+host, func(ctx context.Context, q querier) (store.Site, error) {
		site := store.Site{Host: host}
		_, err := found(q.QueryRow(ctx, `SELECT learned, pending FROM sites WHERE host = $1`, clean(host)).Scan(&site.Learned, &site.Pending))
		return site, err
	})
}

// PutSite keeps what was learnt of a host; see [store.Sites].
func (s *Store) PutSite(ctx context.Context, site store.Site) error {
	return s.update(ctx, "put site", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO sites VALUES ($1, $2, $3)
ON CONFLICT (host) DO UPDATE SET learned = excluded.learned, pending = excluded.pending`, clean(site.Host), site.Learned, site.Pending)
		return err
	})
}

// PendingSites lists hosts; see [store.Sites].
func (s *Store) PendingSites(ctx context.Context) ([]string, error) {
	return read(ctx, s, "pending sites", func(ctx context.Context, q querier) ([]string, error) {
		rows, err := q.Query(ctx, `SELECT host FROM sites WHERE pending ORDER BY host`)
		return texts(rows, err)
	})
}

// ArticlesOf lists a host's articles; see [store.Sites].
func (s *Store) ArticlesOf(ctx context.Context, host, after string, n int) ([]string, error) {
	return read(ctx, s, "articles of "+host, func(ctx context.Context, q querier) ([]string, error) {
		rows, err := q.Query(ctx, `SELECT DISTINCT article FROM pages WHERE host = $1 AND article > $2 ORDER BY article LIMIT $3`, clean(host), clean(after), n)
		return texts(rows, err)
	})
}
