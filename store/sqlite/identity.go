package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"broadsheet.example/store/internal/stored"
)

// maxRedirects is how far a redirect is followed. Merging keeps redirects one
// step long; more than that is a damaged table.
const maxRedirects = 8

// identity is what an id stands for: an article, a redirect or a tombstone.
type identity struct {
	id        string
	version   int64
	seq       sql.NullInt64
	target    sql.NullString
	partition string
}

func (i identity) live() bool    { return i.seq.Valid }
func (i identity) removed() bool { return !i.seq.Valid && !i.target.Valid }

// identify follows redirects from id.
func (t *tx) identify(ctx context.Context, id string) (identity, bool, error) {
	for range maxRedirects {
		i := identity{id: id}
		ok, err := t.get(ctx, `SELECT version, seq, target, partition FROM identities WHERE id = ?`, []any{id}, &i.version, &i.seq, &i.target, &i.partition)
		if err != nil || !ok {
			return identity{}, false, err
		}
		if !i.target.Valid {
			return i, true, nil
		}
		id = i.target.String
	}
	return identity{}, false, fmt.Errorf("article %s: more than %d redirects", id, maxRedirects)
}

// survivor is the id of the article that id stands for, empty when it is none.
func (t *tx) survivor(ctx context.Context, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	i, ok, err := t.identify(ctx, id)
	if err != nil || !ok || !i.live() {
		return "", err
	}
	return i.id, nil
}

// owners are the distinct articles and tombstones known under keys.
func (t *tx) owners(ctx context.Context, keys []string) ([]identity, error) {
	var owners []identity
	for _, key := range keys {
		var id string
		ok, err := t.get(ctx, `SELECT id FROM article_keys WHERE key = ?`, []any{stored.Hash(key)}, &id)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		i, ok, err := t.identify(ctx, id)
		if err != nil {
			return nil, err
		}
		if ok && !slices.ContainsFunc(owners, func(o identity) bool { return o.id == i.id }) {
			owners = append(owners, i)
		}
	}
	return owners, nil
}

// owner is the tombstone known under one of keys, or else the first article.
func (t *tx) owner(ctx context.Context, keys []string) (identity, bool, error) {
	owners, err := t.owners(ctx, keys)
	if err != nil || len(owners) == 0 {
		return identity{}, false, err
	}
	if i := slices.IndexFunc(owners, identity.removed); i >= 0 {
		return owners[i], true, nil
	}
	return owners[0], true, nil
}
