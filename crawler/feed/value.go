package feed

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// value returns the content of an element that holds words, the way its
// attributes say it is written: as HTML with addresses resolved, or as plain
// text, which isText reports.
//
// Markup written into the element instead of being escaped counts as the HTML
// that was meant. The <div> that Atom 1.0 puts around XHTML is not content.
func (d *document) value(n *node, b base) (s string, isText bool) {
	b = b.within(n)
	if n.hasElements() {
		return normal(d.inner(n, b)), false
	}
	text, isText := d.source(n)
	if !isText {
		text = b.resolveHTML(text)
	}
	return normal(text), isText
}

// source returns the content of an element without child elements, as it was
// before it was encoded.
func (d *document) source(n *node) (s string, isText bool) {
	form := constructForm(d, n)
	text := n.raw()
	if form == formBase64 {
		if decoded, ok := decodeBase64(text); ok {
			return decoded, false
		}
	}
	return text, form == formText
}

// inner returns the content of an element with child elements, as HTML.
func (d *document) inner(n *node, b base) string {
	return strings.TrimSpace(renderInner(d.contentRoot(n), b))
}

// words returns the value of an element without saying what it is.
func (d *document) words(n *node, b base) string {
	s, _ := d.value(n, b)
	return s
}

// form is how the content of an element is written.
type form int

const (
	formHTML form = iota
	formText
	formBase64
)

// constructForm returns how the content of an element without child elements
// is written: by Atom's type and mode where they are given, and otherwise as
// HTML in RSS and as text in Atom.
func constructForm(d *document, n *node) form {
	kind := strings.ToLower(strings.TrimSpace(n.attr("type")))
	kind, _, _ = strings.Cut(kind, ";")
	switch mode := strings.ToLower(n.attr("mode")); {
	case mode == "base64":
		return formBase64
	case kind == "" && (mode == "escaped" || d.root.name != "feed" && n.ns != nsAtom):
		return formHTML
	case kind == "" || kind == "text" || kind == "plain" || kind == "text/plain":
		return formText
	case isBinary(kind):
		return formBase64
	}
	return formHTML
}

// isBinary reports whether a media type can only have been encoded.
func isBinary(kind string) bool {
	return strings.Contains(kind, "/") && !strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "xml") &&
		!strings.Contains(kind, "json") && !strings.Contains(kind, "html")
}

func decodeBase64(s string) (string, bool) {
	compact := strings.Join(strings.Fields(s), "")
	decoded, err := base64.StdEncoding.DecodeString(compact)
	if err != nil || !utf8.Valid(decoded) {
		return "", false // a file, or words that only look encoded
	}
	var ignored repairs // the document's bytes were fine, its payload was not
	return strings.TrimSpace(cleanChars(string(decoded), &ignored)), true
}

// contentRoot returns the element whose children are the content of n: n
// itself, or the lone <div> that Atom 1.0 wraps XHTML in.
func (d *document) contentRoot(n *node) *node {
	if d.root.name != "feed" || d.feedType() == "atom03" {
		return n
	}
	var only *node
	for _, k := range n.kids {
		switch {
		case k.tag == "" && strings.TrimSpace(k.text) == "":
		case k.tag == "" || only != nil:
			return n
		default:
			only = k
		}
	}
	if only != nil && only.name == "div" {
		return only
	}
	return n
}
