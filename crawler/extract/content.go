package extract

import (
	"strings"
	"time"

	"broadsheet.example/news"
)

// Content is what a page says of one article. Strings are valid UTF-8 in NFC
// with white space folded; addresses are absolute; what is not stated is empty.
type Content struct {
	Title       string
	Description string
	// Authors are names of people (or of a desk, where no person signs) without
	// roles, agencies, addresses or the word "by".
	Authors []string

	// Blocks are the paragraphs, headings, list items, quotes and table rows of
	// the body in the order of the page. List items keep no bullet.
	Blocks []string
	// Text is the Blocks joined by blank lines.
	Text string
	// Offsets holds for each of Blocks the byte of Text at which it begins.
	Offsets []int
	// Words counts the words of Text; each character of a script without spaces
	// counts as half a word.
	Words int
	// EditorNote holds editor's notes and corrections found in the body; they
	// stay in Blocks too.
	EditorNote string

	Published Date
	// Updated is the publisher's own time of last change; zero when not stated.
	Updated time.Time

	// Canonical is what the page calls its address, made absolute. Nothing has
	// been checked: it may point to another site or to the home page.
	Canonical string
	// Publisher is who the page says published it, SiteName what the site calls
	// itself.
	Publisher Publisher
	SiteName  string
	Image     Image
	Section   string
	Tags      []string
	// Language is an ISO 639 code in lower case, as the markup states it.
	Language string

	Wall   Wall
	Robots Robots
}

// SetBlocks puts blocks in the place of the body's and derives Text, Offsets,
// Words and EditorNote from them. What was judged of the page stays.
func (c *Content) SetBlocks(blocks []string) {
	c.Blocks = blocks
	c.Text = strings.Join(blocks, blockBreak)
	c.Offsets = offsets(blocks)
	c.Words = countWords(c.Text)
	c.EditorNote = editorNote(blocks)
}

// Publisher is a name and an address, either of which may be empty.
type Publisher struct {
	Name string
	URL  string
}

// Image is the lead image. Width and Height, in pixels, are those that the page
// states: both or none.
type Image struct {
	URL           string
	Width, Height int
}

// Date is a publication date and how it is known.
type Date struct {
	// Time is zero when no date was found or the one found was refused.
	Time      time.Time
	Source    news.DateSource
	Precision news.DatePrecision
	// Raw is the date as the page wrote it, kept also when it was refused.
	Raw string
}

// Access says whether a page declares its text free to read.
type Access string

// The answers a page gives. Most pages give none.
const (
	AccessUnknown Access = ""
	AccessFree    Access = "free"
	AccessPaid    Access = "paid"
)

// Wall holds the signs of a wall between reader and text. None of them alone
// means that text is missing; see [Completeness].
type Wall struct {
	// Access is the page's isAccessibleForFree.
	Access Access
	// Markers counts elements whose class or id names a paywall, a meter or a
	// registration gate.
	Markers int
	// Prompts are lines such as "Subscribe to continue reading" that stood at
	// the end of the body.
	Prompts []string
	// Truncated tells that the body ends in the middle of a sentence, or before
	// a line that says that the rest is for subscribers.
	Truncated bool
	// DeclaredWords is the length that the page states for the whole article,
	// 0 when it states none.
	DeclaredWords int
}

// Robots holds what the page asks of crawlers in its robots meta elements.
type Robots struct {
	NoIndex   bool
	NoArchive bool
}
