package postgres

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// tx is a transaction and the time that it goes by.
type tx struct {
	pgx.Tx
	now time.Time
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := t.Exec(ctx, query, args...)
	return tag.RowsAffected(), err
}

// get scans the first row into dest and reports whether there was one.
func (t *tx) get(ctx context.Context, query string, args []any, dest ...any) (bool, error) {
	return found(t.QueryRow(ctx, query, args...).Scan(dest...))
}

// texts returns the one column of all rows, which is text.
func (t *tx) texts(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := t.Query(ctx, query, args...)
	return texts(rows, err)
}

// within runs do under a savepoint: when do fails, what it wrote is undone.
func (t *tx) within(ctx context.Context, do func(*tx) error) error {
	sp, err := t.Begin(ctx)
	if err != nil {
		return &brokenError{err}
	}
	failed := do(&tx{Tx: sp, now: t.now})
	switch {
	case failed == nil:
		if err := sp.Commit(ctx); err != nil {
			return &brokenError{err}
		}
	case !lost(failed):
		if err := sp.Rollback(ctx); err != nil {
			return &brokenError{errors.Join(failed, err)}
		}
	}
	return failed
}

// batch gathers statements that go to the server together.
type batch struct{ pgx.Batch }

func (b *batch) add(query string, args ...any) { b.Queue(query, args...) }

// send runs what was gathered, up to the first that fails.
func (t *tx) send(ctx context.Context, b *batch) error {
	if b.Len() == 0 {
		return nil
	}
	return t.SendBatch(ctx, &b.Batch).Close()
}

func found(err error) (bool, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// walk calls scan for every row. scan must not use the rows' connection.
func walk(rows pgx.Rows, err error, scan func(pgx.Rows) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func texts(rows pgx.Rows, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// clean is text as the server takes it: valid UTF-8 without the zero character.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// cleanAll is a copy of list, each text clean.
func cleanAll(list []string) []string {
	out := slices.Clone(list)
	for i, s := range out {
		out[i] = clean(s)
	}
	return out
}

// millis is the stored form of t, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// instant is the time that millis was made of.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// due is the stored form of a schedule, NULL for never.
func due(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}

// value is what p points to, or the zero value.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
