package sqlite

import (
	"context"
	"encoding/json"
	"time"

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

// discover takes in one page that a feed has named.
func (s *Store) discover(ctx context.Context, t *tx, feed string, d store.Discovery, item []byte, at time.Time) (discovered, error) {
	if d.Key == "" || d.URL == "" {
		return 0, &news.ParamError{Param: "key", Value: d.URL, Reason: "a page needs a key and an address"}
	}
	if d.Host == "" {
		d.Host = s.host(d.URL)
	}
	d.Aliases = stored.Union(nil, d.Aliases)
	keys := append([]string{d.Key}, d.Aliases...)
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
		return t.rediscover(ctx, page, feed, d, item, at)
	case ok: // imported, or known under another address
		return pageKnown, nil
	}
	return pageNew, t.addPage(ctx, feed, d, item, at)
}

func (t *tx) pageOf(ctx context.Context, keys []string) (p knownPage, ok bool, err error) {
	for _, key := range keys {
		var aliases, hashes string
		ok, err = t.get(ctx, `SELECT p.id, p.host, p.aliases, p.hashes FROM page_keys k JOIN pages p ON p.id = k.page WHERE k.key = ?`,
			[]any{stored.Hash(key)}, &p.id, &p.host, &aliases, &hashes)
		if err != nil {
			return p, false, err
		}
		if !ok {
			continue
		}
		if err := json.Unmarshal([]byte(aliases), &p.aliases); err != nil {
			return p, false, err
		}
		return p, true, json.Unmarshal([]byte(hashes), &p.hashes)
	}
	return p, false, nil
}

func (t *tx) addPage(ctx context.Context, feed string, d store.Discovery, item []byte, at time.Time) error {
	aliases, err := json.Marshal(d.Aliases)
	if err != nil {
		return err
	}
	hashes, err := json.Marshal(map[string]string{feed: d.Hash})
	if err != nil {
		return err
	}
	id, err := t.insert(ctx, `INSERT INTO pages (page_key, url, host, feed, aliases, item, hashes, state, due, first_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.Key, d.URL, d.Host, feed, string(aliases), item, string(hashes), store.PagePending, due(orNow(d.Due, at)), millis(at))
	if err != nil {
		return err
	}
	if err := t.addPageKeys(ctx, id, append([]string{d.Key}, d.Aliases...)); err != nil {
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

// rediscover makes a known page due again when this feed says something else of
// it than before. What two feeds say of one page is told apart, or they would
// take turns in making it due.
func (t *tx) rediscover(ctx context.Context, p knownPage, feed string, d store.Discovery, item []byte, at time.Time) (discovered, error) {
	before, named := p.hashes[feed]
	if named && before == d.Hash {
		return pageKnown, nil
	}
	if !named && len(p.hashes) >= stored.MaxFeedsOfPage {
		return pageKnown, nil
	}
	p.hashes[feed] = d.Hash
	hashes, err := json.Marshal(p.hashes)
	if err != nil {
		return 0, err
	}
	aliases, err := json.Marshal(stored.Union(p.aliases, d.Aliases))
	if err != nil {
		return 0, err
	}
	if err := t.addPageKeys(ctx, p.id, d.Aliases); err != nil {
		return 0, err
	}
	if !named {
		_, err := t.exec(ctx, `UPDATE pages SET hashes = ?, aliases = ? WHERE id = ?`, string(hashes), string(aliases), p.id)
		return pageKnown, err
	}
	_, err = t.exec(ctx, `UPDATE pages SET hashes = ?, aliases = ?, item = ?, again = 1, due = min(coalesce(due, ?4), ?4) WHERE id = ?`,
		string(hashes), string(aliases), item, millis(at), p.id)
	if err != nil {
		return 0, err
	}
	return pageChanged, t.pageComes(ctx, p.host, at)
}
