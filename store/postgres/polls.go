package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/store"
)

// poll is one commit on its way in.
type poll struct {
	store.PollCommit
	state string
	found []discovery
}

// discovery is a page that may be news to the store, with its item packed.
type discovery struct {
	store.Discovery
	item []byte
}

// CommitPolls stores what came of polls; see [store.Crawl]. Polls that found
// nothing new are stored by a few statements together, and without a turn.
func (s *Store) CommitPolls(ctx context.Context, polls ...store.PollCommit) ([]store.Committed, error) {
	ready, err := s.preparePolls(ctx, polls)
	if err != nil {
		return nil, fmt.Errorf("commit polls: %w", err)
	}
	write := s.update
	var hosts []string
	for _, p := range ready {
		hosts = append(hosts, p.Lease.Host)
		for _, d := range p.found {
			hosts = append(hosts, d.Host)
			write = s.take
		}
	}
	var committed []store.Committed
	err = write(ctx, "commit polls", func(ctx context.Context, t *tx) error {
		committed = make([]store.Committed, len(ready))
		held, err := t.hold(ctx, hosts)
		if err != nil {
			return err
		}
		var plain []*poll
		for i, p := range ready {
			g := held[p.Lease.Host]
			if g.token == 0 || g.token != p.Lease.Token || g.feed != p.Lease.Feed.ID {
				committed[i].Err = store.ErrLeaseLost
				continue
			}
			delete(held, p.Lease.Host) // a lease is good for one commit
			if len(p.found) == 0 {
				plain = append(plain, p)
				continue
			}
			if committed[i], err = s.commitPoll(ctx, t, p); err != nil {
				return err
			}
			if committed[i].Err != nil {
				held[p.Lease.Host] = g
			}
		}
		return t.movePolled(ctx, plain...)
	})
	if err != nil {
		return nil, err
	}
	return committed, nil
}

// preparePolls does what needs no transaction: it packs what is stored, and
// leaves out what is known already.
func (s *Store) preparePolls(ctx context.Context, polls []store.PollCommit) ([]*poll, error) {
	ready := make([]*poll, len(polls))
	for i, p := range polls {
		state, err := json.Marshal(p.State)
		if err != nil {
			return nil, fmt.Errorf("state of feed %s: %w", p.Lease.Feed.ID, err)
		}
		ready[i] = &poll{PollCommit: p, state: string(state)}
	}
	known, err := s.knownPages(ctx, polls)
	if err != nil {
		return nil, err
	}
	for _, p := range ready {
		for _, d := range p.Pages {
			if known.unchanged(p.Lease.Feed.ID, d) {
				continue
			}
			one, ok, err := s.prepareDiscovery(d)
			if err != nil {
				return nil, err
			}
			if ok {
				p.found = append(p.found, one)
			}
		}
	}
	return ready, nil
}

// commitPoll stores a poll with discoveries. It fails only when the whole
// transaction does.
func (s *Store) commitPoll(ctx context.Context, t *tx, p *poll) (store.Committed, error) {
	var c store.Committed
	err := t.within(ctx, func(t *tx) error {
		c = store.Committed{}
		if err := t.movePolled(ctx, p); err != nil {
			return err
		}
		for _, d := range p.found {
			found, err := t.discover(ctx, p, d)
			if err != nil {
				return err
			}
			switch found {
			case pageNew:
				c.New++
			case pageChanged:
				c.Changed++
			case pageKnown:
			}
		}
		return nil
	})
	if lost(err) {
		return store.Committed{}, err
	}
	if err != nil {
		c = store.Committed{Err: err}
	}
	return c, nil
}

// here moves a time that a crawler stated to the clock of this transaction: what
// counts is how long after at it was.
func (t *tx) here(at, when time.Time) time.Time {
	if at.IsZero() || when.IsZero() {
		return when
	}
	return t.now.Add(when.Sub(at))
}

// movePolled moves the feeds of polls on and frees their hosts, which are held.
func (t *tx) movePolled(ctx context.Context, polls ...*poll) error {
	if len(polls) == 0 {
		return nil
	}
	var b batch
	hosts := make([]string, len(polls))
	for i, p := range polls {
		hosts[i] = p.Lease.Host
		next := orNow(t.here(p.At, p.HostNext), t.now)
		b.add(`UPDATE feeds SET state = $2, due = $3, enabled = enabled AND $3::bigint IS NOT NULL, interval_ns = $4,
  health = $5, last_error = $6, last_status = $7, failures = $8, last_poll = $9,
  last_success = CASE WHEN $10 THEN $9 ELSE last_success END,
  title = CASE WHEN title_given OR $11 = '' THEN title ELSE $11 END,
  site_url = CASE WHEN $12 = '' THEN site_url ELSE $12 END,
  language = CASE WHEN $13 = '' THEN language ELSE $13 END
WHERE id = $1`,
			p.Lease.Feed.ID, p.state, due(t.here(p.At, p.Next)), int64(p.Interval),
			clean(string(p.Health)), clean(p.Error), p.Status, p.Failures, millis(t.now), p.Success, clean(p.Title), clean(p.SiteURL), clean(p.Language))
		b.add(`UPDATE hosts SET token = 0, feed = NULL, page = NULL, free = $2, rest = $3 WHERE host = $1`, p.Lease.Host, millis(next), span(t.now, next))
	}
	b.add(feedsMoved, hosts)
	return t.send(ctx, &b)
}

func orNow(t, now time.Time) time.Time {
	if t.IsZero() {
		return now
	}
	return t
}

// knownPages holds, by key, what feeds last said of the pages that are there.
type knownPages map[string]map[string]string

// knownPages looks the discoveries of polls up.
func (s *Store) knownPages(ctx context.Context, polls []store.PollCommit) (knownPages, error) {
	var keys [][]byte
	for _, p := range polls {
		for _, d := range p.Pages {
			keys = append(keys, hashes(pageKeys(d))...)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return read(ctx, s, "look up pages", func(ctx context.Context, q querier) (knownPages, error) {
		known := knownPages{}
		rows, err := q.Query(ctx, `SELECT k.key, p.hashes FROM page_keys k JOIN pages p ON p.id = k.page WHERE k.key = ANY($1)`, keys)
		err = walk(rows, err, func(rows pgx.Rows) error {
			var key, hashes []byte
			if err := rows.Scan(&key, &hashes); err != nil {
				return err
			}
			var of map[string]string
			err := json.Unmarshal(hashes, &of)
			known[string(key)] = of
			return err
		})
		return known, err
	})
}

// unchanged reports whether feed has said the same of the page before.
func (k knownPages) unchanged(feed string, d store.Discovery) bool {
	for _, key := range pageKeys(d) {
		if of, ok := k[string(hash(key))]; ok {
			before, named := of[feed]
			return named && before == d.Hash
		}
	}
	return false
}
