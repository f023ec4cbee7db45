package feed

import "strings"

// Schemes of the tags that come without one.
const (
	schemeITunes = "http://www.itunes.com/"
	schemeMedia  = "http://search.yahoo.com/mrss/category_schema"
)

func (p *props) readDublinCore(n *node) {
	switch n.name {
	case "title":
		p.offerWords(&p.title, rankForeign, n)
	case "creator", "author":
		p.authors = p.addPerson(p.authors, n)
	case "contributor":
		p.contributors = p.addPerson(p.contributors, n)
	case "subject":
		p.addTag(Tag{Term: n.plain()})
	case "description":
		p.offerWords(&p.summary, rankForeign, n)
	case "rights":
		if p.rights == "" {
			p.rights = p.doc.words(n, p.base)
		}
	case "language":
		if p.language == "" {
			p.language = n.plain()
		}
	case "date":
		p.updated.offer(rankFallback, n.plain())
		p.published.offer(rankFallback, n.plain())
	case "identifier":
		if p.id == "" {
			p.id = n.plain()
		}
	}
}

func (p *props) readTerms(n *node) {
	switch n.name {
	case "modified":
		p.updated.offer(rankForeign, n.plain())
	case "issued":
		p.published.offer(rankForeign, n.plain())
	case "created":
		p.published.offer(rankFallback, n.plain())
	}
}

func (p *props) readITunes(n *node) {
	switch n.name {
	case "author":
		if len(p.authors) == 0 {
			p.authors = p.addPerson(p.authors, n)
		}
	case "summary":
		p.offerWords(&p.summary, rankForeign, n)
	case "subtitle":
		p.offerWords(&p.summary, rankFallback, n)
	case "title":
		p.offerWords(&p.title, rankFallback, n)
	case "keywords":
		p.addKeywords(n.plain(), schemeITunes)
	case "category":
		p.readITunesCategory(n)
	case "image":
		p.readImage(n)
	case "link":
		if strings.EqualFold(n.attr("rel"), "image") {
			p.readImage(n)
		}
	}
}

func (p *props) readITunesCategory(n *node) {
	p.addTag(Tag{Term: normal(n.attr("text")), Scheme: schemeITunes})
	for _, k := range n.kids {
		if k.is(nsITunes, "category") {
			p.readITunesCategory(k)
		}
	}
}

func (p *props) readMedia(n *node) {
	switch n.name {
	case "group":
		for _, k := range n.kids {
			p.read(k)
		}
	case "title":
		p.offerWords(&p.title, rankFallback, n)
	case "description":
		p.offerWords(&p.summary, rankFallback, n)
	case "category":
		p.addTag(Tag{Term: n.plain(), Scheme: firstNonEmpty(n.attr("scheme"), schemeMedia), Label: normal(n.attr("label"))})
	case "keywords":
		p.addKeywords(n.plain(), "")
	case "thumbnail":
		p.offerPicture(n.attr("url"))
	case "content":
		if strings.EqualFold(n.attr("medium"), "image") || strings.HasPrefix(n.attr("type"), "image/") {
			p.offerPicture(n.attr("url"))
		}
		for _, k := range n.kids {
			if k.ns == nsMedia && k.name != "content" && k.name != "group" {
				p.readMedia(k)
			}
		}
	}
}

func (p *props) offerPicture(address string) {
	if p.image.URL == "" {
		p.image.URL = p.base.resolve(address)
	}
}
