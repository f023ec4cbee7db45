package sqlite_test

import (
	"database/sql"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
)

var update = flag.Bool("update", false, "write the database of the newest format to testdata")

// newestFormat is named after the last migration.
const newestFormat = "testdata/202611262200_first.db.zst"

// TestFormats opens a database of every format there ever was. Each holds what
// fill puts in.
func TestFormats(t *testing.T) {
	if *update {
		save(t, newestFormat)
	}
	names, err := filepath.Glob("testdata/*.db.zst")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %d databases and %v", len(names), err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			dir := t.TempDir()
			unpack(t, name, filepath.Join(dir, "broadsheet.db"))
			s := open(t, sqlite.Config{Dir: dir, Now: func() time.Time { return epoch.Add(time.Hour) }})
			defer s.Close()
			verify(t, s)
		})
	}
}

func fill(t *testing.T, s *sqlite.Store) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Register(ctx, reader))
	_, err := s.PutFeeds(ctx, news.Feed{ID: news.ArticleID("feed"), URL: "https://a.example/feed", Title: "A feed", Enabled: true})
	must(err)
	_, err = s.PutArticles(ctx, article("text", "a"), article("text", "b"), article("text", "c"))
	must(err)
	_, err = s.PutArticles(ctx, article("new text", "a", "b"))
	must(err)
	must(s.Remove(ctx, news.ArticleID("c")))
	_, err = s.CommitPolls(ctx, store.PollCommit{
		Lease: lease(t, s)[0], At: epoch, Next: epoch.Add(time.Hour), State: store.FeedState{BodyHash: "h"},
		Pages: []store.Discovery{{Key: "page", URL: "https://b.example/page", Aliases: []string{"guid"}, Item: store.Item{Title: "A page"}}},
	})
	must(err)
}

func verify(t *testing.T, s *sqlite.Store) {
	t.Helper()
	ctx := t.Context()
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
	as, err := s.Articles(ctx, news.ArticleID("a"), news.ArticleID("b"), news.ArticleID("c"))
	if err != nil || len(as) != 1 || as[0].Content != "new text" || len(as[0].Entities) != 1 {
		t.Errorf("got articles %+v and %v", as, err)
	}
	revisions, err := s.Revisions(ctx, news.ArticleID("a"))
	if err != nil || len(revisions) != 2 || revisions[0].Content != "text" {
		t.Errorf("got revisions %+v and %v", revisions, err)
	}
	c, err := s.PutArticles(ctx, article("text", "c"))
	if err != nil || c[0].Kind != store.KindRefused {
		t.Errorf("got %+v and %v for a removed article", c, err)
	}
	changes, err := s.LeaseChanges(ctx, reader, 10, time.Minute)
	if err != nil || len(changes) != 3 {
		t.Errorf("got changes %+v and %v", changes, err)
	}
	if l := lease(t, s)[0]; l.Feed.Title != "A feed" || l.State.BodyHash != "h" {
		t.Errorf("got feed %+v", l)
	}
	pages, err := s.LeasePages(ctx, 1, time.Minute)
	if err != nil || len(pages) != 1 || pages[0].Item.Title != "A page" || len(pages[0].Aliases) != 1 {
		t.Errorf("got pages %+v and %v", pages, err)
	}
}

// save writes a database of the newest format.
func save(t *testing.T, name string) {
	t.Helper()
	dir := t.TempDir()
	s := open(t, sqlite.Config{Dir: dir, Now: func() time.Time { return epoch }})
	fill(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "broadsheet.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`VACUUM`); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, enc.EncodeAll(b, nil), 0o644); err != nil {
		t.Fatal(err)
	}
}

func unpack(t *testing.T, from, to string) {
	t.Helper()
	packed, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	dec, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	b, err := dec.DecodeAll(packed, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
