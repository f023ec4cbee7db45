package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/store"
)

var _ store.Retention = (*Store)(nil)

// maxExpired bounds how many articles are taken down in one transaction: others
// wait for the archive meanwhile.
const maxExpired = 1000

// present holds for a row of articles, under the name a, that is somebody's; see
// the table leaving.
const present = `NOT EXISTS (SELECT 1 FROM leaving l WHERE l.month = a.seq >> 32 AND a.seq <= l.upto)`

// Expire takes old articles down; see [store.Retention]. Where a past month holds
// none that is to stay, the rows of its articles are not touched: [Store.Tend]
// drops the month as a whole.
func (s *Store) Expire(ctx context.Context, before time.Time, n int) (int, error) {
	var removed int
	err := s.take(ctx, "remove old articles", func(ctx context.Context, t *tx) error {
		removed = 0
		now, err := t.arriving(ctx)
		if err != nil {
			return err
		}
		months, err := months(ctx, t)
		if err != nil {
			return err
		}
		for _, m := range append([]month{0}, months...) {
			e := expiry{month: m, before: millis(before), past: m > 0 && m < now}
			removed, err = t.expire(ctx, e, min(n, maxExpired))
			if err != nil || removed > 0 {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}

// expiry is what is to be taken down of a month.
type expiry struct {
	month  month
	before int64
	past   bool // no article arrives in the month any more
}

// table is where the month's articles are.
func (e expiry) table(of string) string {
	if e.month == 0 {
		return of + "_before"
	}
	return e.month.table(of)
}

// expire takes down at most n old articles of a month and returns how many.
func (t *tx) expire(ctx context.Context, e expiry, n int) (int, error) {
	upto, err := t.leftUpTo(ctx, e.month)
	if err != nil {
		return 0, err
	}
	whole := false
	if e.past {
		query := `SELECT NOT EXISTS (SELECT 1 FROM ` + e.table("articles") + ` WHERE published >= $1 AND seq > $2)`
		if err := t.QueryRow(ctx, query, e.before, upto).Scan(&whole); err != nil {
			return 0, err
		}
	}
	query := `SELECT seq, meta::json->>'id', source FROM ` + e.table("articles") + ` WHERE published < $1 AND seq > $2 ORDER BY published, seq LIMIT $3`
	if whole {
		query = `SELECT seq, meta::json->>'id', source FROM ` + e.table("articles") + ` WHERE published < $1 AND seq > $2 ORDER BY seq LIMIT $3`
	}
	old, err := t.oldOnes(ctx, query, e.before, upto, n)
	if err != nil || len(old.seqs) == 0 {
		return 0, err
	}
	return len(old.seqs), t.takeDown(ctx, e, old, whole)
}

// leftUpTo is the number up to which the rows of a month are nobody's any more.
func (t *tx) leftUpTo(ctx context.Context, m month) (upto int64, err error) {
	_, err = t.get(ctx, `SELECT upto FROM leaving WHERE month = $1`, []any{m}, &upto)
	return upto, err
}

// outdated are articles to be taken down, a place of each list for each.
type outdated struct {
	seqs         []int64
	ids, sources []string
}

func (t *tx) oldOnes(ctx context.Context, query string, args ...any) (outdated, error) {
	var old outdated
	rows, err := t.Query(ctx, query, args...)
	err = walk(rows, err, func(rows pgx.Rows) error {
		var seq int64
		var id, source string
		err := rows.Scan(&seq, &id, &source)
		old.seqs, old.ids, old.sources = append(old.seqs, seq), append(old.ids, id), append(old.sources, source)
		return err
	})
	return old, err
}

// takeDown puts tombstones in the place of articles of a month. Their rows are
// deleted, unless the whole month goes.
func (t *tx) takeDown(ctx context.Context, e expiry, old outdated, whole bool) error {
	const pages = `article IN (SELECT unnest($1::text[]) UNION ALL SELECT id FROM identities WHERE target = ANY($1))`
	hosts, err := t.texts(ctx, `SELECT DISTINCT host FROM pages WHERE `+pages, old.ids)
	if err != nil {
		return err
	}
	if _, err := t.hold(ctx, hosts); err != nil {
		return err
	}
	var b batch
	b.add(`WITH gone AS (UPDATE identities SET seq = NULL, target = NULL, version = version + 1 WHERE id = ANY($1) RETURNING id, version, partition)
INSERT INTO outbox (reader, article, version, partition, deleted, since)
SELECT r.id, g.id, g.version, g.partition, true, $2 FROM readers r, gone g
ON CONFLICT (reader, article) DO UPDATE SET version = excluded.version, deleted = excluded.deleted`, old.ids, millis(t.now))
	if whole {
		b.leave(e, old.seqs[len(old.seqs)-1])
	} else {
		b.add(`DELETE FROM `+e.table("articles")+` WHERE seq = ANY($1)`, old.seqs)
		b.add(`DELETE FROM revisions WHERE article = ANY($1)`, old.seqs)
	}
	b.sourcesLose(old.sources)
	b.add(`UPDATE pages SET state = 'gone', due = NULL, again = false, item = NULL WHERE `+pages, old.ids)
	b.add(pagesMoved, hosts)
	return t.send(ctx, &b)
}

// leave makes the rows of a month up to a number nobody's. The trigger that counts
// revisions does not see them go.
func (b *batch) leave(e expiry, upto int64) {
	b.add(fmt.Sprintf(`INSERT INTO counts SELECT 'revisions', -count(*) FROM %s r
WHERE article <= $2 AND article > coalesce((SELECT upto FROM leaving WHERE month = $1), 0) HAVING count(*) > 0`, e.table("revisions")), e.month, upto)
	b.add(`INSERT INTO leaving VALUES ($1, $2) ON CONFLICT (month) DO UPDATE SET upto = excluded.upto`, e.month, upto)
}
