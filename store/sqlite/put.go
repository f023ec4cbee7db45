package sqlite

import (
	"context"
	"fmt"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

// PutArticles takes drafts in; see [store.Archive].
func (s *Store) PutArticles(ctx context.Context, drafts ...store.Draft) ([]store.Committed, error) {
	ready := make([]*stored.Draft, len(drafts))
	for i, d := range drafts {
		ready[i] = s.codec.Prepare(d)
	}
	return s.commitEach(ctx, "put articles", len(drafts), func(ctx context.Context, t *tx, i int) (store.Committed, error) {
		if ready[i].Err != nil {
			return store.Committed{}, ready[i].Err
		}
		return s.put(ctx, t, ready[i], s.now())
	})
}

// put takes one draft in: it finds whose it is and what becomes of it.
func (s *Store) put(ctx context.Context, t *tx, p *stored.Draft, at time.Time) (store.Committed, error) {
	owners, err := t.owners(ctx, p.Keys)
	if err != nil {
		return store.Committed{}, err
	}
	if len(owners) == 0 {
		// A restored article may be known under other keys. Else an id outlives
		// its keys only if somebody tampered with the tables. Either way it must
		// not be given a second time.
		i, ok, err := t.identify(ctx, p.NewID())
		if err != nil {
			return store.Committed{}, err
		}
		if !ok {
			return s.create(ctx, t, p, at)
		}
		owners = append(owners, i)
	}
	for _, o := range owners {
		if o.removed() {
			return store.Committed{Kind: store.KindRefused, ID: o.id, Version: o.version}, nil
		}
	}
	return s.change(ctx, t, p, owners, at)
}

// create stores a new article.
func (s *Store) create(ctx context.Context, t *tx, p *stored.Draft, at time.Time) (store.Committed, error) {
	a, kind := stored.Create(p, at)
	meta, err := stored.Encode(a)
	if err != nil {
		return store.Committed{}, err
	}
	seq, err := t.insert(ctx, `INSERT INTO articles (source, published, meta, content) VALUES (?, ?, ?, ?)`, a.Source.ID, millis(a.PublishedAt), meta, p.Packed)
	if err != nil {
		return store.Committed{}, err
	}
	_, err = t.exec(ctx, `INSERT INTO identities (id, version, seq, partition) VALUES (?, ?, ?, ?)`, a.ID, a.Version, seq, a.Partition)
	if err != nil {
		return store.Committed{}, err
	}
	err = inOrder(
		func() error { return t.addKeys(ctx, a.ID, p.Keys) },
		func() error { return t.addRevision(ctx, seq, a, p.PackedBlocks, at) },
		func() error { return t.sourceGains(ctx, a) },
		func() error { return t.follow(ctx, a, at) },
	)
	return store.Committed{Kind: kind, ID: a.ID, Version: a.Version}, err
}

// change brings the article that owners are up to a draft; several owners
// become one.
func (s *Store) change(ctx context.Context, t *tx, p *stored.Draft, owners []identity, at time.Time) (store.Committed, error) {
	olds, seqs, err := s.load(ctx, t, owners)
	if err != nil {
		return store.Committed{}, err
	}
	x, err := s.codec.Change(olds, p, at, func(id string) ([]byte, error) { return t.blocks(ctx, seqs[id]) })
	if err != nil {
		return store.Committed{}, err
	}
	for _, g := range x.Gone {
		if err := t.redirect(ctx, g, seqs[g.ID], x.Old.ID, at); err != nil {
			return store.Committed{}, err
		}
	}
	if err := t.addKeys(ctx, x.Old.ID, p.Keys); err != nil {
		return store.Committed{}, err
	}
	if x.Committed.Kind == store.KindNone {
		return x.Committed, nil
	}
	return x.Committed, t.rewrite(ctx, seqs[x.Old.ID], x.Old, x.New, x.Draft, at)
}

// load reads the articles that owners are.
func (s *Store) load(ctx context.Context, t *tx, owners []identity) ([]news.Article, map[string]int64, error) {
	articles := make([]news.Article, len(owners))
	seqs := make(map[string]int64, len(owners))
	for i, o := range owners {
		var meta string
		var content []byte
		ok, err := t.get(ctx, `SELECT meta, content FROM articles WHERE seq = ?`, []any{o.seq.Int64}, &meta, &content)
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			return nil, nil, fmt.Errorf("article %s: %w", o.id, ErrCorrupt)
		}
		if articles[i], err = s.codec.Decode([]byte(meta), content); err != nil {
			return nil, nil, err
		}
		seqs[o.id] = o.seq.Int64
	}
	return articles, seqs, nil
}

// blocks are those of an article's newest revision as they are stored.
func (t *tx) blocks(ctx context.Context, seq int64) ([]byte, error) {
	var blocks []byte
	_, err := t.get(ctx, `SELECT blocks FROM revisions WHERE article = ? ORDER BY number DESC LIMIT 1`, []any{seq}, &blocks)
	return blocks, err
}

func (t *tx) addKeys(ctx context.Context, id string, keys []string) error {
	for _, key := range keys {
		if _, err := t.exec(ctx, `INSERT INTO article_keys VALUES (?, ?) ON CONFLICT DO NOTHING`, stored.Hash(key), id); err != nil {
			return err
		}
	}
	return nil
}

// follow does what every change of an article brings with it.
func (t *tx) follow(ctx context.Context, a news.Article, at time.Time) error {
	for _, e := range a.Entities {
		_, err := t.exec(ctx, `INSERT INTO entities VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET name = excluded.name, country = CASE WHEN excluded.country = '' THEN country ELSE excluded.country END
WHERE name <> excluded.name OR excluded.country NOT IN ('', country)`, e.ID, e.Type, e.Name, e.Country)
		if err != nil {
			return err
		}
	}
	return t.announce(ctx, identity{id: a.ID, version: a.Version, partition: a.Partition}, false, at)
}
