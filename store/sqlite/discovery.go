package sqlite

import (
	"context"
	"time"

	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

// knownPage is what a discovery must know of a page that is held already.
type knownPage struct {
	stored.Heard
	id   int64
	host string
}

// discover takes in one page that a feed has named.
func (s *Store) discover(ctx context.Context, t *tx, feed string, d store.Discovery, item []byte, at time.Time) (stored.Discovered, error) {
	if err := stored.CheckDiscovery(d); err != nil {
		return stored.PageKnown, err
	}
	if d.Host == "" {
		d.Host = s.host(d.URL)
	}
	keys := stored.PageKeys(d)
	owner, ok, err := t.owner(ctx, keys)
	if err != nil || ok && owner.removed() {
		return stored.PageKnown, err
	}
	page, found, err := t.pageOf(ctx, keys)
	switch {
	case err != nil:
		return stored.PageKnown, err
	case found:
		return t.rediscover(ctx, page, feed, d, item, at)
	case ok: // imported, or known under another address
		return stored.PageKnown, nil
	}
	return stored.PageNew, t.addPage(ctx, feed, d, item, at)
}

func (t *tx) pageOf(ctx context.Context, keys []string) (p knownPage, ok bool, err error) {
	for _, key := range keys {
		var aliases, said []byte
		ok, err = t.get(ctx, `SELECT p.id, p.host, p.aliases, p.hashes FROM page_keys k JOIN pages p ON p.id = k.page WHERE k.key = ?`,
			[]any{stored.Hash(key)}, &p.id, &p.host, &aliases, &said)
		if err != nil {
			return p, false, err
		}
		if ok {
			p.Heard, err = stored.DecodeHeard(aliases, said)
			return p, true, err
		}
	}
	return p, false, nil
}

func (t *tx) addPage(ctx context.Context, feed string, d store.Discovery, item []byte, at time.Time) error {
	aliases, said, err := stored.FirstHeard(feed, d).Encode()
	if err != nil {
		return err
	}
	id, err := t.insert(ctx, `INSERT INTO pages (page_key, url, host, feed, aliases, item, hashes, state, due, first_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.Key, d.URL, d.Host, feed, aliases, item, said, store.PagePending, due(orNow(d.Due, at)), millis(at))
	if err != nil {
		return err
	}
	if err := t.addPageKeys(ctx, id, stored.PageKeys(d)); err != nil {
		return err
	}
	return t.pageComes(ctx, d.Host, orNow(d.Due, at))
}

// pageComes moves a host's earliest page forward.
func (t *tx) pageComes(ctx context.Context, host string, at time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO hosts (host, page_due) VALUES (?, ?)
ON CONFLICT DO UPDATE SET page_due = excluded.page_due WHERE page_due IS NULL OR page_due > excluded.page_due`, host, millis(at))
	return err
}

func (t *tx) addPageKeys(ctx context.Context, page int64, keys []string) error {
	for _, key := range keys {
		if _, err := t.exec(ctx, `INSERT INTO page_keys VALUES (?, ?) ON CONFLICT DO NOTHING`, stored.Hash(key), page); err != nil {
			return err
		}
	}
	return nil
}

// rediscover takes in what a feed says of a page that is held.
func (t *tx) rediscover(ctx context.Context, p knownPage, feed string, d store.Discovery, item []byte, at time.Time) (stored.Discovered, error) {
	did := p.Again(feed, d)
	if did == stored.PageKnown {
		return did, nil
	}
	aliases, said, err := p.Encode()
	if err != nil {
		return did, err
	}
	if err := t.addPageKeys(ctx, p.id, stored.Union(nil, d.Aliases)); err != nil {
		return did, err
	}
	if did == stored.PageNamed {
		_, err := t.exec(ctx, `UPDATE pages SET hashes = ?, aliases = ? WHERE id = ?`, said, aliases, p.id)
		return did, err
	}
	_, err = t.exec(ctx, `UPDATE pages SET hashes = ?, aliases = ?, item = ?, again = 1, due = min(coalesce(due, ?4), ?4) WHERE id = ?`,
		said, aliases, item, millis(at), p.id)
	if err != nil {
		return did, err
	}
	return did, t.pageComes(ctx, p.host, at)
}
