package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"broadsheet.example/news"
)

// mergeAfter is how long a partition must have rested before it is merged down.
const mergeAfter = 10 * time.Minute

// mergeClosed has one partition that has rested, other than the newest, merged
// down to one segment.
func (e *Engine) mergeClosed() {
	e.writing.Lock()
	defer e.writing.Unlock()
	for _, p := range e.parts[:max(len(e.parts)-1, 0)] {
		if !p.idle() || len(p.state.segments) < 2 || e.cfg.Now().Sub(p.written) < mergeAfter {
			continue
		}
		p.written = e.cfg.Now() // not again before the next rest
		s := p.scorch
		e.merges.Go(func() {
			if err := s.ForceMerge(context.Background(), nil); err != nil { // ends with the engine
				e.log.Warn("merge a closed partition", "partition", p.Name, "err", err)
			}
		})
		return
	}
}

// Retire drops the partitions whose months are all before that of t and that
// hold no article any more. With them goes the memory of what was deleted
// there. It returns how many were dropped.
func (e *Engine) Retire(ctx context.Context, t time.Time) (int, error) {
	if err := e.enter(); err != nil {
		return 0, err
	}
	defer e.leave()
	e.writing.Lock()
	defer e.writing.Unlock()
	if err := e.ready(ctx); err != nil {
		return 0, fmt.Errorf("retire partitions: %w", err)
	}
	month := news.PartitionOf(t)
	var kept, gone []*partition
	for _, p := range e.parts {
		if p.To < month && p.state.live == 0 {
			gone = append(gone, p)
		} else {
			kept = append(kept, p)
		}
	}
	if len(gone) == 0 {
		return 0, e.takeUp()
	}
	if err := writeSpans(e.cfg.Dir, kept); err != nil {
		return 0, err
	}
	e.parts = slices.Clip(kept)
	err := e.publish()
	for _, p := range gone {
		err = errors.Join(err, p.shutDown(), os.RemoveAll(p.dir))
	}
	if err != nil {
		return 0, fmt.Errorf("retire partitions: %w", err)
	}
	return len(gone), nil
}
