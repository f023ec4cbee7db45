package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"broadsheet.example/store/dirlock"
	"broadsheet.example/store/move"
)

// movingName is that of a store in the making, which nothing else opens.
const movingName = FileName + ".moving"

var _ move.Target = (*Target)(nil)

// Target is a store in the making, in a directory that holds none yet.
type Target struct {
	dir  string
	lock *os.File
	db   *sql.DB
}

// OpenTarget takes the directory into possession, which is made when it is
// missing and must hold no store. What an earlier move has left is gone on with,
// or dropped when restart is set. The caller closes the target.
func OpenTarget(ctx context.Context, dir string, restart bool) (t *Target, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("move to %s: %w", dir, err)
	}
	lock, err := dirlock.Acquire(dir)
	if err != nil {
		return nil, err
	}
	t = &Target{dir: dir, lock: lock}
	if err := t.open(ctx, restart); err != nil {
		return nil, errors.Join(fmt.Errorf("move to %s: %w", dir, err), t.Close())
	}
	return t, nil
}

func (t *Target) open(ctx context.Context, restart bool) (err error) {
	if err := t.vacant(); err != nil {
		return err
	}
	path := filepath.Join(t.dir, movingName)
	if restart {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if err := discard(path + suffix); err != nil {
				return err
			}
		}
	}
	if t.db, err = sql.Open("sqlite", dsn(path, writerPragmas())); err != nil {
		return err
	}
	t.db.SetMaxOpenConns(1)
	conn, err := t.db.Conn(ctx)
	if err != nil {
		return err
	}
	err = migrate(ctx, conn, time.Now())
	if err == nil {
		_, err = conn.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS moving (state BLOB NOT NULL)`)
	}
	return errors.Join(err, conn.Close())
}

// vacant fails when the directory holds a store.
func (t *Target) vacant() error {
	for _, name := range []string{FileName, FileName + "-wal"} { // a log left behind would be played into the store
		if _, err := os.Lstat(filepath.Join(t.dir, name)); !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("it %w (%s): choose another directory, or move that away", move.ErrOccupied, name)
		}
	}
	return nil
}

// Rows reads a table; see [move.Source].
func (t *Target) Rows(ctx context.Context, table move.Table, after move.Row, n int) ([]move.Row, error) {
	return rowsOf(ctx, t.db, table, after, n)
}

// Count counts the rows of a table; see [move.Source].
func (t *Target) Count(ctx context.Context, table move.Table) (int64, error) {
	return countOf(ctx, t.db, table)
}

// State tells where the move stands; see [move.Target].
func (t *Target) State(ctx context.Context) (state []byte, err error) {
	_, err = found(t.db.QueryRowContext(ctx, `SELECT state FROM moving`).Scan(&state))
	return state, err
}

// Put adds rows to a table; see [move.Target].
func (t *Target) Put(ctx context.Context, table move.Table, rows []move.Row, state []byte) error {
	tx, err := t.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	for _, query := range shapes()[table.Name].Inserts(table, "?") {
		if err := insertAll(ctx, tx, query, rows); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM moving`); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO moving VALUES (?)`, state); err != nil {
		return err
	}
	return tx.Commit()
}

func insertAll(ctx context.Context, tx *sql.Tx, query string, rows []move.Row) (err error) {
	st, err := tx.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	for _, r := range rows {
		if _, err := st.ExecContext(ctx, r...); err != nil {
			return err
		}
	}
	return nil
}

// recount makes the counters anew. Their triggers know no tombstone that was
// never an article.
var recount = []string{
	`DELETE FROM counters`,
	`INSERT INTO counters SELECT 'articles', count(seq) FROM identities
UNION ALL SELECT 'removed', count(*) FROM identities WHERE seq IS NULL AND target IS NULL
UNION ALL SELECT 'revisions', count(*) FROM revisions
UNION ALL SELECT 'pages due', count(due) FROM pages
UNION ALL SELECT 'page ' || state, count(*) FROM pages GROUP BY state`,
}

// Finish gives the file the name of a store; see [move.Target].
func (t *Target) Finish(ctx context.Context) error {
	if err := t.settle(ctx); err != nil {
		return err
	}
	if err := t.vacant(); err != nil {
		return err
	}
	path := filepath.Join(t.dir, movingName)
	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}
	if err := os.Rename(path, filepath.Join(t.dir, FileName)); err != nil {
		return err
	}
	return errors.Join(syncFile(t.dir), t.forget(ctx))
}

// forget drops where the move stood, which nobody needs any more. Before the
// file had its name, a move that was cut short would have begun anew.
func (t *Target) forget(ctx context.Context) error {
	db, err := sql.Open("sqlite", dsn(filepath.Join(t.dir, FileName), writerPragmas()))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `DROP TABLE moving`)
	return errors.Join(err, db.Close())
}

// settle completes the database and brings all of it into its one file.
func (t *Target) settle(ctx context.Context) error {
	tx, err := t.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	for _, query := range recount {
		if _, err := tx.ExecContext(ctx, query); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	if _, err := t.db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return err
	}
	db := t.db
	t.db = nil
	if err := db.Close(); err != nil { // the last connection takes the log with it
		return err
	}
	return syncFile(filepath.Join(t.dir, movingName))
}

// Close gives the directory back. What is not finished can be gone on with.
func (t *Target) Close() error {
	var err error
	if t.db != nil {
		err = t.db.Close()
	}
	return errors.Join(err, t.lock.Close())
}
