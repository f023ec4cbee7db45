package news

import (
	"context"
	"fmt"
	"slices"
	"time"

	"broadsheet.example/news/query"
)

// Query is one search, independent of any engine. The zero value, after
// [Query.SetDefaults], matches every article.
type Query struct {
	// Expr is the parsed expression; nil matches everything. Facet filters are
	// not part of it.
	Expr query.Node
	// Match says how the bare words of Expr combine.
	Match Match
	// SearchIn limits bare words and phrases to these text fields; empty means
	// all of TextFields.
	SearchIn []string
	// Filters are ANDed with each other and with Expr; FacetMode says whether
	// each is left out when the counts of its own facet are taken.
	Filters []Filter
	// From and To bound PublishedAt (or what DateField names), From inclusive,
	// To exclusive; zero means open. They restrict the counts of every facet.
	From, To  time.Time
	DateField DateField
	// Language, when set, has Expr analysed for this language alone.
	Language string

	Sort    Sort
	Recency Recency

	// Offset and Size select the page; Cursor, when set, replaces Offset.
	Offset, Size int
	Cursor       string

	Facets    []FacetRequest
	FacetMode FacetMode
	// Zone governs date buckets and the bare dates of Expr; nil means UTC.
	Zone *time.Location
	// Now is the time that recency and relative dates are measured from; the
	// zero value means the time of the call.
	Now time.Time

	Collapse  Collapse
	Highlight Highlight
	Explain   bool
}

// Match says how bare words combine.
type Match string

// The ways to match. MatchDefault is MatchMost for relevancy and MatchAll for
// date sorts.
const (
	MatchDefault Match = ""
	MatchAll     Match = "and"
	MatchMost    Match = "most"
)

// Filter keeps the articles that carry one of Values in the facet Facet, or
// none of them if Exclude. Values of the facets source and via are source ids,
// those of entity facets entity ids or names.
type Filter struct {
	Facet   string
	Values  []string
	Exclude bool
}

// DateField names the date that From, To and date sorts go by.
type DateField string

// The date fields. The zero value means DatePublished.
const (
	DatePublished DateField = "published"
	DateUpdated   DateField = "updated"
	DateIndexed   DateField = "indexed" // FirstSeen
)

// Sort is an order of hits.
type Sort string

// The sorts. Ties fall to the newer article, then to the smaller ID.
const (
	SortRelevancy Sort = "relevancy"
	SortNewest    Sort = "newest"
	SortOldest    Sort = "oldest"
	SortUpdated   Sort = "updated"
)

// Recency is how strongly relevancy decays with age.
type Recency string

// The strengths: a half-life of 30 days with a floor of one half, of 3 days
// with a floor of one tenth, or none. See the index's documentation for the
// formula.
const (
	RecencyNormal Recency = "normal"
	RecencyStrong Recency = "strong"
	RecencyOff    Recency = "off"
)

// Collapse says whether near-identical articles count as one.
type Collapse string

// The ways to collapse.
const (
	CollapseNone       Collapse = "none"
	CollapseDuplicates Collapse = "duplicates"
)

// Highlight asks for snippets around the query's terms.
type Highlight struct {
	On bool
	// Size is the length of a snippet in characters, Fragments how many of the
	// content are wanted.
	Size, Fragments int
	// Pre and Post stand around a marked term. The text between is HTML-escaped.
	Pre, Post string
}

// FacetMode says which articles a facet counts.
type FacetMode string

// The modes. FacetsMulti leaves the facet's own filters out, and so shows what
// choosing one more value would give; FacetsFiltered counts the articles found.
const (
	FacetsMulti    FacetMode = "multi"
	FacetsFiltered FacetMode = "filtered"
)

// FacetRequest asks for the counts of one facet.
type FacetRequest struct {
	Name string
	Size int
	// Interval is for the date facet: "hour", "day", "week", "month", "year" or
	// "auto".
	Interval Interval
}

// Interval is the width of the date facet's buckets.
type Interval string

// The intervals. Weeks begin on Monday.
const (
	IntervalAuto  Interval = "auto"
	IntervalHour  Interval = "hour"
	IntervalDay   Interval = "day"
	IntervalWeek  Interval = "week"
	IntervalMonth Interval = "month"
	IntervalYear  Interval = "year"
)

// Facet names. FacetEntity is the union of the three entity facets.
const (
	FacetSource       = "source"
	FacetVia          = "via"
	FacetDate         = "date"
	FacetPerson       = "person"
	FacetPlace        = "place"
	FacetOrganization = "organization"
	FacetEntity       = "entity"
	FacetAuthor       = "author"
	FacetLanguage     = "language"
	FacetSection      = "section"
	FacetCountry      = "country"
	FacetCompleteness = "completeness"
)

