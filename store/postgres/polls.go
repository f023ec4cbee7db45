package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
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
		held, err := t.hold(ctx, hosts)
		if err == nil {
			committed, err = t.commitPolls(ctx, ready, held)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return committed, nil
}

// commitPolls stores those of polls whose leases are among those held.
func (t *tx) commitPolls(ctx context.Context, polls []*poll, held map[string]grip) ([]store.Committed, error) {
	committed := make([]store.Committed, len(polls))
	var plain []*poll
	for i, p := range polls {
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
		err := t.within(ctx, func(t *tx) (err error) {
			committed[i], err = t.commitPoll(ctx, p)
			return err
		})
		if lost(err) {
			return nil, err
		}
		if err != nil {
			committed[i] = store.Committed{Err: err}
			held[p.Lease.Host] = g
		}
	}
	return committed, t.movePolled(ctx, plain...)
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

// commitPoll stores a poll with its discoveries.
func (t *tx) commitPoll(ctx context.Context, p *poll) (store.Committed, error) {
	var c store.Committed
	if err := t.movePolled(ctx, p); err != nil {
		return c, err
	}
	for _, d := range p.found {
		found, err := t.discover(ctx, p, d)
		if err != nil {
			return c, err
		}
		found.Count(&c)
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
	var c pollColumns
	for _, p := range polls {
		c.add(p, due(t.here(p.At, p.Next)))
		free := orNow(t.here(p.At, p.HostNext), t.now)
		c.free, c.rest = append(c.free, millis(free)), append(c.rest, span(t.now, free))
	}
	var b batch
	b.add(`UPDATE feeds f SET state = u.state, due = u.due, enabled = f.enabled AND u.due IS NOT NULL, interval_ns = u.interval_ns,
  health = u.health, last_error = u.error, last_status = u.status, failures = u.failures, last_poll = $1,
  last_success = CASE WHEN u.success THEN $1 ELSE f.last_success END,
  title = CASE WHEN f.title_given OR u.title = '' THEN f.title ELSE u.title END,
  site_url = CASE WHEN u.site_url = '' THEN f.site_url ELSE u.site_url END,
  language = CASE WHEN u.language = '' THEN f.language ELSE u.language END
FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::boolean[], $11::text[], $12::text[], $13::text[])
  AS u(id, state, due, interval_ns, health, error, status, failures, success, title, site_url, language)
WHERE f.id = u.id`, millis(t.now), c.id, c.state, c.due, c.interval, c.health, c.error, c.status, c.failures, c.success, c.title, c.siteURL, c.language)
	b.add(`UPDATE hosts h SET token = 0, feed = NULL, page = NULL, free = u.free, rest = u.rest,
  feed_due = (SELECT min(due) FROM feeds WHERE host = h.host AND enabled AND due IS NOT NULL)
FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS u(host, free, rest) WHERE h.host = u.host`, c.host, c.free, c.rest)
	return t.send(ctx, &b)
}

// pollColumns are polls as the server takes many rows at once: by column.
type pollColumns struct {
	id, host, state, health, error, title, siteURL, language []string
	interval, status, failures, free, rest                   []int64
	due                                                      []*int64
	success                                                  []bool
}

func (c *pollColumns) add(p *poll, due *int64) {
	c.id, c.host, c.state = append(c.id, p.Lease.Feed.ID), append(c.host, p.Lease.Host), append(c.state, p.state)
	c.health, c.error = append(c.health, clean(string(p.Health))), append(c.error, clean(p.Error))
	c.title, c.siteURL, c.language = append(c.title, clean(p.Title)), append(c.siteURL, clean(p.SiteURL)), append(c.language, clean(p.Language))
	c.interval, c.due = append(c.interval, int64(p.Interval)), append(c.due, due)
	c.status, c.failures = append(c.status, int64(p.Status)), append(c.failures, int64(p.Failures))
	c.success = append(c.success, p.Success)
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
			keys = append(keys, hashes(stored.PageKeys(d))...)
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
	for _, key := range stored.PageKeys(d) {
		if of, ok := k[string(stored.Hash(key))]; ok {
			before, named := of[feed]
			return named && before == d.Hash
		}
	}
	return false
}
