package postgres

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

// announce puts a change into every reader's outbox. A change that a reader has
// not acknowledged yet is replaced, and keeps its place and age. A row for each
// article, rather than a position in a log, is what makes it safe: numbers are
// seen in another order than they are given.
func (b *batch) announce(i identity, deleted bool, at time.Time) {
	b.add(`INSERT INTO outbox (reader, article, version, partition, deleted, since)
SELECT id, $1::text, $2::bigint, $3::text, $4::boolean, $5::bigint FROM readers
ON CONFLICT (reader, article) DO UPDATE SET version = excluded.version, deleted = excluded.deleted`, i.id, i.version, i.partition, deleted, millis(at))
}

// Register makes a reader known; see [store.Outbox]. It takes a turn at the
// archive, so that no article is committed between the two statements unseen.
func (s *Store) Register(ctx context.Context, reader string) error {
	return s.take(ctx, "register reader", func(ctx context.Context, t *tx) error {
		var id int64
		ok, err := t.get(ctx, `INSERT INTO readers (name) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id`, []any{clean(reader)}, &id)
		if err != nil || !ok {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO outbox (reader, article, version, partition, deleted, since)
SELECT $1, id, version, partition, false, $2 FROM identities WHERE seq IS NOT NULL ORDER BY seq`, id, millis(t.now))
		return err
	})
}

// Unregister forgets a reader; see [store.Outbox].
func (s *Store) Unregister(ctx context.Context, reader string) error {
	return s.take(ctx, "unregister reader", func(ctx context.Context, t *tx) error {
		var b batch
		b.add(`DELETE FROM outbox WHERE reader = (SELECT id FROM readers WHERE name = $1)`, clean(reader))
		b.add(`DELETE FROM readers WHERE name = $1`, clean(reader))
		return t.send(ctx, &b)
	})
}

// Readers lists the known readers; see [store.Outbox].
func (s *Store) Readers(ctx context.Context) ([]string, error) {
	return read(ctx, s, "list readers", func(ctx context.Context, q querier) ([]string, error) {
		rows, err := q.Query(ctx, `SELECT name FROM readers ORDER BY name`)
		return texts(rows, err)
	})
}

func readerID(ctx context.Context, q querier, name string) (int64, error) {
	var id int64
	ok, err := found(q.QueryRow(ctx, `SELECT id FROM readers WHERE name = $1`, clean(name)).Scan(&id))
	if err == nil && !ok {
		err = fmt.Errorf("reader %s: %w", name, news.ErrNotFound)
	}
	return id, err
}

// LeaseChanges hands out changes; see [store.Outbox]. A change that is being
// replaced at this moment is passed over.
func (s *Store) LeaseChanges(ctx context.Context, reader string, n int, ttl time.Duration) ([]news.Change, error) {
	var changes []news.Change
	err := s.update(ctx, "lease changes", func(ctx context.Context, t *tx) error {
		changes = nil
		id, err := readerID(ctx, t, reader)
		if err != nil || n <= 0 {
			return err
		}
		changes, err = t.leaseChanges(ctx, id, n, stored.Expiry(t.now, ttl))
		return err
	})
	if err != nil {
		return nil, err
	}
	return changes, nil
}

func (t *tx) leaseChanges(ctx context.Context, reader int64, n int, expires time.Time) ([]news.Change, error) {
	type row struct {
		ord    int64
		change news.Change
	}
	var leased []row
	rows, err := t.Query(ctx, `WITH next AS MATERIALIZED (SELECT ord FROM outbox WHERE reader = $1 AND leased <= $2 ORDER BY ord LIMIT $3 FOR UPDATE SKIP LOCKED),
token AS MATERIALIZED (SELECT nextval('tokens') AS token)
UPDATE outbox o SET leased = $4, token = token.token FROM next, token WHERE o.ord = next.ord
RETURNING o.ord, o.article, o.version, o.partition, o.deleted, o.since, o.token`, reader, millis(t.now), n, millis(expires))
	err = walk(rows, err, func(rows pgx.Rows) error {
		var r row
		var since int64
		err := rows.Scan(&r.ord, &r.change.ID, &r.change.Version, &r.change.Partition, &r.change.Deleted, &since, &r.change.Token)
		r.change.Since = instant(since)
		leased = append(leased, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(leased, func(a, b row) int { return cmp.Compare(a.ord, b.ord) })
	changes := make([]news.Change, len(leased))
	for i, r := range leased {
		changes[i] = r.change
	}
	return changes, nil
}

// AckChanges removes what a reader has made durable; see [store.Outbox]. A row
// that has moved on to a newer version is handed out again at once. Rows that a
// commit is busy with are waited for one by one: whoever waited with others in
// hand could wait for ever.
func (s *Store) AckChanges(ctx context.Context, reader string, changes []news.Change) error {
	if err := s.ack(ctx, reader, changes, " SKIP LOCKED"); err != nil {
		return err
	}
	busy, err := s.leasedStill(ctx, reader, changes)
	if err != nil {
		return err
	}
	for _, c := range busy {
		if err := s.ack(ctx, reader, []news.Change{c}, ""); err != nil {
			return err
		}
	}
	return nil
}

// ack acknowledges those of changes whose rows can be had in the given way.
func (s *Store) ack(ctx context.Context, reader string, changes []news.Change, way string) error {
	ids, versions, tokens := columns(changes)
	return s.update(ctx, "acknowledge changes", func(ctx context.Context, t *tx) error {
		id, err := readerID(ctx, t, reader)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `WITH had AS MATERIALIZED (SELECT ord, article, version, token FROM outbox WHERE reader = $1 AND article = ANY($2) FOR UPDATE`+way+`),
done AS (DELETE FROM outbox o USING had, unnest($2::text[], $3::bigint[]) AS c(article, version)
  WHERE o.ord = had.ord AND had.article = c.article AND had.version = c.version RETURNING o.ord)
UPDATE outbox o SET leased = 0, since = $5 FROM had, unnest($2::text[], $4::bigint[]) AS c(article, token)
WHERE o.ord = had.ord AND had.article = c.article AND had.token = c.token AND had.token > 0 AND had.ord NOT IN (SELECT ord FROM done)`,
			id, ids, versions, tokens, millis(t.now))
		return err
	})
}

// leasedStill returns those of changes whose rows are as if they had not been
// acknowledged.
func (s *Store) leasedStill(ctx context.Context, reader string, changes []news.Change) ([]news.Change, error) {
	ids, versions, tokens := columns(changes)
	return read(ctx, s, "acknowledge changes", func(ctx context.Context, q querier) ([]news.Change, error) {
		var still []news.Change
		rows, err := q.Query(ctx, `SELECT c.place FROM readers r, unnest($2::text[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS c(article, version, token, place)
WHERE r.name = $1 AND EXISTS (SELECT 1 FROM outbox o WHERE o.reader = r.id AND o.article = c.article AND (o.version = c.version OR o.token = c.token AND o.token > 0 AND o.leased > 0))`,
			clean(reader), ids, versions, tokens)
		err = walk(rows, err, func(rows pgx.Rows) error {
			var place int
			err := rows.Scan(&place)
			if err == nil {
				still = append(still, changes[place-1])
			}
			return err
		})
		return still, err
	})
}

func columns(changes []news.Change) (ids []string, versions, tokens []int64) {
	for _, c := range changes {
		ids, versions, tokens = append(ids, clean(c.ID)), append(versions, c.Version), append(tokens, c.Token)
	}
	return ids, versions, tokens
}

// Backlog tells how far behind a reader is; see [store.Outbox].
func (s *Store) Backlog(ctx context.Context, reader string) (store.Backlog, error) {
	return read(ctx, s, "backlog", func(ctx context.Context, q querier) (store.Backlog, error) {
		var b store.Backlog
		id, err := readerID(ctx, q, reader)
		if err != nil {
			return b, err
		}
		var oldest int64
		err = q.QueryRow(ctx, `SELECT (SELECT count(*) FROM outbox WHERE reader = $1),
  coalesce((SELECT since FROM outbox WHERE reader = $1 ORDER BY ord LIMIT 1), 0)`, id).Scan(&b.Pending, &oldest)
		b.Oldest = instant(oldest)
		return b, err
	})
}