// FacetNames lists every facet in the order in which they are documented.
func FacetNames() []string {
	return []string{
		FacetSource, FacetVia, FacetDate, FacetPerson, FacetPlace, FacetOrganization, FacetEntity,
		FacetAuthor, FacetLanguage, FacetSection, FacetCountry, FacetCompleteness,
	}
}

// TextFields lists the fields that bare words are looked for in.
func TextFields() []string { return []string{"title", "description", "content"} }

// Limits of a query. They are part of the API's contract.
const (
	MaxSize       = 100
	MaxOffset     = 10_000 // Offset + Size may not exceed it
	MaxFacetSize  = 1_000
	MaxFilterVals = 100
	MaxRelated    = 50
)

// SetDefaults fills what the caller left open.
func (q *Query) SetDefaults() {
	setDefault(&q.Sort, SortRelevancy)
	setDefault(&q.Recency, RecencyNormal)
	setDefault(&q.DateField, DatePublished)
	setDefault(&q.Collapse, CollapseNone)
	setDefault(&q.FacetMode, FacetsMulti)
	setDefault(&q.Size, 20)
	setDefault(&q.Highlight.Size, 220)
	setDefault(&q.Highlight.Fragments, 1)
	setDefault(&q.Highlight.Pre, "<mark>")
	setDefault(&q.Highlight.Post, "</mark>")
	if q.Zone == nil {
		q.Zone = time.UTC
	}
	if q.Now.IsZero() {
		q.Now = time.Now()
	}
	for i := range q.Facets {
		setDefault(&q.Facets[i].Size, 10)
		setDefault(&q.Facets[i].Interval, IntervalAuto)
	}
}

func setDefault[T comparable](p *T, v T) {
	var zero T
	if *p == zero {
		*p = v
	}
}

// Validate reports the first value that no engine would accept, as a
// [*ParamError] or ErrTooDeep.
func (q *Query) Validate() error {
	switch {
	case q.Size < 0 || q.Size > MaxSize:
		return &ParamError{"pageSize", fmt.Sprint(q.Size), fmt.Sprintf("must be between 0 and %d", MaxSize)}
	case q.Offset < 0:
		return &ParamError{"page", fmt.Sprint(q.Offset), "must be 1 or more"}
	case q.Cursor == "" && q.Offset+q.Size > MaxOffset:
		return ErrTooDeep
	case !q.From.IsZero() && !q.To.IsZero() && q.From.After(q.To):
		return &ParamError{"from", q.From.Format(time.RFC3339), "lies after to"}
	}
	known := FacetNames()
	for _, f := range q.Facets {
		if !slices.Contains(known, f.Name) {
			return &ParamError{"facets", f.Name, fmt.Sprintf("no such facet; there are %v", known)}
		}
		if f.Size < 0 || f.Size > MaxFacetSize {
			return &ParamError{"facetSize", fmt.Sprint(f.Size), fmt.Sprintf("must be between 1 and %d", MaxFacetSize)}
		}
	}
	for _, f := range q.Filters {
		if !slices.Contains(known, f.Facet) || f.Facet == FacetDate {
			return &ParamError{f.Facet, "", "is not a facet that can be filtered by"}
		}
		if len(f.Values) == 0 || len(f.Values) > MaxFilterVals {
			return &ParamError{f.Facet, "", fmt.Sprintf("needs between 1 and %d values", MaxFilterVals)}
		}
	}
	for _, f := range q.SearchIn {
		if !slices.Contains(TextFields(), f) {
			return &ParamError{"searchIn", f, fmt.Sprintf("no such text field; there are %v", TextFields())}
		}
	}
	return nil
}

// Result answers a [Query].
type Result struct {
	// Total is the exact number of articles (groups, when collapsed) that match.
	Total int
	Hits  []Hit
	// Facets holds one entry for each facet asked for.
	Facets map[string]Facet
	// NextCursor continues after the last hit; empty when there are no more.
	NextCursor string
	Took       time.Duration
	// Warnings tell what was ignored or changed in the query, in plain words.
	Warnings []string
	// Corrections are words of a query with few hits or none that no article has, and what
	// was probably meant.
	Corrections []Correction
}

// Location is where a place lies, as the first of the hits says that knows; nil
// when none does.
func (r *Result) Location(id string) *Location {
	for i := range r.Hits {
		for _, e := range r.Hits[i].Article.Entities {
			if e.ID == id && e.Location != nil {
				return e.Location
			}
		}
	}
	return nil
}

