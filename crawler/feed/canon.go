package feed

import "strings"

// canonNamespaces are declared on the root of every canonical document, so that
// no other element needs to declare any.
const canonNamespaces = ` xmlns:atom="http://www.w3.org/2005/Atom"` +
	` xmlns:content="http://purl.org/rss/1.0/modules/content/"` +
	` xmlns:dc="http://purl.org/dc/elements/1.1/"` +
	` xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"` +
	` xmlns:media="http://search.yahoo.com/mrss/"`

// canonical writes the document as gofeed reads it best: well-formed, in UTF-8,
// every namespace declared once and under its usual prefix, markup that stood
// where content belongs escaped. It has no xml:base, since resolving addresses
// is left to fill, and nothing of vocabularies that gofeed does not know.
func (d *document) canonical() string {
	var out strings.Builder
	out.Grow(d.size)
	out.WriteString(`<?xml version="1.0" encoding="UTF-8"?>`)
	if d.root.name == "feed" {
		d.canonicalAtom(&out)
	} else {
		d.canonicalRSS(&out)
	}
	return out.String()
}

// canonicalRSS writes every kind of RSS as one channel with its items inside.
func (d *document) canonicalRSS(out *strings.Builder) {
	out.WriteString(`<rss version="2.0"` + canonNamespaces + `><channel>`)
	w := canonWriter{doc: d, out: out}
	for _, n := range d.channel().kids {
		w.element(n)
	}
	for _, n := range d.outer() {
		if n.is(nsNative, "item") || n.is(nsNative, "image") {
			w.element(n)
		}
	}
	out.WriteString("</channel></rss>")
}

func (d *document) canonicalAtom(out *strings.Builder) {
	out.WriteString(`<feed xmlns="http://www.w3.org/2005/Atom"` + canonNamespaces + `>`)
	w := canonWriter{doc: d, out: out}
	for _, n := range d.root.kids {
		w.element(n)
	}
	out.WriteString("</feed>")
}

// canonWriter writes elements in canonical form.
type canonWriter struct {
	doc *document
	out *strings.Builder
}

func (w canonWriter) element(n *node) {
	name := w.name(n)
	if name == "" {
		return
	}
	w.out.WriteString("<" + name)
	w.attributes(n)
	w.out.WriteByte('>')
	if isStructure(n) {
		for _, k := range n.kids {
			w.element(k)
		}
	} else {
		writeCDATA(w.out, w.content(n))
	}
	w.out.WriteString("</" + name + ">")
}

// content returns what gofeed is to read as the content of n.
func (w canonWriter) content(n *node) string {
	if n.hasElements() {
		return w.doc.inner(n, base{})
	}
	s, _ := w.doc.source(n)
	switch n.name {
	case "author", "managingeditor", "webmaster", "creator":
		return cut(s, maxName) // gofeed runs regular expressions over it
	}
	return s
}

// writeCDATA writes text as a CDATA section where that is shorter than escaping
// it, so that nothing grows on its way to gofeed.
func writeCDATA(out *strings.Builder, text string) {
	if !strings.ContainsAny(text, "<&") {
		escapeText(out, text)
		return
	}
	out.WriteString("<![CDATA[")
	out.WriteString(strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>"))
	out.WriteString("]]>")
}

// name returns the name to write an element under, "" to leave it out.
func (w canonWriter) name(n *node) string {
	switch n.ns {
	case nsNative:
		if n.tag == "" || !isPlainName(n.name) || isDate(n.name) {
			return ""
		}
		return n.name
	case nsAtom, nsDC, nsContent, nsITunes, nsMedia:
		if !isPlainName(n.name) || isDate(n.name) {
			return ""
		}
		return n.ns + ":" + n.name
	}
	return ""
}

// isDate reports whether an element holds a date. Dates are read by parseDate
// alone: gofeed would try some two hundred layouts on each.
func isDate(name string) bool {
	switch name {
	case "pubdate", "lastbuilddate", "published", "updated", "issued", "modified", "created", "date":
		return true
	}
	return false
}

// isPlainName reports whether a local name is one that the vocabularies use.
func isPlainName(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") == ""
}

// attributes writes the attributes that carry meaning; type and mode are gone
// with the escaping they described, but for links and files.
func (w canonWriter) attributes(n *node) {
	for _, a := range n.attrs {
		key := strings.ToLower(a.name)
		switch key {
		case "href", "url", "src", "scheme", "domain", "uri",
			"rel", "term", "label", "text", "length", "medium", "title", "version", "hreflang", "xml:lang":
			w.attribute(key, a.value)
		case "ispermalink":
			w.attribute("isPermaLink", a.value)
		case "type":
			if n.name == "link" || n.name == "enclosure" || n.ns == nsMedia {
				w.attribute(key, a.value)
			}
		}
	}
	if w.doc.root.name == "feed" && isConstruct(n) {
		w.attribute("type", "text")
	}
}

func (w canonWriter) attribute(name, value string) {
	w.out.WriteString(" " + name + `="`)
	escapeAttr(w.out, value)
	w.out.WriteByte('"')
}

// isConstruct reports whether Atom lets an element say how its text is written.
func isConstruct(n *node) bool {
	switch n.name {
	case "title", "summary", "content", "rights", "copyright", "subtitle", "tagline", "info":
		return true
	}
	return false
}

// isStructure reports whether the children of n are elements to be read one by
// one rather than content.
func isStructure(n *node) bool {
	switch n.name {
	case "item", "entry", "image", "textinput", "skiphours", "skipdays", "author", "contributor", "source", "owner",
		"group", "category":
		return n.hasElements()
	}
	return n.ns == nsMedia && n.name == "content"
}
