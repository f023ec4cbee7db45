package feed

import "time"

// Feed is one parsed feed. Its JSON form is the "feed" object of [Inspect];
// items stand beside it there, not inside.
//
// Strings are valid UTF-8 in NFC without control characters; addresses alone
// keep the form they were written in. Times are UTC, to the second, and zero
// where the feed states none that can be trusted. Addresses are absolute
// wherever the feed or its own address gave a base. Every list and every string
// is bounded, Summary and Content by the size of the document.
type Feed struct {
	// Type names the format and version: rss20, rss092, rss10, atom10, atom03,
	// json11, sitemap, sitemapindex and so on.
	Type        string `json:"type,omitempty"`
	Title       string `json:"title,omitempty"`
	Link        string `json:"link,omitempty"`
	Description string `json:"description,omitempty"`
	Language    string `json:"language,omitempty"`
	Rights      string `json:"rights,omitempty"`
	Generator   string `json:"generator,omitempty"`
	// ID is the feed's own identifier (atom:id, rdf:about), empty for RSS.
	ID        string    `json:"id,omitempty"`
	Updated   time.Time `json:"updated,omitzero"`
	Published time.Time `json:"published,omitzero"`

	Authors      []Person `json:"authors,omitempty"`
	Contributors []Person `json:"contributors,omitempty"`
	Tags         []Tag    `json:"tags,omitempty"`
	Links        []Link   `json:"links,omitempty"`
	Image        *Image   `json:"image,omitempty"`

	// TTL is how long the publisher asks readers to wait between polls (ttl,
	// or sy:updatePeriod over sy:updateFrequency), zero when unstated.
	TTL time.Duration `json:"-"`
	// SkipHours (0 to 23, GMT) and SkipDays are when polling is pointless.
	SkipHours []int          `json:"-"`
	SkipDays  []time.Weekday `json:"-"`
	// Hub is the WebSub hub the feed announces.
	Hub string `json:"hub,omitempty"`
	// Children are the sitemaps a sitemap index lists.
	Children []string `json:"children,omitempty"`

	// Truncated reports that the document ended before its root was closed.
	// Items then holds the complete items before the cut.
	Truncated bool `json:"truncated,omitempty"`
	// Repaired says in plain words what had to be mended, each kind once.
	Repaired []string `json:"repaired,omitempty"`

	Items []Item `json:"-"`

	titleIsText bool // Title holds no markup
	offset      int  // of the zone the feed dates itself in, in seconds east of UTC
}

// Item is one entry of a feed, in the feed's order.
type Item struct {
	ID string `json:"id,omitempty"`
	// Title is as the feed gave it and may hold markup; see [Item.PlainTitle].
	Title string `json:"title,omitempty"`
	// Link is the address of the article: the alternate link, else a permalink
	// GUID. It is empty when the item states neither, and never anything but
	// what the feed said: schemes are for the caller to judge.
	Link string `json:"link,omitempty"`
	// Summary and Content are HTML as given, relative addresses resolved.
	Summary string `json:"summary,omitempty"`
	Content string `json:"content,omitempty"`

	Published time.Time `json:"published,omitzero"`
	Updated   time.Time `json:"updated,omitzero"`
	// DateRaw is the date the item states, as written: the publication date,
	// else the date of the last change.
	DateRaw string `json:"dateRaw,omitempty"`
	// DateOnly reports that the date has no time of day, ZoneGuessed that it
	// names no zone: the feed's own was taken, or else UTC.
	DateOnly    bool `json:"dateOnly,omitempty"`
	ZoneGuessed bool `json:"zoneGuessed,omitempty"`

	Authors      []Person    `json:"authors,omitempty"`
	Contributors []Person    `json:"contributors,omitempty"`
	Tags         []Tag       `json:"tags,omitempty"`
	Links        []Link      `json:"links,omitempty"`
	Enclosures   []Enclosure `json:"enclosures,omitempty"`

	Rights   string `json:"rights,omitempty"`
	Comments string `json:"comments,omitempty"`
	Language string `json:"language,omitempty"`
	ImageURL string `json:"imageUrl,omitempty"`
	// Publisher is whom an aggregated item comes from: RSS source, Atom source
	// title, or the publication of a news sitemap.
	Publisher string `json:"publisher,omitempty"`
	// Permalink reports that ID is itself the address of the article.
	Permalink bool `json:"permalink,omitempty"`

	titleIsText bool // Title holds no markup
}

// PlainTitle returns the title as text on one line: tags stripped, entities
// decoded, white space folded.
func (i *Item) PlainTitle() string { return plainTitle(i.Title, i.titleIsText) }

// PlainTitle returns the feed's title as text on one line.
func (f *Feed) PlainTitle() string { return plainTitle(f.Title, f.titleIsText) }

// plainTitle folds a title to one line, reading it as HTML unless it is text.
func plainTitle(title string, isText bool) string {
	if !isText {
		title = Text(title)
	}
	var ignored repairs
	return oneLine(decodeRefs(title, &ignored)) // escaped once too often, as many are
}

// Person is an author or contributor. At least one field is set.
type Person struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Tag is a category or keyword.
type Tag struct {
	Term   string `json:"term,omitempty"`
	Scheme string `json:"scheme,omitempty"`
	Label  string `json:"label,omitempty"`
}

// Link is one link of a feed or item. Rel is never empty.
type Link struct {
	URL  string `json:"url,omitempty"`
	Rel  string `json:"rel,omitempty"`
	Type string `json:"type,omitempty"`
}

// Image is the picture of a feed.
type Image struct {
	URL   string `json:"url,omitempty"`
	Title string `json:"title,omitempty"`
}

// Enclosure is a file that belongs to an item. Length is in bytes as the feed
// wrote it, which need not be a number.
type Enclosure struct {
	URL    string `json:"url,omitempty"`
	Type   string `json:"type,omitempty"`
	Length string `json:"length,omitempty"`
}
