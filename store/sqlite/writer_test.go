package sqlite

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestGroup lets three requests wait behind a slow one: the one that fails undoes
// nothing but its own writes.
func TestGroup(t *testing.T) {
	s, err := Open(t.Context(), Config{Dir: t.TempDir()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	failure := errors.New("no")
	begun, results := make(chan struct{}), make(chan error, 4)
	request := func(name string, result error, before func()) {
		results <- s.w.write(t.Context(), func(ctx context.Context, x *tx) error {
			before()
			if _, err := x.exec(ctx, `INSERT INTO counters VALUES (?, 1)`, name); err != nil {
				return err
			}
			return result
		})
	}
	nothing := func() {}
	go request("first", nil, func() { close(begun); time.Sleep(maxGroup / 2) })
	<-begun
	go request("good", nil, nothing)
	go request("bad", failure, nothing)
	go request("also good", nil, nothing)
	failed := 0
	for range 4 {
		if err := <-results; errors.Is(err, failure) {
			failed++
		} else if err != nil {
			t.Error(err)
		}
	}
	var kept int
	if err := s.read.QueryRow(`SELECT count(*) FROM counters WHERE name IN ('first', 'good', 'bad', 'also good')`).Scan(&kept); err != nil {
		t.Fatal(err)
	}
	if failed != 1 || kept != 3 {
		t.Errorf("got %d failures and %d rows, want 1 and 3", failed, kept)
	}
}

// TestWriteAfterClose closes twice and writes then.
func TestWriteAfterClose(t *testing.T) {
	s, err := Open(t.Context(), Config{Dir: t.TempDir()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error("second close:", err)
	}
	if err := s.Register(t.Context(), "reader"); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want %v", err, ErrClosed)
	}
}
