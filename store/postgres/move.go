package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"broadsheet.example/store/move"
)

// shapes are the tables that this store keeps otherwise than [move.Tables] has
// them. Of a paused host that has nothing else to wait for, the time that it is
// free is that of its pause. Bands are packed as four bytes each, without the
// places that they have anyway.
func shapes() map[string]move.Shape {
	return map[string]move.Shape{
		"hosts": {
			Read: map[string]string{"free": `CASE WHEN held > 0 AND free <= held THEN 0 ELSE free END`},
		},
		"fingerprints": {
			Read: map[string]string{"bands": `(SELECT string_agg(substring(int8send(band) FROM 5), '' ORDER BY place) FROM unnest(bands) WITH ORDINALITY AS u(band, place))`},
			Values: map[string]string{"bands": `ARRAY(SELECT CAST(i AS bigint) * 4294967296 + CAST(get_byte(CAST(:bands AS bytea), 4 * i) AS bigint) * 16777216
  + get_byte(:bands, 4 * i + 1) * 65536 + get_byte(:bands, 4 * i + 2) * 256 + get_byte(:bands, 4 * i + 3)
FROM generate_series(0, octet_length(CAST(:bands AS bytea)) / 4 - 1) AS i ORDER BY i)`},
		},
		"articles":  {From: `(SELECT * FROM articles a WHERE ` + present + `) AS t`},
		"revisions": {From: `(SELECT r.* FROM revisions r WHERE NOT EXISTS (SELECT 1 FROM leaving l WHERE l.month = r.article >> 32 AND r.article <= l.upto)) AS t`},
		"readers":   {From: `(SELECT name AS reader FROM readers) AS t`, Names: map[string]string{"reader": "name"}},
		"outbox": {
			From:   `(SELECT o.ord, r.name AS reader, o.article, o.version, o.partition, o.deleted, o.since FROM outbox o JOIN readers r ON r.id = o.reader) AS t`,
			Values: map[string]string{"reader": `(SELECT id FROM readers WHERE name = :reader)`},
		},
	}
}

// patientLock is how long a move waits for others who have what it wants.
const patientLock = "10s"

var _ move.Source = (*Source)(nil)

// Source is a store as it is at one moment.
type Source struct {
	conn *pgx.Conn
	tx   pgx.Tx
}

// OpenSource reads a store as it is now, whatever becomes of it meanwhile. With
// still, it keeps everybody from changing it until the source is closed: whoever
// reads goes on reading, whoever writes waits. It fails when there is no store.
func OpenSource(ctx context.Context, cfg Config, still bool) (*Source, error) {
	conn, err := connect(ctx, &cfg)
	if err != nil {
		return nil, fmt.Errorf("read the store: %w", err)
	}
	s := &Source{conn: conn}
	if err := s.hold(ctx, cfg.Schema, still); err != nil {
		return nil, errors.Join(fmt.Errorf("read the store: %w", explain(err)), s.Close())
	}
	return s, nil
}

// connect makes one connection with the settings of a store's.
func connect(ctx context.Context, cfg *Config) (*pgx.Conn, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, err
	}
	pc, err := poolConfig(*cfg)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, pc.ConnConfig)
	if err != nil {
		return nil, explain(err)
	}
	if err := checkServer(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

// hold brings the store to this program's format and begins to read it.
func (s *Source) hold(ctx context.Context, schema string, still bool) error {
	there, err := hasStore(ctx, s.conn, schema)
	if err != nil {
		return err
	}
	if !there {
		return fmt.Errorf("schema %s holds no archive", schema)
	}
	if err := migrate(ctx, s.conn, schema); err != nil {
		return err
	}
	if s.tx, err = s.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}); err != nil {
		return err
	}
	if _, err := s.tx.Exec(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '`+patientLock+`'`); err != nil {
		return err
	}
	if still {
		return s.lockAll(ctx)
	}
	return nil
}

// lockAll keeps others from writing. What is read later is what they wrote
// before.
func (s *Source) lockAll(ctx context.Context) error {
	for _, t := range move.Tables() {
		_, err := s.tx.Exec(ctx, `LOCK TABLE `+t.Name+` IN SHARE MODE`)
		if locked(err) {
			return fmt.Errorf("other processes are writing to it; stop them first: %w", err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// locked reports whether somebody else has held a lock for too long.
func locked(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == codeLocked
}

// hasStore reports whether there is a store in a schema.
func hasStore(ctx context.Context, q querier, schema string) (there bool, err error) {
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = 'migrations')`, schema).Scan(&there)
	return there, err
}

// Rows reads a table; see [move.Source].
func (s *Source) Rows(ctx context.Context, t move.Table, after move.Row, n int) ([]move.Row, error) {
	return rowsOf(ctx, s.tx, t, after, n)
}

// Count counts the rows of a table; see [move.Source].
func (s *Source) Count(ctx context.Context, t move.Table) (int64, error) {
	return countOf(ctx, s.tx, t)
}

// Close lets the others go on.
func (s *Source) Close() error {
	ctx := context.Background() // what it waits for is a word of farewell
	return s.conn.Close(ctx)
}

func rowsOf(ctx context.Context, q querier, t move.Table, after move.Row, n int) ([]move.Row, error) {
	args := append(append([]any{}, after...), n)
	list := make([]move.Row, 0, n)
	rows, err := q.Query(ctx, shapes()[t.Name].Select(t, after != nil, "$"), args...)
	err = walk(rows, err, func(rows pgx.Rows) error {
		dest, row := t.Receive()
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		list = append(list, row())
		return nil
	})
	return list, err
}

func countOf(ctx context.Context, q querier, t move.Table) (n int64, err error) {
	err = q.QueryRow(ctx, shapes()[t.Name].CountAll(t)).Scan(&n)
	return n, err
}
