package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/dirlock"
	"broadsheet.example/store/sqlite"
	"broadsheet.example/store/storetest"
)

var epoch = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, now func() time.Time) store.Store {
		return open(t, sqlite.Config{Dir: t.TempDir(), Now: now})
	})
}

// open opens a store; the caller closes it.
func open(t testing.TB, cfg sqlite.Config) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func article(text string, keys ...string) store.Draft {
	return store.Draft{Keys: keys, Blocks: []string{text}, Article: news.Article{
		Title: "Title", Content: text, URL: "https://gazette.example/1", PublishedAt: epoch, PublishedAtSource: news.DateMeta,
		Source: news.Ref{ID: "gazette", Name: "The Gazette"}, Language: "en", Completeness: news.Full,
		Entities: []news.Entity{{ID: news.EntityID(news.Person, "ann"), Type: news.Person, Name: "Ann Example", Count: 1}},
	}}
}

func TestLocked(t *testing.T) {
	dir := t.TempDir()
	s := open(t, sqlite.Config{Dir: dir})
	_, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir}, nil)
	locked, ok := errors.AsType[*dirlock.LockedError](err)
	if !ok || locked.Dir != dir || locked.PID != os.Getpid() {
		t.Errorf("got error %v, want one that names %s and %d", err, dir, os.Getpid())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, sqlite.Config{Dir: dir}).Close(); err != nil {
		t.Error(err)
	}
}

// TestRecovery closes a store while it holds leases, which is what a dead
// process leaves behind.
func TestRecovery(t *testing.T) {
	tests := []struct {
		name string
		rest time.Duration // that the host had last
		want time.Duration // until it is free after recovery
	}{
		{"quick host", time.Second, 5 * time.Second},
		{"slow host", 20 * time.Second, 20 * time.Second},
		{"host that sent a Retry-After", 24 * time.Hour, time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := epoch
			cfg := sqlite.Config{Dir: t.TempDir(), Gap: 5 * time.Second, Now: func() time.Time { return now }}
			s := open(t, cfg)
			feed := news.Feed{ID: news.ArticleID("a"), URL: "https://a.example/feed", Enabled: true}
			if _, err := s.PutFeeds(t.Context(), feed); err != nil {
				t.Fatal(err)
			}
			l := lease(t, s)
			if _, err := s.CommitPolls(t.Context(), store.PollCommit{Lease: l[0], At: now, Next: now.Add(time.Minute), HostNext: now.Add(tt.rest)}); err != nil {
				t.Fatal(err)
			}
			now = now.Add(48 * time.Hour)
			held := lease(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open(t, cfg)
			defer s.Close()
			due, err := s.Due(t.Context())
			if err != nil || due.Leased != 0 || !due.Next.Equal(now.Add(tt.want)) {
				t.Errorf("got %+v and %v, want no leases and the next at %v", due, err, now.Add(tt.want))
			}
			c, err := s.CommitPolls(t.Context(), store.PollCommit{Lease: held[0], At: now, Next: now})
			if err != nil || !errors.Is(c[0].Err, store.ErrLeaseLost) {
				t.Errorf("got %+v and %v for the lease of a dead owner, want %v", c, err, store.ErrLeaseLost)
			}
			now = now.Add(tt.want)
			if again := lease(t, s); again[0].Token <= held[0].Token {
				t.Errorf("token %d was given after %d", again[0].Token, held[0].Token)
			}
		})
	}
}

func TestRevisionsAreBounded(t *testing.T) {
	s := open(t, sqlite.Config{Dir: t.TempDir()})
	defer s.Close()
	const states, kept = 105, 100
	var drafts []store.Draft
	for n := range states {
		drafts = append(drafts, article(fmt.Sprint("state ", n), "a"))
	}
	if _, err := s.PutArticles(t.Context(), drafts...); err != nil {
		t.Fatal(err)
	}
	got, err := s.Revisions(t.Context(), news.ArticleID("a"))
	if err != nil || len(got) != kept || got[kept-1].Content != "state 104" || got[0].Content != "state 5" {
		t.Errorf("got %d revisions and %v, want the last %d", len(got), err, kept)
	}
}

func lease(t *testing.T, s *sqlite.Store) []store.FeedLease {
	t.Helper()
	l, err := s.LeaseFeeds(t.Context(), 1, time.Hour)
	if err != nil || len(l) != 1 {
		t.Fatalf("got %d feeds and %v, want one", len(l), err)
	}
	return l
}

func TestNewerDatabase(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, sqlite.Config{Dir: dir}).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "broadsheet.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO migrations VALUES ('999901010000_later.sql', 0)`); err != nil {
		t.Fatal(err)
	}
	_, err = sqlite.Open(t.Context(), sqlite.Config{Dir: dir}, nil)
	if err == nil || !strings.Contains(err.Error(), "newer Broadsheet") {
		t.Errorf("got error %v, want one that says what to do", err)
	}
}

func TestDiskFull(t *testing.T) {
	s := open(t, sqlite.Config{Dir: t.TempDir()})
	defer s.Close()
	ctx := t.Context()
	kept, err := s.PutArticles(ctx, article("text", "a"))
	if err != nil {
		t.Fatal(err)
	}
	used, err := s.LimitPages(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	large := article(noise(200_000), "b")
	for range 2 {
		if _, err := s.PutArticles(ctx, article("small", "c"), large); !errors.Is(err, news.ErrDiskFull) {
			t.Fatalf("got error %v, want %v", err, news.ErrDiskFull)
		}
	}
	if as, err := s.Articles(ctx, kept[0].ID); err != nil || len(as) != 1 {
		t.Errorf("got %d articles and %v from a full disk", len(as), err)
	}
	if _, err := s.Lookup(ctx, "c"); !errors.Is(err, news.ErrNotFound) {
		t.Errorf("got error %v for what was not stored", err)
	}
	if _, err := s.LimitPages(ctx, used+1000); err != nil {
		t.Fatal(err)
	}
	if c, err := s.PutArticles(ctx, large); err != nil || c[0].Kind != store.KindNew {
		t.Errorf("got %+v and %v when there is space again", c, err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
}

// noise is text that does not compress well.
func noise(n int) string {
	b, x := make([]byte, n), uint64(88172645463325252)
	for i := range b {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b[i] = '!' + byte(x%90)
	}
	return string(b)
}

func TestCorrupt(t *testing.T) {
	tests := []struct {
		name string
		at   int64
	}{
		{"header", 0},
		{"page", 5 * 8192},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, sqlite.Config{Dir: dir})
			if _, err := s.PutArticles(t.Context(), article("text", "a")); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			damage(t, filepath.Join(dir, "broadsheet.db"), tt.at)
			s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir}, nil)
			if err == nil {
				err = s.Check(t.Context())
				defer s.Close()
			}
			if !errors.Is(err, sqlite.ErrCorrupt) || !strings.Contains(err.Error(), dir) {
				t.Errorf("got error %v, want %v with the file's name", err, sqlite.ErrCorrupt)
			}
		})
	}
}

func damage(t *testing.T, path string, at int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(strings.Repeat("damage! ", 100)), at); err != nil {
		t.Fatal(err)
	}
}
