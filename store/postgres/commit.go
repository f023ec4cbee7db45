package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// commit names a transaction, so that it can be asked what became of it.
type commit struct {
	number string // the server's; after a crash another may have it
	// The connection and which of its transactions it is: no other has both.
	connection string
	serial     int64
}

// keptCommits is for how long the mark of a connection's last commit is kept. It
// is asked for within patience of a transaction of maxTransaction.
const keptCommits = 24 * time.Hour

// commitsKey is where a connection holds the name of its last transaction.
const commitsKey = "broadsheet commit"

// nextCommit names the next transaction of a connection.
func nextCommit(conn *pgx.Conn) commit {
	data := conn.PgConn().CustomData()
	c, ok := data[commitsKey].(commit)
	if !ok {
		c.connection = rand.Text()
	}
	c.serial++
	data[commitsKey] = c
	return c
}

// mark leaves a mark that is there if the transaction is committed. It returns the
// time of the server, in milliseconds since 1970.
func (c *commit) mark(ctx context.Context, t pgx.Tx) (ms int64, err error) {
	err = t.QueryRow(ctx, `INSERT INTO commits AS c VALUES ($1, $2, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)
ON CONFLICT (connection) DO UPDATE SET serial = excluded.serial, at = excluded.at RETURNING at, pg_current_xact_id()::text`,
		c.connection, c.serial).Scan(&ms, &c.number)
	return ms, err
}

// What became of a transaction.
const (
	inProgress = "in progress"
	committed  = "committed"
	aborted    = "aborted"
)

// fate tells what became of a transaction. Its mark is looked for only once the
// server says that it was committed: before that it cannot be seen.
func (c *commit) fate(ctx context.Context, q querier) (string, error) {
	var status string
	err := q.QueryRow(ctx, `SELECT coalesce(pg_xact_status($1::text::xid8), 'aborted')`, c.number).Scan(&status)
	if answer, ok := errors.AsType[*pgconn.PgError](err); ok && answer.Code == numberToCome {
		return aborted, nil
	}
	if err != nil || status != committed {
		return status, err
	}
	var marked bool
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM commits WHERE connection = $1 AND serial = $2)`, c.connection, c.serial).Scan(&marked)
	if err == nil && !marked {
		status = aborted // and its number given to another
	}
	return status, err
}

// numberToCome is what the server says of a number that it has not given away: by
// all that it knows after a crash.
const numberToCome = "22023" // invalid_parameter_value

// settle finds out what became of a transaction whose commit was not answered.
// Running it again unasked could report a lease as lost that was just honored.
func (s *Store) settle(ctx context.Context, c commit, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	for {
		var status string
		err := s.persist(ctx, func() (err error) {
			status, err = c.fate(ctx, s.pool)
			return err
		})
		switch {
		case err != nil:
			return &brokenError{errors.Join(cause, err)}
		case status == committed:
			return nil
		case status == aborted:
			return cause
		}
		select { // the server has not yet noticed that it is alone
		case <-ctx.Done():
			return &brokenError{errors.Join(cause, ctx.Err())}
		case <-time.After(firstPause):
		}
	}
}

// forgetCommits removes the marks of connections that are gone.
func (s *Store) forgetCommits(ctx context.Context) error {
	return s.update(ctx, "forget commits", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM commits WHERE at < extract(epoch FROM clock_timestamp()) * 1000 - $1`, keptCommits.Milliseconds())
		return err
	})
}
