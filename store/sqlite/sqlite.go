// Package sqlite is the store in one SQLite file: the default system of record.
//
// One goroutine writes and groups what arrives together into one transaction
// (writer.go); a small pool reads beside it. Hosts are what is leased
// (hosts.go): a host's row knows when its earliest feed and page fall due and
// when it is free, so handing out work never looks at all the work there is.
// Drafts go in by put.go and revise.go, articles come out by articles.go, and
// their followers hear of them by outbox.go.
//
// It is no database layer: the tables are its own (migrations), and nothing but
// [store.Store] leaves it. Start reading at [Open].
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"broadsheet.example/store"
	"broadsheet.example/store/dirlock"
	"broadsheet.example/store/internal/stored"
)

// FileName is that of the database in its directory.
const FileName = "broadsheet.db"

const (
	// readers is the number of connections beside the writer's.
	readers = 4
	// defaultGap is how long a host rests when the configuration is silent.
	defaultGap = time.Second
)

// Config says where the store lives and by which clock.
type Config struct {
	// Dir is the directory, made when it is missing. It has one owner.
	Dir string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Gap is the least rest of a host that was being visited when the last
	// owner died; 0 means a second.
	Gap time.Duration
	// Host names the host that a feed's address counts for; nil means the
	// address's host and port.
	Host func(rawURL string) string
}

func (c *Config) setDefaults() {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Gap <= 0 {
		c.Gap = defaultGap
	}
	if c.Host == nil {
		c.Host = stored.HostOf
	}
}

var _ store.Store = (*Store)(nil)

// Store is a [store.Store] in one directory. After a write failed with
// news.ErrDiskFull it stays usable: reads go on, and writes succeed again when
// there is space.
type Store struct {
	dir     string
	now     func() time.Time
	host    func(string) string
	log     *slog.Logger
	lock    *os.File
	write   *sql.DB
	read    *sql.DB
	w       *writer
	codec   *stored.Codec
	due     dueCount
	rulings stored.Rulings
	once    sync.Once
}

// Open takes the directory into possession, brings its database to this
// program's format and takes back what a dead owner had leased. It fails with a
// [*dirlock.LockedError] when another process owns the directory. log may be nil.
func Open(ctx context.Context, cfg Config, log *slog.Logger) (*Store, error) {
	if cfg.Dir == "" {
		return nil, errors.New("open store: no directory given")
	}
	cfg.setDefaults()
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(cfg.Dir, 0o750); err != nil {
		return nil, err
	}
	lock, err := dirlock.Acquire(cfg.Dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: cfg.Dir, now: cfg.Now, host: cfg.Host, log: log, lock: lock}
	if err := s.start(ctx, cfg.Gap); err != nil {
		err = s.explain(err)
		return nil, errors.Join(fmt.Errorf("open store in %s: %w", cfg.Dir, err), s.release())
	}
	return s, nil
}

// start opens the connections and the writer.
func (s *Store) start(ctx context.Context, gap time.Duration) (err error) {
	if s.codec, err = stored.NewCodec(runtime.GOMAXPROCS(0)); err != nil {
		return err
	}
	path := filepath.Join(s.dir, FileName)
	if s.write, err = sql.Open("sqlite", dsn(path, writerPragmas())); err != nil {
		return err
	}
	if s.read, err = sql.Open("sqlite", dsn(path, readerPragmas())); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	if err := migrate(ctx, conn, s.now()); err != nil {
		return errors.Join(err, conn.Close())
	}
	s.w = newWriter(&tx{conn: conn, stmts: map[string]*sql.Stmt{}})
	go s.w.run(context.WithoutCancel(ctx))
	return s.recoverLeases(ctx, gap)
}

func writerPragmas() []string {
	return []string{
		"page_size(8192)", // three packed articles to a page, where 4096 holds one
		"busy_timeout(5000)",
		"journal_mode(wal)",
		"synchronous(full)",
		"wal_autocheckpoint(2000)",
		"journal_size_limit(67108864)",
		"cache_size(-32768)",
		"secure_delete(fast)", // what is taken down is overwritten where that costs nothing
	}
}

func readerPragmas() []string {
	return []string{"busy_timeout(5000)", "query_only(1)", "cache_size(-4096)"}
}

func dsn(path string, pragmas []string) string {
	u := url.URL{Path: path}
	return "file:" + u.EscapedPath() + "?_pragma=" + strings.Join(pragmas, "&_pragma=")
}

// Close waits for the writes that have begun and gives the directory back. Once
// closed, a store is closed for good, and closing it again does nothing.
func (s *Store) Close() (err error) {
	s.once.Do(func() { err = s.release() })
	return err
}

func (s *Store) release() error {
	var errs []error
	if s.w != nil {
		s.w.close()
		errs = append(errs, s.w.tx.close())
	}
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.codec != nil {
		errs = append(errs, s.codec.Close())
	}
	return errors.Join(append(errs, s.lock.Close())...)
}

// Check looks the whole file over and reports the first damage. It reads
// everything: minutes on a large archive.
func (s *Store) Check(ctx context.Context) error {
	var verdict string
	if err := s.read.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return s.explain(err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%s: %w (%s)", filepath.Join(s.dir, FileName), ErrCorrupt, verdict)
	}
	return nil
}

// update runs do on the writer. what names it in errors.
func (s *Store) update(ctx context.Context, what string, do func(context.Context, *tx) error) error {
	if err := s.w.write(ctx, do); err != nil {
		return fmt.Errorf("%s: %w", what, s.explain(err))
	}
	return nil
}

// failed names what was being read.
func (s *Store) failed(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, s.explain(err))
}
