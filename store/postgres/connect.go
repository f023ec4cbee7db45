package postgres

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// minVersion is the oldest server that is supported, as server_version_num
	// counts.
	minVersion = 140000
	// connectTimeout bounds one attempt to connect when the DSN does not.
	connectTimeout = 10 * time.Second
	// maxIdle is how long the server lets a transaction stand still. A process
	// that hangs must not keep the others from the archive.
	maxIdle = "60s"
)

// poolConfig is made of the DSN. Its errors leave the DSN out: it may hold a
// password in a place that nobody expects.
func poolConfig(cfg Config) (*pgxpool.Config, error) {
	pc, err := pgxpool.ParseConfig(cfg.DSN)
	if err != nil {
		if missing, ok := errors.AsType[*fs.PathError](err); ok {
			return nil, fmt.Errorf("address of the database names a file that cannot be read: %w", missing)
		}
		return nil, errors.New("address of the database cannot be read: it must look like postgres://user:password@host:5432/database?sslmode=require, with special characters of the password written as %XX")
	}
	switch {
	case cfg.MaxConns > 0:
		pc.MaxConns = int32(min(cfg.MaxConns, 1<<16))
	case !strings.Contains(cfg.DSN, "pool_max_conns"):
		pc.MaxConns = defaultConns
	}
	c := pc.ConnConfig
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectTimeout
	}
	if c.ValidateConnect == nil { // after a fail-over the old primary may be back as a standby
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	c.RuntimeParams["search_path"] = pgx.Identifier{cfg.Schema}.Sanitize()
	setDefault(c.RuntimeParams, "application_name", "broadsheet")
	setDefault(c.RuntimeParams, "idle_in_transaction_session_timeout", maxIdle)
	for _, name := range plansForLarge {
		setDefault(c.RuntimeParams, name, "off")
	}
	return pc, nil
}

// plansForLarge are what the planner is kept from. All of this package's hot
// statements find a few rows by an index. But plans are kept, and one that was
// made while a table was empty would read all of it when it has grown.
var plansForLarge = []string{"enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit"}

func setDefault(params map[string]string, name, value string) {
	if _, ok := params[name]; !ok {
		params[name] = value
	}
}

// pooled is what is wrong when settings do not reach the server.
const pooled = "a connection pooler takes the session's settings away: name the server itself"

// checkServer refuses servers that would fail later and less clearly.
func checkServer(ctx context.Context, conn *pgx.Conn) error {
	var version, encoding, path string
	err := conn.QueryRow(ctx, `SELECT current_setting('server_version_num'), current_setting('server_encoding'), current_setting('search_path')`).Scan(&version, &encoding, &path)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(version)
	switch {
	case err != nil || n < minVersion:
		return fmt.Errorf("the server is PostgreSQL %d: Broadsheet needs %d or later", n/10000, minVersion/10000)
	case encoding != "UTF8":
		return fmt.Errorf("the database's encoding is %s: make one with createdb -E UTF8 -T template0", encoding)
	case path != conn.Config().RuntimeParams["search_path"]:
		return errors.New(pooled)
	}
	return nil
}

// lockID is the advisory lock for a purpose in a schema. Such locks are shared
// by all programs that use a database.
func lockID(schema, purpose string) int64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "broadsheet\x00%s\x00%s", schema, purpose)
	return int64(h.Sum64())
}
