package feed

import (
	"fmt"
	"strings"
)

// isRoot reports whether an element of the local name makes a document a feed.
func isRoot(local string) bool {
	switch local {
	case "rss", "rdf", "feed", "urlset", "sitemapindex", "channel":
		return true
	}
	return false
}

// isPageTag reports whether an element of the local name begins a web page that
// leaves out its html element.
func isPageTag(local string) bool {
	switch local {
	case "html", "head", "body", "meta", "title", "base", "script", "link":
		return true
	}
	return false
}

// readTree reads a document into a tree under the limits, mending on the way.
// Its errors are a *GuardError and those that wrap ErrNotFeed.
func readTree(src string, r *repairs) (*document, error) {
	b := &builder{scan: newScanner(src, r), scope: newScope(), repairs: r}
	if err := b.findRoot(); err != nil {
		return nil, err
	}
	for len(b.open) > 0 {
		t, err := b.scan.next()
		if err != nil {
			return nil, err
		}
		if t.kind == tokenEnd {
			b.finish()
			break
		}
		if err := b.add(t); err != nil {
			return nil, err
		}
	}
	b.doc.netscape, b.doc.size = b.scan.netscape, len(src)
	return &b.doc, nil
}

// builder grows a tree from tokens.
type builder struct {
	scan    *scanner
	scope   *scope
	repairs *repairs

	doc     document
	open    []level // from the root to the element being read
	nodes   int
	items   int
	tailCut bool // the document ended inside a closing tag
}

// level is an open element.
type level struct {
	node *node
	mark int // of the scope before its declarations
}

// findRoot skips what stands before the root element and opens it.
func (b *builder) findRoot() error {
	page := false
	for {
		t, err := b.scan.next()
		if err != nil {
			return err
		}
		local := strings.ToLower(t.name[strings.IndexByte(t.name, ':')+1:])
		page = page || t.kind == tokenOpen && isPageTag(local)
		switch {
		case t.kind == tokenOpen && local == "html", t.kind == tokenEnd && page:
			return fmt.Errorf("%w: the body is %w", ErrNotFeed, ErrHTML)
		case t.kind == tokenEnd:
			return fmt.Errorf("no feed's root element in the document: %w", ErrNotFeed)
		case t.kind == tokenOpen && isRoot(local):
			if err := b.openElement(t); err != nil {
				return err
			}
			b.doc.root.name = local
			return nil
		case t.kind != tokenText || strings.TrimSpace(t.text) != "":
			b.repairs.note(repairJunk)
		}
	}
}

func (b *builder) add(t token) error {
	switch t.kind {
	case tokenText:
		return b.addText(decodeText(t.text, b.repairs), false, t.offset)
	case tokenCDATA:
		return b.addText(cleanChars(t.text, b.repairs), true, t.offset)
	case tokenClose:
		b.closeElement(t)
	case tokenOpen:
		if t.cut {
			return nil // what is left of a tag says nothing
		}
		return b.openElement(t)
	case tokenEnd: // readTree finishes the document
	}
	return nil
}

func (b *builder) addText(text string, literal bool, offset int) error {
	if text == "" {
		return nil
	}
	top := b.open[len(b.open)-1].node
	top.kids = append(top.kids, &node{text: text, literal: literal})
	return b.guard(offset)
}

func (b *builder) openElement(t token) error {
	b.closeForgotten(t.name)
	mark := b.scope.enter(t.attrs)
	ns, local, declared := b.scope.resolve(t.name)
	if !declared {
		b.repairs.note(repairPrefix)
	}
	n := &node{tag: t.name, ns: ns, name: local, attrs: t.attrs}
	if len(b.open) == 0 {
		b.adoptRoot(n)
	} else {
		n.ns = b.nativeTo(n.ns)
		b.adoptItem(n)
		parent := b.open[len(b.open)-1].node
		parent.kids = append(parent.kids, n)
	}
	if b.isItem(n) {
		b.items++
	}
	b.nodes += len(n.attrs)
	if err := b.guard(t.offset); err != nil {
		return err
	}
	if t.empty || isVoid(n) {
		b.scope.leave(mark)
		return nil
	}
	b.open = append(b.open, level{n, mark})
	return nil
}

// adoptRoot makes n the root; its namespace is the feed's own.
func (b *builder) adoptRoot(n *node) {
	prefix, _, prefixed := strings.Cut(n.tag, ":")
	if !prefixed {
		prefix = ""
	}
	b.doc.root = n
	b.doc.rootURI = b.scope.uris[prefix]
	switch {
	case n.name == "rdf":
		b.doc.rootURI = b.rdfVocabulary()
	case n.ns == nsUnknown || n.ns == nsAtom || n.ns == nsNative:
		b.scope.native = uriKey(b.doc.rootURI)
	}
}

