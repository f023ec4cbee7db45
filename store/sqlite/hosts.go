package sqlite

import (
	"context"
	"errors"
	"slices"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

// recoverLeases takes back what a dead owner held. Each host it may have been
// visiting rests for gap, or for as long as it last had to. On a full disk the
// leases stand until they expire, so that the archive can be read at least.
func (s *Store) recoverLeases(ctx context.Context, gap time.Duration) error {
	var hosts int64
	err := s.update(ctx, "recover leases", func(ctx context.Context, t *tx) (err error) {
		if _, err := t.exec(ctx, `UPDATE outbox SET leased = 0 WHERE leased > 0`); err != nil {
			return err
		}
		hosts, err = t.exec(ctx, `UPDATE hosts SET token = 0, feed = NULL, page = NULL, free = ? + max(rest, ?) WHERE token > 0`,
			millis(s.now()), gap.Milliseconds())
		return err
	})
	if errors.Is(err, news.ErrDiskFull) {
		s.log.Warn("leases of the last owner stand until they expire", "err", err)
		return nil
	}
	if err == nil && hosts > 0 {
		s.log.Info("leases of the last owner taken back", "hosts", hosts)
	}
	return err
}

// tokens reserves n tokens that were never given before and returns the first.
func (t *tx) tokens(ctx context.Context, n int) (int64, error) {
	var last int64
	_, err := t.get(ctx, `INSERT INTO counters VALUES ('token', ?1) ON CONFLICT DO UPDATE SET n = n + ?1 RETURNING n`, []any{n}, &last)
	return last - int64(n) + 1, err
}

// freeHost ends the lease that token stands for and lets the host rest until
// next. It fails with ErrLeaseLost when the lease is no longer in force.
func (t *tx) freeHost(ctx context.Context, token int64, at, next time.Time) error {
	rest := min(max(next.Sub(at), 0), stored.MaxRest)
	n, err := t.exec(ctx, `UPDATE hosts SET token = 0, feed = NULL, page = NULL, free = ?, rest = ? WHERE token = ? AND token > 0`,
		millis(next), rest.Milliseconds(), token)
	if err == nil && n == 0 {
		return store.ErrLeaseLost
	}
	return err
}

// feedsMoved brings a host's row up to the schedule of its feeds.
func (t *tx) feedsMoved(ctx context.Context, host string) error {
	_, err := t.exec(ctx, `INSERT INTO hosts (host, feed_due) VALUES (?1,
  (SELECT min(due) FROM feeds WHERE host = ?1 AND enabled = 1 AND due IS NOT NULL))
ON CONFLICT DO UPDATE SET feed_due = excluded.feed_due`, host)
	return err
}

// pagesMoved does the same for its pages.
func (t *tx) pagesMoved(ctx context.Context, host string) error {
	_, err := t.exec(ctx, `INSERT INTO hosts (host, page_due) VALUES (?1,
  (SELECT min(due) FROM pages WHERE host = ?1 AND due IS NOT NULL))
ON CONFLICT DO UPDATE SET page_due = excluded.page_due`, host)
	return err
}

// forEach calls do once for every one of hosts.
func forEach(ctx context.Context, hosts []string, do func(context.Context, string) error) error {
	slices.Sort(hosts)
	for _, host := range slices.Compact(hosts) {
		if err := do(ctx, host); err != nil {
			return err
		}
	}
	return nil
}
