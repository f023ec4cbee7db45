package news

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"
)

// Article is one published piece as Broadsheet knows it now. Its JSON form is
// the one of the API, of import and of export.
//
// An Article is a value: the store and the index hand out copies, and changing
// one changes nothing elsewhere.
type Article struct {
	// ID names the article forever; see [ArticleID].
	ID string `json:"id"`
	// Version rises by one on every write that alters what is indexed.
	Version int64 `json:"version,omitempty"`
	// Revision counts changes of the published text, from 1.
	Revision int `json:"revision,omitempty"`
	// Partition is the month (2006-01, UTC) of PublishedAt when the article was
	// first stored. It never changes.
	Partition string `json:"partition,omitempty"`

	// Source is the publisher who wrote the article, Via who republished it.
	Source Ref  `json:"source"`
	Via    *Ref `json:"via,omitempty"`

	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Authors     []string `json:"authors,omitempty"`
	// URL is where the article was fetched or is to be read; CanonicalURL is
	// what the page itself calls its address, if it does.
	URL          string `json:"url"`
	CanonicalURL string `json:"canonicalUrl,omitempty"`
	ImageURL     string `json:"urlToImage,omitempty"`

	PublishedAt          time.Time     `json:"publishedAt"`
	PublishedAtSource    DateSource    `json:"publishedAtSource,omitempty"`
	PublishedAtPrecision DatePrecision `json:"publishedAtPrecision,omitempty"`
	// PublishedAtRaw keeps a stated date that was refused (future, before
	// 1990, unreadable), as it was written.
	PublishedAtRaw string `json:"publishedAtRaw,omitempty"`
	// UpdatedAt is when the text last changed: the publisher's word, or else
	// the time the change was seen. Zero when it never did.
	UpdatedAt time.Time `json:"updatedAt,omitzero"`
	// FirstSeen is when Broadsheet first stored the article.
	FirstSeen time.Time `json:"firstSeen,omitzero"`

	// Content is the article's text: paragraphs separated by a blank line,
	// valid UTF-8 in NFC.
	Content      string       `json:"content,omitempty"`
	EditorNote   string       `json:"editorNote,omitempty"`
	WordCount    int          `json:"wordCount,omitempty"`
	Completeness Completeness `json:"completeness,omitempty"`

	// Language is an ISO 639-1 code in lower case, empty when unknown. Country
	// is the source's ISO 3166-1 alpha-2 code in lower case.
	Language string   `json:"language,omitempty"`
	Country  string   `json:"country,omitempty"`
	Section  string   `json:"section,omitempty"`
	Tags     []string `json:"tags,omitempty"`

	// Entities are the people, places and organisations named, most salient
	// first.
	Entities []Entity `json:"entities,omitempty"`

	// DuplicateOf is the ID of the article that this one repeats, if known.
	DuplicateOf string `json:"duplicateOf,omitempty"`
}

// Ref points to a source: its id and the name to show.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// DateSource says where a publication date came from.
type DateSource string

// The places a publication date may come from, most trusted first. A date is
// never guessed from the body's words.
const (
	DateJSONLD    DateSource = "jsonld"
	DateMeta      DateSource = "meta"
	DateFeed      DateSource = "feed"
	DateURL       DateSource = "url"
	DateImport    DateSource = "import"
	DateFirstSeen DateSource = "firstSeen"
)

// DatePrecision says how much of a publication date was stated.
type DatePrecision string

// The precisions of a date. A day stands for midnight UTC of that day.
const (
	PrecisionSecond DatePrecision = "second"
	PrecisionMinute DatePrecision = "minute"
	PrecisionDay    DatePrecision = "day"
)

// Completeness says how much of the published text Content holds.
type Completeness string

// The degrees of completeness.
const (
	Full     Completeness = "full"     // the whole text
	Partial  Completeness = "partial"  // cut by a wall or a teaser
	FeedOnly Completeness = "feedOnly" // the feed's own words; the page could not be had
)

// Revision is one state of an article's published text.
type Revision struct {
	Number      int       `json:"revision"`
	SeenAt      time.Time `json:"seenAt"`
	UpdatedAt   time.Time `json:"updatedAt,omitzero"`
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"`
	Content     string    `json:"content"`
	EditorNote  string    `json:"editorNote,omitempty"`
}

// idEncoding is lower-case RFC 4648 base32 without padding.
var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ArticleID returns the ID of the article first seen under the URL key: the
// first 16 bytes of its SHA-256 in lower-case base32, 26 characters.
func ArticleID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return idEncoding.EncodeToString(sum[:16])
}

// PartitionOf returns the partition of an article published at t.
func PartitionOf(t time.Time) string { return t.UTC().Format("2006-01") }

// IsID reports whether s has the form of an article's ID.
func IsID(s string) bool {
	return len(s) == 26 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}
