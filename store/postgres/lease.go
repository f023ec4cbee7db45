package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

// lease has take lease work of each of the n hosts that query finds to have
// waited longest; hostOf tells whose work it was. Hosts that somebody else is
// busy with are passed over. That some have nothing to give, because their work
// went away, is put right. A lease's host is free only after a rest beyond its
// end, for whoever held it may have visited it to the end.
func lease[L any](ctx context.Context, s *Store, what, query, moved string, n int, hostOf func(L) string, take func(context.Context, *tx, []string) ([]L, error)) ([]L, error) {
	if n <= 0 {
		return nil, nil
	}
	var leases []L
	err := s.update(ctx, what, func(ctx context.Context, t *tx) error {
		hosts, err := t.texts(ctx, query, millis(t.now), n)
		if err != nil {
			return err
		}
		leases, err = take(ctx, t, hosts)
		if err != nil || len(leases) == len(hosts) {
			return err
		}
		took := make(map[string]bool, len(leases))
		for _, l := range leases {
			took[hostOf(l)] = true
		}
		_, err = t.exec(ctx, moved, slices.DeleteFunc(hosts, func(h string) bool { return took[h] }))
		return err
	})
	if err != nil {
		return nil, err
	}
	return leases, nil
}

// LeaseFeeds hands out feeds; see [store.Crawl]. A feed waits from when it was
// due and its host was free.
func (s *Store) LeaseFeeds(ctx context.Context, n int, ttl time.Duration) ([]store.FeedLease, error) {
	const hosts = `SELECT host FROM hosts WHERE feed_ready <= $1 ORDER BY feed_ready LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`
	return lease(ctx, s, "lease feeds", hosts, feedsMoved, n, func(l store.FeedLease) string { return l.Host },
		func(ctx context.Context, t *tx, hosts []string) ([]store.FeedLease, error) {
			return s.leaseFeeds(ctx, t, hosts, stored.Expiry(t.now, ttl))
		})
}

// leaseFeeds is a statement of its own: it must see what was committed up to
// the moment that the hosts were had.
func (s *Store) leaseFeeds(ctx context.Context, t *tx, hosts []string, expires time.Time) ([]store.FeedLease, error) {
	var leases []store.FeedLease
	if len(hosts) == 0 {
		return nil, nil
	}
	rows, err := t.Query(ctx, `WITH f AS MATERIALIZED (
  SELECT u.place, due.* FROM unnest($1::text[]) WITH ORDINALITY AS u(host, place) CROSS JOIN LATERAL
    (SELECT * FROM feeds WHERE host = u.host AND enabled AND due <= $2 ORDER BY due LIMIT 1) AS due),
leased AS (UPDATE hosts SET token = nextval('tokens'), feed = f.id, page = NULL, free = $3 + greatest(rest, $4), owner = $5 FROM f WHERE hosts.host = f.host RETURNING hosts.host, token)
SELECT `+feedColumns+`, f.state, f.host, leased.token FROM f JOIN leased USING (host) ORDER BY f.place`, hosts, millis(t.now), millis(expires), s.gap.Milliseconds(), s.owner)
	err = walk(rows, err, func(rows pgx.Rows) error {
		l := store.FeedLease{Expires: expires}
		var r feedRow
		var state string
		if err := rows.Scan(append(r.dest(), &state, &l.Host, &l.Token)...); err != nil {
			return err
		}
		l.Feed = r.feed()
		leases = append(leases, l)
		return stored.FillFeed(&leases[len(leases)-1], state)
	})
	return leases, err
}

// LeasePages hands out pages; see [store.Crawl].
func (s *Store) LeasePages(ctx context.Context, n int, ttl time.Duration) ([]store.PageLease, error) {
	const hosts = `SELECT host FROM hosts WHERE page_ready <= $1 ORDER BY page_ready LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`
	return lease(ctx, s, "lease pages", hosts, pagesMoved, n, func(l store.PageLease) string { return l.Host },
		func(ctx context.Context, t *tx, hosts []string) ([]store.PageLease, error) {
			return s.leasePages(ctx, t, hosts, stored.Expiry(t.now, ttl))
		})
}

