package news

import "time"

// Source is a publisher.
type Source struct {
	// ID is the slug of the shipped source table, else the registrable domain,
	// else a slug of the name.
	ID   string `json:"id"`
	Name string `json:"name"`
	// URL is the publisher's front page, if known.
	URL      string         `json:"url,omitempty"`
	Country  string         `json:"country,omitempty"`
	Language string         `json:"language,omitempty"`
	FullText FullTextPolicy `json:"fullText,omitempty"`
	// Articles counts the articles written by the source; Latest is when its
	// newest was published.
	Articles int       `json:"articles"`
	Latest   time.Time `json:"latest,omitzero"`
}

// FullTextPolicy says which ways out may carry the full text of a source's
// articles. It governs API, pages, feeds and export at once.
type FullTextPolicy string

// The policies. The zero value means FullTextAPI.
const (
	FullTextAPI   FullTextPolicy = "api"   // API and export; pages show snippets and a link
	FullTextPages FullTextPolicy = "pages" // pages too
	FullTextNone  FullTextPolicy = "none"  // snippets and links only
)

// Feed is an address that is polled for articles.
type Feed struct {
	// ID is the ArticleID form of the feed's URL key.
	ID      string `json:"id"`
	URL     string `json:"url"`
	Title   string `json:"title,omitempty"`
	SiteURL string `json:"siteUrl,omitempty"`
	// Kind is how the address is read.
	Kind     FeedKind `json:"kind,omitempty"`
	Enabled  bool     `json:"enabled"`
	Language string   `json:"language,omitempty"`
	Country  string   `json:"country,omitempty"`
	// Category groups feeds in OPML; nested outlines are joined by "/".
	Category string `json:"category,omitempty"`

	// What polling has found out; never set by who adds a feed.
	Health      FeedHealth    `json:"health,omitempty"`
	LastError   string        `json:"lastError,omitempty"`
	LastStatus  int           `json:"lastStatus,omitempty"`
	LastPoll    time.Time     `json:"lastPoll,omitzero"`
	LastSuccess time.Time     `json:"lastSuccess,omitzero"`
	NextPoll    time.Time     `json:"nextPoll,omitzero"`
	Failures    int           `json:"failures,omitempty"`
	Interval    time.Duration `json:"-"`
	Articles    int           `json:"articles,omitempty"`
	AddedAt     time.Time     `json:"addedAt,omitzero"`
}

// FeedKind says how a feed's address is read.
type FeedKind string

// The kinds of feed.
const (
	KindFeed    FeedKind = "feed"    // RSS, Atom, RDF or JSON Feed
	KindSitemap FeedKind = "sitemap" // a news sitemap
)

// FeedHealth is what an operator needs to know of a feed in one word.
type FeedHealth string

// The states of a feed. A feed never polled has the empty state.
const (
	HealthOK      FeedHealth = "ok"
	HealthSlow    FeedHealth = "slow"
	HealthFailing FeedHealth = "failing"
	HealthBlocked FeedHealth = "blocked"
	HealthGone    FeedHealth = "gone"
	HealthDead    FeedHealth = "dead"
)
