package crawler_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet.example/crawler"
	"broadsheet.example/crawler/near"
	"broadsheet.example/news"
	"broadsheet.example/store"
)

// report is an agency's report as a publisher prints it.
func report(url, publisher, writer string, at time.Time, extra string) store.Draft {
	text := strings.ReplaceAll(strings.TrimSuffix(strings.ReplaceAll(prose("the harbour wall of Ostwick"), "<p>", ""), "</p>"), "</p>", "\n\n") + extra
	return store.Draft{Keys: []string{"https://" + url}, Article: news.Article{
		Title: publisher, URL: "https://" + url, Content: text, Source: news.Ref{ID: strings.ToLower(publisher), Name: publisher},
		Authors: []string{writer}, PublishedAt: at, PublishedAtSource: news.DateMeta, Completeness: news.Full, Language: "en",
	}}
}

// duplicates returns what each publisher's article is said to repeat, by the
// publishers' names.
func (w *world) duplicates() map[string]string {
	w.Helper()
	names := map[string]string{}
	list := w.articles()
	for _, a := range list {
		names[a.ID] = a.Source.Name
	}
	out := map[string]string{}
	for _, a := range list {
		out[a.Source.Name] = names[a.DuplicateOf]
	}
	return out
}

func (w *world) put(drafts ...store.Draft) {
	w.Helper()
	for _, d := range drafts {
		got, err := w.store.PutArticles(w.Context(), d)
		if err != nil || got[0].Err != nil {
			w.Fatal(err, got)
		}
		w.pass()
	}
}

func (w *world) wantDuplicates(want map[string]string) {
	w.Helper()
	got := w.duplicates()
	for name, of := range want {
		if got[name] != of {
			w.Errorf("%s is said to repeat %q, want %q", name, got[name], of)
		}
	}
}

func TestTheOriginalIsPreferred(t *testing.T) {
	at := time.Date(1999, 12, 1, 8, 0, 0, 0, time.UTC)
	early := report("early.example/1", "Early", "Agency", at, "")
	late := report("late.example/1", "Late", "Agency", at.Add(time.Hour), "")
	agency := report("agency.example/1", "Agency", "Agency", at.Add(2*time.Hour), "")
	mirror := report("mirror.example/1", "Paper", "Somebody", at.Add(-time.Hour), "")
	mirror.Article.Via = &news.Ref{ID: "mirror", Name: "Mirror"}
	other := report("other.example/1", "Other", "Agency", at, "")
	other.Article.Content = strings.Repeat("Something else altogether is told here, at length, of other people who live in another town and have never heard of any wall. ", 5)
	tests := []struct {
		name   string
		drafts []store.Draft
		want   map[string]string
	}{
		{"the earlier one", []store.Draft{early, late, other}, map[string]string{"Early": "", "Late": "Early", "Other": ""}},
		{"in whatever order", []store.Draft{late, early}, map[string]string{"Early": "", "Late": "Early"}},
		{"whom the others credit", []store.Draft{early, late, agency}, map[string]string{"Agency": "", "Early": "Agency", "Late": "Agency"}},
		{"not who republishes", []store.Draft{mirror, late}, map[string]string{"Late": "", "Paper": "Late"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.put(tt.drafts...)
				w.wantDuplicates(tt.want)
			})
		})
	}
}

// Whatever the order in which four copies arrive, one is the original of all:
// the one that is not republished, that the others credit, that is whole, that
// is earliest.
func TestOriginalWhateverTheOrder(t *testing.T) {
	at := time.Date(1999, 12, 1, 8, 0, 0, 0, time.UTC)
	early := report("early.example/1", "Early", "Agency", at, "")
	late := report("late.example/1", "Late", "Agency", at.Add(time.Hour), "")
	agency := report("agency.example/1", "Agency", "Agency", at.Add(2*time.Hour), "")
	mirror := report("mirror.example/1", "Paper", "Somebody", at.Add(-time.Hour), "")
	mirror.Article.Via = &news.Ref{ID: "mirror", Name: "Mirror"}
	part := report("part.example/1", "Part", "Somebody", at.Add(-2*time.Hour), "")
	part.Article.Completeness = news.Partial
	third := report("third.example/1", "Third", "Somebody", at.Add(3*time.Hour), "")
	fourth := report("fourth.example/1", "Fourth", "Somebody", at.Add(4*time.Hour), "")
	tests := []struct {
		original string
		copies   []store.Draft
	}{
		{"Agency", []store.Draft{early, late, agency, mirror}},
		{"Early", []store.Draft{early, third, part, mirror}},
		{"Late", []store.Draft{part, late, third, fourth}},
	}
	for _, tt := range tests {
		t.Run(tt.original, func(t *testing.T) {
			orders(tt.copies, func(drafts []store.Draft) {
				inWorld(t, func(w *world) {
					w.put(drafts...)
					w.wantOriginal(tt.original, len(drafts))
				})
			})
		})
	}
}

