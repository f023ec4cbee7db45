package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/configs"
	"broadsheet.example/crawler/link"
	"broadsheet.example/store/move"
	"broadsheet.example/store/postgres"
	"broadsheet.example/store/sqlite"
)

func newMigrate(a *app) *cobra.Command {
	var from, to string
	var restart bool
	c := &cobra.Command{
		Use:   "migrate --from DIR|URL --to DIR|URL",
		Short: "Move an archive from a directory to PostgreSQL, or back",
		Long: `Move an archive from one store to another: a data directory, or the address of a
PostgreSQL database (postgres://user:password@host:5432/database). Everything goes
along: feeds and the state of the crawl, articles with all revisions, what was
taken down, what people decided. Both are read over and compared at the end.

The source stays as it is. No process may write to it meanwhile; of PostgreSQL
those that do have to wait. The target must hold no archive, and is none before
all is done: when the move is cut short, the same command goes on where it stood.
Indexes are not moved: serve builds them.`,
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if from == "" || to == "" {
				return &usageError{c.CommandPath(), errors.New("--from and --to are needed, each a directory or a postgres:// address")}
			}
			return a.migrate(c.Context(), from, to, restart)
		},
	}
	c.Flags().StringVar(&from, "from", "", "`DIR` or postgres:// address of the archive")
	c.Flags().StringVar(&to, "to", "", "`DIR` or postgres:// address where it shall be")
	c.Flags().BoolVar(&restart, "restart", false, "drop what an earlier move to the target has done and begin anew")
	return c
}

func (a *app) migrate(ctx context.Context, from, to string, restart bool) error {
	if !configs.IsPostgres(to) {
		if err := noKeys(to); err != nil {
			return err
		}
	}
	err := a.transfer(ctx, place{from, true}, to, restart, "moved")
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%w; the same command goes on where it stood", err)
	case err != nil:
		return err
	case configs.IsPostgres(from) || configs.IsPostgres(to):
		a.printf("The API's keys stay in keys.json of each process's data directory.\n")
		return nil
	}
	return copyKeys(from, to)
}

// place is where an archive is read.
type place struct {
	where string // a directory or an address
	still bool   // nobody shall change it meanwhile
}

// transfer moves an archive and says what it did.
func (a *app) transfer(ctx context.Context, from place, to string, restart bool, done string) (err error) {
	start := time.Now()
	source, err := from.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := openTarget(ctx, to, restart)
	if errors.Is(err, move.ErrOccupied) && !restart {
		return a.moved(ctx, source, to, err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	bar := &steps{app: a}
	defer bar.close()
	r, err := move.Run(ctx, source, target, move.Options{Keep: stays, Progress: bar.set})
	if err != nil {
		return err
	}
	bar.close()
	how := ""
	if r.Resumed {
		how = ", going on with an earlier move"
	}
	a.printf("%d articles %s in %s%s: %d rows, all alike; digest %016x\n", r.Articles.Articles, done, time.Since(start).Round(time.Millisecond), how, r.Rows, r.Articles.Sum)
	return nil
}

// moved says that the target, which is an archive, is what an earlier move made
// of the source, or else fails as occupied does.
func (a *app) moved(ctx context.Context, source move.Source, to string, occupied error) (err error) {
	target, err := place{where: to}.open(ctx)
	if err != nil {
		return occupied // and in use, if not worse
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	bar := &steps{app: a}
	defer bar.close()
	r, done, err := move.Done(ctx, source, target, move.Options{Keep: stays, Progress: bar.set})
	if err != nil || !done {
		return errors.Join(occupied, err)
	}
	bar.close()
	a.printf("%d articles are there already: an earlier move is complete; %d rows, all alike; digest %016x\n", r.Articles.Articles, r.Rows, r.Articles.Sum)
	return nil
}

// stays tells whether a reader is still one in another place. An index belongs
// to the process that made it, and its successor reads everything anew.
func stays(reader string) bool { return !strings.HasPrefix(reader, readerPrefix) }

type closingSource interface {
	move.Source
	io.Closer
}

type closingTarget interface {
	move.Target
	io.Closer
}

func (p place) open(ctx context.Context) (closingSource, error) {
	if configs.IsPostgres(p.where) {
		return postgres.OpenSource(ctx, postgres.Config{DSN: p.where}, p.still)
	}
	if !hasArchive(p.where) { // a store that is opened is made
		return nil, fmt.Errorf("%s holds no archive", p.where)
	}
	return sqlite.Open(ctx, sqlite.Config{Dir: p.where, Gap: afterCrash, Host: link.Host}, nil)
}

func openTarget(ctx context.Context, where string, restart bool) (closingTarget, error) {
	if configs.IsPostgres(where) {
		return postgres.OpenTarget(ctx, postgres.Config{DSN: where}, restart)
	}
	return sqlite.OpenTarget(ctx, where, restart)
}

// hasArchive reports whether a directory holds a database.
func hasArchive(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, sqlite.FileName))
	return err == nil
}

// steps shows a bar for each step of a move.
type steps struct {
	app  *app
	step string
	bar  *progress
}

func (s *steps) set(step string, done, total int64) {
	if step != s.step {
		s.close()
		s.step, s.bar = step, s.app.progress(total, step, false)
	}
	s.bar.Set(done)
}

func (s *steps) close() {
	if s.bar != nil {
		s.bar.Close()
		s.bar = nil
	}
}
