package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// patience is for how long a call is repeated: a fail-over takes seconds.
	patience = 30 * time.Second
	// firstPause is the wait before the first repetition. It doubles up to
	// maxPause, and a part of it is left to chance.
	firstPause = 10 * time.Millisecond
	maxPause   = time.Second
	// maxTransaction bounds a transaction that its caller no longer waits for.
	// The longest gives a new reader an outbox of everything.
	maxTransaction = 30 * time.Minute
)

// update runs do in a transaction that holds rows only. what names it in errors.
func (s *Store) update(ctx context.Context, what string, do func(context.Context, *tx) error) error {
	return s.write(ctx, what, false, do)
}

// take runs do in a transaction that has a turn at the archive.
func (s *Store) take(ctx context.Context, what string, do func(context.Context, *tx) error) error {
	return s.write(ctx, what, true, do)
}

// write runs do until it is committed or fails for good. do may run several
// times and must begin anew each time.
func (s *Store) write(ctx context.Context, what string, archive bool, do func(context.Context, *tx) error) error {
	if archive { // one connection of this process waits for the turn, not all of them
		select {
		case s.turn <- struct{}{}:
			defer func() { <-s.turn }()
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, ctx.Err())
		}
	}
	return s.explain(what, s.persist(ctx, func() error { return s.transact(ctx, archive, do) }))
}

// explain names what was being done.
func (s *Store) explain(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case s.closed.Load():
		return fmt.Errorf("%s: %w", what, ErrClosed)
	}
	return fmt.Errorf("%s: %w", what, explain(err))
}

// read runs do on a connection of its own, again when the connection is lost.
func read[T any](ctx context.Context, s *Store, what string, do func(context.Context, querier) (T, error)) (T, error) {
	var result T
	err := s.persist(ctx, func() (err error) {
		return s.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
			result, err = do(ctx, conn)
			return cut(conn, err)
		})
	})
	if err != nil {
		var zero T
		return zero, s.explain(what, err)
	}
	return result, nil
}

// persist repeats do while it fails in passing.
func (s *Store) persist(ctx context.Context, do func() error) error {
	pause, end := firstPause, time.Now().Add(patience)
	for {
		err := do()
		if !passing(err) || time.Now().After(end) {
			return err
		}
		level := slog.LevelDebug
		if _, answered := errors.AsType[*pgconn.PgError](err); !answered && pause == firstPause {
			level = slog.LevelWarn
		}
		s.log.Log(ctx, level, "transaction is repeated", "err", err)
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, maxPause)
	}
}

// transact runs do in one transaction.
func (s *Store) transact(ctx context.Context, archive bool, do func(context.Context, *tx) error) error {
	unanswered, err := s.attempt(ctx, archive, do)
	if unanswered == nil {
		return err
	}
	return s.settle(ctx, *unanswered, err)
}

// attempt returns, beside its error, the transaction when nobody knows whether it
// was committed. Once begun it is not interrupted.
func (s *Store) attempt(ctx context.Context, archive bool, do func(context.Context, *tx) error) (*commit, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	t, c, err := s.begin(ctx, conn, archive)
	if err != nil {
		return nil, cut(conn, err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxTransaction)
	defer cancel()
	if err := do(ctx, t); err != nil {
		// It fails when the connection is gone, and the transaction with it.
		_ = t.Rollback(ctx)
		return nil, cut(conn, err)
	}
	err = cut(conn, t.Commit(ctx))
	if passing(err) {
		return &c, err
	}
	if archive && err == nil {
		s.month.Store(int64(monthOf(t.now)))
	}
	return nil, err
}

// begin opens a transaction, at the archive's lock if that is wanted, and returns
// what to ask by what became of it.
func (s *Store) begin(ctx context.Context, conn *pgxpool.Conn, archive bool) (*tx, commit, error) {
	c := nextCommit(conn.Conn())
	// The rules of this package hold at this isolation level: a statement sees
	// what was committed before it, and thus before a lock was had.
	t, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return nil, c, err
	}
	fail := func(err error) (*tx, commit, error) {
		_ = t.Rollback(context.WithoutCancel(ctx)) // as in attempt
		return nil, c, err
	}
	if archive {
		if _, err := t.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, s.archive); err != nil {
			return fail(err)
		}
	}
	ms, err := c.mark(ctx, t)
	if err != nil {
		return fail(err)
	}
	now := instant(ms)
	if s.now != nil {
		now = s.now()
	}
	if m := monthOf(now); archive && m != month(s.month.Load()) {
		if err := enter(ctx, t, m); err != nil {
			return fail(err)
		}
	}
	return &tx{Tx: t, now: now}, c, nil
}