func (s *Store) leasePages(ctx context.Context, t *tx, hosts []string, expires time.Time) ([]store.PageLease, error) {
	var leases []store.PageLease
	if len(hosts) == 0 {
		return nil, nil
	}
	rows, err := t.Query(ctx, `WITH p AS MATERIALIZED (
  SELECT u.place, due.* FROM unnest($1::text[]) WITH ORDINALITY AS u(host, place) CROSS JOIN LATERAL
    (SELECT * FROM pages WHERE host = u.host AND due <= $2 ORDER BY due LIMIT 1) AS due),
leased AS (UPDATE hosts SET token = nextval('tokens'), feed = NULL, page = p.id, free = $3 + greatest(rest, $4), owner = $5 FROM p WHERE hosts.host = p.host RETURNING hosts.host, token),
again AS (UPDATE pages SET again = false FROM p WHERE pages.id = p.id AND p.again)
SELECT p.page_key, p.url, p.feed, p.aliases, p.item, p.state, p.attempts, p.etag, p.modified, p.first_seen,
  CASE WHEN f.seq IS NOT NULL THEN f.id ELSE '' END, p.host, leased.token
FROM p JOIN leased USING (host) LEFT JOIN (`+identities+`) ON i.id = p.article ORDER BY p.place`, hosts, millis(t.now), millis(expires), s.gap.Milliseconds(), s.owner)
	err = walk(rows, err, func(rows pgx.Rows) error {
		l := store.PageLease{Expires: expires}
		err := s.scanPage(rows, &l)
		leases = append(leases, l)
		return err
	})
	return leases, err
}

func (s *Store) scanPage(rows pgx.Rows, l *store.PageLease) error {
	var aliases, item, etag, modified []byte
	var seen int64
	err := rows.Scan(&l.Key, &l.URL, &l.FeedID, &aliases, &item, &l.State, &l.Attempts, &etag, &modified, &seen, &l.ArticleID, &l.Host, &l.Token)
	if err != nil {
		return err
	}
	l.FirstSeen = instant(seen)
	l.Validators = store.Validators{ETag: string(etag), LastModified: string(modified)}
	return s.codec.FillPage(l, aliases, item)
}

// takeBack ends the leases that a process of this owner held and did not live to
// commit. Each host rests from now on, as if it was visited at this moment; what
// the dead process may have sent off still, its token refuses.
func (s *Store) takeBack(ctx context.Context) error {
	if s.owner == "" {
		return nil
	}
	return s.update(ctx, "take leases back", func(ctx context.Context, t *tx) error {
		hosts, err := t.texts(ctx, `SELECT host FROM hosts WHERE token > 0 AND owner = $1 ORDER BY host FOR NO KEY UPDATE`, s.owner)
		if err != nil || len(hosts) == 0 {
			return err
		}
		_, err = t.exec(ctx, `UPDATE hosts SET token = 0, feed = NULL, page = NULL, free = least(free, $2 + greatest(rest, $3)) WHERE host = ANY($1)`,
			hosts, millis(t.now), s.gap.Milliseconds())
		if err == nil {
			s.log.Info("leases of an earlier run taken back", "hosts", len(hosts))
		}
		return err
	})
}

// Release gives leases back; see [store.Crawl]. Tokens that are no longer in
// force are passed over.
func (s *Store) Release(ctx context.Context, hostNext time.Time, tokens ...int64) error {
	return s.update(ctx, "release", func(ctx context.Context, t *tx) error {
		hosts, err := t.texts(ctx, `SELECT host FROM hosts WHERE token = ANY($1) AND token > 0 ORDER BY host FOR NO KEY UPDATE`, tokens)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `UPDATE hosts SET token = 0, feed = NULL, page = NULL, free = $2 WHERE host = ANY($1)`, hosts, millis(hostNext))
		return err
	})
}
