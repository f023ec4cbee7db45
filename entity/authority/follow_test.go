package authority_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/entity/authority"
	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/postgres"
)

// archive is what a file and its test need of a store.
type archive interface {
	authority.Archive
	store.Archive
}

// openShared opens one archive twice, as two processes do that share it.
func openShared(t *testing.T) (one, two archive) {
	t.Helper()
	const variable = "BROADSHEET_POSTGRES_URL"
	dsn := os.Getenv(variable)
	if dsn == "" {
		t.Skipf("set %s to the address of a PostgreSQL database to test with (.ci/postgres start gives one)", variable)
	}
	schema := fmt.Sprintf("test_authority_%d_%d", os.Getpid(), time.Now().UnixNano())
	t.Cleanup(func() {
		ctx := context.Background() // a cleanup has no other
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, `DROP SCHEMA IF EXISTS `+schema+` CASCADE`); err != nil {
			t.Error(err)
		}
	})
	open := func() archive {
		s, err := postgres.Open(t.Context(), postgres.Config{DSN: dsn, Schema: schema, MaxConns: 4}, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	}
	return open(), open()
}

// TestDecisionsOfOthers decides in one process while another follows, and lets
// the other's articles and rulings tell.
func TestDecisionsOfOthers(t *testing.T) {
	one, two := openShared(t)
	jake, jacob := person("Jake Sullivan"), person("Jacob Sullivan")
	put(t, one, draft(1, on(0, jake)), draft(2, on(0, jacob)))
	here, err := authority.Open(t.Context(), one, nil)
	if err != nil {
		t.Fatal(err)
	}
	there, err := authority.Open(t.Context(), two, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	go func() { ended <- there.Follow(ctx, 10*time.Millisecond) }()
	go func() { ended <- there.Run(ctx, time.Hour) }()

	decide := func(d news.Decision, survivor, shows string) {
		t.Helper()
		if _, err := here.Decide(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		var got []string
		for range 1000 {
			if got = shown(state(t, one)["Title 2"]); len(got) == 1 && got[0] == shows {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		if len(got) != 1 || got[0] != shows || there.Rulings().Survivor(jacob.ID) != survivor {
			t.Fatalf("the other process shows %q and takes %s for %s, want %q and %s", got, jacob.ID, there.Rulings().Survivor(jacob.ID), shows, survivor)
		}
	}
	decide(merge(jacob, jake), jake.ID, "Jake Sullivan x1 <Jacob Sullivan>")
	decide(news.Decision{Kind: news.DecisionSplit, Entity: jacob.ID}, jacob.ID, "Jacob Sullivan x1")
	stop()
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}
