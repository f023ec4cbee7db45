package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/news"
	"broadsheet.example/store"
)

var (
	seen  = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	later = seen.Add(24 * time.Hour)
)

// stored is an article as a store holds it.
func stored() news.Article {
	return news.Article{
		ID: news.ArticleID("k"), Version: 4, Revision: 2, Partition: "2026-03", FirstSeen: seen,
		Title: "Title", Content: "The whole text.", URL: "https://gazette.example/1",
		PublishedAt: seen.Add(-time.Hour), PublishedAtSource: news.DateMeta, PublishedAtPrecision: news.PrecisionMinute,
		Completeness: news.Full, Tags: []string{"a"},
	}
}

func TestResolveChange(t *testing.T) {
	tests := []struct {
		name  string
		old   func(*news.Article) // from stored
		draft func(*news.Article) // from the old state
		kind  store.Kind
		want  func(*news.Article) // from the draft, or the old state when kind is KindNone
	}{
		{name: "the same", kind: store.KindNone},
		{
			name:  "white space",
			draft: func(a *news.Article) { a.Content = " The whole\n\ntext. " },
			kind:  store.KindNone,
		},
		{
			name:  "empty and absent lists",
			old:   func(a *news.Article) { a.Tags, a.Authors = nil, []string{} },
			draft: func(a *news.Article) { a.Tags, a.Authors = []string{}, nil },
			kind:  store.KindNone,
		},
		{
			name:  "the draft's own identity is not taken",
			draft: func(a *news.Article) { a.ID, a.Version, a.Revision, a.Partition, a.FirstSeen = "x", 9, 9, "x", later },
			kind:  store.KindNone,
		},
		{
			name:  "another text",
			draft: func(a *news.Article) { a.Content = "Another text." },
			kind:  store.KindRevised,
			want:  func(a *news.Article) { a.Version, a.Revision, a.UpdatedAt = 5, 3, later },
		},
		{
			name:  "another title",
			draft: func(a *news.Article) { a.Title = "Another" },
			kind:  store.KindRevised,
			want:  func(a *news.Article) { a.Version, a.Revision, a.UpdatedAt = 5, 3, later },
		},
		{
			name:  "a note, with the publisher's time",
			draft: func(a *news.Article) { a.EditorNote, a.UpdatedAt = "Corrected.", seen.Add(time.Minute) },
			kind:  store.KindRevised,
			want:  func(a *news.Article) { a.Version, a.Revision = 5, 3 },
		},
		{
			name:  "another text, with a time that has not moved",
			old:   func(a *news.Article) { a.UpdatedAt = seen },
			draft: func(a *news.Article) { a.Content = "Another text." },
			kind:  store.KindRevised,
			want:  func(a *news.Article) { a.Version, a.Revision, a.UpdatedAt = 5, 3, later },
		},
		{
			name:  "another section",
			draft: func(a *news.Article) { a.Section = "World" },
			kind:  store.KindUpdated,
			want:  func(a *news.Article) { a.Version = 5 },
		},
		{
			name:  "entities recognised",
			draft: func(a *news.Article) { a.Entities = []news.Entity{{ID: "e", Name: "Ann"}} },
			kind:  store.KindUpdated,
			want:  func(a *news.Article) { a.Version = 5 },
		},
		{
			name:  "an update's time forgotten",
			old:   func(a *news.Article) { a.UpdatedAt = seen },
			draft: func(a *news.Article) { a.UpdatedAt = time.Time{} },
			kind:  store.KindNone,
		},
		{
			name: "a date forgotten",
			draft: func(a *news.Article) {
				a.PublishedAt, a.PublishedAtSource, a.PublishedAtPrecision = time.Time{}, "", ""
			},
			kind: store.KindNone,
		},
		{
			name:  "a date corrected keeps the partition",
			draft: func(a *news.Article) { a.PublishedAt = seen.AddDate(0, -2, 0) },
			kind:  store.KindUpdated,
			want:  func(a *news.Article) { a.Version = 5 },
		},
		{
			name:  "a duplicate found stays found",
			old:   func(a *news.Article) { a.DuplicateOf = "other" },
			draft: func(a *news.Article) { a.DuplicateOf = "" },
			kind:  store.KindNone,
		},
		{
			name:  "a feed's words after the whole text",
			draft: func(a *news.Article) { a.Completeness, a.Content = news.FeedOnly, "Words." },
			kind:  store.KindNone,
		},
		{
			name:  "the opening that a wall leaves",
			old:   func(a *news.Article) { a.Content = "One two three four five six seven eight." },
			draft: func(a *news.Article) { a.Completeness, a.Content = news.Partial, "One two three." },
			kind:  store.KindNone,
		},
		{
			name:  "almost all of it, changed, with a wall's marks",
			old:   func(a *news.Article) { a.Content = "One two three four." },
			draft: func(a *news.Article) { a.Completeness, a.Content = news.Partial, "One two three five." },
			kind:  store.KindRevised,
			want:  func(a *news.Article) { a.Version, a.Revision, a.UpdatedAt = 5, 3, later },
		},
		{
			name:  "a feed's words completed",
			old:   func(a *news.Article) { a.Completeness = news.FeedOnly },
			draft: func(a *news.Article) { a.Completeness, a.Content = news.Full, "Much more." },
			kind:  store.KindUpdated,
			want:  func(a *news.Article) { a.Version = 5 },
		},
		{
			name:  "other words of the feed",
			old:   func(a *news.Article) { a.Completeness = news.FeedOnly },
			draft: func(a *news.Article) { a.Content = "Other words." },
			kind:  store.KindUpdated,
			want:  func(a *news.Article) { a.Version = 5 },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			old := stored()
			change(&old, tt.old)
			d := old
			change(&d, tt.draft)
			want := d
			if tt.kind == store.KindNone {
				want = old
			}
			change(&want, tt.want)
			got, kind := store.Resolve(&old, store.Draft{Article: d, Keys: []string{"k"}}, later)
			if kind != tt.kind {
				t.Errorf("got kind %q, want %q", kind, tt.kind)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("article (-want +got):\n%s", diff)
			}
		})
	}
}

