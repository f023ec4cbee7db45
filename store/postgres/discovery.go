package postgres

import (
	"context"
	"fmt"

	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

// knownPage is what a discovery must know of a page that is held already.
type knownPage struct {
	stored.Heard
	id   int64
	host string
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
func (t *tx) discover(ctx context.Context, p *poll, d discovery) (stored.Discovered, error) {
	if err := stored.CheckDiscovery(d.Discovery); err != nil {
		return stored.PageKnown, err
	}
	keys := stored.PageKeys(d.Discovery)
	owner, ok, err := t.owner(ctx, keys)
	if err != nil || ok && owner.removed() {
		return stored.PageKnown, err
	}
	page, found, err := t.pageOf(ctx, keys)
	switch {
	case err != nil:
		return stored.PageKnown, err
	case found:
		return t.rediscover(ctx, page, p.Lease.Feed.ID, d)
	case ok: // imported, or known under another address
		return stored.PageKnown, nil
	}
	return stored.PageNew, t.addPage(ctx, p, d)
}

func (t *tx) pageOf(ctx context.Context, keys []string) (p knownPage, ok bool, err error) {
	var aliases, said []byte
	ok, err = t.get(ctx, `SELECT p.id, p.host, p.aliases, p.hashes FROM unnest($1::bytea[]) WITH ORDINALITY AS u(key, place)
JOIN page_keys k ON k.key = u.key JOIN pages p ON p.id = k.page ORDER BY u.place LIMIT 1`, []any{hashes(keys)}, &p.id, &p.host, &aliases, &said)
	if err != nil || !ok {
		return p, false, err
	}
	p.Heard, err = stored.DecodeHeard(aliases, said)
	return p, true, err
}

func (t *tx) addPage(ctx context.Context, p *poll, d discovery) error {
	aliases, said, err := stored.FirstHeard(p.Lease.Feed.ID, d.Discovery).Encode()
	if err != nil {
		return err
	}
	when := millis(orNow(t.here(p.At, d.Due), t.now))
	var b batch
	b.add(`WITH page AS (INSERT INTO pages (page_key, url, host, feed, aliases, item, hashes, state, due, first_seen)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id)
INSERT INTO page_keys SELECT DISTINCT unnest($11::bytea[]), id FROM page ON CONFLICT DO NOTHING`,
		clean(d.Key), clean(d.URL), d.Host, p.Lease.Feed.ID, aliases, d.item, said, store.PagePending, when, millis(t.now), hashes(stored.PageKeys(d.Discovery)))
	b.add(pageComes, d.Host, when)
	return t.send(ctx, &b)
}

// pageComes moves a host's earliest page forward.
const pageComes = `INSERT INTO hosts (host, page_due) VALUES ($1, $2)
ON CONFLICT (host) DO UPDATE SET page_due = excluded.page_due WHERE hosts.page_due IS NULL OR hosts.page_due > excluded.page_due`

// rediscover takes in what a feed says of a page that is held.
func (t *tx) rediscover(ctx context.Context, p knownPage, feed string, d discovery) (stored.Discovered, error) {
	did := p.Again(feed, d.Discovery)
	if did == stored.PageKnown {
		return did, nil
	}
	aliases, said, err := p.Encode()
	if err != nil {
		return did, err
	}
	var b batch
	b.add(addPageKeys, hashes(d.Aliases), p.id)
	if did == stored.PageNamed {
		b.add(`UPDATE pages SET hashes = $1, aliases = $2 WHERE id = $3`, said, aliases, p.id)
		return did, t.send(ctx, &b)
	}
	b.add(`UPDATE pages SET hashes = $1, aliases = $2, item = $3, again = true, due = least(due, $4) WHERE id = $5`,
		said, aliases, d.item, millis(t.now), p.id)
	b.add(pageComes, p.host, millis(t.now))
	return did, t.send(ctx, &b)
}

const addPageKeys = `INSERT INTO page_keys SELECT DISTINCT unnest($1::bytea[]), $2::bigint ON CONFLICT DO NOTHING`
