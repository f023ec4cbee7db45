package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// prepared is a draft checked and packed by its caller, before it takes a turn
// at the archive.
type prepared struct {
	draft   store.Draft
	content []byte
	blocks  []byte // nil when the draft has none
	err     error
}

func (s *Store) prepare(d store.Draft) *prepared {
	if err := d.Validate(); err != nil {
		return &prepared{err: err}
	}
	d.Article.PublishedAt = toMilli(d.Article.PublishedAt)
	d.Article.UpdatedAt = toMilli(d.Article.UpdatedAt)
	p := &prepared{draft: d, content: s.codec.pack(d.Article.Content)}
	if len(d.Blocks) > 0 {
		p.blocks, p.err = s.codec.packJSON(d.Blocks)
	}
	return p
}

func toMilli(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// PutArticles takes drafts in; see [store.Archive].
func (s *Store) PutArticles(ctx context.Context, drafts ...store.Draft) ([]store.Committed, error) {
	ready := make([]*prepared, len(drafts))
	for i, d := range drafts {
		ready[i] = s.prepare(d)
	}
	var committed []store.Committed
	err := s.take(ctx, "put articles", func(ctx context.Context, t *tx) (err error) {
		committed, err = t.each(ctx, len(drafts), func(t *tx, i int) (store.Committed, error) {
			if ready[i].err != nil {
				return store.Committed{}, ready[i].err
			}
			return s.put(ctx, t, ready[i])
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return committed, nil
}

// put takes one draft in: it finds whose it is and what becomes of it.
func (s *Store) put(ctx context.Context, t *tx, p *prepared) (store.Committed, error) {
	owners, err := t.owners(ctx, p.draft.Keys)
	if err != nil {
		return store.Committed{}, err
	}
	if len(owners) == 0 {
		return t.create(ctx, p)
	}
	for _, o := range owners {
		if o.removed() {
			return store.Committed{Kind: store.KindRefused, ID: o.id, Version: o.version}, nil
		}
	}
	return s.change(ctx, t, p, owners)
}

// create stores a new article.
func (t *tx) create(ctx context.Context, p *prepared) (store.Committed, error) {
	a, kind := store.Resolve(nil, p.draft, t.now)
	if a.DuplicateOf == a.ID {
		a.DuplicateOf = ""
	}
	meta, err := encode(a)
	if err != nil {
		return store.Committed{}, err
	}
	var b batch
	b.add(`WITH a AS (INSERT INTO articles (source, published, meta, content) VALUES ($1, $2, $3, $4) RETURNING seq)
INSERT INTO identities (id, version, seq, partition) SELECT $5, $6, seq, $7 FROM a`,
		clean(a.Source.ID), millis(a.PublishedAt), meta, p.content, a.ID, a.Version, a.Partition)
	b.addKeys(a.ID, p.draft.Keys)
	if err := b.addRevision(a, p.blocks, t.now); err != nil {
		return store.Committed{}, err
	}
	b.sourceGains(a)
	b.follow(a, t.now)
	return store.Committed{Kind: kind, ID: a.ID, Version: a.Version}, t.send(ctx, &b)
}

// change brings the article that owners are up to a draft; several owners
// become one.
func (s *Store) change(ctx context.Context, t *tx, p *prepared, owners []identity) (store.Committed, error) {
	olds, seqs, err := s.load(ctx, t, owners)
	if err != nil {
		return store.Committed{}, err
	}
	if fuller := store.Merge(olds, p.draft); fuller >= 0 {
		if p, err = s.adopt(ctx, t, p, olds[fuller], seqs[olds[fuller].ID]); err != nil {
			return store.Committed{}, err
		}
	}
	old := olds[0]
	c := store.Committed{ID: old.ID}
	var b batch
	for _, l := range olds[1:] {
		b.redirect(l, seqs[l.ID], old.ID, t.now)
		c.Merged = append(c.Merged, l.ID)
	}
	b.addKeys(old.ID, p.draft.Keys)
	next, kind := s.resolve(old, p, c.Merged, t.now)
	c.Kind, c.Version = kind, next.Version
	if kind != store.KindNone {
		if err := b.rewrite(seqs[old.ID], old, next, p, t.now); err != nil {
			return store.Committed{}, err
		}
	}
	return c, t.send(ctx, &b)
}

// resolve is [store.Resolve], but that no article repeats itself or what became
// part of it: forgetting such a claim is a change of its own.
func (s *Store) resolve(old news.Article, p *prepared, merged []string, at time.Time) (news.Article, store.Kind) {
	self := append([]string{old.ID}, merged...)
	claimed := slices.Contains(self, old.DuplicateOf)
	if claimed {
		old.DuplicateOf = ""
	}
	if slices.Contains(self, p.draft.Article.DuplicateOf) {
		p.draft.Article.DuplicateOf = ""
	}
	next, kind := store.Resolve(&old, p.draft, at)
	if kind == store.KindNone && claimed {
		next.Version++
		kind = store.KindUpdated
		p.content, p.blocks = s.codec.pack(next.Content), nil
	}
	return next, kind
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
		if articles[i], err = s.decode(meta, content); err != nil {
			return nil, nil, err
		}
		seqs[o.id] = *o.seq
	}
	return articles, seqs, nil
}

// adopt puts a fuller article's text in the place of a draft's.
func (s *Store) adopt(ctx context.Context, t *tx, p *prepared, a news.Article, seq int64) (*prepared, error) {
	adopted := &prepared{draft: store.Draft{Article: a, Keys: p.draft.Keys}, content: s.codec.pack(a.Content)}
	_, err := t.get(ctx, `SELECT blocks FROM revisions WHERE article = $1 ORDER BY number DESC LIMIT 1`, []any{seq}, &adopted.blocks)
	return adopted, err
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

// encode is an article's stored form without its content.
func encode(a news.Article) (string, error) {
	a.Content = ""
	b, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("article %s: %w", a.ID, err)
	}
	return string(b), nil
}

func (s *Store) decode(meta, content []byte) (news.Article, error) {
	a, err := decodeMeta(meta)
	if err != nil {
		return a, err
	}
	if a.Content, err = s.codec.unpack(content); err != nil {
		return a, fmt.Errorf("article %s: %w", a.ID, err)
	}
	return a, nil
}

// decodeMeta reads an article's stored form without its content.
func decodeMeta(meta []byte) (news.Article, error) {
	var a news.Article
	if err := json.Unmarshal(meta, &a); err != nil {
		return a, fmt.Errorf("read article: %w", err)
	}
	return a, nil
}
