package postgres_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/postgres"
)

// tables lists the tables of months that a schema has.
func tables(t *testing.T, cfg postgres.Config) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), cfg.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), `SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename ~ '^articles_\d' ORDER BY 1`, cfg.Schema)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func keyOf(n int) string { return fmt.Sprintf("https://gazette.example/%d", n) }

// putMany stores articles numbered from up to before to, and returns their ids.
func putMany(t *testing.T, s *postgres.Store, from, to int) (ids []string) {
	t.Helper()
	var drafts []store.Draft
	for n := from; n < to; n++ {
		drafts = append(drafts, article(fmt.Sprint("Text ", n), keyOf(n)))
	}
	c, err := s.PutArticles(t.Context(), drafts...)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range c {
		if one.Err != nil {
			t.Fatal(one.Err)
		}
		ids = append(ids, one.ID)
	}
	return ids
}

// scanned returns the ids of all articles in the order of a scan.
func scanned(t *testing.T, s *postgres.Store) (ids []string) {
	t.Helper()
	for pos := (store.ScanPosition{}); ; {
		page, next, err := s.Scan(t.Context(), pos, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return ids
		}
		for _, a := range page {
			ids = append(ids, a.ID)
		}
		pos = next
	}
}

// TestMonths lets articles arrive over months, takes one month's down, and sets
// the clock back.
func TestMonths(t *testing.T) {
	now := time.Date(2026, 12, 31, 23, 59, 0, 0, time.UTC)
	cfg := schema(t, func() time.Time { return now })
	s := open(t, cfg)
	tend := func(want int) {
		t.Helper()
		if got, err := s.Tend(t.Context()); err != nil || got != want {
			t.Errorf("%d months dropped, want %d; %v", got, want, err)
		}
	}
	december := putMany(t, s, 0, 5)
	now = now.Add(time.Hour)
	all := slices.Concat(december, putMany(t, s, 5, 10))
	if diff := cmp.Diff([]string{"articles_2026_12", "articles_2027_01"}, tables(t, cfg)); diff != "" {
		t.Errorf("months as articles come:\n%s", diff)
	}
	tend(0)
	if diff := cmp.Diff([]string{"articles_2026_12", "articles_2027_01", "articles_2027_02", "articles_2027_03"}, tables(t, cfg)); diff != "" {
		t.Errorf("months made ahead:\n%s", diff)
	}
	revised := article("Text, revised", keyOf(1))
	revised.Blocks = []string{"Text, revised"}
	if c, err := s.PutArticles(t.Context(), revised); err != nil || c[0].Kind != store.KindRevised {
		t.Errorf("an article of last month is revised: %+v, %v", c, err)
	}
	now = now.Add(-48 * time.Hour) // numbers must rise all the same
	all = append(all, putMany(t, s, 10, 12)...)
	if diff := cmp.Diff(all, scanned(t, s)); diff != "" {
		t.Errorf("scan is out of order:\n%s", diff)
	}
	now = now.Add(60 * 24 * time.Hour)
	tend(0)
	for _, id := range december {
		if err := s.Remove(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	tend(1)
	tend(0)
	if list := tables(t, cfg); list[0] != "articles_2027_01" {
		t.Errorf("the emptied month is there still: %v", list)
	}
	if diff := cmp.Diff(all[5:], scanned(t, s)); diff != "" {
		t.Errorf("after the removal:\n%s", diff)
	}
	if st, err := s.Stats(t.Context()); err != nil || st.Articles != 7 || st.Revisions != 7 || st.Removed != 5 {
		t.Errorf("stats are %+v, %v", st, err)
	}
}

// TestMonthIsRead does not wait for somebody who reads a month that is to go.
func TestMonthIsRead(t *testing.T) {
	now := epoch
	cfg := schema(t, func() time.Time { return now })
	s := open(t, cfg)
	for _, id := range putMany(t, s, 0, 3) {
		if err := s.Remove(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	now = now.AddDate(0, 1, 0)
	putMany(t, s, 3, 4)
	conn, err := pgx.Connect(t.Context(), cfg.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `BEGIN; SELECT count(*) FROM `+cfg.Schema+`.articles`); err != nil {
		t.Fatal(err)
	}
	if dropped, err := s.Tend(t.Context()); err != nil || dropped != 0 {
		t.Errorf("while it is read: %d dropped, %v", dropped, err)
	}
	if _, err := conn.Exec(t.Context(), `COMMIT`); err != nil {
		t.Fatal(err)
	}
	if dropped, err := s.Tend(t.Context()); err != nil || dropped != 1 {
		t.Errorf("afterwards: %d dropped, %v", dropped, err)
	}
}

// TestFromBeforeMonths opens a schema that has no months yet.
func TestFromBeforeMonths(t *testing.T) {
	now := func() time.Time { return epoch }
	template := schema(t, now)
	ids := putMany(t, open(t, template), 0, 8)
	old := schema(t, now)
	execute(t, old, `CREATE SCHEMA `+old.Schema)
	execute(t, old, `CREATE TABLE migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`)
	scripts, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range scripts {
		if strings.HasSuffix(path, "_months.sql") {
			break
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		execute(t, old, string(text))
		execute(t, old, `INSERT INTO migrations (name) VALUES ('`+filepath.Base(path)+`')`)
	}
	execute(t, old, strings.ReplaceAll(`INSERT INTO articles SELECT (seq & 4294967295) + 1, source, published, meta, content FROM NEW.articles;
INSERT INTO revisions SELECT (article & 4294967295) + 1, number, seen_at, meta, content, blocks FROM NEW.revisions;
INSERT INTO identities SELECT id, version, (seq & 4294967295) + 1, target, partition FROM NEW.identities;
INSERT INTO article_keys SELECT * FROM NEW.article_keys;
INSERT INTO sources SELECT * FROM NEW.sources;
SELECT setval('articles_seq_seq', 8)`, "NEW.", template.Schema+"."))

	s := open(t, old)
	if diff := cmp.Diff(ids, scanned(t, s)); diff != "" {
		t.Errorf("articles from before:\n%s", diff)
	}
	if st, err := s.Stats(t.Context()); err != nil || st.Articles != 8 || st.Revisions != 8 {
		t.Errorf("stats are %+v, %v", st, err)
	}
	c, err := s.PutArticles(t.Context(), article("Text, revised", keyOf(3)))
	if err != nil || c[0].Kind != store.KindRevised {
		t.Errorf("a revision of an article from before: %+v, %v", c, err)
	}
	if r, err := s.Revisions(t.Context(), ids[3]); err != nil || len(r) != 2 || r[0].Content != "Text 3" {
		t.Errorf("its revisions are %+v, %v", r, err)
	}
	ids = append(ids, putMany(t, s, 8, 10)...)
	if diff := cmp.Diff(ids, scanned(t, s)); diff != "" {
		t.Errorf("articles from before and after:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"articles_" + strings.ReplaceAll(news.PartitionOf(epoch), "-", "_")}, tables(t, old)); diff != "" {
		t.Errorf("months:\n%s", diff)
	}
}
