package feed

import (
	"slices"
	"strings"
)

// props are the properties that feeds and items share, as read from their child
// elements.
type props struct {
	doc  *document
	base base

	title        ranked
	summary      ranked
	content      ranked
	id, rights   string
	generator    string
	language     string
	comments     string
	publisher    string
	origLink     string
	permalink    bool
	guid         string // an RSS guid that may serve as link
	updated      stamp
	published    stamp
	authors      []Person
	contributors []Person
	tags         []Tag
	links        []Link
	enclosures   []Enclosure
	image        Image
	contentSrc   string
	described    bool // a native summary or description was read
}

// ranked is a text that several elements may state; the best rank wins, and of
// equals the first.
type ranked struct {
	value  string
	rank   int
	isText bool
}

// The ranks of a text's origin.
const (
	rankFallback = iota + 1 // a related vocabulary says something similar
	rankForeign             // Dublin Core, Media RSS
	rankNative              // the feed's own element
)

func (r *ranked) offer(rank int, value string, isText bool) {
	if value != "" && rank > r.rank {
		*r = ranked{value, rank, isText}
	}
}

// read takes one child element.
func (p *props) read(n *node) {
	switch n.ns {
	case nsNative, nsAtom:
		if n.tag != "" {
			p.readNative(n)
		}
	case nsDC:
		p.readDublinCore(n)
	case nsTerms:
		p.readTerms(n)
	case nsITunes:
		p.readITunes(n)
	case nsMedia:
		p.readMedia(n)
	case nsContent:
		if n.name == "encoded" {
			p.offerWords(&p.content, rankNative, n)
		}
	case nsXHTML:
		if n.name == "body" || n.name == "div" {
			p.content.offer(rankNative, p.markup(n), false)
		}
	case nsBurner:
		if n.name == "origlink" {
			p.origLink = p.base.resolve(n.raw())
		}
	}
}

// readAttrs takes what an item or channel states in its own attributes.
func (p *props) readAttrs(n *node) {
	p.id = normal(strings.TrimSpace(n.attr("rdf:about")))
	if p.doc.root.name == "channel" { // CDF
		p.updated.offer(rankForeign, n.attr("lastmod"))
		if href := n.attr("href"); href != "" {
			p.addLink(Link{URL: p.base.resolve(href), Rel: relAlternate, Type: typeHTML})
		}
	}
}

func (p *props) offerWords(r *ranked, rank int, n *node) {
	value, isText := p.doc.value(n, p.base)
	r.offer(rank, value, isText)
}

// markup returns the children of n as HTML.
func (p *props) markup(n *node) string {
	return normal(strings.TrimSpace(renderInner(n, p.base)))
}

// addKeywords takes a list separated by commas.
func (p *props) addKeywords(list, scheme string) {
	for word := range strings.SplitSeq(list, ",") {
		p.addTag(Tag{Term: strings.TrimSpace(word), Scheme: scheme})
		if len(p.tags) >= maxList {
			return
		}
	}
}

func (p *props) addTag(t Tag) {
	t = Tag{Term: cut(t.Term, maxName), Scheme: cut(t.Scheme, maxName), Label: cut(t.Label, maxName)}
	if t.Term == "" && t.Label == "" || len(p.tags) >= maxList || slices.Contains(p.tags, t) {
		return
	}
	p.tags = append(p.tags, t)
}

// words returns summary and content, ours before gofeed's.
func (p *props) words(summary, content string) (string, string) {
	if p.summary.value != "" || p.content.value != "" {
		return p.summary.value, p.content.value
	}
	return normal(p.base.resolveHTML(summary)), normal(p.base.resolveHTML(content))
}
