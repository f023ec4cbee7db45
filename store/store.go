// Package store is the contract of the system of record: articles, revisions,
// sources, feeds, the state of the crawl, and the outbox that indexes follow.
//
// It holds the interfaces, the values that cross them, and the rule by which an
// incoming [Draft] becomes a new article, a new revision or nothing ([Resolve]).
// Implementations live in subfolders and pass the suite in store/storetest.
// Start reading at [Store].
package store

import (
	"context"
	"errors"
	"time"

	"broadsheet.example/news"
)

// ErrLeaseLost is reported for a commit whose lease expired and was handed to
// somebody else, or was committed before. Nothing of that commit was stored.
var ErrLeaseLost = errors.New("lease lost")

// Store is everything a system of record does. Callers take the narrow
// interface they need. All methods are safe for concurrent use; every write is
// durable when its method returns; times are kept to the millisecond, in UTC.
type Store interface {
	Feeds
	Crawl
	Outbox
	Archive
	Decisions
	Close() error
}

// Feeds administers what is polled.
type Feeds interface {
	// PutFeeds adds feeds and leaves those whose ID is known untouched. It
	// returns how many were new. A new enabled feed is due at once.
	PutFeeds(ctx context.Context, feeds ...news.Feed) (int, error)
	// ListFeeds returns all feeds, ordered by title, then URL.
	ListFeeds(ctx context.Context) ([]news.Feed, error)
	// ChangeFeed applies patch to the feed and returns it, or ErrNotFound.
	ChangeFeed(ctx context.Context, id string, patch FeedPatch) (news.Feed, error)
	// DeleteFeed forgets the feed and its undone pages; articles stay.
	DeleteFeed(ctx context.Context, id string) error
}

// FeedPatch changes the fields that are not nil.
type FeedPatch struct {
	Title, Category *string
	Enabled         *bool
	// Refresh makes the feed due now (its host's rest is still kept).
	Refresh bool
}

// Crawl hands out due work under leases and takes the results. A lease holds
// its host: no other lease, of feed or page, is given for that host until the
// lease is committed or expires, nor before the host's time of rest is over.
// Each commit is fenced by its lease's token and succeeds or fails by itself; one
// that fails leaves its lease in force.
type Crawl interface {
	// LeaseFeeds leases at most n enabled feeds that are due, each of another
	// host, the longest overdue first.
	LeaseFeeds(ctx context.Context, n int, ttl time.Duration) ([]FeedLease, error)
	CommitPolls(ctx context.Context, polls ...PollCommit) ([]Committed, error)
	// LeasePages does the same for pages.
	LeasePages(ctx context.Context, n int, ttl time.Duration) ([]PageLease, error)
	CommitPages(ctx context.Context, pages ...PageCommit) ([]Committed, error)
	// Release gives leases back undone: the work is due again at once, and the
	// host rests until hostNext.
	Release(ctx context.Context, hostNext time.Time, tokens ...int64) error
	// Due tells how much work is waiting and when the next falls due.
	Due(ctx context.Context) (Due, error)
}

// Due sums up what the crawl has before it.
type Due struct {
	FeedsDue, PagesDue     int       // due now, leased ones included
	FeedsTotal, PagesTotal int       // enabled feeds; pages that are due at some time
	Leased                 int       // leases in force
	Next                   time.Time // when the next feed or page can be leased; zero if never
}

