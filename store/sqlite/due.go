package sqlite

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"broadsheet.example/store"
)

const (
	// many is how much overdue work is too much to be counted on every call.
	many = 50_000
	// thrift is the part of the time that counting may then take: a count that
	// took a millisecond is used for this many.
	thrift = 50
)

// dueCount keeps the number of pages that are due when it is costly to count.
type dueCount struct {
	mu    sync.Mutex
	pages int
	until time.Time
}

func (c *dueCount) count(query func() (int, error)) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	began := time.Now()
	if began.Before(c.until) {
		return c.pages, nil
	}
	n, err := query()
	if err != nil {
		return 0, err
	}
	if n > many {
		c.pages, c.until = n, began.Add(thrift*time.Since(began))
	}
	return n, nil
}

// Due sums up the crawl's work; see [store.Crawl]. PagesDue may be some seconds
// old when more than fifty thousand pages are overdue. Next is when something
// can be leased: when the work is due and its host is free.
func (s *Store) Due(ctx context.Context) (store.Due, error) {
	var d store.Due
	var next sql.NullInt64
	now := millis(s.now())
	err := s.read.QueryRowContext(ctx, `SELECT
  (SELECT count(*) FROM feeds WHERE enabled = 1 AND due <= ?1),
  (SELECT count(*) FROM feeds WHERE enabled = 1),
  coalesce((SELECT n FROM counters WHERE name = 'pages due'), 0),
  (SELECT count(*) FROM hosts WHERE token > 0 AND free > ?1),
  (SELECT min(ready) FROM (
    SELECT min(feed_ready) AS ready FROM hosts WHERE feed_ready IS NOT NULL
    UNION ALL SELECT min(page_ready) FROM hosts WHERE page_ready IS NOT NULL))`, now).
		Scan(&d.FeedsDue, &d.FeedsTotal, &d.PagesTotal, &d.Leased, &next)
	if err != nil {
		return store.Due{}, s.failed("count due work", err)
	}
	d.Next = instant(next.Int64)
	d.PagesDue, err = s.due.count(func() (n int, err error) {
		err = s.read.QueryRowContext(ctx, `SELECT count(*) FROM pages WHERE due <= ?`, now).Scan(&n)
		return n, err
	})
	return d, s.failed("count due pages", err)
}
