package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"broadsheet.example/index"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// generations holds the index in use and, during a reindex, its successor. Each
// generation is an index of its own and a reader of its own in the outbox, so
// that a new one fills while the old one answers.
type generations struct {
	shelf   shelf
	prefix  string // of the shelf's readers in the outbox
	store   store.Store
	log     *slog.Logger
	follow  index.FollowConfig
	current atomic.Pointer[generation]
	rebuild sync.Mutex                 // held during a reindex
	next    atomic.Pointer[generation] // what a reindex is filling; nil when none runs
	quit    chan struct{}              // closed when the process stops
}

type generation struct {
	name   string
	reader string // its name in the outbox
	engine engine
	stop   context.CancelFunc // ends its follower; nil when it has none
	done   chan struct{}      // closed when the follower has ended
	// filling is set while the generation lacks articles that the store had when
	// it was made: what it says is not the truth yet.
	filling atomic.Bool
}

// readerPrefix begins the names of all indexes among the readers.
const readerPrefix = "index-"

// openGenerations opens the current index on the shelf. A missing one is created
// empty, a damaged one set aside; both fill from the store. Readers whose names
// begin with prefix belong to this shelf alone.
func openGenerations(ctx context.Context, on shelf, prefix string, s store.Store, follow index.FollowConfig, log *slog.Logger) (*generations, error) {
	g := &generations{shelf: on, prefix: prefix, store: s, follow: follow, log: log, quit: make(chan struct{})}
	gen, err := g.openCurrent(ctx)
	if err != nil {
		return nil, errors.Join(err, on.close())
	}
	g.current.Store(gen)
	if err := g.sweep(ctx, gen); err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

func (g *generations) openCurrent(ctx context.Context) (*generation, error) {
	name, err := g.shelf.current(ctx)
	if err != nil {
		return nil, err
	}
	if name == "" {
		return g.create(ctx, g.shelf.first())
	}
	gen := g.named(name)
	gen.engine, err = g.shelf.open(ctx, gen.name)
	var corrupt *index.CorruptError
	var format *index.FormatError
	switch {
	case err == nil:
		return g.resume(ctx, gen)
	case !errors.As(err, &corrupt) && !errors.As(err, &format):
		return nil, err
	}
	aside, setting := g.shelf.setAside(gen.name)
	g.log.Warn("the index cannot be used and is rebuilt from the store; searches are incomplete until then",
		"err", err, "setAside", aside)
	if setting != nil {
		return nil, setting
	}
	if err := g.store.Unregister(ctx, gen.reader); err != nil {
		return nil, err
	}
	return g.create(ctx, g.shelf.fresh())
}

// resume goes on with an index that is whole. When the store does not know it as
// a reader, as it was taken for gone or the store is another one, nobody has told
// it what was taken down: a new one takes its place.
func (g *generations) resume(ctx context.Context, gen *generation) (*generation, error) {
	readers, err := g.store.Readers(ctx)
	if err != nil {
		return nil, errors.Join(err, gen.engine.Close())
	}
	if slices.Contains(readers, gen.reader) {
		return gen, nil
	}
	g.log.Warn("the store does not know this index, which is built anew", "reader", gen.reader)
	if err := gen.engine.Close(); err != nil {
		return nil, err
	}
	return g.create(ctx, g.shelf.fresh())
}

func (g *generations) named(name string) *generation {
	return &generation{name: name, reader: g.prefix + name}
}

// create makes a new, empty generation current and puts every article of the
// store before it.
func (g *generations) create(ctx context.Context, name string) (*generation, error) {
	if err := g.store.Unregister(ctx, g.named(name).reader); err != nil { // of one that was lost
		return nil, err
	}
	gen, err := g.begin(ctx, name)
	if err != nil {
		return nil, err
	}
	return gen, errors.Join(g.fill(ctx, gen), g.shelf.point(ctx, gen.name))
}

// fill notes whether gen has articles before it that it must take in first.
func (g *generations) fill(ctx context.Context, gen *generation) error {
	b, err := g.store.Backlog(ctx, gen.reader)
	gen.filling.Store(b.Pending > 0)
	return err
}

// ready tells why the index cannot answer yet, or nil.
func (g *generations) ready(ctx context.Context) error {
	gen := g.current.Load()
	if !gen.filling.Load() {
		return nil
	}
	b, err := g.store.Backlog(ctx, gen.reader)
	if err != nil {
		return err
	}
	if b.Pending > 0 {
		return fmt.Errorf("the index is being rebuilt from the store; %s to go: %w", plural(b.Pending, "article"), news.ErrUnavailable)
	}
	gen.filling.Store(false)
	return nil
}

// begin makes a new generation without making it current.
func (g *generations) begin(ctx context.Context, name string) (*generation, error) {
	gen := g.named(name)
	var err error
	if gen.engine, err = g.shelf.open(ctx, gen.name); err != nil {
		return nil, err
	}
	if err := g.store.Register(ctx, gen.reader); err != nil {
		return nil, errors.Join(err, gen.engine.Close())
	}
	return gen, nil
}

// sweep removes what an interrupted reindex or a lost directory left behind:
// readers and directories of other generations.
func (g *generations) sweep(ctx context.Context, keep *generation) error {
	readers, err := g.store.Readers(ctx)
	if err != nil {
		return err
	}
	for _, r := range readers {
		name, ours := strings.CutPrefix(r, g.prefix)
		if !ours || !g.shelf.stale(name, keep.name) {
			continue
		}
		if err := g.store.Unregister(ctx, r); err != nil {
			return err
		}
	}
	return g.shelf.sweep(ctx, keep.name)
}

// index returns the index that answers now, nil while it is being rebuilt.
func (g *generations) index() news.Index {
	if g.ready(context.Background()) != nil {
		return nil
	}
	return g.current.Load().engine
}

// reader returns the current generation's name in the outbox.
func (g *generations) reader() string { return g.current.Load().reader }

// start begins to follow the outbox for gen until ctx is done or gen.stop is
// called.
func (g *generations) start(ctx context.Context, gen *generation) {
	ctx, gen.stop = context.WithCancel(ctx)
	gen.done = make(chan struct{})
	cfg := g.follow
	cfg.Reader = gen.reader
	go func() {
		defer close(gen.done)
		if err := index.Follow(ctx, cfg, g.store, g.store, gen.engine, g.log); err != nil && ctx.Err() == nil {
			g.log.Error("the index no longer follows the store", "err", err)
		}
	}()
}

// run follows the outbox until ctx is done.
func (g *generations) run(ctx context.Context) error {
	g.start(ctx, g.current.Load())
	<-ctx.Done()
	close(g.quit)
	g.rebuild.Lock() // a reindex under way gives up
	defer g.rebuild.Unlock()
	gen := g.current.Load()
	gen.stop() // one that a reindex made does not know ctx
	<-gen.done
	return nil
}

// errReindexing is returned while another reindex is under way.
var errReindexing = fmt.Errorf("a reindex is under way already: %w", news.ErrUnavailable)

// errStopping is returned by a reindex that a stop cuts short.
var errStopping = fmt.Errorf("the server is stopping; the reindex was given up: %w", news.ErrUnavailable)

// reindex builds a new generation from the store while the old one answers, and
// changes over when it has caught up.
func (g *generations) reindex(ctx context.Context) error {
	if !g.rebuild.TryLock() {
		return errReindexing
	}
	defer g.rebuild.Unlock()
	next, err := g.begin(ctx, g.shelf.fresh())
	if err != nil {
		return err
	}
	g.next.Store(next)
	defer g.next.Store(nil)
	g.start(context.WithoutCancel(ctx), next)
	err = g.caughtUp(ctx, next)
	if err == nil {
		err = g.shelf.point(ctx, next.name)
	}
	if err != nil {
		next.stop()
		<-next.done
		return errors.Join(err, next.engine.Close(), g.discard(context.WithoutCancel(ctx), next))
	}
	old := g.current.Swap(next)
	if old.stop != nil {
		old.stop()
		<-old.done
	}
	return errors.Join(old.engine.Close(), g.sweep(ctx, next))
}

// discard removes a generation that is not current.
func (g *generations) discard(ctx context.Context, gen *generation) error {
	return errors.Join(g.store.Unregister(ctx, gen.reader), g.shelf.discard(ctx, gen.name))
}

// rebuilding tells how many changes a reindex under way still has before it.
func (g *generations) rebuilding(ctx context.Context) (pending int, running bool) {
	next := g.next.Load()
	if next == nil {
		return 0, false
	}
	b, err := g.store.Backlog(ctx, next.reader)
	return b.Pending, err == nil
}

// caughtUp waits until gen's outbox is empty.
func (g *generations) caughtUp(ctx context.Context, gen *generation) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		b, err := g.store.Backlog(ctx, gen.reader)
		if err != nil || b.Pending == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-g.quit:
			return errStopping
		case <-gen.done:
			return errors.New("the new index stopped following the store; see the log")
		case <-tick.C:
		}
	}
}

