package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// idleWatch is a stream on which nothing happens, and the client's end of it.
func idleWatch(t *testing.T) (w *watch, client net.Conn, run func() error) {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	s := &Server{done: make(chan struct{}), deps: Deps{Generation: func() string { return "1" }}}
	w = &watch{server: s, generation: "1"}
	return w, theirs, func() error { return w.run(context.Background(), bufio.NewWriter(ours), ours, nil) }
}

// A stream gives a sign of life every 15 seconds, and ends when the server stops.
func TestStreamBeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, client, run := idleWatch(t)
		ended := make(chan error, 1)
		go func() { ended <- run() }()
		in := bufio.NewReader(client)
		read := func(want string) {
			t.Helper()
			text := make([]byte, len(want))
			if _, err := io.ReadFull(in, text); err != nil || string(text) != want {
				t.Fatalf("read %q, %v, want %q", text, err, want)
			}
		}
		read("retry: 5000\n\n")
		start := time.Now()
		for i := 1; i <= 3; i++ {
			read(":\n\n")
			if got := time.Since(start); got != time.Duration(i)*15*time.Second {
				t.Errorf("beat %d after %v", i, got)
			}
		}
		close(w.server.done)
		if err := <-ended; err != nil {
			t.Errorf("the stream ended with %v", err)
		}
	})
}

// A client that does not read is cut when its time to take what is written is up,
// each time anew.
func TestStreamCutsSlowClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client, run := idleWatch(t)
		ended := make(chan error, 1)
		start := time.Now()
		go func() { ended <- run() }()
		if _, err := io.ReadFull(client, make([]byte, len("retry: 5000\n\n"))); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the stream ended with %v", err)
		}
		if got, want := time.Since(start), streamBeat+writeTimeout; got != want {
			t.Errorf("after %v, want %v", got, want)
		}
	})
}
