package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// tx is the one writing connection with its prepared statements. Only the
// writer's goroutine uses it.
type tx struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func (t *tx) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := t.stmts[query]; ok {
		return st, nil
	}
	st, err := t.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	t.stmts[query] = st
	return st, nil
}

func (t *tx) close() error {
	var errs []error
	for _, st := range t.stmts {
		errs = append(errs, st.Close())
	}
	return errors.Join(append(errs, t.conn.Close())...)
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := t.run(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// insert runs a statement and returns the number of the row it added.
func (t *tx) insert(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := t.run(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

func (t *tx) run(ctx context.Context, query string, args ...any) (sql.Result, error) {
	st, err := t.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

// get scans the first row into dest and reports whether there was one.
func (t *tx) get(ctx context.Context, query string, args []any, dest ...any) (bool, error) {
	st, err := t.prepare(ctx, query)
	if err != nil {
		return false, err
	}
	return found(st.QueryRowContext(ctx, args...).Scan(dest...))
}

// each calls scan for every row. scan must not use t.
func (t *tx) each(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	st, err := t.prepare(ctx, query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, args...)
	return walk(rows, err, scan)
}

// texts returns the one column of all rows, which is text.
func (t *tx) texts(ctx context.Context, query string, args ...any) ([]string, error) {
	var texts []string
	err := t.each(ctx, query, args, func(rows *sql.Rows) error {
		var text string
		err := rows.Scan(&text)
		texts = append(texts, text)
		return err
	})
	return texts, err
}

// within runs do under a savepoint: when do fails, what it wrote is undone.
func (t *tx) within(ctx context.Context, do func() error) error {
	if _, err := t.exec(ctx, `SAVEPOINT s`); err != nil {
		return err
	}
	failed := do()
	if failed != nil {
		if lost(failed) {
			return failed
		}
		if _, err := t.exec(ctx, `ROLLBACK TO s`); err != nil {
			return &brokenError{errors.Join(failed, err)}
		}
	}
	if _, err := t.exec(ctx, `RELEASE s`); err != nil {
		return &brokenError{errors.Join(failed, err)}
	}
	return failed
}

// inOrder runs steps up to the first that fails. What comes after a failed write
// must not run: the engine may have given up the transaction it belonged to.
func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// brokenError says that the transaction is gone.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

func found(err error) (bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func walk(rows *sql.Rows, err error, scan func(*sql.Rows) error) error {
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
func due(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: millis(t), Valid: !t.IsZero()}
}
