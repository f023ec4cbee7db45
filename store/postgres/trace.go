package postgres

import (
	"context"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

var _ store.Tracer = (*Store)(nil)

// TracePage tells where a page stands; see [store.Tracer].
func (s *Store) TracePage(ctx context.Context, keys ...string) (store.PageTrace, error) {
	return read(ctx, s, "trace page", func(ctx context.Context, q querier) (store.PageTrace, error) {
		p, ok, err := s.tracePage(ctx, q, keys)
		if err == nil && !ok {
			err = news.ErrNotFound
		}
		if err != nil {
			return p, err
		}
		var r feedRow
		ok, err = found(q.QueryRow(ctx, `SELECT `+feedColumns+` FROM feeds f WHERE id = $1`, p.Feed.ID).Scan(r.dest()...))
		if ok {
			p.Feed = r.feed()
		}
		return p, err
	})
}

func (s *Store) tracePage(ctx context.Context, q querier, keys []string) (store.PageTrace, bool, error) {
	var p store.PageTrace
	var item, etag, modified []byte
	var seen, fetched, free int64
	var due *int64
	now, err := s.clock(ctx, q)
	if err != nil {
		return p, false, err
	}
	row := q.QueryRow(ctx, `SELECT p.page_key, p.url, p.host, p.feed, p.item, p.state, p.status, p.error, p.attempts, p.etag, p.modified,
  p.first_seen, p.fetched_at, p.due, coalesce(p.article, ''), coalesce(greatest(h.free, h.held), 0), coalesce(h.token > 0 AND h.free > $2, false)
FROM unnest($1::bytea[]) WITH ORDINALITY AS u(key, place) JOIN page_keys k ON k.key = u.key JOIN pages p ON p.id = k.page
LEFT JOIN hosts h ON h.host = p.host ORDER BY u.place LIMIT 1`, hashes(keys), millis(now))
	ok, err := found(row.Scan(&p.Key, &p.URL, &p.Host, &p.Feed.ID, &item, &p.State, &p.Status, &p.Error, &p.Attempts, &etag, &modified,
		&seen, &fetched, &due, &p.ArticleID, &free, &p.Leased))
	if err != nil || !ok {
		return p, false, err
	}
	p.Validators = store.Validators{ETag: string(etag), LastModified: string(modified)}
	p.FirstSeen, p.FetchedAt, p.Next, p.HostFree = instant(seen), instant(fetched), instant(value(due)), instant(free)
	return p, true, s.codec.UnpackJSON(item, &p.Item)
}

// Unread lists who is behind on an article; see [store.Tracer].
func (s *Store) Unread(ctx context.Context, articleID string) ([]string, error) {
	return read(ctx, s, "readers behind on "+articleID, func(ctx context.Context, q querier) ([]string, error) {
		rows, err := q.Query(ctx, `SELECT r.name FROM outbox o JOIN readers r ON r.id = o.reader WHERE o.article = $1 ORDER BY r.name`, clean(articleID))
		return texts(rows, err)
	})
}
