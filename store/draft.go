package store

import (
	"cmp"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"broadsheet.example/news"
)

// Limits of a draft. What exceeds them is refused, not cut.
const (
	MaxKeys         = 64       // keys of one draft
	MaxKeyBytes     = 4 << 10  // of one key
	MaxContentBytes = 16 << 20 // of the text, and of its blocks together
)

// Validate reports what no store would accept, as a [*news.ParamError].
func (d Draft) Validate() error {
	switch {
	case len(d.Keys) == 0 || len(d.Keys) > MaxKeys:
		return &news.ParamError{Param: "keys", Value: fmt.Sprint(len(d.Keys)), Reason: fmt.Sprintf("an article needs between 1 and %d keys", MaxKeys)}
	case slices.ContainsFunc(d.Keys, func(k string) bool { return k == "" || len(k) > MaxKeyBytes }):
		return &news.ParamError{Param: "keys", Reason: fmt.Sprintf("a key has between 1 and %d bytes", MaxKeyBytes)}
	case size(d.Blocks) > MaxContentBytes:
		return tooLong()
	case d.Restore && !restorable(d.Article):
		return &news.ParamError{Param: "id", Value: d.Article.ID, Reason: "with version, revision and partition, is not that of an article that was exported"}
	}
	return validArticle(d.Article)
}

func validArticle(a news.Article) error {
	switch {
	case a.URL == "":
		return &news.ParamError{Param: "url", Reason: "an article needs an address"}
	case a.Title == "" && a.Content == "":
		return &news.ParamError{Param: "title", Reason: "an article needs a title or a text"}
	case len(a.Content) > MaxContentBytes:
		return tooLong()
	case !utf8.ValidString(a.Title) || !utf8.ValidString(a.Content) || !utf8.ValidString(a.Description):
		return &news.ParamError{Param: "content", Reason: "is not valid UTF-8"}
	}
	return nil
}

// NewID is the id that the draft's article has if it is new: its own if it is to be
// restored, or else that of its first key.
func (d Draft) NewID() string {
	if d.Restore {
		return d.Article.ID
	}
	return news.ArticleID(d.Keys[0])
}

// restorable reports whether what names an article's state is sound.
func restorable(a news.Article) bool {
	_, err := time.Parse("2006-01", a.Partition)
	return err == nil && news.IsID(a.ID) && a.Version >= 1 && a.Version <= maxRestored && a.Revision >= 1 && a.Revision <= maxRestored
}

// maxRestored bounds the version and revision of an article that is restored.
const maxRestored = 1_000_000_000

func tooLong() error {
	return &news.ParamError{Param: "content", Reason: fmt.Sprintf("longer than %d bytes", MaxContentBytes)}
}

func size(texts []string) int {
	n := 0
	for _, t := range texts {
		n += len(t)
	}
	return n
}

// Merge says what becomes of several articles that a draft's keys prove to be
// one: it sorts olds so that the survivor, the first seen, comes first, and
// returns the index in olds of the one whose text is to be taken instead of the
// draft's because it is fuller, or -1 when the draft's text is to be taken.
func Merge(olds []news.Article, d Draft) int {
	slices.SortFunc(olds, func(a, b news.Article) int {
		return cmp.Or(a.FirstSeen.Compare(b.FirstSeen), cmp.Compare(a.ID, b.ID))
	})
	fuller, best := -1, rank(d.Article.Completeness)
	for i, old := range olds[1:] {
		if r := rank(old.Completeness); r > best && r > rank(olds[0].Completeness) {
			fuller, best = i+1, r
		}
	}
	return fuller
}
