package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

// discovered says what a discovery did.
type discovered int

const (
	pageKnown discovered = iota
	pageNew
	pageChanged
)

// knownPage is what a discovery must know of a page that is held already.
type knownPage struct {
	id      int64
	host    string
	aliases []string
	hashes  map[string]string
}

// pageKeys are the keys under which a page is known.
func pageKeys(d store.Discovery) []string {
	return append([]string{d.Key}, stored.Union(nil, d.Aliases)...)
}

// prepareDiscovery packs what is stored of a page. One on a host that nobody
// can look up is left out.
func (s *Store) prepareDiscovery(d store.Discovery) (f discovery, ok bool, err error) {
	d.Aliases = stored.Union(nil, d.Aliases)
	if d.Host == "" {
		d.Host = s.host(d.URL)
	}
	d.Host = clean(d.Host)
	item, err := s.codec.PackJSON(d.Item)
	if err != nil {
		return f, false, fmt.Errorf("item of %s: %w", d.URL, err)
	}
	return discovery{d, item}, len(d.Host) <= maxHost, nil
}

// discover takes in one page that a feed has named.
func (t *tx) discover(ctx context.Context, p *poll, d discovery) (discovered, error) {
	if d.Key == "" || d.URL == "" {
		return 0, &news.ParamError{Param: "key", Value: d.URL, Reason: "a page needs a key and an address"}
	}
	keys := pageKeys(d.Discovery)
	owner, ok, err := t.owner(ctx, keys)
	if err != nil {
		return 0, err
	}
	if ok && owner.removed() {
		return pageKnown, nil
	}
	page, found, err := t.pageOf(ctx, keys)
	switch {
	case err != nil:
		return 0, err
	case found:
		return t.rediscover(ctx, page, p.Lease.Feed.ID, d)
	case ok: // imported, or known under another address
		return pageKnown, nil
	}
	return pageNew, t.addPage(ctx, p, d)
}

func (t *tx) pageOf(ctx context.Context, keys []string) (p knownPage, ok bool, err error) {
	var aliases, said []byte
	ok, err = t.get(ctx, `SELECT p.id, p.host, p.aliases, p.hashes FROM unnest($1::bytea[]) WITH ORDINALITY AS u(key, place)
JOIN page_keys k ON k.key = u.key JOIN pages p ON p.id = k.page ORDER BY u.place LIMIT 1`, []any{hashes(keys)}, &p.id, &p.host, &aliases, &said)
	if err != nil || !ok {
		return p, false, err
	}
	if err := json.Unmarshal(aliases, &p.aliases); err != nil {
		return p, false, err
	}
	return p, true, json.Unmarshal(said, &p.hashes)
}

func (t *tx) addPage(ctx context.Context, p *poll, d discovery) error {
	aliases, err := json.Marshal(d.Aliases)
	if err != nil {
		return err
	}
	said, err := json.Marshal(map[string]string{p.Lease.Feed.ID: d.Hash})
	if err != nil {
		return err
	}
	when := millis(orNow(t.here(p.At, d.Due), t.now))
	var b batch
	b.add(`WITH page AS (INSERT INTO pages (page_key, url, host, feed, aliases, item, hashes, state, due, first_seen)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id)
INSERT INTO page_keys SELECT DISTINCT unnest($11::bytea[]), id FROM page ON CONFLICT DO NOTHING`,
		clean(d.Key), clean(d.URL), d.Host, p.Lease.Feed.ID, string(aliases), d.item, string(said), store.PagePending, when, millis(t.now), hashes(pageKeys(d.Discovery)))
	b.add(pageComes, d.Host, when)
	return t.send(ctx, &b)
}

// pageComes moves a host's earliest page forward.
const pageComes = `INSERT INTO hosts (host, page_due) VALUES ($1, $2)
ON CONFLICT (host) DO UPDATE SET page_due = excluded.page_due WHERE hosts.page_due IS NULL OR hosts.page_due > excluded.page_due`

// rediscover makes a known page due again when this feed says something else of
// it than before. What two feeds say of one page is told apart, or they would
// take turns in making it due.
func (t *tx) rediscover(ctx context.Context, p knownPage, feed string, d discovery) (discovered, error) {
	before, named := p.hashes[feed]
	if named && before == d.Hash {
		return pageKnown, nil
	}
	if !named && len(p.hashes) >= stored.MaxFeedsOfPage {
		return pageKnown, nil
	}
	p.hashes[feed] = d.Hash
	said, err := json.Marshal(p.hashes)
	if err != nil {
		return 0, err
	}
	aliases, err := json.Marshal(stored.Union(p.aliases, d.Aliases))
	if err != nil {
		return 0, err
	}
	var b batch
	b.add(addPageKeys, hashes(d.Aliases), p.id)
	if !named {
		b.add(`UPDATE pages SET hashes = $1, aliases = $2 WHERE id = $3`, string(said), string(aliases), p.id)
		return pageKnown, t.send(ctx, &b)
	}
	b.add(`UPDATE pages SET hashes = $1, aliases = $2, item = $3, again = true, due = least(due, $4) WHERE id = $5`,
		string(said), string(aliases), d.item, millis(t.now), p.id)
	b.add(pageComes, p.host, millis(t.now))
	return pageChanged, t.send(ctx, &b)
}

const addPageKeys = `INSERT INTO page_keys SELECT DISTINCT unnest($1::bytea[]), $2::bigint ON CONFLICT DO NOTHING`
