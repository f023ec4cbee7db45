package feed

import (
	"fmt"
	"strings"
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
	var mended repairs
	text, repair := decode(body, contentType)
	mended.note(repair)
	if len(text) > maxBytes {
		return nil, &GuardError{Limit: limitBytes, Value: len(text), Offset: maxBytes}
	}
	f, err := parseText(text, newBase(url), &mended)
	if err != nil {
		return nil, fmt.Errorf("parse feed: %w", err)
	}
	f.Repaired = mended
	return f, nil
}

// parseText reads a feed that is valid UTF-8.
func parseText(text string, b base, mended *repairs) (*Feed, error) {
	if isJSON(text) {
		return parseJSON(text, b, mended)
	}
	doc, err := readTree(text, mended)
	if err != nil {
		return nil, err
	}
	var f *Feed
	switch doc.root.name {
	case "urlset", "sitemapindex":
		f = doc.sitemap(b)
	default:
		if f, err = doc.feed(b); err != nil {
			return nil, err
		}
	}
	f.Truncated = doc.truncated
	return f, nil
}

// feed has gofeed read the document and fills in the rest.
func (d *document) feed(b base) (*Feed, error) {
	parsed, err := runGofeed(d.canonical())
	if err != nil {
		return nil, err
	}
	f := fromGofeed(parsed)
	d.fillFeed(f, b)
	if err := d.fillItems(f, b); err != nil {
		return nil, err
	}
	return f, nil
}

// isJSON reports whether a text begins as a JSON object does.
func isJSON(text string) bool {
	return strings.HasPrefix(strings.TrimLeft(text, " \t\r\n\ufeff"), "{")
}
