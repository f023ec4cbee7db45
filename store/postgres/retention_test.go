package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"broadsheet.example/store"
	"broadsheet.example/store/move"
	"broadsheet.example/store/postgres"
)

// rowsOf counts the rows of a table, whoever's they are.
func rowsOf(t *testing.T, cfg postgres.Config, table string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), cfg.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), fmt.Sprintf(`SELECT count(*) FROM %s.%s`, cfg.Schema, table)).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestExpireMonths takes months down in steps, is cut short, and goes on: rows of
// a month that goes as a whole are left alone until it is dropped.
func TestExpireMonths(t *testing.T) {
	now := epoch
	cfg := schema(t, func() time.Time { return now })
	s := open(t, cfg)
	ids := putMany(t, s, 0, 6)
	now = now.AddDate(0, 1, 0)
	ids = append(ids, putMany(t, s, 6, 9)...) // as old, but the month is not over
	expire := func(want int) {
		t.Helper()
		if got, err := s.Expire(t.Context(), epoch.Add(time.Hour), 4); err != nil || got != want {
			t.Fatalf("%d taken down, want %d; %v", got, want, err)
		}
	}
	expire(4)
	if got := rowsOf(t, cfg, "articles_2026_03"); got != 6 {
		t.Errorf("the month that goes as a whole has %d rows left, want all 6", got)
	}
	if dropped, err := s.Tend(t.Context()); err != nil || dropped != 0 {
		t.Errorf("with articles left: %d months dropped, %v", dropped, err)
	}
	s = open(t, cfg) // what a kill leaves
	check := func(what string, want []string) {
		t.Helper()
		if diff := cmp.Diff(want, scanned(t, s)); diff != "" {
			t.Errorf("%s: scan:\n%s", what, diff)
		}
		if st, err := s.Stats(t.Context()); err != nil || st.Articles != len(want) || st.Revisions != len(want) || st.Removed != 9-len(want) {
			t.Errorf("%s: stats are %+v, %v", what, st, err)
		}
		copied(t, cfg, len(want))
	}
	check("cut short", ids[4:])
	expire(2)
	expire(3)
	expire(0)
	if got := rowsOf(t, cfg, "articles_2026_04"); got != 0 {
		t.Errorf("the month that goes on has %d rows of old articles", got)
	}
	check("before the month is dropped", nil)
	if dropped, err := s.Tend(t.Context()); err != nil || dropped != 1 {
		t.Errorf("at the end: %d months dropped, %v", dropped, err)
	}
	if n := rowsOf(t, cfg, "leaving"); n != 0 {
		t.Errorf("%d months are still leaving", n)
	}
	check("after the month is dropped", nil)
	putMany(t, s, 9, 12)
}

// copied checks how many articles a copy of the store would hold.
func copied(t *testing.T, cfg postgres.Config, want int) {
	t.Helper()
	src, err := postgres.OpenSource(t.Context(), cfg, false)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	for _, table := range move.Tables() {
		if table.Name != "articles" && table.Name != "revisions" {
			continue
		}
		n, err := src.Count(t.Context(), table)
		rows, rerr := src.Rows(t.Context(), table, nil, 100)
		if err != nil || rerr != nil || n != int64(want) || len(rows) != want {
			t.Errorf("a copy has %d of %s and reads %d, want %d; %v %v", n, table.Name, len(rows), want, err, rerr)
		}
	}
}

// TestExpireAgain lengthens the time that articles are kept for while a month is
// leaving: what is there stays, and new revisions of it are kept.
func TestExpireAgain(t *testing.T) {
	now := epoch
	cfg := schema(t, func() time.Time { return now })
	s := open(t, cfg)
	ids := putMany(t, s, 0, 4)
	now = now.AddDate(0, 1, 0)
	putMany(t, s, 4, 5)
	if n, err := s.Expire(t.Context(), epoch.Add(time.Hour), 2); err != nil || n != 2 {
		t.Fatalf("%d taken down, %v", n, err)
	}
	if n, err := s.Expire(t.Context(), epoch, 2); err != nil || n != 0 {
		t.Errorf("%d taken down of what is to stay, %v", n, err)
	}
	if c, err := s.PutArticles(t.Context(), article("Text, revised", keyOf(3))); err != nil || c[0].Kind != store.KindRevised {
		t.Errorf("an article of the leaving month is revised: %+v, %v", c, err)
	}
	if dropped, err := s.Tend(t.Context()); err != nil || dropped != 0 {
		t.Errorf("%d months dropped, %v", dropped, err)
	}
	if got := scanned(t, s); len(got) != 3 || got[1] != ids[3] {
		t.Errorf("scanned %v, want %v and one more", got, ids[2:])
	}
}
