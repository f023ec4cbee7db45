package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"broadsheet.example/store/move"
)

// movingSuffix ends the name of the schema of a store in the making.
const movingSuffix = "_moving"

var _ move.Target = (*Target)(nil)

// Target is a store in the making, in a schema of another name.
type Target struct {
	conn   *pgx.Conn
	schema string // that the store will have
}

// OpenTarget prepares a database, which must hold no store in the schema, for
// one. What an earlier move has left is gone on with, or dropped when restart is
// set. The caller closes the target.
func OpenTarget(ctx context.Context, cfg Config, restart bool) (*Target, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, fmt.Errorf("move: %w", err)
	}
	t := &Target{schema: cfg.Schema}
	cfg.Schema += movingSuffix
	conn, err := connect(ctx, &cfg)
	if err != nil {
		return nil, fmt.Errorf("move: %w", err)
	}
	t.conn = conn
	if err := t.prepare(ctx, restart); err != nil {
		return nil, errors.Join(fmt.Errorf("move: %w", explain(err)), t.Close())
	}
	return t, nil
}

func (t *Target) moving() string { return t.schema + movingSuffix }

// prepare makes the tables. What counts rows is switched off until the end.
func (t *Target) prepare(ctx context.Context, restart bool) error {
	// A process that was just killed has the lock until the server notices.
	_, err := t.conn.Exec(ctx, fmt.Sprintf(`SET lock_timeout = '%s'; SELECT pg_advisory_lock(%d); SET lock_timeout = 0`, patientLock, lockID(t.schema, "move")))
	if locked(err) {
		return errors.New("another process is moving a store there")
	}
	if err != nil {
		return err
	}
	if err := t.vacant(ctx, t.conn); err != nil {
		return err
	}
	if restart {
		if _, err := t.conn.Exec(ctx, `DROP SCHEMA IF EXISTS `+pgx.Identifier{t.moving()}.Sanitize()+` CASCADE`); err != nil {
			return err
		}
	}
	if err := migrate(ctx, t.conn, t.moving()); err != nil {
		return err
	}
	return t.triggers(ctx, t.conn, "DISABLE", `CREATE TABLE IF NOT EXISTS moving (state bytea NOT NULL)`)
}

// counted are the tables whose triggers count their rows.
var counted = []string{"pages", "identities", "revisions"}

// executor is a transaction or a lone connection.
type executor interface {
	Exec(ctx context.Context, query string, args ...any) (pgconn.CommandTag, error)
}

// triggers runs statements and switches those triggers on or off that count rows.
func (t *Target) triggers(ctx context.Context, q executor, how string, also ...string) error {
	for _, table := range counted {
		also = append(also, `ALTER TABLE `+table+` `+how+` TRIGGER USER`)
	}
	for _, query := range also {
		if _, err := q.Exec(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// vacant fails when there is a store.
func (t *Target) vacant(ctx context.Context, q querier) error {
	there, err := hasStore(ctx, q, t.schema)
	if err == nil && there {
		err = fmt.Errorf("the database %w (schema %s): name another database, or drop that schema", move.ErrOccupied, t.schema)
	}
	return err
}

// Rows reads a table; see [move.Source].
func (t *Target) Rows(ctx context.Context, table move.Table, after move.Row, n int) ([]move.Row, error) {
	return rowsOf(ctx, t.conn, table, after, n)
}

// Count counts the rows of a table; see [move.Source].
func (t *Target) Count(ctx context.Context, table move.Table) (int64, error) {
	return countOf(ctx, t.conn, table)
}

// State tells where the move stands; see [move.Target].
func (t *Target) State(ctx context.Context) (state []byte, err error) {
	_, err = found(t.conn.QueryRow(ctx, `SELECT state FROM moving`).Scan(&state))
	return state, err
}

// Put adds rows to a table; see [move.Target].
func (t *Target) Put(ctx context.Context, table move.Table, rows []move.Row, state []byte) error {
	return explain(pgx.BeginFunc(ctx, t.conn, func(tx pgx.Tx) error {
		if err := putRows(ctx, tx, table, rows); err != nil {
			return err
		}
		var b pgx.Batch
		b.Queue(`DELETE FROM moving`)
		b.Queue(`INSERT INTO moving VALUES ($1)`, state)
		return tx.SendBatch(ctx, &b).Close()
	}))
}

func putRows(ctx context.Context, tx pgx.Tx, table move.Table, rows []move.Row) error {
	if err := makeMonthsOf(ctx, tx, table, rows); err != nil {
		return err
	}
	shape := shapes()[table.Name]
	if shape.Direct() {
		names, _ := shape.Targets(table) // all columns, in order
		_, err := tx.CopyFrom(ctx, pgx.Identifier{table.Name}, names, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) { return rows[i], nil }))
		return err
	}
	var b pgx.Batch
	for _, query := range shape.Inserts(table, "$") {
		for _, r := range rows {
			b.Queue(query, r...)
		}
	}
	return tx.SendBatch(ctx, &b).Close()
}

// makeMonthsOf makes the tables of the months that rows belong to.
func makeMonthsOf(ctx context.Context, tx pgx.Tx, table move.Table, rows []move.Row) error {
	if !slices.Contains(monthly(), table.Name) {
		return nil
	}
	made := map[month]bool{}
	for _, r := range rows {
		m := monthOfNumber(r[0].(int64)) // the number is the first column of either table
		if made[m] {
			continue
		}
		if err := makeMonth(ctx, tx, m); err != nil {
			return err
		}
		made[m] = true
	}
	return nil
}

// recount makes the counts, which nobody has kept meanwhile.
const recount = `INSERT INTO counts SELECT 'articles', count(seq) FROM identities
UNION ALL SELECT 'removed', count(*) FROM identities WHERE seq IS NULL AND target IS NULL
UNION ALL SELECT 'revisions', count(*) FROM revisions
UNION ALL SELECT 'pages due', count(due) FROM pages
UNION ALL SELECT 'page ' || state, count(*) FROM pages GROUP BY state`

// numbered are the columns whose numbers a sequence gives.
var numbered = map[string]string{"pages": "id", "articles": "seq", "fingerprints": "seq", "outbox": "ord"}

// Finish gives the schema the name of a store; see [move.Target].
func (t *Target) Finish(ctx context.Context) error {
	queries := []string{`SET LOCAL enable_seqscan = on`, recount, `DROP TABLE moving`}
	for table, column := range numbered {
		queries = append(queries, fmt.Sprintf(`SELECT setval(pg_get_serial_sequence('%s', '%s'), coalesce(max(%[2]s), 0) + 1, false) FROM %[1]s`, table, column))
	}
	for _, table := range move.Tables() { // only these: others of the database may be locked
		queries = append(queries, `ANALYZE `+table.Name)
	}
	return explain(pgx.BeginFunc(ctx, t.conn, func(tx pgx.Tx) error {
		if err := t.vacant(ctx, tx); err != nil {
			return err
		}
		if err := t.triggers(ctx, tx, "ENABLE", queries...); err != nil {
			return err
		}
		// One that was made beforehand, for a user who may make none, is empty.
		if _, err := tx.Exec(ctx, `DROP SCHEMA IF EXISTS `+pgx.Identifier{t.schema}.Sanitize()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `ALTER SCHEMA `+pgx.Identifier{t.moving()}.Sanitize()+` RENAME TO `+pgx.Identifier{t.schema}.Sanitize())
		return err
	}))
}

// Close gives the connection back. What is not finished can be gone on with.
func (t *Target) Close() error {
	ctx := context.Background() // what it waits for is a word of farewell
	return t.conn.Close(ctx)
}
