package index

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"syscall"

	indexapi "github.com/blevesearch/bleve_index_api"
	"golang.org/x/sync/errgroup"

	"broadsheet.example/news"
)

// Apply brings the index up to the changes. An article is replaced by a change
// of a higher version and deleted by a tombstone of its version or a higher
// one, which stays remembered, so that an older version that comes late does
// not bring the article back. A change that cannot be indexed is reported in
// its outcome and does not touch the others.
//
// Changes are written in batches; when Apply fails, some of them may be durable
// already, and the same call may be repeated. A full disk is
// [news.ErrDiskFull].
func (e *Engine) Apply(ctx context.Context, changes []news.Change) ([]news.Outcome, error) {
	if err := e.enter(); err != nil {
		return nil, err
	}
	defer e.leave()
	e.writing.Lock()
	defer e.writing.Unlock()

	w := &writer{engine: e, outcomes: make([]news.Outcome, len(changes)), changes: changes}
	err := e.ready(ctx)
	if err == nil {
		err = w.apply(ctx)
	}
	if err = errors.Join(err, e.takeUp()); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("apply changes: %w", diskFull(err))
	}
	return w.outcomes, nil
}

// ready makes all partitions fit for writing.
func (e *Engine) ready(ctx context.Context) error {
	for _, p := range e.parts {
		if err := p.ready(ctx); err != nil {
			return err
		}
	}
	return nil
}

// takeUp makes what was written durable and has it searched.
func (e *Engine) takeUp() error {
	stale, seen := false, e.current.Load().parts
	for i, p := range e.parts {
		if p.dirty && p.idle() {
			if err := errors.Join(noteSequence(p.dir, p.sequence), p.renew()); err != nil {
				return err
			}
		}
		stale = stale || i >= len(seen) || seen[i] != p.state
	}
	if !stale {
		return nil
	}
	return e.publish()
}

// writer writes the changes of one Apply.
type writer struct {
	engine   *Engine
	changes  []news.Change
	outcomes []news.Outcome
}

// parallelWrites is how many partitions are written to side by side: while one
// waits for the disk, others are analysed.
const parallelWrites = 4

func (w *writer) apply(ctx context.Context) error {
	routed, err := w.route(w.newest())
	if err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(parallelWrites)
	for _, p := range w.engine.parts {
		if list := routed[p]; len(list) > 0 {
			group.Go(func() error { return w.write(ctx, p, list) })
		}
	}
	return group.Wait()
}

// newest returns the indexes of the newest change of each article, and sets the
// outcome of all.
func (w *writer) newest() []int {
	newest := make(map[string]int, len(w.changes))
	for i, c := range w.changes {
		w.outcomes[i] = news.Outcome{ID: c.ID, Version: c.Version}
		best, known := newest[c.ID]
		if !known || supersedes(c, held{w.changes[best].Version, w.changes[best].Deleted}) {
			newest[c.ID] = i
		}
	}
	return slices.Sorted(maps.Values(newest))
}

// route sorts changes by the partitions that they belong to: that of the month
// that they name, else the one that holds the article, else a guess.
func (w *writer) route(list []int) (map[*partition][]int, error) {
	holder, err := w.holders(list)
	if err != nil {
		return nil, err
	}
	routed := make(map[*partition][]int)
	for _, i := range list {
		c := &w.changes[i]
		p := holder[c.ID]
		if p == nil {
			month := monthOf(c)
			if month == "" {
				month = w.engine.guessMonth(c)
			}
			if p, err = w.engine.place(month); err != nil {
				return nil, err
			}
		}
		routed[p] = append(routed[p], i)
	}
	return routed, nil
}

// holders returns which partitions hold the articles of changes that do not name
// their month.
func (w *writer) holders(list []int) (map[string]*partition, error) {
	var ids []string
	for _, i := range list {
		if monthOf(&w.changes[i]) == "" {
			ids = append(ids, w.changes[i].ID)
		}
	}
	found := make(map[string]*partition)
	for _, p := range w.engine.parts {
		have, err := p.state.versions(ids)
		if err != nil {
			return nil, err
		}
		for id := range have {
			found[id] = p
		}
	}
	return found, nil
}

// write writes those of the changes that bring a partition something new.
func (w *writer) write(ctx context.Context, p *partition, list []int) error {
	ids := make([]string, len(list))
	for k, i := range list {
		ids[k] = w.changes[i].ID
	}
	have, err := p.state.versions(ids)
	if err != nil {
		return err
	}
	pending := slices.DeleteFunc(list, func(i int) bool {
		old, known := have[w.changes[i].ID]
		return known && !supersedes(w.changes[i], old)
	})
	for len(pending) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := w.batch(ctx, p, pending)
		if err != nil {
			return err
		}
		pending = pending[n:]
	}
	return nil
}

// supersedes reports whether the change takes the place of what is held.
func supersedes(c news.Change, h held) bool {
	return c.Version > h.version || c.Version == h.version && c.Deleted && !h.deleted
}

// batch writes as many of the pending changes as one batch holds to the partition and returns
// how many.
func (w *writer) batch(ctx context.Context, p *partition, pending []int) (int, error) {
	cfg := w.engine.cfg
	b := indexapi.NewBatch()
	bytes, done := 0, 0
	for done < len(pending) && done < cfg.BatchDocs && bytes < cfg.BatchBytes {
		chunk := pending[done:min(done+analysisChunk, len(pending))]
		for i, doc := range w.analyse(chunk) {
			if doc != nil {
				if len(b.IndexOps) == 0 {
					doc.declare()
				}
				b.Update(doc.Document)
				bytes += doc.Size()
				w.outcomes[chunk[i]].Applied = true
			}
		}
		done += len(chunk)
	}
	if len(b.IndexOps) == 0 {
		return done, nil
	}
	return done, p.write(ctx, b)
}

// analysisChunk is how many articles are analysed side by side before the size
// of the batch is looked at again.
const analysisChunk = 50

// analyse returns the documents of the changes at the indexes; nil where the
// outcome says why there is none.
func (w *writer) analyse(indexes []int) []*document {
	docs := make([]*document, len(indexes))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, at := range indexes {
		group.Go(func() error {
			docs[i], w.outcomes[at].Err = w.engine.document(&w.changes[at])
			return nil
		})
	}
	_ = group.Wait() // nothing fails as a whole
	return docs
}

func (e *Engine) document(c *news.Change) (*document, error) {
	if err := CheckChange(c); err != nil {
		return nil, err
	}
	if c.Deleted {
		return tombstone(c.ID, c.Version), nil
	}
	return e.mapper.document(c.Article, c.Version)
}

// CheckChange reports what is wrong with the id of a change, or that it carries
// another article.
func CheckChange(c *news.Change) error {
	if c.ID == "" || len(c.ID) > maxIDBytes {
		return fmt.Errorf("change of article %q: the id must have 1 to %d bytes", cut(c.ID, maxIDBytes), maxIDBytes)
	}
	if !c.Deleted && c.Article != nil && c.Article.ID != c.ID {
		return fmt.Errorf("change of article %q carries article %q", c.ID, cut(c.Article.ID, maxIDBytes))
	}
	return nil
}

// diskFull marks errors that mean that the disk is full. Bleve keeps only the
// words of some.
func diskFull(err error) error {
	full := errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || strings.Contains(err.Error(), syscall.ENOSPC.Error())
	if full {
		return fmt.Errorf("%w: %w", news.ErrDiskFull, err)
	}
	return err
}
