package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	indexapi "github.com/blevesearch/bleve_index_api"

	"broadsheet.example/news"
)

// Engine is a search engine in one directory, of which it is the only owner.
// It is safe for concurrent use: any number of searches run beside one Apply,
// each on one consistent state.
type Engine struct {
	owner   *os.File // locked
	cfg     Config
	library Library
	log     *slog.Logger

	queue   *indexapi.AnalysisQueue
	mapper  mapper
	dicts   [numFacets]*dictionary
	cache   *postingsCache
	counts  countCache
	labels  *labelCache
	tallies tallies
	arenas  arenas
	held    *snapshots

	instances atomic.Uint64 // how often a partition was opened

	writing sync.Mutex   // held by whoever writes or renews the view
	parts   []*partition // oldest first; replaced, never changed
	made    uint64       // partitions made
	next    uint64       // generation of the next view

	reading sync.RWMutex // held for reading by every call, for writing by Close
	closed  bool
	current atomic.Pointer[view]

	stop   chan struct{}
	done   sync.WaitGroup
	merges sync.WaitGroup
}

var _ news.Index = (*Engine)(nil)

// errClosed is returned by calls on a closed engine.
var errClosed = fmt.Errorf("index is closed: %w", news.ErrUnavailable)

// Open opens the engine in cfg.Dir, making the directory when there is none. A
// directory that cannot be read is a [*CorruptError], one of another format a
// [*FormatError]; both are healed by setting it aside and indexing anew.
func Open(ctx context.Context, cfg Config, library Library, log *slog.Logger) (*Engine, error) {
	cfg.setDefaults()
	if cfg.Dir == "" {
		return nil, errors.New("open index: no directory given")
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	analyzers, err := newAnalyzers()
	if err != nil {
		return nil, fmt.Errorf("open index %s: %w", cfg.Dir, err)
	}
	if err := checkFormat(cfg.Dir); err != nil {
		return nil, err
	}
	owner, err := own(cfg.Dir)
	if err != nil {
		return nil, err
	}
	e := &Engine{owner: owner, cfg: cfg, library: library, log: log, mapper: mapper{analyzers: analyzers}, stop: make(chan struct{})}
	for f := range e.dicts {
		e.dicts[f] = newDictionary()
	}
	e.cache = newPostingsCache(cfg.CacheBytes)
	e.labels = newLabelCache(library, cfg.Now)
	e.held = newSnapshots(cfg.Now)
	e.queue = indexapi.NewAnalysisQueue(runtime.GOMAXPROCS(0))
	if err := e.load(); err != nil {
		e.queue.Close()
		return nil, errors.Join(err, e.owner.Close())
	}
	e.done.Go(e.follow)
	return e, nil
}

// load opens what stands on disk and makes the first view.
func (e *Engine) load() error {
	if err := e.openPartitions(); err != nil {
		return errors.Join(err, e.shutDown())
	}
	return e.publish()
}

// publish makes the newest states of the partitions what is searched. The caller
// holds writing, or is Open.
func (e *Engine) publish() error {
	e.next++
	v := newView(e.next, e.parts)
	old := e.current.Swap(v)
	e.cache.retain(v)
	e.counts.retain(v)
	if old != nil {
		return old.release()
	}
	return nil
}

// renewInterval is how often merges that Bleve has made on its own are taken
// up, so that the files they replace can go.
const renewInterval = 10 * time.Second

// follow takes up what Bleve's merger does between writes.
func (e *Engine) follow() {
	tick := time.NewTicker(renewInterval)
	defer tick.Stop()
	for {
		select {
		case <-e.stop:
			return
		case <-tick.C:
			if err := e.renewIfMerged(); err != nil {
				e.log.Error("renew index view", "err", err)
			}
			e.held.expire()
			e.mergeClosed()
		}
	}
}

func (e *Engine) renewIfMerged() error {
	e.writing.Lock()
	defer e.writing.Unlock()
	renewed := false
	for _, p := range e.parts {
		if !p.idle() || !p.merged() {
			continue
		}
		if err := p.renew(); err != nil {
			return err
		}
		renewed = true
	}
	if !renewed {
		return nil
	}
	return e.publish()
}

// acquire returns the current view, held; the caller releases it.
func (e *Engine) acquire() *view {
	for {
		if v := e.current.Load(); v.hold() {
			return v
		}
	}
}

// enter admits a call until Close; the caller calls leave.
func (e *Engine) enter() error {
	e.reading.RLock()
	if e.closed {
		e.reading.RUnlock()
		return errClosed
	}
	return nil
}

func (e *Engine) leave() { e.reading.RUnlock() }

// shutDown closes all partitions.
func (e *Engine) shutDown() error {
	var err error
	for _, p := range e.parts {
		err = errors.Join(err, p.shutDown())
	}
	return err
}

// Close waits for running calls and releases the directory. Closing twice is no
// error.
func (e *Engine) Close() error {
	e.reading.Lock()
	defer e.reading.Unlock()
	if e.closed {
		return nil
	}
	e.closed = true
	close(e.stop)
	e.done.Wait()
	err := errors.Join(e.held.clear(), e.current.Load().release(), e.shutDown())
	e.merges.Wait()
	e.queue.Close()
	err = errors.Join(err, e.owner.Close())
	if err != nil {
		return fmt.Errorf("close index %s: %w", e.cfg.Dir, err)
	}
	return nil
}

// Digest sums up the live articles.
func (e *Engine) Digest(ctx context.Context) (news.Digest, error) {
	if err := e.enter(); err != nil {
		return news.Digest{}, err
	}
	defer e.leave()
	v := e.acquire()
	defer e.release(v)
	var d news.Digest
	for _, s := range v.segments {
		if err := ctx.Err(); err != nil {
			return news.Digest{}, err
		}
		for doc := range s.live.all() {
			d.Add(string(s.cols.ids.at(doc)), s.cols.version[doc])
		}
	}
	return d, nil
}

func (e *Engine) release(v *view) {
	if err := v.release(); err != nil {
		e.log.Error("release index view", "err", err)
	}
}
