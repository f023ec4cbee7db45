package index_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet.example/index"
	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// outbox is the least that a reader can follow: changes wait until they are
// acknowledged.
type outbox struct {
	store.Outbox // the methods that following does not call

	mu         sync.Mutex
	registered bool
	pending    []news.Change
	failures   int // of LeaseChanges, before it works
}

func (o *outbox) add(c ...news.Change) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pending = append(o.pending, c...)
}

func (o *outbox) left() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.pending)
}

func (o *outbox) Register(context.Context, string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.registered = true
	return nil
}

func (o *outbox) LeaseChanges(_ context.Context, _ string, n int, _ time.Duration) ([]news.Change, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failures--; o.failures >= 0 {
		return nil, errors.New("store is away")
	}
	if !o.registered {
		return nil, news.ErrNotFound
	}
	return slices.Clone(o.pending[:min(n, len(o.pending))]), nil
}

func (o *outbox) AckChanges(_ context.Context, _ string, done []news.Change) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pending = slices.DeleteFunc(o.pending, func(c news.Change) bool {
		return slices.ContainsFunc(done, func(d news.Change) bool { return d.ID == c.ID && d.Version == c.Version })
	})
	return nil
}

// fullDisk is an index whose disk is full for the first tries.
type fullDisk struct {
	news.Index
	tries, failures int
}

func (f *fullDisk) Apply(ctx context.Context, changes []news.Change) ([]news.Outcome, error) {
	if f.tries++; f.tries <= f.failures {
		return nil, news.ErrDiskFull
	}
	out := make([]news.Outcome, len(changes))
	for i, c := range changes {
		out[i] = news.Outcome{ID: c.ID, Version: c.Version, Applied: true}
		if c.ID == "odd" {
			out[i] = news.Outcome{ID: c.ID, Version: c.Version, Err: errors.New("cannot be indexed")}
		}
	}
	return out, nil
}

func article(id string, version int64, title string) news.Article {
	day := time.Date(2024, 4, 18, 0, 0, 0, 0, time.UTC)
	return news.Article{ID: id, Version: version, Title: title, Language: "en", PublishedAt: day, FirstSeen: day, Source: news.Ref{ID: "wire", Name: "Wire"}}
}

func TestFollow(t *testing.T) {
	lib := indextest.NewLibrary()
	e := open(t, index.Config{}, lib)
	box := &outbox{}
	for _, id := range []string{"a", "b", "c"} {
		lib.Put(article(id, 1, "budget"))
		box.add(news.Change{ID: id, Version: 1, Since: time.Now()})
	}
	box.add(news.Change{ID: "vanished", Version: 1})
	box.add(news.Change{ID: "gone", Version: 2, Deleted: true})

	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	seen := make(chan int, 100)
	go func() {
		cfg := index.FollowConfig{Reader: "index", Batch: 2, Idle: time.Millisecond, Observe: func(_ time.Duration, n int) { seen <- n }}
		done <- index.Follow(ctx, cfg, box, lib, e, slog.New(slog.DiscardHandler))
	}()
	for n := 0; n < 5; n += <-seen {
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if box.left() != 0 {
		t.Errorf("%d changes are left in the outbox", box.left())
	}
	var want news.Digest
	for id, a := range lib.All() {
		want.Add(id, a.Version)
	}
	if got, err := e.Digest(t.Context()); err != nil || got != want {
		t.Errorf("digest %v, %v, want %v", got, err, want)
	}
}

func TestFollowWaitsOnErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lib := indextest.NewLibrary()
		lib.Put(article("a", 1, "budget"), article("odd", 1, "odd"))
		box := &outbox{failures: 2}
		box.add(news.Change{ID: "a", Version: 1}, news.Change{ID: "odd", Version: 1})
		idx := &fullDisk{failures: 5}
		var log bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		start := time.Now()
		cfg := index.FollowConfig{Reader: "index", Idle: time.Hour, Observe: func(time.Duration, int) { cancel() }}
		if err := index.Follow(ctx, cfg, box, lib, idx, slog.New(slog.NewTextHandler(&log, nil))); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took < 5*time.Second || took > time.Minute {
			t.Errorf("7 failures took %v, want growing waits", took)
		}
		if idx.tries != 6 || box.left() != 0 {
			t.Errorf("%d tries, %d changes left, want 6 and 0", idx.tries, box.left())
		}
		if !strings.Contains(log.String(), "article=odd") {
			t.Errorf("the article that cannot be indexed is not in the log:\n%s", log.String())
		}
	})
}

func TestFollowNeedsReader(t *testing.T) {
	if err := index.Follow(t.Context(), index.FollowConfig{}, nil, nil, nil, nil); err == nil {
		t.Error("no error without a reader")
	}
}
