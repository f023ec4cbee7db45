package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"broadsheet.example/store"
)

const (
	// housekeepingSpan is how often house is kept.
	housekeepingSpan = time.Hour
	// housekeepingTick is how often a process looks whether nobody else did: the
	// one that would have may be gone.
	housekeepingTick = 10 * time.Minute
	// expireBatch is how many old articles are taken down at a time.
	expireBatch = 1000
)

// housekeeper sees to what grows old: articles, months of the store, partitions
// of the index.
type housekeeper struct {
	keep  time.Duration // of articles after they were published; 0 for ever
	store store.Retention
	// tend sees to the tables of a shared store; nil if it is not shared.
	tend func(context.Context) (int, error)
	// alone does a job unless another process has done it in this span of time.
	alone func(ctx context.Context, job string, every time.Duration, do func(context.Context) error) (bool, error)
	index *generations
	log   *slog.Logger
}

func (n *node) housekeeper() *housekeeper {
	return &housekeeper{keep: n.cfg.Index.Retention, store: n.store, tend: n.tend, alone: n.alone, index: n.index, log: n.log}
}

// byItself does a job in a process that shares nothing.
func byItself(ctx context.Context, _ string, _ time.Duration, do func(context.Context) error) (bool, error) {
	return true, do(ctx)
}

// whenever does a job whenever it is asked to, unless another process is at it.
func (n *node) whenever(ctx context.Context, job string, do func(context.Context) error) (bool, error) {
	return n.alone(ctx, job, 0, do)
}

// run keeps house now and every hour until ctx is done. What fails is tried again
// the next time.
func (h *housekeeper) run(ctx context.Context) error {
	every := housekeepingSpan
	if h.tend != nil {
		every = housekeepingTick
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := h.round(ctx); err != nil && ctx.Err() == nil {
			h.log.Error("keep house", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// round does what one process does for all, and what each does for itself. One
// part does not wait for another that fails.
func (h *housekeeper) round(ctx context.Context) error {
	before := time.Now().Add(-h.keep)
	job := "housekeeping, keep " + h.keep.String() // what was done for another time to keep is not this
	_, err := h.alone(ctx, job, housekeepingSpan, func(ctx context.Context) error {
		err := errors.Join(h.expire(ctx, before), h.months(ctx))
		if h.index.shelf.shared() {
			err = errors.Join(err, h.retire(ctx, before), h.index.shelf.tend(ctx))
		}
		return err
	})
	if !h.index.shelf.shared() {
		err = errors.Join(err, h.retire(ctx, before))
	}
	return err
}

// expire takes the articles down that were published before the time; the index
// follows.
func (h *housekeeper) expire(ctx context.Context, before time.Time) error {
	removed := 0
	for h.keep > 0 && ctx.Err() == nil {
		n, err := h.store.Expire(ctx, before, expireBatch)
		if err != nil {
			return err
		}
		if removed += n; n == 0 {
			break
		}
	}
	if removed > 0 {
		h.log.Info("removed articles that are too old", "articles", removed, "before", before)
	}
	return ctx.Err()
}

// months makes the tables of months to come and drops those that are emptied.
func (h *housekeeper) months(ctx context.Context) error {
	if h.tend == nil {
		return nil
	}
	dropped, err := h.tend(ctx)
	if dropped > 0 {
		h.log.Info("dropped months that had no articles any more", "months", dropped)
	}
	return err
}

// retire drops the partitions of the index that earlier rounds have emptied.
func (h *housekeeper) retire(ctx context.Context, before time.Time) error {
	if h.keep == 0 {
		return nil
	}
	dropped, err := h.index.current.Load().engine.Retire(ctx, before)
	if dropped > 0 {
		h.log.Info("dropped partitions that had no articles any more", "partitions", dropped)
	}
	if err != nil {
		return fmt.Errorf("drop partitions: %w", err)
	}
	return nil
}