// close ends the follower, if any, and closes the index.
func (g *generations) close() error {
	gen := g.current.Load()
	if gen.stop != nil {
		gen.stop()
		<-gen.done
	}
	return errors.Join(gen.engine.Close(), g.shelf.close())
}

// watchInterval is how often a process looks whether another has changed over to
// a new generation.
const watchInterval = 5 * time.Second

// watch changes over to the generations that other processes make current, until
// ctx is done.
func (g *generations) watch(ctx context.Context) error {
	if !g.shelf.shared() {
		return nil
	}
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := g.catchOver(ctx); err != nil && ctx.Err() == nil {
			g.log.Warn("look for a new index", "err", err)
		}
	}
}

// catchOver changes over if another process has.
func (g *generations) catchOver(ctx context.Context) error {
	if !g.rebuild.TryLock() {
		return nil // we are about to change over ourselves
	}
	defer g.rebuild.Unlock()
	name, err := g.shelf.current(ctx)
	old := g.current.Load()
	if err != nil || name == "" || name == old.name || ctx.Err() != nil {
		return err
	}
	gen, err := g.begin(ctx, name)
	if err != nil {
		return err
	}
	g.log.Info("another process has built a new index", "generation", name)
	if old.stop != nil {
		g.start(context.WithoutCancel(ctx), gen)
	}
	g.current.Store(gen)
	if old.stop != nil {
		old.stop()
		<-old.done
	}
	return old.engine.Close()
}
