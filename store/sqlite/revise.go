package sqlite

import (
	"context"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store/internal/stored"
)

// rewrite stores the next state of an article.
func (t *tx) rewrite(ctx context.Context, seq int64, old, next news.Article, p *stored.Draft, at time.Time) error {
	meta, err := stored.Encode(next)
	if err != nil {
		return err
	}
	if next.Revision > old.Revision {
		if err := t.archive(ctx, seq, old.Revision); err != nil {
			return err
		}
	}
	_, err = t.exec(ctx, `UPDATE articles SET source = ?, published = ?, meta = ?, content = ? WHERE seq = ?`, next.Source.ID, millis(next.PublishedAt), meta, p.Packed, seq)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE identities SET version = ? WHERE id = ?`, next.Version, next.ID); err != nil {
		return err
	}
	return inOrder(
		func() error { return t.addRevision(ctx, seq, next, p.PackedBlocks, at) },
		func() error { return t.sourceChanges(ctx, old, next) },
		func() error { return t.follow(ctx, next, at) },
	)
}

// archive gives a revision its content before the article's next one replaces
// it, drops its blocks, and forgets what exceeds the bound.
func (t *tx) archive(ctx context.Context, seq int64, revision int) error {
	_, err := t.exec(ctx, `UPDATE revisions SET content = (SELECT content FROM articles WHERE seq = ?1), blocks = NULL WHERE article = ?1 AND number = ?2`, seq, revision)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `DELETE FROM revisions WHERE article = ? AND number <= ?`, seq, revision+1-stored.MaxRevisions)
	return err
}

// addRevision stores the newest revision, or completes it when only its version
// has risen.
func (t *tx) addRevision(ctx context.Context, seq int64, a news.Article, blocks []byte, at time.Time) error {
	meta, err := stored.EncodeRevision(a)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO revisions (article, number, seen_at, meta, blocks) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET meta = excluded.meta, blocks = coalesce(excluded.blocks, blocks)`, seq, a.Revision, millis(at), meta, nullable(blocks))
	return err
}

// nullable keeps an absent blob NULL.
func nullable(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}
