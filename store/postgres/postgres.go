// Package postgres is the store in a PostgreSQL database, for any number of
// Broadsheet processes at once.
//
// Hosts are what is leased (hosts.go), under SKIP LOCKED and by the database's
// clock, so that processes neither wait for each other nor trust each other's
// clocks. Whatever changes the archive takes a turn (transact.go): an advisory
// lock held until the commit is visible. That makes the order of articles the
// order of commits, lets a scan rely on it, and keeps two processes from giving
// one article two ids. Polls that bring nothing new need no turn.
//
// It is no database layer: the tables are its own (migrations), and nothing but
// the interfaces of package store leaves it. Start reading at [Open].
package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"broadsheet.example/store"
	"broadsheet.example/store/internal/stored"
)

const (
	// defaultSchema keeps the tables apart from whatever else the database holds.
	defaultSchema = "broadsheet"
	// defaultConns is for how many connections of a process the default is.
	defaultConns = 12
	// maxSchema is the longest name that the server does not cut.
	maxSchema = 63
)

// Config says where the database is and by which clock leases go.
type Config struct {
	// DSN is a URL, postgres://user:password@host:5432/database?sslmode=...,
	// or a list of key=value words. It may name several hosts; the one that can
	// be written to is used. What it leaves out is taken from the environment
	// (PGPASSWORD, PGSSLMODE and so on) and from ~/.pgpass.
	DSN string
	// Schema holds the tables and is made when it is missing; "" means
	// broadsheet.
	Schema string
	// MaxConns bounds the connections of this process; 0 means a dozen, or what
	// pool_max_conns in the DSN says.
	MaxConns int
	// Gap is the least rest of a host whose lease ran out, for its holder may
	// have visited it to the end.
	Gap time.Duration
	// Owner names who holds the leases that are taken, in a word that no other
	// process uses meanwhile. Those that an earlier process of the same name left
	// are taken back by Open. Without a name all leases run out by themselves.
	Owner string
	// Host names the host that a feed's address counts for; nil means the
	// address's host and port.
	Host func(rawURL string) string
	// Now is the clock, for tests; nil means the database's own.
	Now func() time.Time
}

func (c *Config) setDefaults() error {
	if c.Schema == "" {
		c.Schema = defaultSchema
	}
	if len(c.Schema) > maxSchema {
		return fmt.Errorf("schema %q: a name has at most %d bytes", c.Schema, maxSchema)
	}
	if c.Host == nil {
		c.Host = stored.HostOf
	}
	return nil
}

var _ store.Store = (*Store)(nil)

// Store is a [store.Store] in one schema of a database. Calls outlast the loss
// of a connection and a fail-over: they are repeated for half a minute before
// they fail.
type Store struct {
	pool    *pgxpool.Pool
	schema  string
	archive int64 // the advisory lock that is a turn at the archive
	turn    chan struct{}
	now     func() time.Time
	gap     time.Duration
	owner   string
	host    func(string) string
	log     *slog.Logger
	codec   *stored.Codec
	due     dueCount
	rulings stored.Rulings
	month   atomic.Int64 // that the last turn at the archive was in
	closed  atomic.Bool
}

// Open connects, and brings the schema to this program's format. Leases of other
// owners stand. It fails at once, with what to do, when the server cannot be
// reached or used; an error that is [news.ErrUnavailable] may pass. No error of
// this package shows a password. log may be nil.
func Open(ctx context.Context, cfg Config, log *slog.Logger) (*Store, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if err := cfg.setDefaults(); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	pc, err := poolConfig(cfg)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{
		schema: cfg.Schema, archive: lockID(cfg.Schema, "archive"), turn: make(chan struct{}, 1),
		now: cfg.Now, gap: cfg.Gap, owner: cfg.Owner, host: cfg.Host, log: log,
	}
	if s.codec, err = stored.NewCodec(runtime.GOMAXPROCS(0)); err != nil {
		return nil, err
	}
	if s.pool, err = pgxpool.NewWithConfig(ctx, pc); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", explain(err)), s.codec.Close())
	}
	err = s.start(ctx, cfg.Schema)
	if err == nil {
		err = s.takeBack(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", unready(err)), s.Close())
	}
	log.Info("store opened", "host", pc.ConnConfig.Host, "database", pc.ConnConfig.Database, "schema", cfg.Schema)
	return s, nil
}

// start checks the server and its tables.
func (s *Store) start(ctx context.Context, schema string) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if err := checkServer(ctx, conn.Conn()); err != nil {
		return err
	}
	return migrate(ctx, conn.Conn(), schema)
}

// Close waits for the calls that have begun and gives the connections back.
// Closing a store again does nothing.
func (s *Store) Close() error {
	s.closed.Store(true)
	s.pool.Close()
	return s.codec.Close()
}

// clock is the time that leases go by.
func (s *Store) clock(ctx context.Context, q querier) (time.Time, error) {
	if s.now != nil {
		return s.now(), nil
	}
	var ms int64
	err := q.QueryRow(ctx, `SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint`).Scan(&ms)
	return instant(ms), err
}

// querier is a transaction or a lone connection.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}