// Validators are what a server gave to make the next request conditional.
// They are opaque and echoed byte for byte.
type Validators struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"lastModified,omitempty"`
}

// FeedState is what polling must remember of a feed from one poll to the next.
type FeedState struct {
	// URL is the address that Validators belong to.
	URL        string     `json:"url,omitempty"`
	Validators Validators `json:"validators,omitzero"`
	BodyHash   string     `json:"bodyHash,omitempty"`
	// Unchanged counts polls in a row that brought nothing new.
	Unchanged int `json:"unchanged,omitempty"`
	// Notes is room for the crawler's own bookkeeping, opaque to the store.
	Notes map[string]string `json:"notes,omitempty"`
}

// FeedLease is the right to poll one feed until Expires.
type FeedLease struct {
	Feed    news.Feed
	State   FeedState
	Host    string
	Token   int64
	Expires time.Time
}

// PollCommit is what came of polling a feed.
type PollCommit struct {
	Lease FeedLease
	At    time.Time
	State FeedState
	// Next is when the feed is due again; zero disables it.
	Next     time.Time
	Interval time.Duration
	// HostNext is the earliest next request to the lease's host.
	HostNext time.Time

	Health   news.FeedHealth
	Error    string
	Status   int
	Failures int
	Success  bool // sets LastSuccess to At

	// What the feed says of itself; empty values change nothing, and a title
	// given by a person is kept.
	Title, SiteURL, Language string

	Pages []Discovery
}

// Item is what a feed says of one article.
type Item struct {
	Title      string    `json:"title,omitempty"`
	Summary    string    `json:"summary,omitempty"` // plain text
	Content    string    `json:"content,omitempty"` // plain text, paragraphs apart
	Authors    []string  `json:"authors,omitempty"`
	Published  time.Time `json:"published,omitzero"`
	Updated    time.Time `json:"updated,omitzero"`
	DateRaw    string    `json:"dateRaw,omitempty"`
	Categories []string  `json:"categories,omitempty"`
	Language   string    `json:"language,omitempty"`
	ImageURL   string    `json:"imageUrl,omitempty"`
	// Publisher is the source the item names (RSS <source>), if any.
	Publisher string `json:"publisher,omitempty"`
	// Site is what the feed calls itself.
	Site string `json:"site,omitempty"`
}

// Discovery is a page found in a feed. A page whose key, or any alias, is known
// (as a page's or an article's) is not stored again; it becomes due at once when
// Hash differs from what the same feed last said of it, unless its article was
// taken down.
type Discovery struct {
	Key     string // URL key
	URL     string // to be fetched
	Aliases []string
	Host    string
	Item    Item
	Hash    string // changes when the item does
	Due     time.Time
}

// PageState is where a page stands on its way in.
type PageState string

// The states of a page.
const (
	PagePending PageState = "pending" // due, or due again after a passing failure
	PageDone    PageState = "done"    // its article is stored
	PageRefused PageState = "refused" // robots, a wall, not a page: the feed's words stand
	PageGone    PageState = "gone"    // 404 or 410, or taken down here
	PageFailed  PageState = "failed"  // given up after repeated failures
)

// PageLease is the right to fetch one page until Expires.
type PageLease struct {
	Key        string
	URL        string
	Host       string
	FeedID     string
	Aliases    []string
	Item       Item
	State      PageState
	Attempts   int // failures in a row
	Validators Validators
	// ArticleID is set when the page's article is stored already.
	ArticleID string
	FirstSeen time.Time // when the page was discovered
	Token     int64
	Expires   time.Time
}

// PageCommit is what came of fetching a page.
type PageCommit struct {
	Lease      PageLease
	At         time.Time
	State      PageState
	Status     int
	Error      string
	Attempts   int
	Validators Validators
	// Next is when the page is due again; zero: only when discovered anew.
	Next     time.Time
	HostNext time.Time
	// Draft is the article as now read; nil when there is nothing new.
	Draft *Draft
	// Gone deletes the page's article as Archive.Remove does.
	Gone bool
}

// Draft is an article on its way in. Its Article's ID, Version, Revision and
// Partition are the store's to fill, and so is FirstSeen unless an import knows
// it.
type Draft struct {
	Article news.Article
	// Keys are the URL keys and aliases under which the article is known, the
	// first of them decisive for a new article's ID. At least one.
	Keys []string
	// Blocks are the extracted blocks that Content was made of, in order, so
	// that later knowledge of a site's boilerplate can filter them again. When
	// they are those of before, another Content is no revision.
	Blocks []string
	// Restore says that the article comes from an archive like this one: if it is
	// new here, it keeps its ID, Version, Revision and Partition.
	Restore bool
}

// Kind says what a commit did to an article.
type Kind string

// The kinds of commit.
const (
	KindNone    Kind = ""        // no draft, or nothing that is indexed has changed
	KindNew     Kind = "new"     // a new article
	KindRevised Kind = "revised" // the published text has changed
	KindUpdated Kind = "updated" // something else that is indexed has changed
	KindRefused Kind = "refused" // the article was taken down and stays away
	KindDeleted Kind = "deleted" // the article is a tombstone now
)

// Committed reports one commit. Err is ErrLeaseLost, or what was wrong with
// this commit alone.
type Committed struct {
	Err     error
	Kind    Kind
	ID      string // of the article, if any
	Version int64
	// Merged are the ids that became redirects to ID in this commit.
	Merged []string
	// New counts the pages a poll has added, Changed those made due again.
	New, Changed int
}

// Outbox tells readers which articles have changed. Each reader has at most
// one row an article, for its newest version.
type Outbox interface {
	// Register makes reader known. A reader that is new finds every article in
	// its outbox; for a known one nothing happens.
	Register(ctx context.Context, reader string) error
	// Unregister forgets reader and its rows.
	Unregister(ctx context.Context, reader string) error
	// Readers lists the readers that are known, in no particular order.
	Readers(ctx context.Context) ([]string, error)
	// LeaseChanges leases at most n changes, oldest first. Articles are not
	// loaded. Since is when the reader began to be behind on the article. An
	// unknown reader is ErrNotFound, here and below.
	LeaseChanges(ctx context.Context, reader string, n int, ttl time.Duration) ([]news.Change, error)
	// AckChanges removes the changes whose row still has the same version; a
	// row that has moved on can be leased again at once.
	AckChanges(ctx context.Context, reader string, changes []news.Change) error
	// Backlog tells how far behind reader is.
	Backlog(ctx context.Context, reader string) (Backlog, error)
}

// Backlog is what a reader has not acknowledged.
type Backlog struct {
	Pending int
	Oldest  time.Time // zero when nothing is pending
}

// Archive holds the articles.
type Archive interface {
	// PutArticles takes drafts in without a lease (import).
	PutArticles(ctx context.Context, drafts ...Draft) ([]Committed, error)
	// Articles returns the articles with the ids, in the order of ids. Redirects
	// are followed; ids that are unknown or removed are left out, and no article
	// is returned twice.
	Articles(ctx context.Context, ids ...string) ([]news.Article, error)
	// Lookup returns the id of the article known under one of keys. It fails
	// with ErrRemoved or ErrNotFound.
	Lookup(ctx context.Context, keys ...string) (string, error)
	// Revisions returns the states of an article's text, oldest first, as far
	// as they are kept. It fails with ErrRemoved or ErrNotFound, as Blocks does.
	Revisions(ctx context.Context, id string) ([]news.Revision, error)
	// Blocks returns the blocks stored with the newest revision.
	Blocks(ctx context.Context, id string) ([]string, error)
	// Remove takes an article down: its text and revisions are erased, its keys
	// remembered so that it never comes back. ErrNotFound when unknown; removing
	// twice is no error.
	Remove(ctx context.Context, id string) error
	// Scan walks all articles in an order that arrivals do not disturb: it
	// returns at most n after the position, and an empty list at the end.
	Scan(ctx context.Context, after ScanPosition, n int) ([]news.Article, ScanPosition, error)
	// Sources returns the publishers of stored articles with counts, most
	// articles first.
	Sources(ctx context.Context) ([]news.Source, error)
	// Entities returns the entities with the ids, in the order of ids, unknown
	// ones left out; in place of a merged one the entity that it was merged
	// into, see [Decisions]. Their Count, First and InTitle are zero.
	Entities(ctx context.Context, ids ...string) ([]news.Entity, error)
	// Digest sums up the current versions of all articles.
	Digest(ctx context.Context) (news.Digest, error)
	// Stats counts what is held.
	Stats(ctx context.Context) (Stats, error)
}

// ScanPosition is where a scan stands. The zero value is the beginning.
type ScanPosition struct{ Sequence int64 }

// Stats counts what a store holds.
type Stats struct {
	Articles  int
	Revisions int
	Removed   int
	Feeds     map[news.FeedHealth]int // enabled feeds
	Disabled  int                     // feeds switched off
	Pages     map[PageState]int
	Bytes     int64 // size on disk
}