// rdfVocabulary returns the namespace of the RSS in an RDF document: the default
// one if it is RSS, else the newest that is declared.
func (b *builder) rdfVocabulary() string {
	isRSS := func(uri string) bool {
		ns, known := b.scope.known[uriKey(uri)]
		return known && ns == nsNative
	}
	if uri := b.scope.uris[""]; isRSS(uri) {
		return uri
	}
	newest := ""
	for _, uri := range b.scope.uris {
		if isRSS(uri) {
			newest = max(newest, uri) // purl.org's 1.0 sorts after netscape.com's 0.9
		}
	}
	return newest
}

// nativeTo makes Atom native in an Atom feed; elsewhere it is embedded.
func (b *builder) nativeTo(ns string) string {
	if ns == nsAtom && b.doc.root.name == "feed" {
		return nsNative
	}
	return ns
}

// adoptItem gives an RSS item in an Atom feed, or the reverse, the name that
// items have there.
func (b *builder) adoptItem(n *node) {
	if n.ns == nsNative && (n.name == "item" || n.name == "entry") {
		n.name = itemName(b.doc.root.name)
	}
}

// guard counts one more node and checks the limits.
func (b *builder) guard(offset int) error {
	b.nodes++
	for _, c := range []struct {
		limit      string
		value, max int
	}{
		{limitDepth, len(b.open) + 1, maxDepth},
		{limitNamespaces, b.scope.count, maxNamespaces},
		{limitItems, b.items, maxItems},
		{limitNodes, b.nodes, maxNodes},
	} {
		if c.value > c.max {
			return &GuardError{Limit: c.limit, Value: c.value, Offset: offset}
		}
	}
	return nil
}

// isItem reports whether n is one entry of the document.
func (b *builder) isItem(n *node) bool { return n.native() && n.name == itemName(b.doc.root.name) }

// itemName returns the name of an entry in a document with the root.
func itemName(root string) string {
	switch root {
	case "feed":
		return "entry"
	case "urlset":
		return "url"
	case "sitemapindex":
		return "sitemap"
	}
	return "item"
}

// isVoid reports whether n is an HTML element that never has an end tag.
func isVoid(n *node) bool {
	switch n.name {
	case "br", "hr", "img", "wbr":
		return n.ns == nsNative || n.ns == nsXHTML
	}
	return false
}

// closeForgotten closes an item that is still open where the next one starts:
// in the item itself, or in a child of it that was never closed either.
func (b *builder) closeForgotten(name string) {
	top := len(b.open) - 1
	if top > 0 && isLeaf(b.open[top].node) {
		top--
	}
	if top < 1 {
		return
	}
	if o := b.open[top].node; b.isItem(o) && strings.EqualFold(o.tag, name) {
		b.repairs.note(repairTags)
		b.closeTo(top)
	}
}

// isLeaf reports whether n is a native element that holds words, never items.
func isLeaf(n *node) bool {
	switch n.name {
	case "title", "link", "guid", "id", "description", "summary", "content", "pubdate", "updated", "author", "category":
		return n.native()
	}
	return false
}

// closeElement closes the element that an end tag names and all inside it; an
// end tag that closes nothing is dropped.
func (b *builder) closeElement(t token) {
	b.tailCut = t.cut
	for i := len(b.open) - 1; i >= 0; i-- {
		// Comparing lengths first keeps many end tags that match nothing cheap.
		if tag := b.open[i].node.tag; len(tag) != len(t.name) || !strings.EqualFold(tag, t.name) {
			continue
		}
		if i < len(b.open)-1 {
			b.repairs.note(repairTags)
		}
		b.closeTo(i)
		if t.cut {
			b.repairs.note(repairCut)
		}
		return
	}
	if !t.cut {
		b.repairs.note(repairTags)
	}
}

// closeTo closes the open elements from the innermost to the one at index i.
func (b *builder) closeTo(i int) {
	b.scope.leave(b.open[i].mark)
	b.open = b.open[:i]
}

// finish ends a document whose root is still open: an item that was not
// complete is dropped, everything before it stays.
func (b *builder) finish() {
	if b.tailCut && len(b.open) == 1 { // only "</rs" is left of "</rss>"
		b.repairs.note(repairCut)
		return
	}
	b.doc.truncated = true
	for i, l := range b.open {
		if i > 0 && b.isItem(l.node) {
			parent := b.open[i-1].node
			parent.kids = parent.kids[:len(parent.kids)-1]
			b.repairs.note(repairSalvage)
			return
		}
	}
	b.repairs.note(repairCut)
}
