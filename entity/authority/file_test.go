package authority_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet.example/entity/authority"
	"broadsheet.example/news"
	"broadsheet.example/store"
	"broadsheet.example/store/sqlite"
)

func openStore(t *testing.T) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()}, nil)
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

func draft(n int, u use) store.Draft {
	url := fmt.Sprintf("https://gazette.example/%d", n)
	return store.Draft{Keys: []string{url}, Article: news.Article{
		URL: url, Title: fmt.Sprint("Title ", n), Content: "Text.", PublishedAt: u.at(), PublishedAtSource: news.DateFeed,
		Completeness: news.Full, Entities: u.list,
	}}
}

func put(t *testing.T, s store.Archive, drafts ...store.Draft) {
	t.Helper()
	done, err := s.PutArticles(t.Context(), drafts...)
	for _, c := range done {
		if err == nil {
			err = c.Err
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

func refresh(t *testing.T, f *authority.File) authority.Report {
	t.Helper()
	r, err := f.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// state returns the entities of every article by title.
func state(t *testing.T, s store.Archive) map[string][]news.Entity {
	t.Helper()
	all, _, err := s.Scan(t.Context(), store.ScanPosition{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]news.Entity{}
	for _, a := range all {
		out[a.Title] = a.Entities
	}
	return out
}

var week = []use{
	on(0, person("Jake Sullivan"), organization("Harrow Mining Association")),
	on(1, person("Sullivan"), person("Ann Other")),
	on(2, person("Jake Sullivan"), organization("HMA")),
	on(3, person("Mary Sullivan")),
	on(40, person("Mary Sullivan")),
	on(41, person("Mary Sullivan"), organization("HMA")),
	on(42, person("Sullivan"), person("Other")),
	on(4, person("Jake Sullivan"), organization("Harrow Mining Association")),
	on(2, person("Jake Sullivan"), organization("IDF")),
	on(3, person("Jake Sullivan"), person("Sullivan")),
}

// TestOrderOfArrival shows that what a refresh comes to does not depend on the
// order in which articles arrive, nor on refreshes in between.
func TestOrderOfArrival(t *testing.T) {
	var want map[string][]news.Entity
	for seed := range uint64(12) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		s := openStore(t)
		f, err := authority.Open(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		order := rnd.Perm(len(week))
		if seed == 0 {
			for i := range order {
				order[i] = i
			}
		}
		for _, n := range order {
			d := draft(n, week[n])
			d.Article.Entities = f.Apply(d.Article.Entities, d.Article.PublishedAt)
			put(t, s, d)
			if seed > 0 && rnd.IntN(3) == 0 {
				refresh(t, f)
			}
		}
		refresh(t, f)
		if again := refresh(t, f); again.Amended != 0 || again.Articles != len(week) {
			t.Errorf("order %v: a second refresh amended %d of %d articles", order, again.Amended, again.Articles)
		}
		if seed == 0 {
			want = state(t, s)
			continue
		}
		if diff := cmp.Diff(want, state(t, s)); diff != "" {
			t.Errorf("order %v (-sorted +got)\n%s", order, diff)
		}
	}
	got := map[string][]string{}
	for title, list := range want {
		got[title] = shown(list)
	}
	if diff := cmp.Diff(map[string][]string{
		"Title 0": {"Jake Sullivan x1", "Harrow Mining Association x1"},
		"Title 1": {"Jake Sullivan x1 <Sullivan>", "Ann Other x1"},
		"Title 2": {"Jake Sullivan x1", "Harrow Mining Association x1 <HMA>"},
		"Title 3": {"Mary Sullivan x1"},
		"Title 4": {"Mary Sullivan x1"},
		"Title 5": {"Mary Sullivan x1", "HMA x1"},
		"Title 6": {"Mary Sullivan x1 <Sullivan>", "Other x1"},
		"Title 7": {"Jake Sullivan x1", "Harrow Mining Association x1"},
		"Title 8": {"Jake Sullivan x1", "IDF x1"},
		"Title 9": {"Jake Sullivan x2 <Jake Sullivan, Sullivan>"},
	}, got, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("entities (-want +got)\n%s", diff)
	}
}

// TestDecisionsReachArticles makes, undoes and remakes a merge while Run runs.
func TestDecisionsReachArticles(t *testing.T) {
	s := openStore(t)
	jake, jacob := person("Jake Sullivan"), person("Jacob Sullivan")
	put(t, s, draft(1, on(0, jake)), draft(2, on(0, jacob)), draft(3, on(0, jake, jacob)))
	f, err := authority.Open(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx, time.Hour) }()
	await := func(title, want string) {
		t.Helper()
		var got []string
		for range 1000 {
			if got = shown(state(t, s)[title]); len(got) == 1 && got[0] == want {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
		t.Fatalf("%s: got %q, want %q alone", title, got, want)
	}
	decide := func(d news.Decision) {
		t.Helper()
		if _, err := f.Decide(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	decide(merge(jacob, jake))
	await("Title 2", "Jake Sullivan x1 <Jacob Sullivan>")
	await("Title 3", "Jake Sullivan x2 <Jacob Sullivan, Jake Sullivan>")
	decide(news.Decision{Kind: news.DecisionSplit, Entity: jacob.ID})
	await("Title 2", "Jacob Sullivan x1")
	decide(merge(jake, jacob))
	await("Title 1", "Jacob Sullivan x1 <Jake Sullivan>")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	// Another process finds the decisions, and nothing left to do.
	again, err := authority.Open(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Rulings().Survivor(jake.ID); got != jacob.ID {
		t.Errorf("survivor after opening anew: got %s, want %s", got, jacob.ID)
	}
	if r := refresh(t, again); r.Amended != 0 {
		t.Errorf("a refresh after opening anew amended %d articles", r.Amended)
	}
}
