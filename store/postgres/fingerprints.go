package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

var _ store.Fingerprints = (*Store)(nil)

// maxBucket bounds how many fingerprints of one band are looked at, the newest
// first: a band that very many texts share tells little of any of them.
const maxBucket = 200

// SetFingerprints stores fingerprints; see [store.Fingerprints].
func (s *Store) SetFingerprints(ctx context.Context, prints ...store.Fingerprint) error {
	return s.take(ctx, "set fingerprints", func(ctx context.Context, t *tx) error {
		var b batch
		for _, f := range prints {
			b.setFingerprint(f)
		}
		return t.send(ctx, &b)
	})
}

func (b *batch) setFingerprint(f store.Fingerprint) {
	id, bands := clean(f.ArticleID), stored.Placed(f.Bands)
	b.add(`WITH old AS (DELETE FROM fingerprints WHERE article = $1 RETURNING seq, bands)
DELETE FROM fingerprint_bands f USING old WHERE f.print = old.seq AND f.band = ANY(old.bands)`, id)
	if len(bands) == 0 {
		return
	}
	b.add(`WITH print AS (INSERT INTO fingerprints (article, hash, bands) VALUES ($1, $2, $3) RETURNING seq, bands)
INSERT INTO fingerprint_bands SELECT unnest(bands), seq FROM print`, id, int64(f.Hash), bands)
}

// Similar finds fingerprints by their bands; see [store.Fingerprints].
func (s *Store) Similar(ctx context.Context, bands []uint32, n int) ([]store.Fingerprint, error) {
	return read(ctx, s, "find similar", func(ctx context.Context, q querier) ([]store.Fingerprint, error) {
		var found []store.Fingerprint
		rows, err := q.Query(ctx, `WITH sharing AS (
  SELECT p.print, count(*) AS shared FROM unnest($1::bigint[]) AS b(band) CROSS JOIN LATERAL
    (SELECT print FROM fingerprint_bands WHERE band = b.band ORDER BY print DESC LIMIT $2) AS p
  GROUP BY p.print ORDER BY shared DESC, p.print DESC LIMIT $3)
SELECT f.article, f.hash, f.bands FROM sharing JOIN fingerprints f ON f.seq = sharing.print
JOIN identities i ON i.id = f.article WHERE i.seq IS NOT NULL ORDER BY sharing.shared DESC, f.seq DESC`, stored.Placed(bands), maxBucket, max(n, 0))
		err = walk(rows, err, func(rows pgx.Rows) error {
			f, err := scanFingerprint(rows)
			found = append(found, f)
			return err
		})
		return found, err
	})
}

// Fingerprint returns an article's own; see [store.Fingerprints].
func (s *Store) Fingerprint(ctx context.Context, articleID string) (store.Fingerprint, error) {
	return read(ctx, s, "fingerprint of "+articleID, func(ctx context.Context, q querier) (store.Fingerprint, error) {
		f, err := scanFingerprint(q.QueryRow(ctx, `SELECT article, hash, bands FROM fingerprints WHERE article = $1`, clean(articleID)))
		ok, err := found(err)
		if err == nil && !ok {
			err = news.ErrNotFound
		}
		return f, err
	})
}

func scanFingerprint(row pgx.Row) (store.Fingerprint, error) {
	var f store.Fingerprint
	var hash int64
	var bands []int64
	err := row.Scan(&f.ArticleID, &hash, &bands)
	f.Hash = uint64(hash)
	for _, b := range bands {
		f.Bands = append(f.Bands, uint32(b))
	}
	return f, err
}

// SetDuplicate says whom an article repeats; see [store.Fingerprints].
func (s *Store) SetDuplicate(ctx context.Context, articleID, of string) (store.Committed, error) {
	var c store.Committed
	err := s.take(ctx, "set duplicate", func(ctx context.Context, t *tx) error {
		c = store.Committed{}
		i, ok, err := t.identify(ctx, clean(articleID))
		if err != nil || !ok || !i.live() {
			return err
		}
		original, err := t.survivor(ctx, clean(of))
		if err != nil || original == i.id {
			return err
		}
		c, err = t.repeat(ctx, i, original)
		return err
	})
	return c, err
}

// repeat makes the article say that it repeats of.
func (t *tx) repeat(ctx context.Context, i identity, of string) (store.Committed, error) {
	c := store.Committed{ID: i.id, Version: i.version}
	var meta []byte
	ok, err := t.get(ctx, `SELECT meta FROM articles WHERE seq = $1`, []any{*i.seq}, &meta)
	if err == nil && !ok {
		err = fmt.Errorf("article %s: %w", i.id, ErrCorrupt)
	}
	if err != nil {
		return c, err
	}
	a, err := stored.DecodeMeta(meta)
	if err != nil {
		return c, err
	}
	var b batch
	b.noteRepeat(i.id, of)
	if a.DuplicateOf != of {
		a.DuplicateOf = of
		a.Version++
		c.Kind, c.Version = store.KindUpdated, a.Version
		if err := b.rewriteMeta(*i.seq, a, t.now); err != nil {
			return c, err
		}
	}
	return c, t.send(ctx, &b)
}

func (b *batch) noteRepeat(id, of string) {
	if of == "" {
		b.add(`DELETE FROM duplicates WHERE article = $1`, id)
		return
	}
	b.add(`INSERT INTO duplicates VALUES ($1, $2) ON CONFLICT (article) DO UPDATE SET original = excluded.original`, id, of)
}

// rewriteMeta stores an article whose text is as it was.
func (b *batch) rewriteMeta(seq int64, a news.Article, at time.Time) error {
	meta, err := stored.Encode(a)
	if err != nil {
		return err
	}
	b.add(`UPDATE articles SET meta = $1 WHERE seq = $2`, meta, seq)
	b.add(`UPDATE identities SET version = $1 WHERE id = $2`, a.Version, a.ID)
	b.announce(identity{id: a.ID, version: a.Version, partition: a.Partition}, false, at)
	return nil
}

// Repeating lists an article's copies; see [store.Fingerprints].
func (s *Store) Repeating(ctx context.Context, articleID string) ([]string, error) {
	return read(ctx, s, "copies of "+articleID, func(ctx context.Context, q querier) ([]string, error) {
		rows, err := q.Query(ctx, `SELECT article FROM duplicates WHERE original = $1 ORDER BY article`, clean(articleID))
		return texts(rows, err)
	})
}
