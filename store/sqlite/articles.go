package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

// bySeq finds the row of an id, one redirect away at most.
const bySeq = `coalesce(i.seq, (SELECT seq FROM identities WHERE id = i.target))`

// Articles loads articles; see [store.Archive].
func (s *Store) Articles(ctx context.Context, ids ...string) ([]news.Article, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	byPlace := make([]news.Article, len(ids)) // those without an id are left out
	got := make(map[int64]bool, len(ids))
	rows, err := s.read.QueryContext(ctx, `SELECT j.key, a.seq, a.meta, a.content
FROM json_each(?) j CROSS JOIN identities i ON i.id = j.value JOIN articles a ON a.seq = `+bySeq, string(list))
	err = walk(rows, err, func(rows *sql.Rows) error {
		var place int
		var seq int64
		var meta string
		var content []byte
		if err := rows.Scan(&place, &seq, &meta, &content); err != nil || got[seq] {
			return err
		}
		got[seq] = true
		var err error
		byPlace[place], err = s.codec.Decode([]byte(meta), content)
		return err
	})
	if err != nil {
		return nil, s.failed("load articles", err)
	}
	return slices.DeleteFunc(byPlace, func(a news.Article) bool { return a.ID == "" }), nil
}

// Lookup finds an article by its keys; see [store.Archive].
func (s *Store) Lookup(ctx context.Context, keys ...string) (string, error) {
	removed := false
	for _, key := range keys {
		var id string
		var live bool
		row := s.read.QueryRowContext(ctx, `SELECT coalesce(i.target, i.id), `+bySeq+` IS NOT NULL
FROM article_keys k JOIN identities i ON i.id = k.id WHERE k.key = ?`, stored.Hash(key))
		ok, err := found(row.Scan(&id, &live))
		if err != nil {
			return "", s.failed("look up", err)
		}
		if ok && live {
			return id, nil
		}
		removed = removed || ok
	}
	if removed {
		return "", news.ErrRemoved
	}
	return "", news.ErrNotFound
}

// Revisions lists the states of a text; see [store.Archive].
func (s *Store) Revisions(ctx context.Context, id string) ([]news.Revision, error) {
	var revisions []news.Revision
	rows, err := s.read.QueryContext(ctx, `SELECT r.number, r.seen_at, r.meta, coalesce(r.content, a.content)
FROM identities i JOIN articles a ON a.seq = `+bySeq+` JOIN revisions r ON r.article = a.seq WHERE i.id = ? ORDER BY r.number`, id)
	err = walk(rows, err, func(rows *sql.Rows) error {
		r, err := s.scanRevision(rows)
		revisions = append(revisions, r)
		return err
	})
	if err == nil && len(revisions) == 0 {
		err = s.absence(ctx, id)
	}
	if err != nil {
		return nil, s.failed("revisions of "+id, err)
	}
	return revisions, nil
}

func (s *Store) scanRevision(rows *sql.Rows) (news.Revision, error) {
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
func (s *Store) absence(ctx context.Context, id string) error {
	var n int
	if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM identities WHERE id = ?`, id).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return news.ErrNotFound
	}
	return news.ErrRemoved
}

// Blocks returns the newest revision's blocks; see [store.Archive].
func (s *Store) Blocks(ctx context.Context, id string) ([]string, error) {
	var packed []byte
	row := s.read.QueryRowContext(ctx, `SELECT r.blocks FROM identities i JOIN revisions r ON r.article = `+bySeq+` WHERE i.id = ? ORDER BY r.number DESC LIMIT 1`, id)
	ok, err := found(row.Scan(&packed))
	if err == nil && !ok {
		err = s.absence(ctx, id)
	}
	var blocks []string
	if err == nil {
		err = s.codec.UnpackJSON(packed, &blocks)
	}
	return blocks, s.failed("blocks of "+id, err)
}

// Scan walks the archive; see [store.Archive].
func (s *Store) Scan(ctx context.Context, after store.ScanPosition, n int) ([]news.Article, store.ScanPosition, error) {
	var articles []news.Article
	pos := after
	rows, err := s.read.QueryContext(ctx, `SELECT seq, meta, content FROM articles WHERE seq > ? ORDER BY seq LIMIT ?`, after.Sequence, max(n, 0))
	err = walk(rows, err, func(rows *sql.Rows) error {
		var meta string
		var content []byte
		if err := rows.Scan(&pos.Sequence, &meta, &content); err != nil {
			return err
		}
		a, err := s.codec.Decode([]byte(meta), content)
		articles = append(articles, a)
		return err
	})
	if err != nil {
		return nil, after, s.failed("scan", err)
	}
	return articles, pos, nil
}

// Digest sums up all articles; see [store.Archive].
func (s *Store) Digest(ctx context.Context) (news.Digest, error) {
	var d news.Digest
	rows, err := s.read.QueryContext(ctx, `SELECT id, version FROM identities WHERE seq IS NOT NULL`)
	err = walk(rows, err, func(rows *sql.Rows) error {
		var id string
		var version int64
		err := rows.Scan(&id, &version)
		d.Add(id, version)
		return err
	})
	if err != nil {
		return news.Digest{}, s.failed("digest", err)
	}
	return d, nil
}
