package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// maxErrorBody is how much is read of the body of an error, to know a wall.
	maxErrorBody = 64 << 10
	// maxRedirectBody is how much is read of the body of a redirect, to keep the
	// connection.
	maxRedirectBody = 16 << 10
)

// answer is what came of one request. It is made even for a request that
// failed, so that the gate knows of it.
type answer struct {
	status     int
	header     http.Header
	body       []byte
	truncated  bool
	at         time.Time     // when it was sent, by the clock of dates
	arrived    time.Time     // when the server had surely received it
	took       time.Duration // until all of the answer was there
	wire       int64         // bytes of the body as sent
	retryAfter time.Duration
}

// send makes the request and reads its answer in the time left. Delay is the
// distance to keep should the transport send it twice.
func (v *visit) send(ctx context.Context, req *http.Request, delay time.Duration) (*answer, error) {
	limited, stop := context.WithTimeoutCause(ctx, v.left, errTotal)
	defer stop()
	limited, cancel := context.WithCancelCause(limited)
	defer cancel(nil)

	a := &answer{at: v.client.cfg.Now()}
	start := time.Now()
	res, err := v.client.transport.RoundTrip(req.WithContext(spaced(limited, delay)))
	a.arrived = time.Now()
	if err == nil {
		err = v.receive(cancel, res, a)
	}
	a.took = time.Since(start)
	v.left -= a.took
	if err != nil {
		err = reason(ctx, limited, err)
	}
	v.report(ctx, a, err)
	return a, err
}

// spaced delays every attempt but the first. The transport repeats a request
// by itself when a kept connection turns out to be closed, and the server may
// have seen the first attempt all the same.
func spaced(ctx context.Context, delay time.Duration) context.Context {
	attempts := 0
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		if attempts++; attempts > 1 {
			_ = sleep(ctx, delay) // the transport looks at ctx itself
		}
	}})
}

// sleep waits for d or the end of ctx, and says which by its error.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return reason(ctx, ctx, ctx.Err())
	}
}

// receive reads the answer's body as far as its status makes it worth reading.
func (v *visit) receive(cancel context.CancelCauseFunc, res *http.Response, a *answer) error {
	defer func() { _ = res.Body.Close() }() // nothing is left to read
	a.status, a.header = res.StatusCode, res.Header
	a.header.Del("Set-Cookie")
	a.retryAfter = retryAfter(a.header, a.at)

	m := &meter{r: res.Body}
	var watcher sync.WaitGroup
	done := make(chan struct{})
	watcher.Go(func() { m.watch(done, cancel) })
	defer watcher.Wait()
	defer close(done)
	defer func() { a.wire = m.n.Load() }()

	encoding := strings.Join(a.header.Values("Content-Encoding"), ",")
	switch {
	case success(a.status):
		return v.receiveBody(encoding, res.ContentLength, m, a)
	case redirects(a.status):
		_, _ = io.CopyN(io.Discard, m, maxRedirectBody) // only to keep the connection
		return nil
	default:
		a.body, _, _ = readBody(m, encoding, maxErrorBody) // only to know a wall
		return nil
	}
}

func (v *visit) receiveBody(encoding string, length int64, m *meter, a *answer) error {
	if media := foreign(v.kind, a.header.Get("Content-Type")); media != "" {
		return foreignError{media}
	}
	limit := v.client.cfg.maxBytes(v.kind)
	if length > limit && v.kind != robotsFile {
		return fmt.Errorf("%w: %d bytes, at most %d are read", errTooLarge, length, limit)
	}
	if media := a.header.Get("Content-Type"); v.kind == Sitemap && encoding == "" && strings.Contains(media, "gzip") {
		encoding = "gzip"
	}
	var err error
	a.body, a.truncated, err = readBody(m, encoding, limit)
	if errors.Is(err, errTooLarge) && v.kind == robotsFile {
		a.truncated = true
		return nil
	}
	if errors.Is(err, errTooLarge) {
		return fmt.Errorf("%w: at most %d bytes are read", err, limit)
	}
	return err
}

// report tells the log and the observer of one request.
func (v *visit) report(ctx context.Context, a *answer, err error) {
	outcome := strconv.Itoa(a.status)
	if err != nil {
		kind, _ := classify(err)
		outcome = string(kind)
	}
	if observe := v.client.cfg.Observe; observe != nil {
		observe(v.kind.String(), outcome, a.took, int(a.wire))
	}
	v.client.log.LogAttrs(ctx, slog.LevelDebug, "request", slog.String("kind", v.kind.String()), slog.String("url", v.url),
		slog.String("outcome", outcome), slog.Duration("took", a.took), slog.Int64("bytes", a.wire), slog.Any("err", err))
}
