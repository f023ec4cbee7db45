package feed

import "strings"

// readNative takes an element of the feed's own vocabulary, or of Atom in it.
func (p *props) readNative(n *node) {
	switch n.name {
	case "title":
		p.offerWords(&p.title, rankNative, n)
	case "link":
		p.readLink(n)
	case "id":
		p.readID(n)
	case "guid":
		p.readGUID(n)
	case "updated", "modified", "lastbuilddate", "lastmod":
		p.updated.offer(rankNative, n.plain())
	case "published", "issued", "pubdate":
		p.published.offer(rankNative, n.plain())
	case "created":
		p.published.offer(rankFallback, n.plain())
	case "author", "managingeditor":
		p.authors = p.addPerson(p.authors, n)
	case "contributor":
		p.contributors = p.addPerson(p.contributors, n)
	case "category":
		p.readCategory(n)
	case "tags", "keywords":
		p.addKeywords(n.plain(), "")
	case "rights", "copyright":
		p.rights = firstNonEmpty(p.doc.words(n, p.base), p.rights)
	case "language":
		p.language = firstNonEmpty(n.plain(), p.language)
	case "comments":
		p.comments = p.base.within(n).resolve(n.raw())
	case "source":
		p.readSource(n)
	case "generator":
		p.generator = n.plain()
	case "enclosure":
		p.readEnclosure(n)
	default:
		p.readNativeWords(n)
	}
}

// readNativeWords takes the elements that describe, and pictures.
func (p *props) readNativeWords(n *node) {
	switch n.name {
	case "description", "summary", "abstract", "tagline", "subtitle":
		if p.described { // the second of two is the long one
			p.offerWords(&p.content, rankForeign, n)
			return
		}
		p.offerWords(&p.summary, rankNative, n)
		p.described = true
	case "info":
		p.offerWords(&p.summary, rankForeign, n)
	case "content":
		p.contentSrc = p.base.within(n).resolve(n.attr("src"))
		p.offerWords(&p.content, rankNative, n)
	case "body", "fullitem":
		p.offerWords(&p.content, rankNative, n)
	case "image", "logo", "icon":
		p.readImage(n)
	}
}

// readID takes an Atom id, which is resolved if it looks like a path.
func (p *props) readID(n *node) {
	id := normal(n.raw())
	if strings.Contains(id, "/") {
		id = p.base.within(n).resolve(id)
	}
	p.id = id
}

// readGUID takes an RSS guid. It is an address unless it says it is not, or
// plainly is none.
func (p *props) readGUID(n *node) {
	p.id = n.plain()
	stated := strings.ToLower(strings.TrimSpace(n.attr("ispermalink")))
	if stated == "" || stated == "true" {
		p.permalink = isWeb(p.id)
		p.guid = tidyAddress(n.raw())
		if !p.permalink && (stated == "" || strings.ContainsAny(p.guid, " \t") || !strings.Contains(p.guid, "/")) {
			p.guid = ""
		}
	}
}

func (p *props) readCategory(n *node) {
	if len(p.tags) >= maxList {
		return
	}
	tag := Tag{
		Term:   normal(strings.TrimSpace(n.attr("term"))),
		Scheme: firstNonEmpty(n.attr("scheme"), n.attr("domain")),
		Label:  normal(n.attr("label")),
	}
	if tag.Term == "" {
		tag.Term = n.plain()
	}
	p.addTag(tag)
}

func (p *props) readSource(n *node) {
	name := n.plain()
	if title := n.child("title"); title != nil {
		name = oneLine(Text(p.doc.words(title, p.base)))
	}
	p.publisher = cut(oneLine(name), maxName)
}

func (p *props) readImage(n *node) {
	b := p.base.within(n)
	found := Image{URL: b.resolve(firstNonEmpty(n.attr("href"), n.attr("url"), n.attr("src")))}
	if url := n.child("url"); url != nil {
		found.URL = b.resolve(url.raw())
	}
	if title := n.child("title"); title != nil {
		found.Title = title.plain()
	}
	if found.URL == "" && !n.hasElements() {
		found.URL = b.resolve(n.raw())
	}
	if found.URL != "" && (p.image.URL == "" || n.name != "icon") {
		p.image = found
	}
}
