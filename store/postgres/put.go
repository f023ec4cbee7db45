package postgres

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
	var committed []store.Committed
	err := s.take(ctx, "put articles", func(ctx context.Context, t *tx) (err error) {
		committed, err = t.each(ctx, len(drafts), func(t *tx, i int) (store.Committed, error) {
			if ready[i].Err != nil {
				return store.Committed{}, ready[i].Err
			}
			return s.put(ctx, t, *ready[i])
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return committed, nil
}

// put takes one draft in: it finds whose it is and what becomes of it. The draft
// is a copy, for the transaction may have to be repeated with it as it was.
func (s *Store) put(ctx context.Context, t *tx, p stored.Draft) (store.Committed, error) {
	owners, err := t.owners(ctx, p.Keys, p.NewID())
	if err != nil {
		return store.Committed{}, err
	}
	if len(owners) == 0 {
		return t.create(ctx, &p)
	}
	for _, o := range owners {
		if o.removed() {
			return store.Committed{Kind: store.KindRefused, ID: o.id, Version: o.version}, nil
		}
	}
	return s.change(ctx, t, &p, owners)
}

// create stores a new article.
func (t *tx) create(ctx context.Context, p *stored.Draft) (store.Committed, error) {
	a, kind := stored.Create(p, t.now)
	meta, err := stored.Encode(a)
	if err != nil {
		return store.Committed{}, err
	}
	var b batch
	b.add(`WITH a AS (INSERT INTO articles (source, published, meta, content) VALUES ($1, $2, $3, $4) RETURNING seq)
INSERT INTO identities (id, version, seq, partition) SELECT $5, $6, seq, $7 FROM a`,
		clean(a.Source.ID), millis(a.PublishedAt), meta, p.Packed, a.ID, a.Version, a.Partition)
	b.addKeys(a.ID, p.Keys)
	if err := b.addRevision(a, p.PackedBlocks, t.now); err != nil {
		return store.Committed{}, err
	}
	b.sourceGains(a)
	b.follow(a, t.now)
	return store.Committed{Kind: kind, ID: a.ID, Version: a.Version}, t.send(ctx, &b)
}

// change brings the article that owners are up to a draft; several owners
// become one.
func (s *Store) change(ctx context.Context, t *tx, p *stored.Draft, owners []identity) (store.Committed, error) {
	olds, seqs, err := s.load(ctx, t, owners)
	if err != nil {
		return store.Committed{}, err
	}
	x, err := s.codec.Change(olds, p, t.now, func(id string) ([]byte, error) { return t.blocks(ctx, seqs[id]) })
	if err != nil {
		return store.Committed{}, err
	}
	var b batch
	for _, g := range x.Gone {
		b.redirect(g, seqs[g.ID], x.Old.ID, t.now)
	}
	b.addKeys(x.Old.ID, p.Keys)
	if x.Committed.Kind != store.KindNone {
		if err := b.rewrite(seqs[x.Old.ID], x.Old, x.New, x.Draft, t.now); err != nil {
			return store.Committed{}, err
		}
	}
	return x.Committed, t.send(ctx, &b)
}

// load reads the articles that owners are.
func (s *Store) load(ctx context.Context, t *tx, owners []identity) ([]news.Article, map[string]int64, error) {
	articles := make([]news.Article, len(owners))
	seqs := make(map[string]int64, len(owners))
	for i, o := range owners {
		var meta, content []byte
		ok, err := t.get(ctx, `SELECT meta, content FROM articles WHERE seq = $1`, []any{*o.seq}, &meta, &content)
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			return nil, nil, fmt.Errorf("article %s: %w", o.id, ErrCorrupt)
		}
		if articles[i], err = s.codec.Decode(meta, content); err != nil {
			return nil, nil, err
		}
		seqs[o.id] = *o.seq
	}
	return articles, seqs, nil
}

// blocks are those of an article's newest revision as they are stored.
func (t *tx) blocks(ctx context.Context, seq int64) ([]byte, error) {
	var blocks []byte
	_, err := t.get(ctx, `SELECT blocks FROM revisions WHERE article = $1 ORDER BY number DESC LIMIT 1`, []any{seq}, &blocks)
	return blocks, err
}

func (b *batch) addKeys(id string, keys []string) {
	b.add(`INSERT INTO article_keys SELECT DISTINCT unnest($1::bytea[]), $2::text ON CONFLICT DO NOTHING`, hashes(keys), id)
}

// follow does what every change of an article brings with it.
func (b *batch) follow(a news.Article, at time.Time) {
	b.addEntities(a.Entities)
	b.announce(identity{id: a.ID, version: a.Version, partition: a.Partition}, false, at)
}

// addEntities remembers how entities are called, each once: a statement may not
// change a row twice.
func (b *batch) addEntities(entities []news.Entity) {
	byID := make(map[string]news.Entity, len(entities))
	for _, e := range entities {
		if old, ok := byID[e.ID]; ok && e.Country == "" {
			e.Country = old.Country
		}
		byID[e.ID] = e
	}
	if len(byID) == 0 {
		return
	}
	var ids, types, names, countries []string
	for id, e := range byID {
		ids, types = append(ids, clean(id)), append(types, clean(string(e.Type)))
		names, countries = append(names, clean(e.Name)), append(countries, clean(e.Country))
	}
	b.add(`INSERT INTO entities AS e SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
ON CONFLICT (id) DO UPDATE SET name = excluded.name, country = coalesce(nullif(excluded.country, ''), e.country)
WHERE e.name <> excluded.name OR excluded.country NOT IN ('', e.country)`, ids, types, names, countries)
}
