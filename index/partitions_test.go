package index

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"broadsheet.example/index/indextest"
	"broadsheet.example/news"
)

// monthly is a change of a new article of a month, which it names.
func monthly(lib *indextest.Library, month string, n int) news.Change {
	at, err := time.Parse(monthLayout, month)
	if err != nil {
		panic(err)
	}
	a := news.Article{ID: fmt.Sprintf("%s-%d", month, n), Version: 1, Title: "budget", Language: "en", PublishedAt: at, FirstSeen: at, Partition: month}
	lib.Put(a)
	return news.Change{ID: a.ID, Version: 1, Partition: month, Article: &a}
}

func spansOf(e *Engine) []string {
	var list []string
	for _, p := range e.parts {
		list = append(list, p.From+".."+p.To)
	}
	return list
}

func TestPartitionsByMonth(t *testing.T) {
	apply := func(e *Engine, lib *indextest.Library, month string, n int) {
		t.Helper()
		var changes []news.Change
		for i := range n {
			changes = append(changes, monthly(lib, month, i))
		}
		if _, err := e.Apply(t.Context(), changes); err != nil {
			t.Fatal(err)
		}
	}
	type step struct {
		month string
		n     int
	}
	for _, c := range []struct {
		name  string
		steps []step
		want  []string
	}{
		{"full months stand alone", []step{{"2024-01", 4}, {"2024-02", 4}, {"2024-03", 1}}, []string{"2024-01..2024-01", "2024-02..2024-02", "2024-03..2024-03"}},
		{"sparse months fold", []step{{"2024-01", 1}, {"2024-02", 2}, {"2024-04", 1}, {"2024-05", 1}}, []string{"2024-01..2024-04", "2024-05..2024-05"}},
		{"an old month joins a sparse neighbor", []step{{"2024-05", 2}, {"2010-01", 1}}, []string{"2010-01..2024-05"}},
		{"between two the nearer one", []step{{"2024-01", 4}, {"2024-09", 1}, {"2024-08", 1}}, []string{"2024-01..2024-01", "2024-08..2024-09"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			lib := indextest.NewLibrary()
			cfg := Config{Dir: t.TempDir(), PartitionArticles: 4}
			e := openTest(t, cfg, lib)
			for _, s := range c.steps {
				apply(e, lib, s.month, s.n)
			}
			if got := spansOf(e); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			e = openTest(t, cfg, lib)
			defer e.Close()
			if got := spansOf(e); !slices.Equal(got, c.want) {
				t.Errorf("opened again: got %v, want %v", got, c.want)
			}
		})
	}
}

func TestPartitionsAreBounded(t *testing.T) {
	lib := indextest.NewLibrary()
	e := openTest(t, Config{Dir: t.TempDir(), PartitionArticles: 1}, lib)
	defer e.Close()
	n := 1
	for i := range 40 { // each month as large as all before it
		month := news.PartitionOf(epoch.AddDate(0, i-40, 0))
		var changes []news.Change
		for k := range n {
			changes = append(changes, monthly(lib, month, k))
		}
		if _, err := e.Apply(t.Context(), changes); err != nil {
			t.Fatal(err)
		}
		n = max(n, e.current.Load().live/partitionShare+1)
		if i > 32 {
			n = 1
		}
	}
	if len(e.parts) != maxPartitions {
		t.Errorf("%d partitions, want %d", len(e.parts), maxPartitions)
	}
}

func TestRetireDropsEmptyMonths(t *testing.T) {
	lib := indextest.NewLibrary()
	cfg := Config{Dir: t.TempDir(), PartitionArticles: 1}
	e := openTest(t, cfg, lib)
	defer func() { e.Close() }()
	for _, month := range []string{"2024-01", "2024-02", "2024-03"} {
		if _, err := e.Apply(t.Context(), []news.Change{monthly(lib, month, 0)}); err != nil {
			t.Fatal(err)
		}
	}
	march := time.Date(2024, 3, 31, 0, 0, 0, 0, time.UTC)
	if n, err := e.Retire(t.Context(), march); err != nil || n != 0 {
		t.Fatalf("dropped %d, %v while articles are held", n, err)
	}
	gone := []news.Change{{ID: "2024-01-0", Version: 2, Partition: "2024-01", Deleted: true}, {ID: "2024-03-0", Version: 2, Partition: "2024-03", Deleted: true}}
	if _, err := e.Apply(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	if n, err := e.Retire(t.Context(), march); err != nil || n != 1 {
		t.Fatalf("dropped %d, %v, want the one of January", n, err)
	}
	want := []string{"2024-02..2024-02", "2024-03..2024-03"}
	if got := spansOf(e); !slices.Equal(got, want) {
		t.Errorf("left %v, want %v", got, want)
	}
	if dirs, err := filepath.Glob(filepath.Join(cfg.Dir, "p2024-01*")); err != nil || len(dirs) != 0 {
		t.Errorf("directories left: %v, %v", dirs, err)
	}
	r, err := e.Search(t.Context(), news.Query{Size: 10})
	if err != nil || r.Total != 1 || r.Hits[0].Article.ID != "2024-02-0" {
		t.Errorf("got %+v, %v, want February's article", r, err)
	}
}

func TestOpenSweepsUnlistedPartitions(t *testing.T) {
	cfg := Config{Dir: t.TempDir()}
	stray := filepath.Join(cfg.Dir, "p2024-01-stray")
	if err := os.Mkdir(stray, 0o700); err != nil {
		t.Fatal(err)
	}
	e := openTest(t, cfg, indextest.NewLibrary())
	defer e.Close()
	if _, err := os.Stat(stray); !os.IsNotExist(err) {
		t.Errorf("the stray partition is still there: %v", err)
	}
}

func TestMergeClosedLeavesOneSegment(t *testing.T) {
	lib := indextest.NewLibrary()
	now := epoch
	e := openTest(t, Config{Dir: t.TempDir(), PartitionArticles: 3, Now: func() time.Time { return now }}, lib)
	defer e.Close()
	for i := range 3 {
		if _, err := e.Apply(t.Context(), []news.Change{monthly(lib, "2024-01", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.Apply(t.Context(), []news.Change{monthly(lib, "2024-02", 0)}); err != nil {
		t.Fatal(err)
	}
	e.mergeClosed()
	e.merges.Wait()
	if n := len(e.parts[0].state.segments); n < 2 {
		t.Fatalf("%d segments before it has rested, want several", n)
	}
	now = now.Add(2 * mergeAfter)
	e.mergeClosed()
	e.merges.Wait()
	if err := e.renewIfMerged(); err != nil {
		t.Fatal(err)
	}
	if n := len(e.parts[0].state.segments); n != 1 {
		t.Errorf("%d segments after the merge, want 1", n)
	}
	if r, err := e.Search(t.Context(), news.Query{}); err != nil || r.Total != 4 {
		t.Errorf("got %+v, %v, want 4 articles", r, err)
	}
}
