package store

import (
	"reflect"
	"strings"
	"time"

	"broadsheet.example/news"
)

// Resolve says what becomes of an article when a draft of it arrives at the
// time at. old is the stored state, nil for a new article. The result carries
// the Version, Revision, FirstSeen, Partition and UpdatedAt to store; ID is set
// for a new article from the draft's first key, or is its own if it is restored.
//
// The published text is title, content and editor's note with white space
// folded: when it differs, the revision rises. When anything else that is
// indexed differs, only the version does. A fuller text is never replaced by
// the feed's own words, nor by the opening that a wall leaves of it; completing
// a feed-only article is no revision.
func Resolve(old *news.Article, d Draft, at time.Time) (news.Article, Kind) {
	at = at.UTC().Truncate(time.Millisecond)
	next := d.Article
	if old == nil {
		next.ID = d.NewID()
		if !d.Restore {
			next.Version, next.Revision = 1, 1
		}
		if next.FirstSeen.IsZero() || next.FirstSeen.After(at) { // an import knows of an earlier sight
			next.FirstSeen = at
		}
		if next.PublishedAt.IsZero() {
			next.PublishedAt, next.PublishedAtSource, next.PublishedAtPrecision = at, news.DateFirstSeen, news.PrecisionSecond
		}
		if !d.Restore {
			next.Partition = news.PartitionOf(next.PublishedAt)
		}
		return next, KindNew
	}
	if poorer(next, *old) {
		return *old, KindNone
	}
	next.ID, next.Version, next.Revision = old.ID, old.Version, old.Revision
	next.FirstSeen, next.Partition = old.FirstSeen, old.Partition
	if next.PublishedAt.IsZero() || next.PublishedAtSource == news.DateFirstSeen {
		next.PublishedAt, next.PublishedAtSource = old.PublishedAt, old.PublishedAtSource
		next.PublishedAtPrecision = old.PublishedAtPrecision
	}
	if next.DuplicateOf == "" {
		next.DuplicateOf = old.DuplicateOf
	}
	kind := KindUpdated
	if published(next) != published(*old) && old.Completeness != news.FeedOnly {
		kind = KindRevised
		next.Revision++
		if !next.UpdatedAt.After(old.UpdatedAt) {
			next.UpdatedAt = at
		}
	} else if next.UpdatedAt.IsZero() {
		next.UpdatedAt = old.UpdatedAt
	}
	if same(next, *old) {
		return *old, KindNone
	}
	next.Version++
	return next, kind
}

// poorer reports whether a draft holds less of the text than is stored: the
// feed's words where there was a page, or clearly fewer words than before a wall
// went up.
func poorer(next, old news.Article) bool {
	if rank(next.Completeness) >= rank(old.Completeness) {
		return false
	}
	return next.Completeness == news.FeedOnly || 4*words(next) < 3*words(old)
}

func words(a news.Article) int { return len(strings.Fields(a.Content)) }

func rank(c news.Completeness) int {
	switch c {
	case news.FeedOnly:
		return 1
	case news.Partial:
		return 2
	default:
		return 3
	}
}

// published is the text whose change makes a revision.
func published(a news.Article) string {
	return fold(a.Title) + "\x00" + fold(a.Content) + "\x00" + fold(a.EditorNote)
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// same reports whether two states of an article are indexed alike.
func same(a, b news.Article) bool {
	a.Content, b.Content = fold(a.Content), fold(b.Content)
	for _, p := range []*news.Article{&a, &b} {
		p.PublishedAt = p.PublishedAt.UTC().Truncate(time.Millisecond)
		p.UpdatedAt = p.UpdatedAt.UTC().Truncate(time.Millisecond)
		p.FirstSeen = p.FirstSeen.UTC().Truncate(time.Millisecond)
		p.Authors, p.Tags = none(p.Authors), none(p.Tags)
		p.Entities = none(p.Entities)
	}
	return reflect.DeepEqual(a, b)
}

func none[T any](s []T) []T {
	if len(s) == 0 {
		return nil
	}
	return s
}
