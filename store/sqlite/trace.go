package sqlite

import (
	"context"
	"database/sql"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

var _ store.Tracer = (*Store)(nil)

// TracePage tells where a page stands; see [store.Tracer].
func (s *Store) TracePage(ctx context.Context, keys ...string) (store.PageTrace, error) {
	for _, key := range keys {
		p, ok, err := s.tracePage(ctx, key)
		if err != nil {
			return store.PageTrace{}, s.failed("trace page", err)
		}
		if !ok {
			continue
		}
		p.Feed, err = s.feedOr(ctx, p.Feed.ID)
		return p, s.failed("trace page", err)
	}
	return store.PageTrace{}, news.ErrNotFound
}

func (s *Store) tracePage(ctx context.Context, key string) (store.PageTrace, bool, error) {
	var p store.PageTrace
	var item []byte
	var seen, fetched, free int64
	var due sql.NullInt64
	var article sql.NullString
	row := s.read.QueryRowContext(ctx, `SELECT p.page_key, p.url, p.host, p.feed, p.item, p.state, p.status, p.error, p.attempts,
  p.etag, p.modified, p.first_seen, p.fetched_at, p.due, p.article, coalesce(h.free, 0), coalesce(h.token, 0) > 0 AND h.free > ?
FROM page_keys k JOIN pages p ON p.id = k.page LEFT JOIN hosts h ON h.host = p.host WHERE k.key = ?`, millis(s.now()), stored.Hash(key))
	ok, err := found(row.Scan(&p.Key, &p.URL, &p.Host, &p.Feed.ID, &item, &p.State, &p.Status, &p.Error, &p.Attempts,
		&p.Validators.ETag, &p.Validators.LastModified, &seen, &fetched, &due, &article, &free, &p.Leased))
	if err != nil || !ok {
		return p, ok, err
	}
	p.FirstSeen, p.FetchedAt, p.Next, p.HostFree = instant(seen), instant(fetched), instant(due.Int64), instant(free)
	p.ArticleID = article.String
	return p, true, s.codec.UnpackJSON(item, &p.Item)
}

// feedOr returns the feed, or only its id when it is not there any more.
func (s *Store) feedOr(ctx context.Context, id string) (news.Feed, error) {
	var r feedRow
	ok, err := found(s.read.QueryRowContext(ctx, `SELECT `+feedColumns+` FROM feeds WHERE id = ?`, id).Scan(r.dest()...))
	if err != nil || !ok {
		return news.Feed{ID: id}, err
	}
	return r.feed(), nil
}

// Unread lists who is behind on an article; see [store.Tracer].
func (s *Store) Unread(ctx context.Context, articleID string) ([]string, error) {
	var readers []string
	rows, err := s.read.QueryContext(ctx, `SELECT r.name FROM outbox o JOIN readers r ON r.id = o.reader WHERE o.article = ? ORDER BY r.name`, articleID)
	err = walk(rows, err, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		readers = append(readers, name)
		return err
	})
	return readers, s.failed("readers behind on "+articleID, err)
}
