package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"broadsheet.example/configs"
	"broadsheet.example/index"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// engine is an index of either kind.
type engine interface {
	news.Index
	// State names what is searched now; it changes when that does.
	State() string
	// Retire drops empty partitions before the month of t.
	Retire(ctx context.Context, t time.Time) (int, error)
}

// shelf is where generations of the index are kept.
type shelf interface {
	// shared reports whether other processes use the same generations.
	shared() bool
	// current names the generation that is searched, empty if there is none.
	current(ctx context.Context) (string, error)
	// first names the generation to begin with when there is none, fresh a later
	// one.
	first() string
	fresh() string
	open(ctx context.Context, name string) (engine, error)
	// point has a generation searched from now on, durably.
	point(ctx context.Context, name string) error
	// setAside keeps a damaged generation from being opened again, and tells where
	// it is now.
	setAside(name string) (string, error)
	// discard removes a generation.
	discard(ctx context.Context, name string) error
	// stale reports whether a generation can go when another is kept.
	stale(name, keep string) bool
	// sweep discards all generations that are stale.
	sweep(ctx context.Context, keep string) error
	// tend sees to what has become of the partitions of the current generation.
	tend(ctx context.Context) error
	close() error
}

// directory is a shelf in the data directory: a folder for each generation, and a
// file that names the current one.
type directory struct {
	dir   string
	cfg   configs.Index
	store store.Store
	log   *slog.Logger
}

const currentFile = "CURRENT"

func openDirectory(dir string, cfg configs.Index, s store.Store, log *slog.Logger) (*directory, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create index directory: %w", err)
	}
	return &directory{dir, cfg, s, log}, nil
}

func (d *directory) shared() bool { return false }

func (d *directory) current(context.Context) (string, error) {
	text, err := os.ReadFile(filepath.Join(d.dir, currentFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read index directory: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

func (d *directory) first() string { return d.fresh() }

func (d *directory) fresh() string { return time.Now().UTC().Format("20060102T150405.000") }

func (d *directory) open(ctx context.Context, name string) (engine, error) {
	e, err := index.Open(ctx, index.Config{Dir: filepath.Join(d.dir, name), CacheBytes: d.cfg.CacheBytes}, d.store, d.log)
	if err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	return e, nil
}

func (d *directory) point(_ context.Context, name string) error {
	path := filepath.Join(d.dir, currentFile)
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err == nil {
		_, err = f.WriteString(name + "\n")
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err == nil {
		err = syncDir(d.dir)
	}
	if err != nil {
		return fmt.Errorf("name current index: %w", err)
	}
	return nil
}

// asideSuffix ends the names of damaged generations.
const asideSuffix = ".aside"

func (d *directory) setAside(name string) (string, error) {
	aside := filepath.Join(d.dir, name+asideSuffix)
	if err := os.Rename(filepath.Join(d.dir, name), aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("set damaged index aside: %w", err)
	}
	return aside, nil
}

func (d *directory) discard(_ context.Context, name string) error {
	if err := os.RemoveAll(filepath.Join(d.dir, name)); err != nil {
		return fmt.Errorf("remove old index: %w", err)
	}
	return nil
}

func (d *directory) stale(name, keep string) bool {
	return name != keep && !strings.HasSuffix(name, asideSuffix)
}

func (d *directory) sweep(ctx context.Context, keep string) error {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return fmt.Errorf("read index directory: %w", err)
	}
	for _, e := range entries {
		if !e.IsDir() || !d.stale(e.Name(), keep) {
			continue
		}
		if err := d.discard(ctx, e.Name()); err != nil {
			return err
		}
	}
	return nil
}

// tend does nothing: an engine of its own sees to its partitions as it writes.
func (d *directory) tend(context.Context) error { return nil }

func (d *directory) close() error { return nil }

// syncDir makes a rename in dir durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