// A chain of copies, in which the ends have too little in common, is one group
// whatever the order, and two when its middle is taken down.
func TestChainOfCopies(t *testing.T) {
	at := time.Date(1999, 12, 1, 8, 0, 0, 0, time.UTC)
	words := func(from, to int) string {
		var b strings.Builder
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "word%s ", strings.Repeat(string(rune('a'+i%26)), 1+i/26))
		}
		return b.String()
	}
	chain := make([]store.Draft, 4)
	for i := range chain {
		name := string(rune('A' + i))
		chain[i] = report(name+".example/1", name, "Somebody", at.Add(time.Duration(i)*time.Hour), "")
		chain[i].Article.Content = words(40*i, 40*i+400)
	}
	if near.Read(chain[0].Article.Content).Repeats(near.Read(chain[3].Article.Content)) {
		t.Fatal("the ends of the chain are copies of each other")
	}
	orders(chain, func(drafts []store.Draft) {
		inWorld(t, func(w *world) {
			w.put(drafts...)
			w.wantOriginal("A", len(drafts))
		})
	})
}

// wantOriginal checks that of n articles all but the original repeat it.
func (w *world) wantOriginal(original string, n int) {
	w.Helper()
	got := w.duplicates()
	for name, of := range got {
		if name == original && of != "" || name != original && of != original {
			w.Errorf("%s is said to repeat %q, want %q the original of all: %v", name, of, original, got)
		}
	}
	if len(got) != n {
		w.Errorf("%d articles, want %d", len(got), n)
	}
}

// orders calls f with every order of the drafts.
func orders(drafts []store.Draft, f func([]store.Draft)) {
	var place func(chosen, left []store.Draft)
	place = func(chosen, left []store.Draft) {
		if len(left) == 0 {
			f(chosen)
			return
		}
		for i := range left {
			place(append(slices.Clone(chosen), left[i]), slices.Delete(slices.Clone(left), i, i+1))
		}
	}
	place(nil, drafts)
}

// Copies that come in together are told apart all the same.
func TestCopiesInOneBatch(t *testing.T) {
	inWorld(t, func(w *world) {
		at := time.Date(1999, 12, 1, 8, 0, 0, 0, time.UTC)
		got, err := w.store.PutArticles(w.Context(), report("b.example/1", "B", "x", at.Add(time.Hour), ""), report("a.example/1", "A", "x", at, ""), report("c.example/1", "C", "x", at.Add(2*time.Hour), ""))
		if err != nil || len(got) != 3 {
			t.Fatal(err, got)
		}
		w.pass()
		w.wantDuplicates(map[string]string{"A": "", "B": "A", "C": "A"})
	})
}

func TestCopiesOfWhatIsTakenDown(t *testing.T) {
	inWorld(t, func(w *world) {
		at := time.Date(1999, 12, 1, 8, 0, 0, 0, time.UTC)
		w.put(report("a.example/1", "A", "x", at, ""), report("b.example/1", "B", "x", at.Add(time.Hour), ""), report("c.example/1", "C", "x", at.Add(2*time.Hour), ""))
		w.wantDuplicates(map[string]string{"A": "", "B": "A", "C": "A"})
		if err := w.store.Remove(w.Context(), w.articles()[0].ID); err != nil {
			t.Fatal(err)
		}
		w.pass()
		w.wantDuplicates(map[string]string{"B": "", "C": "B"})
	})
}

func TestARewrittenCopyIsNoneAnyMore(t *testing.T) {
	inWorld(t, func(w *world) {
		at := time.Date(1999, 12, 1, 8, 0, 0, 0, time.UTC)
		b := report("b.example/1", "B", "x", at.Add(time.Hour), "")
		w.put(report("a.example/1", "A", "x", at, ""), b)
		w.wantDuplicates(map[string]string{"B": "A"})
		if n := w.crawler.Counts().Duplicates; n != 1 {
			t.Errorf("%d duplicates counted, want 1", n)
		}
		b.Article.Content = strings.Repeat("The reporter went there herself and heard quite another account of the evening from the people who live below the wall. ", 6)
		w.put(b)
		w.wantDuplicates(map[string]string{"A": "", "B": ""})
	})
}

func TestFeedWordsAreNoCopies(t *testing.T) {
	inWorld(t, func(w *world) {
		at := time.Date(1999, 12, 1, 8, 0, 0, 0, time.UTC)
		b := report("b.example/1", "B", "x", at, "")
		b.Article.Completeness = news.FeedOnly
		w.put(report("a.example/1", "A", "x", at, ""), b)
		w.wantDuplicates(map[string]string{"A": "", "B": ""})
	})
}

// TestDuplicatesAlone looks for copies in a process that does not crawl, but not
// while another process does.
func TestDuplicatesAlone(t *testing.T) {
	inWorld(t, func(w *world) {
		var busy, asked atomic.Bool
		busy.Store(true)
		c := crawler.New(crawler.Config{Alone: func(ctx context.Context, _ string, do func(context.Context) error) (bool, error) {
			asked.Store(true)
			if busy.Load() {
				return false, nil
			}
			return true, do(ctx)
		}}, w.store, nil, nil, slog.New(slog.DiscardHandler))
		at := time.Date(1999, 12, 1, 8, 0, 0, 0, time.UTC)
		if _, err := w.store.PutArticles(w.Context(), report("a.example/1", "A", "x", at, ""), report("b.example/1", "B", "x", at.Add(time.Hour), "")); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(w.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.FindDuplicates(ctx) }()
		time.Sleep(10 * time.Second)
		w.wantDuplicates(map[string]string{"A": "", "B": ""})
		if !asked.Load() {
			t.Error("nobody asked whether another process is at it")
		}
		busy.Store(false)
		time.Sleep(10 * time.Second)
		w.wantDuplicates(map[string]string{"A": "", "B": "A"})
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
