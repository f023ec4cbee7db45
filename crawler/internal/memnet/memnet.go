// Package memnet is a network in memory for tests that run in a bubble of
// synthetic time, where sockets would keep the clock from moving. It is no
// double of HTTP: real clients and servers talk over its connections. Start
// reading at [Listener].
package memnet

import (
	"context"
	"net"
	"sync"
)

// Listener is the one place that every address leads to. It is safe for
// concurrent use.
type Listener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// New returns a listener. It starts nothing.
func New() *Listener { return &Listener{conns: make(chan net.Conn), done: make(chan struct{})} }

// Dial connects to the listener, whatever the address.
func (l *Listener) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept waits for the next connection.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and Dial. It never fails.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// Addr is no address.
func (l *Listener) Addr() net.Addr { return &net.IPAddr{} }
