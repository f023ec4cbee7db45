package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
	"broadsheet.example/store/internal/stored"
)

// identity is what an id stands for: an article, a redirect or a tombstone.
type identity struct {
	id        string
	version   int64
	seq       *int64
	partition string
}

func (i identity) live() bool    { return i.seq != nil }
func (i identity) removed() bool { return i.seq == nil }

func hashes(keys []string) [][]byte {
	list := make([][]byte, len(keys))
	for i, key := range keys {
		list[i] = stored.Hash(key)
	}
	return list
}

// identities joins i to what it leads to, f. Merging keeps redirects one step
// long.
const identities = `identities i JOIN identities f ON f.id = coalesce(i.target, i.id) AND f.target IS NULL`

// identify finds what id leads to.
func (t *tx) identify(ctx context.Context, id string) (identity, bool, error) {
	var i identity
	ok, err := t.get(ctx, `SELECT f.id, f.version, f.seq, f.partition FROM `+identities+` WHERE i.id = $1`, []any{id},
		&i.id, &i.version, &i.seq, &i.partition)
	return i, ok, err
}

// survivor is the id of the article that id stands for, empty when it is none.
func (t *tx) survivor(ctx context.Context, id string) (string, error) {
	i, ok, err := t.identify(ctx, id)
	if err != nil || !ok || !i.live() {
		return "", err
	}
	return i.id, nil
}

// owners are the distinct articles and tombstones known under keys, in the
// order of keys, or else what id stands for, which a new article would get: it
// must not be given a second time.
func (t *tx) owners(ctx context.Context, keys []string, id string) ([]identity, error) {
	rows, err := t.Query(ctx, `SELECT f.id, f.version, f.seq, f.partition, u.place > cardinality($1) FROM (
  SELECT k.id, u.place FROM unnest($1::bytea[]) WITH ORDINALITY AS u(key, place) JOIN article_keys k ON k.key = u.key
  UNION ALL SELECT $2, cardinality($1) + 1) AS u(id, place) JOIN (`+identities+`) ON i.id = u.id ORDER BY u.place`, hashes(keys), id)
	var owners []identity
	err = walk(rows, err, func(rows pgx.Rows) error {
		var i identity
		var byID bool
		err := rows.Scan(&i.id, &i.version, &i.seq, &i.partition, &byID)
		if byID && len(owners) > 0 || slices.ContainsFunc(owners, func(o identity) bool { return o.id == i.id }) {
			return err
		}
		owners = append(owners, i)
		return err
	})
	return owners, err
}

// owner is the tombstone known under one of keys, or else the first article.
func (t *tx) owner(ctx context.Context, keys []string) (identity, bool, error) {
	owners, err := t.owners(ctx, keys, news.ArticleID(keys[0]))
	if err != nil || len(owners) == 0 {
		return identity{}, false, err
	}
	if i := slices.IndexFunc(owners, identity.removed); i >= 0 {
		return owners[i], true, nil
	}
	return owners[0], true, nil
}