// Correction is a word of a query, as it stands there, and one near it that
// articles have.
type Correction struct{ Word, Meant string }

// Hit is one article of a result.
type Hit struct {
	Article Article
	// Score is comparable within one result only; 0 for date sorts.
	Score float64
	// Highlights maps "title", "description" and "content" to HTML-safe
	// snippets in which terms are marked.
	Highlights map[string][]string
	// Copies are the ids of near-identical articles that this hit stands for.
	Copies []string
	// Explanation says how Score came about, when asked for.
	Explanation *Explanation
}

// Explanation is one part of a score and the parts it is made of.
type Explanation struct {
	Value   float64       `json:"value"`
	Message string        `json:"message"`
	Parts   []Explanation `json:"parts,omitempty"`
}

// Facet is the counts of one facet.
type Facet struct {
	Buckets []Bucket
	// Other counts the values of articles that no bucket shows.
	Other int
	// Approximate is set when counts may be a little short, as of a facet of many
	// values over several machines.
	Approximate bool
	// Interval is set for the date facet.
	Interval Interval
}

// Bucket counts the articles that carry one value. Date buckets have From and
// To, To exclusive, instead of Value.
type Bucket struct {
	Value    string
	Label    string
	Count    int
	Selected bool
	From, To time.Time
}

// RelatedQuery asks for articles on the same matter as another: by the words that
// say most of it, and by its entities.
type RelatedQuery struct {
	// Article is what others are compared with: its texts, language and entities.
	// It need not be one that is held; then it has no ID.
	Article Article
	// Window is how long before and after the article others may have been
	// published; 0, like an article without a date, means any time.
	Window time.Duration
	// Filters are those of a [Query].
	Filters []Filter
	// Size is how many are wanted, 10 if it is 0.
	Size int
}

// Validate fills what is left open and reports what no engine would accept, as a
// [*ParamError].
func (q *RelatedQuery) Validate() error {
	setDefault(&q.Size, 10)
	if q.Size < 1 || q.Size > MaxRelated {
		return &ParamError{"pageSize", fmt.Sprint(q.Size), fmt.Sprintf("must be between 1 and %d", MaxRelated)}
	}
	return nil
}

// SuggestQuery asks for completions of what a person has typed so far.
type SuggestQuery struct {
	Text string
	// Kinds limits suggestions to "query", "source", "person", "place",
	// "organization"; empty means all.
	Kinds []string
	Size  int
}

// Suggestion is one completion.
type Suggestion struct {
	Kind  string
	Text  string
	Value string // id of a source or an entity
	Count int
}

// Change tells an index what to do about one article.
type Change struct {
	ID        string
	Version   int64
	Partition string
	// Deleted marks a tombstone; Article is then nil.
	Deleted bool
	// Article is the newest state; nil until somebody loads it.
	Article *Article
	// Token fences the lease under which the change was handed out.
	Token int64
	// Since is when the change was committed.
	Since time.Time
}

// Outcome says what became of one Change.
type Outcome struct {
	ID      string
	Version int64
	// Applied is false when the index already had this version or a newer one.
	Applied bool
	// Err is set when this change alone could not be applied.
	Err error
}

// Digest sums up what is held, to compare a store with an index: two sides with
// equal digests hold the same versions of the same articles.
type Digest struct {
	Articles int    `json:"articles"`
	Sum      uint64 `json:"sum"`
}

// Index is a search engine over articles. Implementations are safe for
// concurrent use; exported conformance tests stand in index/indextest.
type Index interface {
	// Apply brings the index up to the changes, idempotently by (ID, Version).
	// When it returns nil, every change whose outcome has no error is durable
	// and searchable. Outcomes are in the order of the changes.
	Apply(ctx context.Context, changes []Change) ([]Outcome, error)
	// Search answers a query. It fails with *ParamError, ErrTooDeep,
	// ErrCursorExpired or the context's error.
	Search(ctx context.Context, q Query) (*Result, error)
	// Related returns the articles on the same matter as one, the closest first,
	// without those that are near-identical to it. It fails as Search does. The
	// score of a hit is what it shares of what the article is about, about 1 for
	// all of it.
	Related(ctx context.Context, q RelatedQuery) ([]Hit, error)
	// Suggest completes a text.
	Suggest(ctx context.Context, q SuggestQuery) ([]Suggestion, error)
	// Digest sums up the versions held.
	Digest(ctx context.Context) (Digest, error)
	// Close waits for running searches and releases everything.
	Close() error
}
