package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"broadsheet.example/store"
)

// LeaseFeeds hands out feeds; see [store.Crawl]. A feed waits from when it was
// due and its host was free.
func (s *Store) LeaseFeeds(ctx context.Context, n int, ttl time.Duration) ([]store.FeedLease, error) {
	var leases []store.FeedLease
	err := s.update(ctx, "lease feeds", func(ctx context.Context, t *tx) error {
		now := s.now()
		hosts, err := t.waiting(ctx, `SELECT host FROM hosts WHERE feed_ready <= ? ORDER BY feed_ready LIMIT ?`, now, n)
		if err != nil || len(hosts) == 0 {
			return err
		}
		token, err := t.tokens(ctx, len(hosts))
		if err != nil {
			return err
		}
		for i, host := range hosts {
			l := store.FeedLease{Host: host, Token: token + int64(i), Expires: expiry(now, ttl)}
			ok, err := t.leaseFeed(ctx, &l, now)
			if err != nil {
				return err
			}
			if ok {
				leases = append(leases, l)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return leases, nil
}

func (t *tx) leaseFeed(ctx context.Context, l *store.FeedLease, now time.Time) (bool, error) {
	var r feedRow
	var state string
	ok, err := t.get(ctx, `SELECT `+feedColumns+`, state FROM feeds WHERE host = ? AND enabled = 1 AND due <= ? ORDER BY due LIMIT 1`,
		[]any{l.Host, millis(now)}, append(r.dest(), &state)...)
	if err != nil {
		return false, err
	}
	if !ok {
		return false, t.feedsMoved(ctx, l.Host)
	}
	l.Feed = r.feed()
	if err := json.Unmarshal([]byte(state), &l.State); err != nil {
		return false, fmt.Errorf("state of feed %s: %w", l.Feed.ID, err)
	}
	_, err = t.exec(ctx, `UPDATE hosts SET token = ?, feed = ?, page = NULL, free = ? WHERE host = ?`, l.Token, l.Feed.ID, millis(l.Expires), l.Host)
	return true, err
}

// LeasePages hands out pages; see [store.Crawl].
func (s *Store) LeasePages(ctx context.Context, n int, ttl time.Duration) ([]store.PageLease, error) {
	var leases []store.PageLease
	err := s.update(ctx, "lease pages", func(ctx context.Context, t *tx) error {
		now := s.now()
		hosts, err := t.waiting(ctx, `SELECT host FROM hosts WHERE page_ready <= ? ORDER BY page_ready LIMIT ?`, now, n)
		if err != nil || len(hosts) == 0 {
			return err
		}
		token, err := t.tokens(ctx, len(hosts))
		if err != nil {
			return err
		}
		for i, host := range hosts {
			l := store.PageLease{Host: host, Token: token + int64(i), Expires: expiry(now, ttl)}
			ok, err := s.leasePage(ctx, t, &l, now)
			if err != nil {
				return err
			}
			if ok {
				leases = append(leases, l)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return leases, nil
}

func (s *Store) leasePage(ctx context.Context, t *tx, l *store.PageLease, now time.Time) (bool, error) {
	var (
		id, seen int64
		aliases  string
		item     []byte
		again    bool
		article  sql.NullString
	)
	ok, err := t.get(ctx, `SELECT id, page_key, url, feed, aliases, item, state, attempts, etag, modified, again, first_seen, article
FROM pages WHERE host = ? AND due <= ? ORDER BY due LIMIT 1`, []any{l.Host, millis(now)},
		&id, &l.Key, &l.URL, &l.FeedID, &aliases, &item, &l.State, &l.Attempts, &l.Validators.ETag, &l.Validators.LastModified, &again, &seen, &article)
	if err != nil {
		return false, err
	}
	if !ok {
		return false, t.pagesMoved(ctx, l.Host)
	}
	l.FirstSeen = instant(seen)
	if err := json.Unmarshal([]byte(aliases), &l.Aliases); err != nil {
		return false, fmt.Errorf("aliases of page %s: %w", l.Key, err)
	}
	if err := s.codec.unpackJSON(item, &l.Item); err != nil {
		return false, fmt.Errorf("item of page %s: %w", l.Key, err)
	}
	if l.ArticleID, err = t.survivor(ctx, article.String); err != nil {
		return false, err
	}
	if again {
		if _, err := t.exec(ctx, `UPDATE pages SET again = 0 WHERE id = ?`, id); err != nil {
			return false, err
		}
	}
	_, err = t.exec(ctx, `UPDATE hosts SET token = ?, feed = NULL, page = ?, free = ? WHERE host = ?`, l.Token, id, millis(l.Expires), l.Host)
	return true, err
}

// waiting runs a query for the hosts that have waited longest.
func (t *tx) waiting(ctx context.Context, query string, now time.Time, n int) ([]string, error) {
	var hosts []string
	if n <= 0 {
		return nil, nil
	}
	err := t.each(ctx, query, []any{millis(now), n}, func(rows *sql.Rows) error {
		var host string
		err := rows.Scan(&host)
		hosts = append(hosts, host)
		return err
	})
	return hosts, err
}

func expiry(now time.Time, ttl time.Duration) time.Time {
	return now.Add(ttl).UTC().Truncate(time.Millisecond)
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
