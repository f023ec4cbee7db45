package postgres

import (
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store/internal/stored"
)

// rewrite stores the next state of an article.
func (b *batch) rewrite(seq int64, old, next news.Article, p *stored.Draft, at time.Time) error {
	meta, err := stored.Encode(next)
	if err != nil {
		return err
	}
	if next.Revision > old.Revision {
		b.archive(seq, old.Revision)
	}
	b.add(`UPDATE articles SET source = $1, published = $2, meta = $3, content = $4 WHERE seq = $5`,
		clean(next.Source.ID), millis(next.PublishedAt), meta, p.Packed, seq)
	b.add(`UPDATE identities SET version = $1 WHERE id = $2`, next.Version, next.ID)
	if err := b.addRevision(next, p.PackedBlocks, at); err != nil {
		return err
	}
	b.sourceChanges(old, next)
	b.follow(next, at)
	return nil
}

// archive gives a revision its content before the article's next one replaces
// it, drops its blocks, and forgets what exceeds the bound.
func (b *batch) archive(seq int64, revision int) {
	b.add(`UPDATE revisions SET content = (SELECT content FROM articles WHERE seq = $1), blocks = NULL WHERE article = $1 AND number = $2`, seq, revision)
	b.add(`DELETE FROM revisions WHERE article = $1 AND number <= $2`, seq, revision+1-stored.MaxRevisions)
}

// addRevision stores the newest revision, or completes it when only its version
// has risen.
func (b *batch) addRevision(a news.Article, blocks []byte, at time.Time) error {
	meta, err := stored.EncodeRevision(a)
	if err != nil {
		return err
	}
	b.add(`INSERT INTO revisions AS r (article, number, seen_at, meta, blocks) SELECT seq, $2, $3, $4, $5 FROM identities WHERE id = $1
ON CONFLICT (article, number) DO UPDATE SET meta = excluded.meta, blocks = coalesce(excluded.blocks, r.blocks)`, a.ID, a.Revision, millis(at), meta, blocks)
	return nil
}
