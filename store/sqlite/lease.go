package sqlite

import (
	"context"
	"database/sql"
	"time"

	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

// grant is one lease in the making.
type grant struct {
	host    string
	token   int64
	now     time.Time
	expires time.Time
}

// lease has take lease work of each of the n hosts that query finds to have
// waited longest.
func (s *Store) lease(ctx context.Context, what, query string, n int, ttl time.Duration, take func(context.Context, *tx, grant) error) error {
	if n <= 0 {
		return nil
	}
	return s.update(ctx, what, func(ctx context.Context, t *tx) error {
		now := s.now()
		hosts, err := t.texts(ctx, query, millis(now), n)
		if err != nil || len(hosts) == 0 {
			return err
		}
		token, err := t.tokens(ctx, len(hosts))
		if err != nil {
			return err
		}
		for i, host := range hosts {
			if err := take(ctx, t, grant{host, token + int64(i), now, stored.Expiry(now, ttl)}); err != nil {
				return err
			}
		}
		return nil
	})
}

// LeaseFeeds hands out feeds; see [store.Crawl]. A feed waits from when it was
// due and its host was free.
func (s *Store) LeaseFeeds(ctx context.Context, n int, ttl time.Duration) ([]store.FeedLease, error) {
	var leases []store.FeedLease
	const hosts = `SELECT host FROM hosts WHERE feed_ready <= ? ORDER BY feed_ready LIMIT ?`
	err := s.lease(ctx, "lease feeds", hosts, n, ttl, func(ctx context.Context, t *tx, g grant) error {
		l, ok, err := t.leaseFeed(ctx, g)
		if ok {
			leases = append(leases, l)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return leases, nil
}

func (t *tx) leaseFeed(ctx context.Context, g grant) (store.FeedLease, bool, error) {
	l := store.FeedLease{Host: g.host, Token: g.token, Expires: g.expires}
	var r feedRow
	var state string
	ok, err := t.get(ctx, `SELECT `+feedColumns+`, state FROM feeds WHERE host = ? AND enabled = 1 AND due <= ? ORDER BY due LIMIT 1`,
		[]any{g.host, millis(g.now)}, append(r.dest(), &state)...)
	if err != nil {
		return l, false, err
	}
	if !ok {
		return l, false, t.feedsMoved(ctx, g.host)
	}
	l.Feed = r.feed()
	if err := stored.FillFeed(&l, state); err != nil {
		return l, false, err
	}
	_, err = t.exec(ctx, `UPDATE hosts SET token = ?, feed = ?, page = NULL, free = ? WHERE host = ?`, g.token, l.Feed.ID, millis(g.expires), g.host)
	return l, err == nil, err
}

// LeasePages hands out pages; see [store.Crawl].
func (s *Store) LeasePages(ctx context.Context, n int, ttl time.Duration) ([]store.PageLease, error) {
	var leases []store.PageLease
	const hosts = `SELECT host FROM hosts WHERE page_ready <= ? ORDER BY page_ready LIMIT ?`
	err := s.lease(ctx, "lease pages", hosts, n, ttl, func(ctx context.Context, t *tx, g grant) error {
		l, ok, err := s.leasePage(ctx, t, g)
		if ok {
			leases = append(leases, l)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return leases, nil
}

func (s *Store) leasePage(ctx context.Context, t *tx, g grant) (store.PageLease, bool, error) {
	l := store.PageLease{Host: g.host, Token: g.token, Expires: g.expires}
	r := pageRow{lease: &l}
	ok, err := t.get(ctx, `SELECT `+pageColumns+` FROM pages WHERE host = ? AND due <= ? ORDER BY due LIMIT 1`, []any{g.host, millis(g.now)}, r.dest()...)
	if err != nil {
		return l, false, err
	}
	if !ok {
		return l, false, t.pagesMoved(ctx, g.host)
	}
	if err := r.fill(s.codec); err != nil {
		return l, false, err
	}
	if l.ArticleID, err = t.survivor(ctx, r.article.String); err != nil {
		return l, false, err
	}
	if r.again {
		if _, err := t.exec(ctx, `UPDATE pages SET again = 0 WHERE id = ?`, r.id); err != nil {
			return l, false, err
		}
	}
	_, err = t.exec(ctx, `UPDATE hosts SET token = ?, feed = NULL, page = ?, free = ? WHERE host = ?`, g.token, r.id, millis(g.expires), g.host)
	return l, err == nil, err
}

const pageColumns = `id, page_key, url, feed, aliases, item, state, attempts, etag, modified, again, first_seen, article`

// pageRow receives pageColumns.
type pageRow struct {
	lease    *store.PageLease
	id, seen int64
	aliases  []byte
	item     []byte
	again    bool
	article  sql.NullString
}

func (r *pageRow) dest() []any {
	l := r.lease
	return []any{
		&r.id, &l.Key, &l.URL, &l.FeedID, &r.aliases, &r.item, &l.State, &l.Attempts,
		&l.Validators.ETag, &l.Validators.LastModified, &r.again, &r.seen, &r.article,
	}
}

// fill unpacks what was received packed.
func (r *pageRow) fill(c *stored.Codec) error {
	r.lease.FirstSeen = instant(r.seen)
	return c.FillPage(r.lease, r.aliases, r.item)
}

// Release gives leases back; see [store.Crawl]. Tokens that are no longer in
// force are passed over.
func (s *Store) Release(ctx context.Context, hostNext time.Time, tokens ...int64) error {
	return s.update(ctx, "release", func(ctx context.Context, t *tx) error {
		for _, token := range tokens {
			_, err := t.exec(ctx, `UPDATE hosts SET token = 0, feed = NULL, page = NULL, free = ? WHERE token = ? AND token > 0`, millis(hostNext), token)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
