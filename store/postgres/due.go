package postgres

import (
	"context"
	"sync"
	"time"

	"broadsheet.example/store"
)

const (
	// many is how much work is too much to be counted on every call.
	many = 50_000
	// thrift is the part of the time that counting may then take: a count that
	// took a millisecond is used for this many.
	thrift = 50
)

// dueCount keeps the numbers of feeds and pages when they are costly to count.
type dueCount struct {
	mu    sync.Mutex
	due   store.Due
	until time.Time
}

func (c *dueCount) count(query func() (store.Due, error)) (store.Due, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	began := time.Now()
	if began.Before(c.until) {
		return c.due, nil
	}
	d, err := query()
	if err != nil {
		return store.Due{}, err
	}
	if d.FeedsTotal+d.PagesDue > many {
		c.due, c.until = d, time.Now().Add(thrift*time.Since(began))
	}
	return d, nil
}

// Due sums up the crawl's work; see [store.Crawl]. The numbers of feeds and
// pages may be some seconds old when there are more than fifty thousand. Next is
// when something can be leased: when the work is due and its host is free.
func (s *Store) Due(ctx context.Context) (store.Due, error) {
	d, err := s.due.count(func() (store.Due, error) { return s.countDue(ctx) })
	if err != nil {
		return store.Due{}, err
	}
	return read(ctx, s, "find next work", func(ctx context.Context, q querier) (store.Due, error) {
		now, err := s.clock(ctx, q)
		if err != nil {
			return store.Due{}, err
		}
		var next *int64
		err = q.QueryRow(ctx, `SELECT (SELECT count(*) FROM hosts WHERE token > 0 AND free > $1),
  (SELECT least((SELECT min(feed_ready) FROM hosts WHERE feed_ready IS NOT NULL), (SELECT min(page_ready) FROM hosts WHERE page_ready IS NOT NULL)))`,
			millis(now)).Scan(&d.Leased, &next)
		d.Next = instant(value(next))
		return d, err
	})
}

func (s *Store) countDue(ctx context.Context) (store.Due, error) {
	rows := 0
	d, err := read(ctx, s, "count due work", func(ctx context.Context, q querier) (store.Due, error) {
		var d store.Due
		now, err := s.clock(ctx, q)
		if err != nil {
			return d, err
		}
		err = q.QueryRow(ctx, `SELECT (SELECT count(*) FROM feeds WHERE enabled AND due <= $1), (SELECT count(*) FROM feeds WHERE enabled),
  (SELECT count(*) FROM pages WHERE due <= $1), coalesce(sum(n) FILTER (WHERE name = 'pages due'), 0)::bigint, count(*) FROM counts`, millis(now)).
			Scan(&d.FeedsDue, &d.FeedsTotal, &d.PagesDue, &d.PagesTotal, &rows)
		return d, err
	})
	if err == nil && rows > maxCounts {
		err = s.foldCounts(ctx)
	}
	return d, err
}
