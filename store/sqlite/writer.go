package sqlite

import (
	"context"
	"errors"
	"time"
)

// maxGroup is for how long a transaction takes in further requests before it is
// committed. A lone request does not wait for company.
const maxGroup = 10 * time.Millisecond

// writer runs all writes on one goroutine and one connection. Requests that
// arrive while a transaction runs share the next one, and its flush to disk;
// each runs under a savepoint and fails by itself.
type writer struct {
	tx       *tx
	requests chan *request
	closing  chan struct{}
	stopped  chan struct{}
}

type request struct {
	do   func(context.Context, *tx) error
	done chan error
}

func newWriter(t *tx) *writer {
	return &writer{tx: t, requests: make(chan *request), closing: make(chan struct{}), stopped: make(chan struct{})}
}

// write runs do in a transaction and returns when it is durable. Once begun it
// is not interrupted.
func (w *writer) write(ctx context.Context, do func(context.Context, *tx) error) error {
	r := &request{do: do, done: make(chan error, 1)}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-w.closing:
		return ErrClosed
	case w.requests <- r:
		return <-r.done
	}
}

// run serves requests until close.
func (w *writer) run(ctx context.Context) {
	defer close(w.stopped)
	for {
		select {
		case <-w.closing:
			return
		case r := <-w.requests:
			w.group(ctx, r)
		}
	}
}

func (w *writer) close() {
	close(w.closing)
	<-w.stopped
}

// group runs first, and whoever waits by then, in one transaction.
func (w *writer) group(ctx context.Context, first *request) {
	began := time.Now()
	if _, err := w.tx.exec(ctx, `BEGIN IMMEDIATE`); err != nil {
		w.abandon(ctx, []*request{first}, err)
		return
	}
	var wrote []*request
	for r := first; r != nil; r = w.next(began) {
		err := w.tx.within(ctx, func() error { return r.do(ctx, w.tx) })
		if lost(err) {
			w.abandon(ctx, append(wrote, r), err)
			return
		}
		if err != nil {
			r.done <- err
			continue
		}
		wrote = append(wrote, r)
	}
	if _, err := w.tx.exec(ctx, `COMMIT`); err != nil {
		w.abandon(ctx, wrote, err)
		return
	}
	report(wrote, nil)
}

// next is a request that is waiting already, nil when there is none or the
// transaction has been open for long enough.
func (w *writer) next(began time.Time) *request {
	if time.Since(began) >= maxGroup {
		return nil
	}
	select {
	case r := <-w.requests:
		return r
	default:
		return nil
	}
}

// abandon gives the whole transaction up.
func (w *writer) abandon(ctx context.Context, rs []*request, cause error) {
	// It fails when there is no transaction, because it never began or because
	// the engine has rolled it back by itself. That is as it should be.
	_, _ = w.tx.exec(ctx, `ROLLBACK`)
	report(rs, cause)
}

func report(rs []*request, err error) {
	for _, r := range rs {
		r.done <- err
	}
}

// lost reports whether err took the transaction with it.
func lost(err error) bool {
	_, broken := errors.AsType[*brokenError](err)
	return broken || fatal(err)
}