func change(a *news.Article, f func(*news.Article)) {
	if f != nil {
		f(a)
	}
}

func TestResolveNew(t *testing.T) {
	tests := []struct {
		name      string
		published time.Time
		want      news.Article // only what is decided here
	}{
		{"dated", seen.AddDate(0, -1, 0), news.Article{PublishedAt: seen.AddDate(0, -1, 0), PublishedAtSource: news.DateFeed, Partition: "2026-02"}},
		{"undated", time.Time{}, news.Article{PublishedAt: seen, PublishedAtSource: news.DateFirstSeen, PublishedAtPrecision: news.PrecisionSecond, Partition: "2026-03"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := store.Draft{Article: news.Article{ID: "x", PublishedAt: tt.published, PublishedAtSource: news.DateFeed}, Keys: []string{"k", "l"}}
			got, kind := store.Resolve(nil, d, seen.Add(1234*time.Nanosecond))
			want := tt.want
			want.ID, want.Version, want.Revision, want.FirstSeen = news.ArticleID("k"), 1, 1, seen
			if kind != store.KindNew {
				t.Errorf("got kind %q, want %q", kind, store.KindNew)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("article (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMerge(t *testing.T) {
	a := func(id string, first time.Time, c news.Completeness) news.Article {
		return news.Article{ID: id, FirstSeen: first, Completeness: c}
	}
	tests := []struct {
		name   string
		olds   []news.Article
		draft  news.Completeness
		first  string
		fuller string // empty: the draft's text is taken
	}{
		{"the first seen survives", []news.Article{a("a", later, news.Full), a("b", seen, news.Full)}, news.Full, "b", ""},
		{"the smaller id survives", []news.Article{a("b", seen, news.Full), a("a", seen, news.Full)}, news.Full, "a", ""},
		{"a fuller loser", []news.Article{a("a", later, news.Full), a("b", seen, news.FeedOnly), a("c", later, news.Partial)}, news.FeedOnly, "b", "a"},
		{"a full draft", []news.Article{a("a", later, news.Full), a("b", seen, news.FeedOnly)}, news.Full, "b", ""},
		{"a full survivor", []news.Article{a("a", later, news.Full), a("b", seen, news.Full)}, news.FeedOnly, "b", ""},
		{"alone", []news.Article{a("a", seen, news.Full)}, news.FeedOnly, "a", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i := store.Merge(tt.olds, store.Draft{Article: news.Article{Completeness: tt.draft}})
			fuller := ""
			if i >= 0 {
				fuller = tt.olds[i].ID
			}
			if tt.olds[0].ID != tt.first || fuller != tt.fuller {
				t.Errorf("got survivor %q and text of %q, want %q and %q", tt.olds[0].ID, fuller, tt.first, tt.fuller)
			}
		})
	}
}
