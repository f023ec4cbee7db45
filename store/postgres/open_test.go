package postgres_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/postgres"
)

const secret = "s3cr3t-w0rd"

// TestUnusableAddress opens stores that cannot be had. Whatever is wrong, the
// error says what to do and neither it nor the log shows the password.
func TestUnusableAddress(t *testing.T) {
	tests := []struct{ name, dsn, want string }{
		{"not an address", "postgres://ann:" + secret + "@[::1", "must look like postgres://"},
		{"bad port", "postgres://ann:" + secret + "@127.0.0.1:99999999/news", "must look like postgres://"},
		{"bad words", "host=127.0.0.1 password='" + secret, "must look like postgres://"},
		{"bad option", "postgres://ann:" + secret + "@127.0.0.1/news?sslmode=odd", "must look like postgres://"},
		{"certificate missing", "postgres://ann:" + secret + "@127.0.0.1/news?sslmode=verify-full&sslrootcert=/nowhere/ca.pem", "/nowhere/ca.pem"},
		{"nobody there", fmt.Sprintf("postgres://ann:%s@127.0.0.1:%d/news", secret, closedPort(t)), "check that PostgreSQL runs"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { failsToOpen(t, postgres.Config{DSN: tt.dsn}, tt.want) })
	}
}

func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func failsToOpen(t *testing.T, cfg postgres.Config, want string) {
	t.Helper()
	var logged bytes.Buffer
	s, err := postgres.Open(t.Context(), cfg, slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err == nil {
		s.Close()
		t.Fatal("got a store")
	}
	if !strings.Contains(err.Error(), want) {
		t.Errorf("got error %q, want one with %q", err, want)
	}
	for unwrapped := err; unwrapped != nil; unwrapped = errors.Unwrap(unwrapped) {
		if strings.Contains(fmt.Sprintf("%v %+v", unwrapped, unwrapped), secret) {
			t.Errorf("error shows the password: %v", unwrapped)
		}
	}
	if strings.Contains(logged.String(), secret) {
		t.Errorf("log shows the password: %s", logged.String())
	}
}

func TestRefusedByServer(t *testing.T) {
	dsn := server(t)
	tests := []struct {
		name, want string
		change     func(*url.URL)
	}{
		{"wrong password", "check user and password", func(u *url.URL) { u.User = url.UserPassword(u.User.Username(), secret) }},
		{"no such database", "createdb", func(u *url.URL) { u.Path = "/no_such_database" }},
		{"no TLS", "sslmode", func(u *url.URL) { u.RawQuery = "sslmode=require" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u, err := url.Parse(dsn)
			if err != nil {
				t.Fatal(err)
			}
			tt.change(u)
			if s, err := postgres.Open(t.Context(), postgres.Config{DSN: u.String(), Schema: schema(t, nil).Schema}, nil); err == nil {
				s.Close()
				t.Skip("the server lets everybody in")
			}
			failsToOpen(t, postgres.Config{DSN: u.String()}, tt.want)
		})
	}
}

func TestNewerSchema(t *testing.T) {
	cfg := schema(t, nil)
	open(t, cfg)
	execute(t, cfg, `INSERT INTO migrations VALUES ('999901010000_later.sql')`)
	failsToOpen(t, cfg, "newer Broadsheet")
}

// TestOpenTogether has many processes find no schema at the same time.
func TestOpenTogether(t *testing.T) {
	cfg := schema(t, nil)
	cfg.Schema = strings.ToUpper(cfg.Schema) + ` "quoted"`
	t.Cleanup(func() {
		execute(t, postgres.Config{DSN: cfg.DSN, Schema: "public"}, `DROP SCHEMA "`+strings.ReplaceAll(cfg.Schema, `"`, `""`)+`" CASCADE`)
	})
	var g errgroup.Group
	for range 6 {
		g.Go(func() error {
			s, err := postgres.Open(t.Context(), cfg, nil)
			if err != nil {
				return err
			}
			return s.Close()
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

// TestHostileText stores what PostgreSQL's text type refuses.
func TestHostileText(t *testing.T) {
	const odd = "a\x00b\xff\xfec"
	s := open(t, schema(t, nil))
	if _, err := s.PutFeeds(t.Context(), news.Feed{ID: "odd", URL: "https://h.example/" + odd, Title: odd, Category: odd, Enabled: true}); err != nil {
		t.Fatal(err)
	}
	feeds, err := s.LeaseFeeds(t.Context(), 1, 1e12)
	if err != nil || len(feeds) != 1 {
		t.Fatalf("got %d feeds and %v", len(feeds), err)
	}
	c, err := s.CommitPolls(t.Context(), store.PollCommit{
		Lease: feeds[0], Error: odd, Title: odd, SiteURL: odd, Language: odd, State: store.FeedState{Notes: map[string]string{odd: odd}},
		Pages: []store.Discovery{
			{Key: "key" + odd, URL: "https://p.example/" + odd, Aliases: []string{odd}, Hash: odd, Item: store.Item{Title: odd}},
			{Key: "long", URL: "https://p.example/", Host: strings.Repeat("h", 10_000)},
		},
	})
	if err != nil || c[0].Err != nil || c[0].New != 1 {
		t.Fatalf("got %+v and %v", c, err)
	}
	pages, err := s.LeasePages(t.Context(), 1, 1e12)
	if err != nil || len(pages) != 1 {
		t.Fatalf("got %d pages and %v", len(pages), err)
	}
	d := article("text", pages[0].Key, odd)
	d.Article.Source, d.Article.Authors = news.Ref{ID: odd, Name: odd}, []string{odd}
	d.Article.Entities = []news.Entity{{ID: odd, Type: news.Person, Name: odd}, {ID: odd, Type: news.Person, Name: "twice"}}
	v := store.Validators{ETag: odd, LastModified: odd}
	c, err = s.CommitPages(t.Context(), store.PageCommit{Lease: pages[0], State: store.PageDone, Error: odd, Validators: v, Draft: &d})
	if err != nil || c[0].Err != nil || c[0].Kind != store.KindNew {
		t.Fatalf("got %+v and %v", c, err)
	}
	if p, err := s.TracePage(t.Context(), "key"+odd); err != nil || p.Validators != v || p.ArticleID != c[0].ID {
		t.Errorf("got %+v and %v, want the validators byte for byte", p, err)
	}
}
