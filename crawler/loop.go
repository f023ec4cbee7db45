package crawler

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"broadsheet.example/store"
)

// lookAgain is for how long a look at the work ahead is good enough for pacing.
const lookAgain = time.Second

// loop is one run of the crawler.
type loop struct {
	*Crawler
	hurry    bool // poll all that is due at once, as one pass does
	visits   sync.WaitGroup
	free     chan struct{} // holds a token for each visit under way
	due      store.Due     // as of looked
	looked   time.Time
	governor governor
	clock    drift
}

// turn starts what is due and may be started now, and returns how many visits
// that were.
func (l *loop) turn(ctx, visits context.Context) (int, error) {
	if err := l.follow(ctx); err != nil {
		return 0, err
	}
	if l.quiet() {
		return 0, l.look(ctx, 0)
	}
	if held, err := l.paused(ctx); held || err != nil {
		return 0, errors.Join(err, l.look(ctx, 0))
	}
	work, err := l.lease(ctx, cap(l.free)-len(l.free))
	for _, visit := range work {
		l.free <- struct{}{}
		l.visits.Go(func() {
			defer func() { <-l.free }()
			visit(visits)
		})
	}
	return len(work), errors.Join(err, l.look(ctx, len(work)))
}

// quiet reports whether nothing can be leased now, going by the last look.
func (l *loop) quiet() bool {
	return !l.looked.IsZero() && (l.due.Next.IsZero() || l.due.Next.After(l.cfg.Now()))
}

// look brings due up to date when there was nothing to start, or now and then.
func (l *loop) look(ctx context.Context, started int) (err error) {
	if started > 0 && time.Since(l.looked) < lookAgain {
		return nil
	}
	if l.due, err = l.store.Due(ctx); err != nil {
		return fmt.Errorf("look for work: %w", err)
	}
	l.looked = time.Now()
	return nil
}

// follow moves the schedule along when the clock was set.
func (l *loop) follow(ctx context.Context) error {
	by := l.clock.step(l.cfg.Now(), time.Now())
	if by == 0 {
		return nil
	}
	l.log.Warn("the clock was set; the schedule follows", "by", by)
	if err := l.store.Shift(ctx, by); err != nil {
		return fmt.Errorf("follow the clock: %w", err)
	}
	return nil
}

// paused reports whether all hosts are paused.
func (l *loop) paused(ctx context.Context) (bool, error) {
	pauses, err := l.store.ListPauses(ctx)
	if err != nil {
		return false, fmt.Errorf("look for pauses: %w", err)
	}
	return len(pauses) > 0 && pauses[0].Host == "", nil
}

// lease takes at most n visits, feeds before pages.
func (l *loop) lease(ctx context.Context, n int) ([]func(context.Context), error) {
	if n <= 0 {
		return nil, nil
	}
	may := n
	if !l.hurry {
		may = l.governor.allow(time.Now(), n, l.due.FeedsTotal, l.pace().floor())
	}
	feeds, err := l.store.LeaseFeeds(ctx, may, leaseTTL)
	if err != nil {
		return nil, fmt.Errorf("lease feeds: %w", err)
	}
	l.governor.spend(len(feeds))
	var work []func(context.Context)
	for _, f := range feeds {
		work = append(work, func(ctx context.Context) { l.poll(ctx, f) })
	}
	if n -= len(feeds); n == 0 {
		return work, nil
	}
	pages, err := l.store.LeasePages(ctx, n, leaseTTL)
	if err != nil {
		return work, fmt.Errorf("lease pages: %w", err)
	}
	for _, p := range pages {
		work = append(work, func(ctx context.Context) { l.visit(ctx, p) })
	}
	return work, nil
}
