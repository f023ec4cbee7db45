package postgres_test

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/postgres"
	"broadsheet.example/store/storetest"
)

// urlVariable names a database in which tests may make schemas.
const urlVariable = "BROADSHEET_POSTGRES_URL"

var epoch = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// server returns the address of the database to test with.
func server(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv(urlVariable)
	if dsn == "" {
		t.Skipf("set %s to the address of a PostgreSQL database to test with (.ci/postgres start gives one)", urlVariable)
	}
	return dsn
}

var schemas atomic.Int64

// schema returns the configuration of a store in a schema of its own, which goes
// with the test.
func schema(t testing.TB, now func() time.Time) postgres.Config {
	t.Helper()
	cfg := postgres.Config{DSN: server(t), Schema: fmt.Sprintf("test_%d_%d", os.Getpid(), schemas.Add(1)), MaxConns: 8, Now: now}
	t.Cleanup(func() { execute(t, cfg, `DROP SCHEMA IF EXISTS `+cfg.Schema+` CASCADE`) })
	return cfg
}

// execute runs statements in a schema, past the store.
func execute(t testing.TB, cfg postgres.Config, query string) {
	t.Helper()
	ctx := context.Background() // a cleanup has no other
	conn, err := pgx.Connect(ctx, cfg.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `SET client_min_messages = warning; SET search_path = `+cfg.Schema+`; `+query); err != nil {
		t.Fatal(err)
	}
}

// open opens a store, which is closed with the test.
func open(t testing.TB, cfg postgres.Config) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error("close:", err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	server(t)
	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store { return open(t, schema(t, now)) })
}

func TestFullStore(t *testing.T) {
	server(t)
	storetest.RunFull(t, func(t *testing.T, now func() time.Time) storetest.Full { return open(t, schema(t, now)) })
}

func article(text string, keys ...string) store.Draft {
	return store.Draft{Keys: keys, Blocks: []string{text}, Article: news.Article{
		Title: "Title", Content: text, URL: "https://gazette.example/1", PublishedAt: epoch, PublishedAtSource: news.DateMeta,
		Source: news.Ref{ID: "gazette", Name: "The Gazette"}, Language: "en", Completeness: news.Full,
		Entities: []news.Entity{{ID: news.EntityID(news.Person, "ann"), Type: news.Person, Name: "Ann Example", Count: 1}},
	}}
}
