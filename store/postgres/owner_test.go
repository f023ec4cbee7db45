package postgres_test

import (
	"errors"
	"testing"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/postgres"
)

// TestLeasesTakenBack has a process die between lease and commit: its successor
// gets its hosts as soon as they have rested, and nobody else's; what the dead one
// sends late is refused.
func TestLeasesTakenBack(t *testing.T) {
	now := epoch
	cfg := schema(t, func() time.Time { return now })
	cfg.Gap = 30 * time.Second
	owned := func(owner string) *postgres.Store {
		c := cfg
		c.Owner = owner
		return open(t, c)
	}
	dead, other := owned("one"), owned("two")
	lease := func(s *postgres.Store) store.FeedLease {
		t.Helper()
		list, err := s.LeaseFeeds(t.Context(), 1, 4*time.Minute)
		if err != nil || len(list) != 1 {
			t.Fatalf("got leases %+v, error %v", list, err)
		}
		return list[0]
	}
	put := func(host string) {
		t.Helper()
		f := news.Feed{ID: host, URL: "https://" + host + "/feed", Enabled: true}
		if _, err := dead.PutFeeds(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	put("a.example")
	late := lease(dead)
	put("b.example")
	kept := lease(other)

	now = now.Add(time.Second)
	next := owned("one")
	none := func(when string) {
		t.Helper()
		if list, err := next.LeaseFeeds(t.Context(), 9, time.Minute); err != nil || len(list) > 0 {
			t.Errorf("%s: got leases %+v, error %v", when, list, err)
		}
	}
	none("at once")
	now = now.Add(cfg.Gap - time.Millisecond)
	none("before the rest is over")
	commit := store.PollCommit{Lease: late, At: now, State: late.State, Next: now.Add(time.Hour), HostNext: now}
	if done, err := dead.CommitPolls(t.Context(), commit); err != nil || !errors.Is(done[0].Err, store.ErrLeaseLost) {
		t.Errorf("the dead one commits: %+v, error %v", done, err)
	}
	now = now.Add(time.Millisecond)
	if l := lease(next); l.Host != late.Host {
		t.Errorf("leased %s, want %s", l.Host, late.Host)
	}
	none("while others hold the rest")
	commit.Lease = kept
	if done, err := other.CommitPolls(t.Context(), commit); err != nil || done[0].Err != nil {
		t.Errorf("another's lease: %+v, error %v", done, err)
	}
}

// TestLeasesThatRanOut opens a store when the leases of its owner are over: their
// hosts do not rest anew.
func TestLeasesThatRanOut(t *testing.T) {
	now := epoch
	cfg := schema(t, func() time.Time { return now })
	cfg.Gap, cfg.Owner = 30*time.Second, "one"
	s := open(t, cfg)
	if _, err := s.PutFeeds(t.Context(), news.Feed{ID: "a", URL: "https://a.example/feed", Enabled: true}); err != nil {
		t.Fatal(err)
	}
	if list, err := s.LeaseFeeds(t.Context(), 1, time.Minute); err != nil || len(list) != 1 {
		t.Fatalf("got leases %+v, error %v", list, err)
	}
	now = now.Add(time.Minute + cfg.Gap)
	if list, err := open(t, cfg).LeaseFeeds(t.Context(), 1, time.Minute); err != nil || len(list) != 1 {
		t.Errorf("after the lease and the rest: got leases %+v, error %v", list, err)
	}
}
