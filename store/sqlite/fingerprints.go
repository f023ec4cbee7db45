package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"

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
	return s.update(ctx, "set fingerprints", func(ctx context.Context, t *tx) error {
		for _, f := range prints {
			if err := t.setFingerprint(ctx, f); err != nil {
				return fmt.Errorf("article %s: %w", f.ArticleID, err)
			}
		}
		return nil
	})
}

func (t *tx) setFingerprint(ctx context.Context, f store.Fingerprint) error {
	if err := t.dropFingerprint(ctx, f.ArticleID); err != nil || len(f.Bands) == 0 {
		return err
	}
	seq, err := t.insert(ctx, `INSERT INTO fingerprints (article, hash, bands) VALUES (?, ?, ?)`, f.ArticleID, int64(f.Hash), packBands(f.Bands))
	if err != nil {
		return err
	}
	for _, band := range stored.Placed(f.Bands) {
		if _, err := t.exec(ctx, `INSERT INTO fingerprint_bands VALUES (?, ?)`, band, seq); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) dropFingerprint(ctx context.Context, article string) error {
	var seq int64
	var packed []byte
	ok, err := t.get(ctx, `DELETE FROM fingerprints WHERE article = ? RETURNING seq, bands`, []any{article}, &seq, &packed)
	if err != nil || !ok {
		return err
	}
	for _, band := range stored.Placed(unpackBands(packed)) {
		if _, err := t.exec(ctx, `DELETE FROM fingerprint_bands WHERE band = ? AND print = ?`, band, seq); err != nil {
			return err
		}
	}
	return nil
}

// Similar finds fingerprints by their bands; see [store.Fingerprints].
func (s *Store) Similar(ctx context.Context, bands []uint32, n int) ([]store.Fingerprint, error) {
	shared := map[int64]int{}
	for _, band := range stored.Placed(bands) {
		rows, err := s.read.QueryContext(ctx, `SELECT print FROM fingerprint_bands WHERE band = ? ORDER BY print DESC LIMIT ?`, band, maxBucket)
		err = walk(rows, err, func(rows *sql.Rows) error {
			var seq int64
			err := rows.Scan(&seq)
			shared[seq]++
			return err
		})
		if err != nil {
			return nil, s.failed("find similar", err)
		}
	}
	found, err := s.loadFingerprints(ctx, mostShared(shared, n))
	return found, s.failed("find similar", err)
}

// mostShared returns the n keys with the highest counts, newest first where
// they are equal.
func mostShared(count map[int64]int, n int) []int64 {
	keys := make([]int64, 0, len(count))
	for k := range count {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b int64) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(b, a)) })
	return keys[:min(len(keys), n)]
}

// loadFingerprints returns those of live articles, in the order of seqs.
func (s *Store) loadFingerprints(ctx context.Context, seqs []int64) ([]store.Fingerprint, error) {
	list, err := json.Marshal(seqs)
	if err != nil || len(seqs) == 0 {
		return nil, err
	}
	var found []store.Fingerprint
	rows, err := s.read.QueryContext(ctx, `SELECT f.article, f.hash, f.bands FROM json_each(?) j JOIN fingerprints f ON f.seq = j.value
JOIN identities i ON i.id = f.article WHERE i.seq IS NOT NULL ORDER BY j.key`, string(list))
	err = walk(rows, err, func(rows *sql.Rows) error {
		f, err := scanFingerprint(rows.Scan)
		found = append(found, f)
		return err
	})
	return found, err
}

// Fingerprint returns an article's own; see [store.Fingerprints].
func (s *Store) Fingerprint(ctx context.Context, articleID string) (store.Fingerprint, error) {
	f, err := scanFingerprint(s.read.QueryRowContext(ctx, `SELECT article, hash, bands FROM fingerprints WHERE article = ?`, articleID).Scan)
	ok, err := found(err)
	if err == nil && !ok {
		err = news.ErrNotFound
	}
	return f, s.failed("fingerprint of "+articleID, err)
}

func scanFingerprint(scan func(...any) error) (store.Fingerprint, error) {
	var f store.Fingerprint
	var hash int64
	var packed []byte
	err := scan(&f.ArticleID, &hash, &packed)
	f.Hash, f.Bands = uint64(hash), unpackBands(packed)
	return f, err
}

// SetDuplicate says whom an article repeats; see [store.Fingerprints].
func (s *Store) SetDuplicate(ctx context.Context, articleID, of string) (store.Committed, error) {
	var c store.Committed
	err := s.update(ctx, "set duplicate", func(ctx context.Context, t *tx) error {
		i, ok, err := t.identify(ctx, articleID)
		if err != nil || !ok || !i.live() {
			return err
		}
		if of, err = t.survivor(ctx, of); err != nil || of == i.id {
			return err
		}
		c, err = s.repeat(ctx, t, i, of)
		return err
	})
	return c, err
}

// repeat makes the article say that it repeats of.
func (s *Store) repeat(ctx context.Context, t *tx, i identity, of string) (store.Committed, error) {
	c := store.Committed{ID: i.id, Version: i.version}
	var meta string
	ok, err := t.get(ctx, `SELECT meta FROM articles WHERE seq = ?`, []any{i.seq.Int64}, &meta)
	if err != nil || !ok {
		return c, err
	}
	a, err := stored.DecodeMeta([]byte(meta))
	if err != nil {
		return c, err
	}
	if err := t.noteRepeat(ctx, i.id, of); err != nil || a.DuplicateOf == of {
		return c, err
	}
	a.DuplicateOf = of
	a.Version++
	if meta, err = stored.Encode(a); err != nil {
		return c, err
	}
	at := s.now()
	c.Kind, c.Version = store.KindUpdated, a.Version
	return c, inOrder(
		func() error {
			_, err := t.exec(ctx, `UPDATE articles SET meta = ? WHERE seq = ?`, meta, i.seq.Int64)
			return err
		},
		func() error {
			_, err := t.exec(ctx, `UPDATE identities SET version = ? WHERE id = ?`, a.Version, i.id)
			return err
		},
		func() error {
			return t.announce(ctx, identity{id: i.id, version: a.Version, partition: a.Partition}, false, at)
		},
	)
}

func (t *tx) noteRepeat(ctx context.Context, id, of string) error {
	if of == "" {
		_, err := t.exec(ctx, `DELETE FROM duplicates WHERE article = ?`, id)
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO duplicates VALUES (?, ?) ON CONFLICT DO UPDATE SET of = excluded.of`, id, of)
	return err
}

// Repeating lists an article's copies; see [store.Fingerprints].
func (s *Store) Repeating(ctx context.Context, articleID string) ([]string, error) {
	var ids []string
	rows, err := s.read.QueryContext(ctx, `SELECT article FROM duplicates WHERE of = ? ORDER BY article`, articleID)
	err = walk(rows, err, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, s.failed("copies of "+articleID, err)
}

func packBands(bands []uint32) []byte {
	out := make([]byte, 0, 4*len(bands))
	for _, b := range bands {
		out = binary.BigEndian.AppendUint32(out, b)
	}
	return out
}

func unpackBands(packed []byte) []uint32 {
	var bands []uint32
	for ; len(packed) >= 4; packed = packed[4:] {
		bands = append(bands, binary.BigEndian.Uint32(packed))
	}
	return bands
}
