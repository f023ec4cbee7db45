package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Articles loads articles; see [store.Archive].
func (s *Store) Articles(ctx context.Context, ids ...string) ([]news.Article, error) {
	return read(ctx, s, "load articles", func(ctx context.Context, q querier) ([]news.Article, error) {
		articles := make([]news.Article, 0, len(ids))
		got := make(map[int64]bool, len(ids))
		rows, err := q.Query(ctx, `SELECT a.seq, a.meta, a.content FROM unnest($1::text[]) WITH ORDINALITY AS u(id, place)
JOIN (`+identities+`) ON i.id = u.id JOIN articles a ON a.seq = f.seq ORDER BY u.place`, cleanAll(ids))
		err = walk(rows, err, func(rows pgx.Rows) error {
			var seq int64
			var meta, content []byte
			if err := rows.Scan(&seq, &meta, &content); err != nil || got[seq] {
				return err
			}
			got[seq] = true
			a, err := s.codec.Decode(meta, content)
			articles = append(articles, a)
			return err
		})
		return articles, err
	})
}

// Lookup finds an article by its keys; see [store.Archive].
func (s *Store) Lookup(ctx context.Context, keys ...string) (string, error) {
	type answer struct {
		id   string
		live bool
	}
	found, err := read(ctx, s, "look up", func(ctx context.Context, q querier) ([]answer, error) {
		var found []answer
		rows, err := q.Query(ctx, `SELECT f.id, f.seq IS NOT NULL FROM unnest($1::bytea[]) WITH ORDINALITY AS u(key, place)
JOIN article_keys k ON k.key = u.key JOIN (`+identities+`) ON i.id = k.id ORDER BY u.place`, hashes(keys))
		err = walk(rows, err, func(rows pgx.Rows) error {
			var a answer
			err := rows.Scan(&a.id, &a.live)
			found = append(found, a)
			return err
		})
		return found, err
	})
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(found, func(a answer) bool { return a.live }); i >= 0 {
		return found[i].id, nil
	}
	if len(found) > 0 {
		return "", news.ErrRemoved
	}
	return "", news.ErrNotFound
}

// Revisions lists the states of a text; see [store.Archive].
func (s *Store) Revisions(ctx context.Context, id string) ([]news.Revision, error) {
	return read(ctx, s, "revisions of "+id, func(ctx context.Context, q querier) ([]news.Revision, error) {
		var revisions []news.Revision
		rows, err := q.Query(ctx, `SELECT r.number, r.seen_at, r.meta, coalesce(r.content, a.content)
FROM `+identities+` JOIN articles a ON a.seq = f.seq JOIN revisions r ON r.article = a.seq WHERE i.id = $1 ORDER BY r.number`, clean(id))
		err = walk(rows, err, func(rows pgx.Rows) error {
			r, err := s.scanRevision(rows)
			revisions = append(revisions, r)
			return err
		})
		if err == nil && len(revisions) == 0 {
			err = absence(ctx, q, id)
		}
		return revisions, err
	})
}

func (s *Store) scanRevision(rows pgx.Rows) (news.Revision, error) {
	var number int
	var seen int64
	var meta, content []byte
	if err := rows.Scan(&number, &seen, &meta, &content); err != nil {
		return news.Revision{}, err
	}
	r, err := s.codec.DecodeRevision(meta, content)
	r.Number, r.SeenAt = number, instant(seen)
	return r, err
}

// absence says why an id has no article.
func absence(ctx context.Context, q querier, id string) error {
	var known bool
	if err := q.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM identities WHERE id = $1)`, clean(id)).Scan(&known); err != nil {
		return err
	}
	if known {
		return news.ErrRemoved
	}
	return news.ErrNotFound
}

// Blocks returns the newest revision's blocks; see [store.Archive].
func (s *Store) Blocks(ctx context.Context, id string) ([]string, error) {
	return read(ctx, s, "blocks of "+id, func(ctx context.Context, q querier) ([]string, error) {
		var packed []byte
		ok, err := found(q.QueryRow(ctx, `SELECT r.blocks FROM `+identities+` JOIN revisions r ON r.article = f.seq WHERE i.id = $1 ORDER BY r.number DESC LIMIT 1`, clean(id)).Scan(&packed))
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, absence(ctx, q, id)
		}
		var blocks []string
		return blocks, s.codec.UnpackJSON(packed, &blocks)
	})
}

// Scan walks the archive; see [store.Archive]. An article that is committed
// later has a higher number, so that none comes to lie behind a position.
func (s *Store) Scan(ctx context.Context, after store.ScanPosition, n int) ([]news.Article, store.ScanPosition, error) {
	pos := after
	articles, err := read(ctx, s, "scan", func(ctx context.Context, q querier) ([]news.Article, error) {
		pos = after
		var articles []news.Article
		rows, err := q.Query(ctx, `SELECT seq, meta, content FROM articles a WHERE seq > $1 AND `+present+` ORDER BY seq LIMIT $2`, after.Sequence, max(n, 0))
		err = walk(rows, err, func(rows pgx.Rows) error {
			var meta, content []byte
			if err := rows.Scan(&pos.Sequence, &meta, &content); err != nil {
				return err
			}
			a, err := s.codec.Decode(meta, content)
			articles = append(articles, a)
			return err
		})
		return articles, err
	})
	if err != nil {
		return nil, after, err
	}
	return articles, pos, nil
}

// Digest sums up all articles; see [store.Archive].
func (s *Store) Digest(ctx context.Context) (news.Digest, error) {
	return read(ctx, s, "digest", func(ctx context.Context, q querier) (news.Digest, error) {
		var d news.Digest
		rows, err := q.Query(ctx, `SELECT id, version FROM identities WHERE seq IS NOT NULL`)
		err = walk(rows, err, func(rows pgx.Rows) error {
			var id string
			var version int64
			err := rows.Scan(&id, &version)
			d.Add(id, version)
			return err
		})
		if err != nil {
			return news.Digest{}, fmt.Errorf("read versions: %w", err)
		}
		return d, nil
	})
}
