package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

const (
	// pageCount is what the names of the counts of pages by state begin with.
	pageCount = "page "
	// maxCounts is how many rows of counts may gather before they are folded.
	maxCounts = 2_000
)

// Stats counts what is held; see [store.Archive].
func (s *Store) Stats(ctx context.Context) (store.Stats, error) {
	rows := 0
	st, err := read(ctx, s, "count", func(ctx context.Context, q querier) (store.Stats, error) {
		st := store.Stats{Feeds: map[news.FeedHealth]int{}, Pages: map[store.PageState]int{}}
		if err := countFeeds(ctx, q, &st); err != nil {
			return st, err
		}
		var err error
		if rows, err = sumCounts(ctx, q, &st); err != nil {
			return st, err
		}
		err = q.QueryRow(ctx, `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r'`).Scan(&st.Bytes)
		return st, err
	})
	if err == nil && rows > maxCounts {
		err = s.foldCounts(ctx)
	}
	return st, err
}

func sumCounts(ctx context.Context, q querier, st *store.Stats) (int, error) {
	total := 0
	rows, err := q.Query(ctx, `SELECT name, sum(n)::bigint, count(*) FROM counts GROUP BY name`)
	err = walk(rows, err, func(rows pgx.Rows) error {
		var name string
		var n, of int
		err := rows.Scan(&name, &n, &of)
		total += of
		count(st, name, n)
		return err
	})
	return total, err
}

func count(st *store.Stats, name string, n int) {
	switch name {
	case "articles":
		st.Articles = n
	case "revisions":
		st.Revisions = n
	case "removed":
		st.Removed = n
	default:
		if state, ok := strings.CutPrefix(name, pageCount); ok && n > 0 && name != "pages due" {
			st.Pages[store.PageState(state)] = n
		}
	}
}

func countFeeds(ctx context.Context, q querier, st *store.Stats) error {
	rows, err := q.Query(ctx, `SELECT enabled, health, count(*) FROM feeds GROUP BY enabled, health`)
	return walk(rows, err, func(rows pgx.Rows) error {
		var enabled bool
		var health news.FeedHealth
		var n int
		err := rows.Scan(&enabled, &health, &n)
		if enabled {
			st.Feeds[health] = n
		} else {
			st.Disabled += n
		}
		return err
	})
}

// foldCounts puts one row in the place of all that are committed. What others
// add meanwhile is not among them.
func (s *Store) foldCounts(ctx context.Context) error {
	return s.update(ctx, "fold counts", func(ctx context.Context, t *tx) error {
		var alone bool
		if err := t.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1)`, lockID(s.schema, "counts")).Scan(&alone); err != nil || !alone {
			return err
		}
		_, err := t.exec(ctx, `WITH gone AS (DELETE FROM counts RETURNING name, n)
INSERT INTO counts SELECT name, sum(n) FROM gone GROUP BY name HAVING sum(n) <> 0`)
		return err
	})
}

// Check reads every article, so that the server finds what its disk has lost,
// and reports the first damage: minutes on a large archive.
func (s *Store) Check(ctx context.Context) error {
	_, err := read(ctx, s, "check", func(ctx context.Context, q querier) (int, error) {
		var n int
		err := q.QueryRow(ctx, `SELECT count(md5(content)) FROM articles`).Scan(&n)
		return n, err
	})
	return err
}
