package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Remove takes an article down; see [store.Archive]. What a redirect names is
// what it leads to.
func (s *Store) Remove(ctx context.Context, id string) error {
	return s.update(ctx, "remove article", func(ctx context.Context, t *tx) error {
		_, err := s.remove(ctx, t, id)
		return err
	})
}

// remove puts a tombstone in the place of an article.
func (s *Store) remove(ctx context.Context, t *tx, id string) (store.Committed, error) {
	i, ok, err := t.identify(ctx, id)
	if err != nil {
		return store.Committed{}, err
	}
	if !ok {
		return store.Committed{}, fmt.Errorf("article %s: %w", id, news.ErrNotFound)
	}
	if i.removed() {
		return store.Committed{Kind: store.KindDeleted, ID: i.id, Version: i.version}, nil
	}
	var source string
	if _, err := t.get(ctx, `SELECT source FROM articles WHERE seq = ?`, []any{i.seq.Int64}, &source); err != nil {
		return store.Committed{}, err
	}
	i.version++
	err = inOrder(
		func() error { return t.end(ctx, i, sql.NullString{}, s.now()) },
		func() error { return t.erase(ctx, i.seq.Int64, source) },
		func() error { return t.closePages(ctx, i.id) },
	)
	return store.Committed{Kind: store.KindDeleted, ID: i.id, Version: i.version}, err
}

// redirect makes an article point to another that proved to be the same.
func (t *tx) redirect(ctx context.Context, a news.Article, seq int64, target string, at time.Time) error {
	if _, err := t.exec(ctx, `UPDATE identities SET target = ? WHERE target = ?`, target, a.ID); err != nil {
		return err
	}
	i := identity{id: a.ID, version: a.Version + 1, partition: a.Partition}
	if err := t.end(ctx, i, sql.NullString{String: target, Valid: true}, at); err != nil {
		return err
	}
	return t.erase(ctx, seq, a.Source.ID)
}

// end turns an id into a tombstone, or a redirect to target, and tells readers.
func (t *tx) end(ctx context.Context, i identity, target sql.NullString, at time.Time) error {
	if _, err := t.exec(ctx, `UPDATE identities SET seq = NULL, target = ?, version = ? WHERE id = ?`, target, i.version, i.id); err != nil {
		return err
	}
	return t.announce(ctx, i, true, at)
}

// erase deletes the texts of an article.
func (t *tx) erase(ctx context.Context, seq int64, source string) error {
	if _, err := t.exec(ctx, `DELETE FROM articles WHERE seq = ?`, seq); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `DELETE FROM revisions WHERE article = ?`, seq); err != nil {
		return err
	}
	return t.sourceLoses(ctx, source)
}

// closePages sees to it that the pages of a removed article are not fetched
// again, and forgets what feeds said of it.
func (t *tx) closePages(ctx context.Context, id string) error {
	hosts, err := t.texts(ctx, `UPDATE pages SET state = 'gone', due = NULL, again = 0, item = NULL
WHERE article IN (SELECT ?1 UNION ALL SELECT id FROM identities WHERE target = ?1) RETURNING host`, id)
	if err != nil {
		return err
	}
	return forEach(ctx, hosts, t.pagesMoved)
}
