package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Alone does a job that one process is to do for all, once in each span of time:
// not if another process is at it or has done it since. A span of 0 is for jobs
// that are done over and over. It reports whether the job was done. A job that
// fails, or whose process is killed, falls to whoever asks next.
//
// The lock is that of a connection. Should that be lost, another process may
// begin before this one ends: a job must be one that two can do at once.
func (s *Store) Alone(ctx context.Context, job string, every time.Duration, do func(context.Context) error) (done bool, err error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return false, s.explain(job, err)
	}
	defer conn.Release()
	lock := lockID(s.schema, "job "+job)
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, lock).Scan(&done); err != nil || !done {
		return false, s.explain(job, err)
	}
	defer func() { err = errors.Join(err, s.explain(job, unlock(ctx, conn, lock))) }()
	if every > 0 {
		if done, err = s.jobDue(ctx, conn, job, every); err != nil || !done {
			return false, s.explain(job, err)
		}
	}
	if err := do(ctx); err != nil {
		return false, err
	}
	if every <= 0 {
		return true, nil
	}
	return true, s.update(ctx, job, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO jobs VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET done = excluded.done`, job, millis(t.now))
		return err
	})
}

// jobDue reports whether a job was not done for a span of time. A clock that was
// set back makes it due.
func (s *Store) jobDue(ctx context.Context, q querier, job string, every time.Duration) (bool, error) {
	now, err := s.clock(ctx, q)
	if err != nil {
		return false, err
	}
	var last int64
	known, err := found(q.QueryRow(ctx, `SELECT done FROM jobs WHERE name = $1`, job).Scan(&last))
	ago := now.Sub(instant(last))
	return !known || ago < 0 || ago >= every, err
}

// unlock gives a lock of a connection back, be it by giving up the connection.
func unlock(ctx context.Context, conn *pgxpool.Conn, lock int64) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), connectTimeout)
	defer cancel()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_unlock($1)`, lock); err != nil {
		return conn.Conn().Close(ctx)
	}
	return nil
}
