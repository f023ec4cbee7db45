package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"broadsheet.example/news"
)

const (
	// retentionInterval is how often articles that have grown too old are looked
	// for.
	retentionInterval = time.Hour
	// retentionPage is how many of them are taken from the index at a time.
	retentionPage = 100
)

// remover takes articles out of the truth; the index follows.
type remover interface {
	Remove(ctx context.Context, id string) error
}

// retention removes articles that were published longer ago than keep.
type retention struct {
	keep  time.Duration
	store remover
	index *generations
	log   *slog.Logger
}

// run removes what is too old, now and every hour, until ctx is done. What fails
// is tried again the next time.
func (r *retention) run(ctx context.Context) error {
	tick := time.NewTicker(retentionInterval)
	defer tick.Stop()
	for {
		if err := r.sweep(ctx, time.Now().Add(-r.keep)); err != nil && ctx.Err() == nil {
			r.log.Error("remove articles that are too old", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// sweep removes the articles published before the time, and drops the
// partitions that earlier sweeps have emptied. While the index is being rebuilt
// it does nothing.
func (r *retention) sweep(ctx context.Context, before time.Time) error {
	idx := r.index.index()
	if idx == nil {
		return nil
	}
	removed := 0
	q := news.Query{Sort: news.SortOldest, To: before, Size: retentionPage}
	for {
		found, err := idx.Search(ctx, q)
		if err != nil {
			return fmt.Errorf("find old articles: %w", err)
		}
		for _, h := range found.Hits {
			if err := r.store.Remove(ctx, h.Article.ID); err != nil && !errors.Is(err, news.ErrNotFound) {
				return err
			}
			removed++
		}
		if found.NextCursor == "" {
			break
		}
		q.Cursor = found.NextCursor
	}
	dropped, err := r.index.current.Load().engine.Retire(ctx, before)
	if removed > 0 || dropped > 0 {
		r.log.Info("removed articles that are too old", "articles", removed, "partitions", dropped, "before", before)
	}
	return err
}
