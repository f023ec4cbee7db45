package feed

import (
	"errors"
	"fmt"
)

// The limits of a document. On thousands of real feeds the largest values seen
// are depth 11, 14 attributes and 9 namespace declarations; past these limits
// parsers of XML turn quadratic or exhaust the stack.
const (
	maxBytes      = 8 << 20 // of the body as it came, and again once decoded to UTF-8
	maxDepth      = 100     // elements, or JSON arrays and objects, inside each other
	maxAttrs      = 100     // attributes of one tag
	maxNamespaces = 2000    // xmlns declarations of one document
	maxItems      = 10000   // items, entries or sitemap URLs
	maxNodes      = 400000  // elements, attributes and runs of text, or JSON values, of one document
)

// The limits of what one field keeps; the rest of a longer value is cut off.
const (
	maxTitle = 16 << 10 // titles and rights, in bytes
	maxName  = 1 << 10  // names of people, publishers and tags, in bytes
	maxLabel = 64       // languages, media types and lengths, in bytes
	maxList  = 200      // authors, tags, links and the like of one item or feed
)

// Names of the limits, as GuardError.Limit gives them.
const (
	limitBytes      = "bytes"
	limitDepth      = "depth"
	limitAttrs      = "attributes"
	limitNamespaces = "namespaces"
	limitItems      = "items"
	limitNodes      = "nodes"
)

// ErrNotFeed is wrapped by the error of a body that is none of the formats this
// package reads.
var ErrNotFeed = errors.New("not a feed")

// ErrHTML is wrapped, beside [ErrNotFeed], when the body is a web page: its
// rel=alternate links may name the feed that was meant.
var ErrHTML = errors.New("a web page")

// GuardError refuses a document that exceeds a limit no real feed comes near.
type GuardError struct {
	Limit  string // bytes, depth, attributes, namespaces, items or nodes
	Value  int    // what was found when the limit was passed
	Offset int    // in bytes from the start of the document, decoded to UTF-8
}

// Error names the limit, the value and where it was passed.
func (e *GuardError) Error() string {
	return fmt.Sprintf("feed exceeds limit: %d %s at byte %d", e.Value, e.Limit, e.Offset)
}
