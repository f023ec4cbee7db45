package postgres_test

import (
	"bytes"
	"errors"
	"net"
	"net/url"
	"sync/atomic"
	"testing"

	"broadsheet.example/news"
	"broadsheet.example/store/postgres"
)

// TestUnansweredCommit loses the connection around a commit. The caller must not
// be told that it failed, nor that it did nothing.
func TestUnansweredCommit(t *testing.T) {
	tests := []struct {
		name      string
		delivered bool
	}{
		{"the commit is lost", false},
		{"the answer is lost", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := schema(t, nil)
			open(t, cfg)
			p := newProxy(t, cfg.DSN, tt.delivered)
			cfg.DSN = p.dsn
			s := open(t, cfg)
			p.armed.Store(true)
			n, err := s.PutFeeds(t.Context(), news.Feed{ID: "a", URL: "https://a.example/", Enabled: true})
			if err != nil || n != 1 || p.armed.Load() {
				t.Errorf("got %d new feeds and %v, want one", n, err)
			}
			if feeds, err := s.ListFeeds(t.Context()); err != nil || len(feeds) != 1 {
				t.Errorf("got %d feeds and %v, want one", len(feeds), err)
			}
		})
	}
}

// proxy stands between a store and its server. Once armed it cuts the first
// connection that commits, before or after the server has heard of it.
type proxy struct {
	dsn       string
	server    string
	delivered bool
	armed     atomic.Bool
}

func newProxy(t *testing.T, dsn string, delivered bool) *proxy {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	p := &proxy{server: u.Host, delivered: delivered}
	u.Host, u.RawQuery = l.Addr().String(), "sslmode=disable"
	p.dsn = u.String()
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(client)
		}
	}()
	return p
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	defer server.Close()
	var mute atomic.Bool
	go func() {
		defer client.Close()
		buf := make([]byte, 32<<10)
		for {
			n, err := server.Read(buf)
			if err != nil || mute.Load() {
				return // the answer to the commit has come: it is durable now
			}
			if _, err := client.Write(buf[:n]); err != nil {
				return
			}
		}
	}()
	buf := make([]byte, 32<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		if bytes.HasPrefix(buf[:n], []byte("Q\x00\x00\x00\x0bcommit")) && p.armed.Swap(false) {
			mute.Store(true)
			if !p.delivered {
				return
			}
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
	}
}

// TestClosed closes twice and calls then.
func TestClosed(t *testing.T) {
	s := open(t, schema(t, nil))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error("second close:", err)
	}
	if _, err := s.PutFeeds(t.Context(), news.Feed{ID: "a", URL: "https://a.example/"}); !errors.Is(err, postgres.ErrClosed) {
		t.Errorf("got error %v, want %v", err, postgres.ErrClosed)
	}
	if _, err := s.ListFeeds(t.Context()); !errors.Is(err, postgres.ErrClosed) {
		t.Errorf("got error %v, want %v", err, postgres.ErrClosed)
	}
}
