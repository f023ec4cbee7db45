package crawler

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"

	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
)

// damaged is a store that cannot read what it has of one host.
type damaged struct {
	*sqlite.Store
	host string
}

var errDamaged = errors.New("damaged")

func (d damaged) Site(ctx context.Context, host string) (store.Site, error) {
	if host == d.host {
		return store.Site{}, errDamaged
	}
	return d.Store.Site(ctx, host)
}

func TestSiteThatFailsHoldsUpNoOther(t *testing.T) {
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for _, host := range []string{"a.example", "b.example"} {
		if err := s.PutSite(t.Context(), store.Site{Host: host, Pending: true}); err != nil {
			t.Fatal(err)
		}
	}
	learner := newSites(damaged{s, "a.example"}, nil, nil, slog.New(slog.DiscardHandler), new(atomic.Int64))
	if err := learner.turn(t.Context()); !errors.Is(err, errDamaged) {
		t.Errorf("turn: %v, want what is wrong with the first", err)
	}
	if left, err := s.PendingSites(t.Context()); err != nil || !slices.Equal(left, []string{"a.example"}) {
		t.Errorf("pending: %v, %v; want the damaged one alone", left, err)
	}
}
