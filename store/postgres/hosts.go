package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/store/internal/stored"
)

// maxHost is the longest name of a host that is taken, in bytes. No longer
// one can be looked up, and rows of an index have a limit.
const maxHost = 512

// grip is what the row of a host says of its lease.
type grip struct {
	token int64
	feed  string
	page  int64
}

// hold takes the rows of hosts until the end of the transaction, in the one
// order that everybody takes them in, makes those that are missing, and returns
// the leases in force. What a later statement reads of the hosts' work is then
// not changed by anybody else.
func (t *tx) hold(ctx context.Context, hosts []string) (map[string]grip, error) {
	hosts = slices.Sorted(slices.Values(hosts))
	hosts = slices.Compact(hosts)
	held := make(map[string]grip, len(hosts))
	there, err := t.lockHosts(ctx, hosts, held)
	if err != nil || there == len(hosts) {
		return held, err
	}
	_, err = t.exec(ctx, `INSERT INTO hosts (host) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING`, hosts)
	if err != nil {
		return nil, err
	}
	_, err = t.lockHosts(ctx, hosts, held)
	return held, err
}

func (t *tx) lockHosts(ctx context.Context, hosts []string, held map[string]grip) (int, error) {
	n := 0
	rows, err := t.Query(ctx, `SELECT host, token, coalesce(feed, ''), coalesce(page, 0) FROM hosts WHERE host = ANY($1) ORDER BY host FOR NO KEY UPDATE`, hosts)
	err = walk(rows, err, func(rows pgx.Rows) error {
		var host string
		var g grip
		n++
		if err := rows.Scan(&host, &g.token, &g.feed, &g.page); err != nil {
			return err
		}
		if g.token > 0 {
			held[host] = g
		}
		return nil
	})
	return n, err
}

// span is how long a host was told to rest, as far as it is remembered.
func span(at, next time.Time) int64 {
	return min(max(next.Sub(at), 0), stored.MaxRest).Milliseconds()
}

// feedsMoved brings the rows of hosts, which are held, up to the schedule of
// their feeds.
func (t *tx) feedsMoved(ctx context.Context, hosts ...string) error {
	_, err := t.exec(ctx, feedsMoved, hosts)
	return err
}

// pagesMoved does the same for their pages.
func (t *tx) pagesMoved(ctx context.Context, hosts ...string) error {
	_, err := t.exec(ctx, pagesMoved, hosts)
	return err
}

const (
	feedsMoved = `UPDATE hosts h SET feed_due = (SELECT min(due) FROM feeds WHERE host = h.host AND enabled AND due IS NOT NULL) WHERE host = ANY($1)`
	pagesMoved = `UPDATE hosts h SET page_due = (SELECT min(due) FROM pages WHERE host = h.host AND due IS NOT NULL) WHERE host = ANY($1)`
)
