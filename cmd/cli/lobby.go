package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"broadsheet.example/configs"
	"broadsheet.example/news"
)

const (
	// startPatience is how long a process that starts waits for a database or a
	// search engine that does not answer: machines and containers start in any
	// order.
	startPatience = 2 * time.Minute
	// firstWait and lastWait are the shortest and the longest time between two
	// attempts.
	firstWait = 500 * time.Millisecond
	lastWait  = 5 * time.Second
)

// patience has something opened that other machines have a part in.
type patience func(ctx context.Context, what string, open func() error) error

// atOnce opens, or fails, without waiting: somebody waits for the command.
func atOnce(_ context.Context, _ string, open func() error) error { return open() }

// lobby is where a process that starts waits for servers that do not answer, and
// receives those who call meanwhile: they are told to come again. It is not safe
// for concurrent use.
type lobby struct {
	log    *slog.Logger
	public net.Listener // nil for a process that does not answer
	under  *lendable    // what public listens by
	server *http.Server // nil until there is something to wait for
	ended  chan error
}

// openNode opens a node with as much patience as it takes, and empties the lobby.
func (l *lobby) openNode(ctx context.Context, p Parts, cfg *configs.Config) (*node, error) {
	n, err := openNode(ctx, p, cfg, l.log, l.wait)
	closing := l.close()
	if closing != nil && n != nil {
		return nil, errors.Join(closing, n.close())
	}
	return n, errors.Join(err, closing)
}

// wait opens something again and again, as long as that may help and until
// startPatience is over.
func (l *lobby) wait(ctx context.Context, what string, open func() error) error {
	end := time.Now().Add(startPatience)
	for pause := firstWait; ; pause = min(2*pause, lastWait) {
		err := open()
		if !mayPass(err) || ctx.Err() != nil {
			return err
		}
		left := time.Until(end)
		if left <= 0 {
			return fmt.Errorf("gave up after %s: %w", startPatience, err)
		}
		l.log.Warn("waiting for "+what, "err", err, "left", left.Round(time.Second))
		l.receive()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(pause, left)):
		}
	}
}

// mayPass reports whether err is of a server that may answer later. One that
// refuses us, or that we do not trust, is none.
func mayPass(err error) bool {
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	return errors.Is(err, news.ErrUnavailable) && !untrusted
}

// receive answers on the public listener until close.
func (l *lobby) receive() {
	if l.public == nil || l.server != nil {
		return
	}
	l.server = &http.Server{
		Handler: http.HandlerFunc(comeAgain), ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(l.log.Handler(), slog.LevelDebug),
	}
	l.ended = make(chan error, 1)
	l.under.lent.Store(true)
	go func() { l.ended <- l.server.Serve(l.public) }()
}

// close sends away who is still there, and leaves the listener to its owner.
func (l *lobby) close() error {
	if l.server == nil {
		return nil
	}
	err := l.server.Close()
	if ended := <-l.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	l.server = nil
	return errors.Join(err, l.under.giveBack())
}

// comeAgain says that the process is there, and can do nothing yet.
func comeAgain(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if strings.HasSuffix(r.URL.Path, "/healthz") {
		h.Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"status":"ok"}`)) // a caller who has left misses nothing
		return
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Retry-After", "5")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(`{"type":"about:blank","title":"Service Unavailable","status":503,"code":"unavailable","detail":"Broadsheet has just started and waits for its database or its search engine"}`))
}

// lendable is a TCP listener that can be lent to a server, whose end it outlasts.
type lendable struct {
	*net.TCPListener
	lent atomic.Bool
}

// Close ends Accept. Whoever has the listener on loan closes no more than that.
func (l *lendable) Close() error {
	if l.lent.Load() {
		return l.SetDeadline(time.Now())
	}
	return l.TCPListener.Close()
}

func (l *lendable) giveBack() error {
	l.lent.Store(false)
	return l.SetDeadline(time.Time{})
}
