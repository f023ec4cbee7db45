package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// monthBits is how many low bits of an article's number count within a month.
	monthBits = 32
	// monthsAhead is for how many months to come there are tables: more than a
	// program can stand still for unnoticed.
	monthsAhead = 2
	// dropWait is how long housekeeping waits for those who read a month that is
	// to go. Others wait behind it meanwhile, so it rather tries again next time.
	dropWait = "2s"
)

// month counts the months since the year 0.
type month int64

func monthOf(t time.Time) month {
	t = t.UTC()
	return month(t.Year()*12 + int(t.Month()) - 1)
}

// monthOfNumber is the month of an article's number, 0 for one from before there
// were months.
func monthOfNumber(seq int64) month { return month(seq >> monthBits) }

// first is the number from which on the articles of a month are numbered.
func (m month) first() int64 { return int64(m) << monthBits }

// table is the name of a month's part of a table.
func (m month) table(of string) string { return fmt.Sprintf("%s_%04d_%02d", of, m/12, m%12+1) }

// monthly lists the tables of which there is one for each month.
func monthly() []string { return []string{"articles", "revisions"} }

// makeMonth makes the tables of a month, unless they are there. A table that is
// made first and attached then disturbs nobody.
func makeMonth(ctx context.Context, tx pgx.Tx, m month) error {
	if m <= 0 {
		return nil
	}
	for _, t := range monthly() {
		var there bool
		if err := tx.QueryRow(ctx, `SELECT to_regclass($1) IS NOT NULL`, m.table(t)).Scan(&there); err != nil {
			return err
		}
		if there {
			continue
		}
		for _, query := range []string{
			fmt.Sprintf(`CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING INDEXES)`, m.table(t), t),
			fmt.Sprintf(`ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)`, t, m.table(t), m.first(), (m + 1).first()),
		} {
			if _, err := tx.Exec(ctx, query); err != nil {
				return fmt.Errorf("make %s: %w", m.table(t), err)
			}
		}
	}
	return nil
}

// enter has the articles that arrive from now on go to the month that it is. A
// clock that is set back changes nothing: numbers only rise.
func enter(ctx context.Context, tx pgx.Tx, m month) error {
	if err := makeMonth(ctx, tx, m); err != nil {
		return err
	}
	var last int64
	if err := tx.QueryRow(ctx, `SELECT last_value FROM arrivals`).Scan(&last); err != nil {
		return err
	}
	if last < m.first() {
		_, err := tx.Exec(ctx, `SELECT setval('arrivals', $1, false)`, m.first())
		return err
	}
	return makeMonth(ctx, tx, monthOfNumber(last)) // where the clock once was
}

// Tend keeps house: it makes the tables of the months to come, drops those of past
// months whose articles are all gone, so that their space is free at once, and
// forgets which transactions were the last of connections long gone. Any process may call it at any time. It returns how many months were dropped.
func (s *Store) Tend(ctx context.Context) (dropped int, err error) {
	var past []month
	err = s.take(ctx, "make months", func(ctx context.Context, t *tx) error {
		now := monthOf(t.now)
		for m := now; m <= now+monthsAhead; m++ {
			if err := makeMonth(ctx, t, m); err != nil {
				return err
			}
		}
		all, err := months(ctx, t)
		past = slices.DeleteFunc(all, func(m month) bool { return m >= now })
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, m := range past {
		gone, err := s.dropEmpty(ctx, m)
		if err != nil {
			return dropped, err
		}
		if gone {
			dropped++
		}
	}
	return dropped, s.forgetCommits(ctx)
}

// months lists the months of which there are tables, the oldest first.
func months(ctx context.Context, q querier) ([]month, error) {
	rows, err := q.Query(ctx, `SELECT substring(c.relname FROM '\d{4}')::bigint * 12 + substring(c.relname FROM '\d{2}$')::bigint - 1 AS month
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'articles'::regclass AND c.relname ~ '_\d{4}_\d{2}$' ORDER BY month`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[month])
}

// arriving is the month in which articles arrive.
func (t *tx) arriving(ctx context.Context) (month, error) {
	var last int64
	err := t.QueryRow(ctx, `SELECT last_value FROM arrivals`).Scan(&last)
	return monthOfNumber(last), err
}

// dropEmpty drops the tables of a month when nothing that they hold is anybody's.
// When somebody else reads or drops them it leaves them for the next time.
func (s *Store) dropEmpty(ctx context.Context, m month) (gone bool, err error) {
	err = s.take(ctx, "drop month", func(ctx context.Context, t *tx) (err error) {
		if gone, err = t.vacated(ctx, m); err != nil || !gone {
			return err
		}
		if _, err := t.Exec(ctx, `SET LOCAL lock_timeout = '`+dropWait+`'`); err != nil {
			return err
		}
		for _, of := range monthly() {
			if _, err := t.Exec(ctx, `DROP TABLE `+m.table(of)); err != nil {
				return err
			}
		}
		_, err = t.Exec(ctx, `DELETE FROM leaving WHERE month = $1`, m)
		return err
	})
	if locked(err) {
		return false, nil
	}
	return gone, err
}

// vacated reports whether a month has tables, gets no articles any more and holds
// none.
func (t *tx) vacated(ctx context.Context, m month) (bool, error) {
	now, err := t.arriving(ctx)
	if err != nil || now <= m {
		return false, err
	}
	upto, err := t.leftUpTo(ctx, m)
	if err != nil {
		return false, err
	}
	for of, number := range map[string]string{"articles": "seq", "revisions": "article"} {
		var holds bool
		if err := t.QueryRow(ctx, `SELECT to_regclass($1) IS NULL`, m.table(of)).Scan(&holds); err != nil || holds {
			return false, err
		}
		if err := t.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM `+m.table(of)+` WHERE `+number+` > $1)`, upto).Scan(&holds); err != nil || holds {
			return false, err
		}
	}
	return true, nil
}
