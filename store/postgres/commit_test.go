package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/store/postgres"
)

// ask returns the text that a query has for an answer.
func ask(t *testing.T, cfg postgres.Config, query string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), cfg.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `SET search_path = `+cfg.Schema); err != nil {
		t.Fatal(err)
	}
	var text string
	if err := conn.QueryRow(t.Context(), query).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

// TestFate asks what became of transactions of which the server gave the numbers
// to others, as it does after a crash.
func TestFate(t *testing.T) {
	cfg := schema(t, nil)
	s := open(t, cfg)
	marked := ask(t, cfg, `INSERT INTO commits VALUES ('here', 7, 0) RETURNING pg_current_xact_id()::text`)
	other := ask(t, cfg, `SELECT pg_current_xact_id()::text`)
	tests := []struct {
		name, number, connection string
		serial                   int64
		want                     string
	}{
		{"its own", marked, "here", 7, "committed"},
		{"another of its connection", other, "here", 8, "aborted"},
		{"another of a connection that never committed", other, "gone", 1, "aborted"},
		{"not given away again", ask(t, cfg, `SELECT (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000000000)::text`), "here", 8, "aborted"},
	}
	for _, tt := range tests {
		got, err := s.Fate(t.Context(), tt.number, tt.connection, tt.serial)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %q and %v, want %s", tt.name, got, err, tt.want)
		}
	}
}

// TestForgetCommits has marks of long ago go and others stay.
func TestForgetCommits(t *testing.T) {
	cfg := schema(t, nil)
	s := open(t, cfg)
	execute(t, cfg, `INSERT INTO commits VALUES ('old', 1, 0), ('new', 1, extract(epoch FROM now()) * 1000)`)
	if _, err := s.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, cfg, `SELECT string_agg(connection, ' ') FROM commits WHERE connection IN ('old', 'new')`); got != "new" {
		t.Errorf("%q are left, want new", got)
	}
}
