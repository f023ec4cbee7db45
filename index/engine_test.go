package index_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"broadsheet.example/index"
	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// fill applies n articles of one word.
func fill(t *testing.T, e *index.Engine, lib *indextest.Library, n int) {
	t.Helper()
	changes := make([]news.Change, n)
	for i := range changes {
		a := article(news.ArticleID(string(rune('a'+i))), 1, "budget"+strings.Repeat(" talks", i))
		a.PublishedAt = a.PublishedAt.Add(time.Duration(i) * time.Hour)
		lib.Put(a)
		changes[i] = news.Change{ID: a.ID, Version: 1, Article: &a}
	}
	if _, err := e.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

func reopen(dir string) (*index.Engine, error) {
	return index.Open(context.Background(), index.Config{Dir: dir}, indextest.NewLibrary(), slog.New(slog.DiscardHandler))
}

func TestReopenKeepsEverything(t *testing.T) {
	dir, lib := t.TempDir(), indextest.NewLibrary()
	e := open(t, index.Config{Dir: dir}, lib)
	fill(t, e, lib, 9)
	want, err := e.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := open(t, index.Config{Dir: dir}, lib).Digest(t.Context()); err != nil || got != want {
		t.Errorf("digest %v, %v, want %v", got, err, want)
	}
}

func TestDirectoryHasOneOwner(t *testing.T) {
	dir := t.TempDir()
	open(t, index.Config{Dir: dir}, indextest.NewLibrary())
	_, err := reopen(dir)
	if corrupt, ok := errors.AsType[*index.CorruptError](err); err == nil || ok {
		t.Errorf("second owner: %v (corrupt: %v), want a plain error", err, corrupt)
	}
}

// TestCorruptDirectory damages each file of an index in several ways: opening
// must work or say that the index is corrupt, and never panic.
func TestCorruptDirectory(t *testing.T) {
	damage := map[string]func(path string) error{
		"cut":     func(path string) error { return os.Truncate(path, 100) },
		"emptied": func(path string) error { return os.Truncate(path, 0) },
		"garbage": func(path string) error {
			return os.WriteFile(path, []byte(strings.Repeat("garbage ", 4000)), 0o600)
		},
		"deleted": os.Remove,
	}
	for name, spoil := range damage {
		for _, pattern := range []string{"root.bolt", "*.zap"} {
			t.Run(name+" "+pattern, func(t *testing.T) {
				dir := t.TempDir()
				lib := indextest.NewLibrary()
				e := open(t, index.Config{Dir: dir}, lib)
				fill(t, e, lib, 9)
				if err := e.Close(); err != nil {
					t.Fatal(err)
				}
				files, err := filepath.Glob(filepath.Join(dir, "p*", "scorch", pattern))
				if err != nil || len(files) == 0 {
					t.Fatalf("no files to spoil: %v", err)
				}
				for _, f := range files {
					if err := spoil(f); err != nil {
						t.Fatal(err)
					}
				}
				e, err = reopen(dir)
				if _, ok := errors.AsType[*index.CorruptError](err); !ok {
					t.Errorf("error %v, want *CorruptError", err)
				}
				if err == nil {
					t.Logf("opened with %+v", e.Stats())
					if err := e.Close(); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
}

func TestOtherFormat(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(dir string) error
	}{
		{"older", func(dir string) error { return os.WriteFile(filepath.Join(dir, "format"), []byte("0\n"), 0o600) }},
		{"missing", func(dir string) error { return os.Remove(filepath.Join(dir, "format")) }},
		{"garbage", func(dir string) error { return os.WriteFile(filepath.Join(dir, "format"), []byte("x"), 0o600) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			e, err := reopen(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(e.Close(), tt.spoil(dir)); err != nil {
				t.Fatal(err)
			}
			_, err = reopen(dir)
			if _, ok := errors.AsType[*index.FormatError](err); !ok {
				t.Errorf("error %v, want *FormatError", err)
			}
		})
	}
}

func TestRelevancyCursorExpires(t *testing.T) {
	now := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	lib := indextest.NewLibrary()
	e := open(t, index.Config{Now: func() time.Time { return now }}, lib)
	fill(t, e, lib, 9)
	q := news.Query{Expr: query.Word{Text: "budget"}, Size: 4}
	r, err := e.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	q.Cursor = r.NextCursor
	now = now.Add(119 * time.Second)
	if _, err := e.Search(t.Context(), q); err != nil {
		t.Errorf("within two minutes: %v", err)
	}
	now = now.Add(3 * time.Minute)
	if _, err := e.Search(t.Context(), q); !errors.Is(err, news.ErrCursorExpired) {
		t.Errorf("after two minutes: error %v, want ErrCursorExpired", err)
	}
}

func TestCursorOfAnotherProcess(t *testing.T) {
	lib := indextest.NewLibrary()
	e, other := open(t, index.Config{}, lib), open(t, index.Config{}, lib)
	fill(t, e, lib, 9)
	fill(t, other, lib, 9)
	q := news.Query{Expr: query.Word{Text: "budget"}, Size: 4}
	r, err := e.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	q.Cursor = r.NextCursor
	if _, err := other.Search(t.Context(), q); !errors.Is(err, news.ErrCursorExpired) {
		t.Errorf("error %v, want ErrCursorExpired", err)
	}
}

func TestExplainAddsUp(t *testing.T) {
	lib := indextest.NewLibrary()
	e := open(t, index.Config{}, lib)
	fill(t, e, lib, 9)
	for _, expr := range []query.Node{nil, query.Word{Text: "talks"}, query.All{Parts: []query.Node{query.Word{Text: "budget"}, query.Phrase{Text: "talks talks"}}}} {
		r, err := e.Search(t.Context(), news.Query{Expr: expr, Explain: true, Now: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			x := h.Explanation
			if x == nil || math.Abs(x.Value-h.Score) > 1e-9 || len(x.Parts) != 2 || math.Abs(x.Parts[0].Value*x.Parts[1].Value-x.Value) > 1e-9 {
				t.Errorf("%v: score %v is explained as %+v", expr, h.Score, x)
			}
		}
	}
}

func TestClosed(t *testing.T) {
	e, err := reopen(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
	_, search := e.Search(t.Context(), news.Query{})
	_, apply := e.Apply(t.Context(), nil)
	_, suggest := e.Suggest(t.Context(), news.SuggestQuery{Text: "x"})
	_, digest := e.Digest(t.Context())
	for i, err := range []error{search, apply, suggest, digest} {
		if !errors.Is(err, news.ErrUnavailable) {
			t.Errorf("call %d on a closed engine: %v, want ErrUnavailable", i, err)
		}
	}
}

func TestBatchesAreBounded(t *testing.T) {
	lib := indextest.NewLibrary()
	for name, cfg := range map[string]index.Config{"by count": {BatchDocs: 60}, "by bytes": {BatchBytes: 1}} {
		t.Run(name, func(t *testing.T) {
			e := open(t, cfg, lib)
			changes := make([]news.Change, 200)
			for i := range changes {
				a := article(news.ArticleID(time.Duration(i).String()), 1, "budget")
				changes[i] = news.Change{ID: a.ID, Version: 1, Article: &a}
			}
			out, err := e.Apply(t.Context(), changes)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range out {
				if !o.Applied || o.Err != nil {
					t.Errorf("outcome %+v", o)
				}
			}
			if st := e.Stats(); st.Articles != 200 {
				t.Errorf("%d articles, want 200", st.Articles)
			}
		})
	}
}

func TestHostileArticle(t *testing.T) {
	lib := indextest.NewLibrary()
	e := open(t, index.Config{}, lib)
	a := article("a", 1, strings.Repeat("\xff\x00title ", 3000))
	a.Content = strings.Repeat("word\u0300\u0301 ", 100_000) + strings.Repeat("x", 100_000)
	a.Section, a.Country, a.URL = "\x00\xffsection", "\x00", "http://[::1"
	a.Authors = make([]string, 10_000)
	a.PublishedAt = time.Time{}
	a.Source = news.Ref{ID: "s\x00\x00\xff", Name: "\x00\x00" + strings.Repeat("n", 10_000)}
	for range 10_000 {
		a.Entities = append(a.Entities, news.Entity{ID: "e\x00\x00", Type: "alien", Name: "x"}, news.Entity{ID: "\x00", Type: news.Person, Name: "\x00"})
	}
	lib.Put(a)
	out, err := e.Apply(t.Context(), []news.Change{{ID: "a", Version: 1, Article: &a}})
	if err != nil || out[0].Err != nil {
		t.Fatal(err, out)
	}
	q := news.Query{Expr: query.Word{Text: "word"}, Highlight: news.Highlight{On: true}}
	for _, name := range news.FacetNames() {
		q.Facets = append(q.Facets, news.FacetRequest{Name: name})
	}
	if r, err := e.Search(t.Context(), q); err != nil || r.Total != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestFailedWrite has Bleve fail to write a segment: the caller is told,
// searches go on, and the same changes succeed when they are tried again.
func TestFailedWrite(t *testing.T) {
	dir, lib := t.TempDir(), indextest.NewLibrary()
	e := open(t, index.Config{Dir: dir}, lib)
	fill(t, e, lib, 4)
	parts, err := filepath.Glob(filepath.Join(dir, "p*", "scorch"))
	if err != nil || len(parts) != 1 {
		t.Fatalf("partitions %v, %v, want one", parts, err)
	}
	var blocks []string
	for n := range 16 { // where the next segments would be written
		path := filepath.Join(parts[0], fmt.Sprintf("%012x.zap", n))
		err := os.MkdirAll(filepath.Join(path, "full"), 0o700)
		for errors.Is(err, fs.ErrNotExist) { // Bleve tidies up meanwhile
			err = os.MkdirAll(filepath.Join(path, "full"), 0o700)
		}
		if err == nil {
			blocks = append(blocks, path)
		} else if !errors.Is(err, syscall.ENOTDIR) {
			t.Fatal(err)
		}
	}
	a := article("new", 1, "budget")
	lib.Put(a)
	change := news.Change{ID: "new", Version: 1, Article: &a}
	if out, err := e.Apply(t.Context(), []news.Change{change}); err == nil {
		t.Fatalf("no error, outcomes %+v", out)
	}
	if r, err := e.Search(t.Context(), news.Query{Expr: query.Word{Text: "budget"}}); err != nil || r.Total != 4 {
		t.Errorf("after the failure: %+v, %v, want the 4 of before", r, err)
	}
	for _, path := range blocks {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	out, err := e.Apply(t.Context(), []news.Change{change})
	if err != nil || !out[0].Applied {
		t.Fatalf("tried again: %+v, %v", out, err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if r, err := open(t, index.Config{Dir: dir}, lib).Search(t.Context(), news.Query{Expr: query.Word{Text: "budget"}}); err != nil || r.Total != 5 {
		t.Errorf("after reopening: %+v, %v, want 5", r, err)
	}
}

// TestApplyStopsWithContext: a batch whose caller gives up goes on, and the next
// call takes up what became of it.
func TestApplyStopsWithContext(t *testing.T) {
	lib := indextest.NewLibrary()
	e := open(t, index.Config{}, lib)
	a := article("a", 1, "budget")
	lib.Put(a)
	changes := []news.Change{{ID: "a", Version: 1, Article: &a}}
	for wait := range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(wait)*500*time.Microsecond)
		_, err := e.Apply(ctx, changes)
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
	}
	if _, err := e.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
	if st := e.Stats(); st.Articles != 1 {
		t.Errorf("%d articles, want 1", st.Articles)
	}
}

func TestHints(t *testing.T) {
	lib := indextest.NewLibrary()
	e := open(t, index.Config{}, lib)
	var changes []news.Change
	for i, title := range []string{"Elections in Georgia", "Election postponed", "Elections delayed", "Storm over Kyiv"} {
		a := article(fmt.Sprint(i), 1, title)
		lib.Put(a)
		changes = append(changes, news.Change{ID: a.ID, Version: 1, Article: &a})
	}
	if _, err := e.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, query string
		sort        news.Sort
		want        []string
	}{
		{"misspelt", "elextions", news.SortRelevancy, []string{`No article has "elextions". Did you mean "elections"?`}},
		{"one of two", "georgia strom", news.SortNewest, []string{`No article has "strom". Did you mean "storm"?`}},
		{"nothing near", "zzzzzz", news.SortRelevancy, []string{`No article has "zzzzzz".`}},
		{"too short to tell", "kyv", news.SortRelevancy, []string{`No article has "kyv".`}},
		{"words that do not meet", "georgia storm", news.SortRelevancy, nil},
		{"found", "georgia", news.SortRelevancy, nil},
		{"excluded words do not matter", "-elextions georgia storm", news.SortRelevancy, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, err := query.Parse(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			r, err := e.Search(t.Context(), news.Query{Expr: n, Sort: tt.sort})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(r.Warnings, tt.want) {
				t.Errorf("warnings %q, want %q", r.Warnings, tt.want)
			}
			for i, c := range r.Corrections {
				if want := fmt.Sprintf("No article has %q. Did you mean %q?", c.Word, c.Meant); r.Warnings[i] != want {
					t.Errorf("correction %+v beside %q", c, r.Warnings[i])
				}
			}
		})
	}
}
