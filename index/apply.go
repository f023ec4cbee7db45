package index

import (
	"context"
	"errors"
	"fmt"
	"runtime"
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

	if err := e.ready(ctx); err != nil {
		return nil, fmt.Errorf("apply changes: %w", diskFull(err))
	}
	w := &writer{engine: e, outcomes: make([]news.Outcome, len(changes))}
	pending, err := w.fresh(changes)
	if err != nil {
		return nil, fmt.Errorf("apply changes: %w", err)
	}
	for len(pending) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := w.batch(ctx, changes, pending)
		if err != nil {
			return nil, fmt.Errorf("apply changes: %w", diskFull(err))
		}
		pending = pending[n:]
	}
	if w.wrote {
		if err := errors.Join(noteSequence(e.cfg.Dir, e.sequence), e.renew()); err != nil {
			return nil, fmt.Errorf("apply changes: %w", diskFull(err))
		}
	}
	return w.outcomes, nil
}

// writer writes the changes of one Apply.
type writer struct {
	engine   *Engine
	outcomes []news.Outcome
	wrote    bool
}

// fresh returns the indexes of the changes that bring something new, the newest
// of each article only, and sets the outcome of all.
func (w *writer) fresh(changes []news.Change) ([]int, error) {
	ids := make([]string, 0, len(changes))
	newest := make(map[string]int, len(changes))
	for i, c := range changes {
		w.outcomes[i] = news.Outcome{ID: c.ID, Version: c.Version}
		best, known := newest[c.ID]
		if !known {
			ids = append(ids, c.ID)
		}
		if !known || supersedes(c, held{changes[best].Version, changes[best].Deleted}) {
			newest[c.ID] = i
		}
	}
	have, err := w.engine.current.Load().versions(ids)
	if err != nil {
		return nil, err
	}
	var pending []int
	for i, c := range changes {
		old, known := have[c.ID]
		if newest[c.ID] == i && (!known || supersedes(c, old)) {
			pending = append(pending, i)
		}
	}
	return pending, nil
}

// supersedes reports whether the change takes the place of what is held.
func supersedes(c news.Change, h held) bool {
	return c.Version > h.version || c.Version == h.version && c.Deleted && !h.deleted
}

// batch writes as many of the pending changes as one batch holds and returns
// how many.
func (w *writer) batch(ctx context.Context, changes []news.Change, pending []int) (int, error) {
	cfg := w.engine.cfg
	b := indexapi.NewBatch()
	bytes, done := 0, 0
	for done < len(pending) && done < cfg.BatchDocs && bytes < cfg.BatchBytes {
		chunk := pending[done:min(done+analysisChunk, len(pending))]
		for i, doc := range w.analyse(changes, chunk) {
			if doc != nil {
				if len(b.IndexOps) == 0 {
					doc.declare()
				}
				b.Update(doc)
				bytes += doc.bytes
				w.outcomes[chunk[i]].Applied = true
			}
		}
		done += len(chunk)
	}
	if len(b.IndexOps) == 0 {
		return done, nil
	}
	w.wrote = true
	return done, w.engine.write(ctx, b)
}

// analysisChunk is how many articles are analysed side by side before the size
// of the batch is looked at again.
const analysisChunk = 50

// analyse returns the documents of the changes at the indexes; nil where the
// outcome says why there is none.
func (w *writer) analyse(changes []news.Change, indexes []int) []*document {
	docs := make([]*document, len(indexes))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, at := range indexes {
		group.Go(func() error {
			docs[i], w.outcomes[at].Err = w.engine.document(&changes[at])
			return nil
		})
	}
	_ = group.Wait() // nothing fails as a whole
	return docs
}

func (e *Engine) document(c *news.Change) (*document, error) {
	if c.ID == "" || len(c.ID) > maxIDBytes {
		return nil, fmt.Errorf("change of article %q: the id must have 1 to %d bytes", cut(c.ID, maxIDBytes), maxIDBytes)
	}
	if c.Deleted {
		return tombstone(c.ID, c.Version), nil
	}
	if c.Article != nil && c.Article.ID != c.ID {
		return nil, fmt.Errorf("change of article %q carries article %q", c.ID, cut(c.Article.ID, maxIDBytes))
	}
	return e.mapper.document(c.Article, c.Version)
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
