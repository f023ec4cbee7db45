package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

// Articles loads the articles that [Follow] indexes; a store does.
type Articles interface {
	Articles(ctx context.Context, ids ...string) ([]news.Article, error)
}

// FollowConfig says how to follow an outbox. Only Reader is required.
type FollowConfig struct {
	// Reader is the name under which the index reads the outbox.
	Reader string
	// Batch is how many changes are leased at a time; 0 means 500.
	Batch int
	// TTL is how long a lease holds; 0 means a minute.
	TTL time.Duration
	// Idle is how long to wait when there is nothing to do; 0 means 200 ms.
	Idle time.Duration
	// Observe, if set, is called after each batch with the age of its oldest
	// change and the number of changes.
	Observe func(lag time.Duration, n int)
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

func (c *FollowConfig) setDefaults() {
	if c.Batch <= 0 {
		c.Batch = 500
	}
	if c.TTL <= 0 {
		c.TTL = time.Minute
	}
	if c.Idle <= 0 {
		c.Idle = 200 * time.Millisecond
	}
	if c.Observe == nil {
		c.Observe = func(time.Duration, int) {}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
}

// Waits between attempts after an error double from minBackoff to maxBackoff.
const (
	minBackoff = 200 * time.Millisecond
	maxBackoff = 30 * time.Second
)

// Follow keeps idx up to date with the outbox until ctx is done, and then
// returns nil. It acknowledges a change only when it is durable in idx. Errors,
// a full disk among them, are logged and tried again with growing waits. A
// change that cannot be indexed is logged with its article's id and
// acknowledged, so that it does not come back before the article changes.
func Follow(ctx context.Context, cfg FollowConfig, outbox store.Outbox, archive Articles, idx news.Index, log *slog.Logger) error {
	cfg.setDefaults()
	if cfg.Reader == "" {
		return errors.New("follow outbox: no reader named")
	}
	f := &follower{cfg: cfg, outbox: outbox, archive: archive, idx: idx, log: log}
	registered := false
	backoff := minBackoff
	for ctx.Err() == nil {
		wait, err := f.turn(ctx, &registered)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			log.Error("follow outbox", "reader", cfg.Reader, "err", err, "wait", backoff)
			sleep(ctx, backoff/2+rand.N(backoff))
			backoff = min(2*backoff, maxBackoff)
		default:
			backoff = minBackoff
			sleep(ctx, wait)
		}
	}
	return nil
}

// follower is the state of one Follow.
type follower struct {
	cfg     FollowConfig
	outbox  store.Outbox
	archive Articles
	idx     news.Index
	log     *slog.Logger
}

// turn takes one batch and returns how long to wait before the next.
func (f *follower) turn(ctx context.Context, registered *bool) (time.Duration, error) {
	if !*registered {
		if err := f.outbox.Register(ctx, f.cfg.Reader); err != nil {
			return 0, fmt.Errorf("register: %w", err)
		}
		*registered = true
	}
	changes, err := f.outbox.LeaseChanges(ctx, f.cfg.Reader, f.cfg.Batch, f.cfg.TTL)
	if err != nil {
		return 0, fmt.Errorf("lease changes: %w", err)
	}
	if len(changes) == 0 {
		return f.cfg.Idle, nil
	}
	if err := f.apply(ctx, changes); err != nil {
		return 0, err
	}
	f.cfg.Observe(f.lag(changes), len(changes))
	if len(changes) < f.cfg.Batch {
		return f.cfg.Idle, nil
	}
	return 0, nil
}

// apply brings the index up to the changes and acknowledges them.
func (f *follower) apply(ctx context.Context, changes []news.Change) error {
	loaded, err := f.load(ctx, changes)
	if err != nil {
		return err
	}
	outcomes, err := f.idx.Apply(ctx, loaded)
	if err != nil {
		return fmt.Errorf("apply changes: %w", err)
	}
	for _, o := range outcomes {
		if o.Err != nil {
			f.log.Error("article cannot be indexed", "article", o.ID, "version", o.Version, "err", o.Err)
		}
	}
	if err := f.outbox.AckChanges(ctx, f.cfg.Reader, changes); err != nil {
		return fmt.Errorf("acknowledge changes: %w", err)
	}
	return nil
}

// load returns the changes with their articles. A change whose article has
// vanished since is left out: its tombstone is another change.
func (f *follower) load(ctx context.Context, changes []news.Change) ([]news.Change, error) {
	var ids []string
	for _, c := range changes {
		if !c.Deleted && c.Article == nil {
			ids = append(ids, c.ID)
		}
	}
	byID := make(map[string]news.Article, len(ids))
	if len(ids) > 0 {
		list, err := f.archive.Articles(ctx, ids...)
		if err != nil {
			return nil, fmt.Errorf("load articles: %w", err)
		}
		for _, a := range list {
			byID[a.ID] = a
		}
	}
	loaded := make([]news.Change, 0, len(changes))
	for _, c := range changes {
		if !c.Deleted && c.Article == nil {
			a, ok := byID[c.ID]
			if !ok {
				f.log.Debug("article of a change has vanished", "article", c.ID, "version", c.Version)
				continue
			}
			c.Article = &a
			c.Version = max(c.Version, a.Version) // the archive may be ahead of the lease
		}
		loaded = append(loaded, c)
	}
	return loaded, nil
}

// lag is the age of the oldest of the changes.
func (f *follower) lag(changes []news.Change) time.Duration {
	now := f.cfg.Now()
	var lag time.Duration
	for _, c := range changes {
		if !c.Since.IsZero() {
			lag = max(lag, now.Sub(c.Since))
		}
	}
	return lag
}

func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
