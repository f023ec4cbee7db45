package store

import (
	"cmp"
	"context"
	"errors"
	"time"

	"broadsheet.example/news"
)

// ErrStale is reported for an amendment of an article that has changed, or has
// become part of another, since it was read. Read it again.
var ErrStale = errors.New("article has changed since it was read")

// Amender corrects what is indexed of articles when something was learnt later:
// their entities, a site's boilerplate, whom they repeat. What the publisher has
// changed comes in as a [Draft] instead.
type Amender interface {
	// Amend puts each amendment in the place of the state that it was read at.
	// The version rises and the readers are told; the revision and UpdatedAt
	// stay, and so do the stored blocks. Each succeeds or fails by itself:
	// with ErrStale when the article has moved on, news.ErrNotFound when it is
	// unknown, news.ErrRemoved when it was taken down. An amendment that changes
	// nothing is KindNone.
	Amend(ctx context.Context, amendments ...Amendment) ([]Committed, error)
}

// Amendment is a corrected article.
type Amendment struct {
	// Article is what was read, with the ID and Version it was read at, and what
	// is to be corrected. Its Revision, Partition, FirstSeen and UpdatedAt are
	// ignored. Without Content the text stays.
	Article news.Article
}

// Validate reports what no store would accept, as a [*news.ParamError].
func (m Amendment) Validate() error {
	a := m.Article
	if a.Content == "" {
		a.Title = cmp.Or(a.Title, a.URL) // Apply knows whether there is a text that stays
	}
	return validArticle(a)
}

// Apply is what becomes of the stored state old when m arrives, as [Resolve] is
// for drafts. It fails with ErrStale when old is not what m was made of, and with
// a [*news.ParamError] when neither title nor text would be left.
func (m Amendment) Apply(old news.Article) (news.Article, Kind, error) {
	next := m.Article
	if next.ID != old.ID || next.Version != old.Version {
		return old, KindNone, ErrStale
	}
	next.Revision, next.Partition = old.Revision, old.Partition
	next.FirstSeen, next.UpdatedAt = old.FirstSeen, old.UpdatedAt
	next.PublishedAt = next.PublishedAt.UTC().Truncate(time.Millisecond)
	if next.Content == "" {
		next.Content = old.Content
	}
	if next.Title == "" && next.Content == "" {
		return old, KindNone, validArticle(next)
	}
	if same(next, old) {
		return old, KindNone, nil
	}
	next.Version++
	return next, KindUpdated, nil
}
