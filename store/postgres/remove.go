package postgres

import (
	"context"
	"fmt"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Remove takes an article down; see [store.Archive]. What a redirect names is
// what it leads to. The server overwrites the text when it next vacuums.
func (s *Store) Remove(ctx context.Context, id string) error {
	return s.take(ctx, "remove article", func(ctx context.Context, t *tx) error {
		_, err := t.remove(ctx, id)
		return err
	})
}

// remove puts a tombstone in the place of an article.
func (t *tx) remove(ctx context.Context, id string) (store.Committed, error) {
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
	if _, err := t.get(ctx, `SELECT source FROM articles WHERE seq = $1`, []any{*i.seq}, &source); err != nil {
		return store.Committed{}, err
	}
	i.version++
	hosts, err := t.texts(ctx, `SELECT DISTINCT host FROM pages WHERE `+pagesOf, i.id)
	if err != nil {
		return store.Committed{}, err
	}
	if _, err := t.hold(ctx, hosts); err != nil {
		return store.Committed{}, err
	}
	var b batch
	b.end(i, nil, t.now)
	b.erase(*i.seq, source)
	b.closePages(i.id, hosts)
	return store.Committed{Kind: store.KindDeleted, ID: i.id, Version: i.version}, t.send(ctx, &b)
}

// redirect makes an article point to another that proved to be the same.
func (b *batch) redirect(a news.Article, seq int64, target string, at time.Time) {
	b.add(`UPDATE identities SET target = $1 WHERE target = $2`, target, a.ID)
	b.end(identity{id: a.ID, version: a.Version + 1, partition: a.Partition}, &target, at)
	b.erase(seq, clean(a.Source.ID))
}

// end turns an id into a tombstone, or a redirect to target, and tells readers.
func (b *batch) end(i identity, target *string, at time.Time) {
	b.add(`UPDATE identities SET seq = NULL, target = $1, version = $2 WHERE id = $3`, target, i.version, i.id)
	b.announce(i, true, at)
}

// erase deletes the texts of an article.
func (b *batch) erase(seq int64, source string) {
	b.add(`DELETE FROM articles WHERE seq = $1`, seq)
	b.add(`DELETE FROM revisions WHERE article = $1`, seq)
	b.sourceLoses(source)
}

// closePages sees to it that the pages of a removed article, which are on hosts,
// are not fetched again, and forgets what feeds said of it.
func (b *batch) closePages(id string, hosts []string) {
	b.add(`UPDATE pages SET state = 'gone', due = NULL, again = false, item = NULL WHERE `+pagesOf, id)
	b.add(pagesMoved, hosts)
}

// pagesOf finds the pages of an article and of what became part of it.
const pagesOf = `article IN (SELECT $1 UNION ALL SELECT id FROM identities WHERE target = $1)`
