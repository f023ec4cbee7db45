package feed

import (
	"slices"
	"strings"
	"time"
)

// maxList bounds every list of one item or feed: authors, tags, links...
const maxList = 200

// Schemes of the tags that come without one.
const (
	schemeITunes = "http://www.itunes.com/"
	schemeMedia  = "http://search.yahoo.com/mrss/category_schema"
)

// props are the properties that feeds and items share, as read from their child
// elements.
type props struct {
	doc  *document
	base base

	title            ranked
	summary          ranked
	content          ranked
	id, rights       string
	generator        string
	language         string
	comments         string
	publisher        string
	origLink         string
	permalink        bool
	guid             string // an RSS guid that may serve as link
	updated          stamp
	published        stamp
	authors          []Person
	contributors     []Person
	tags             []Tag
	links            []Link
	enclosures       []Enclosure
	image            Image
	contentSrc       string
	describedAlready bool // a native summary or description was read
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

// stamp is a date that several elements may state; of equal rank the last wins,
// as a corrected date follows the one it corrects.
type stamp struct {
	time time.Time
	raw  string
	rank int
}

func (s *stamp) offer(rank int, raw string) {
	if raw == "" || rank < s.rank {
		return
	}
	raw = cut(raw, maxDate)
	t, ok := parseDate(raw)
	if !ok && !s.time.IsZero() {
		return
	}
	*s = stamp{t, raw, rank}
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
	if about, ok := n.own("rdf:about"); ok {
		p.id = strings.TrimSpace(about)
	}
	if p.doc.root.name == "channel" { // CDF
		p.updated.offer(rankForeign, n.attr("lastmod"))
		if href := n.attr("href"); href != "" {
			p.addLink(Link{URL: p.base.resolve(href), Rel: relAlternate, Type: typeHTML})
		}
	}
}

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
		p.authors = addPerson(p.authors, person(n, p.base))
	case "contributor":
		p.contributors = addPerson(p.contributors, person(n, p.base))
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
		into := &p.summary
		if p.describedAlready {
			into = &p.content // two descriptions: the second is the long one
		}
		p.offerWords(into, rankNative, n)
		p.describedAlready = true
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

func (p *props) offerWords(r *ranked, rank int, n *node) {
	value, isText := p.doc.value(n, p.base)
	r.offer(rank, value, isText)
}

// markup returns the children of n as HTML.
func (p *props) markup(n *node) string {
	return normal(strings.TrimSpace(renderInner(n, p.base)))
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
	p.publisher = cut(oneLine(name), maxPersonText)
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

func (p *props) readDublinCore(n *node) {
	switch n.name {
	case "title":
		p.offerWords(&p.title, rankForeign, n)
	case "creator", "author":
		p.authors = addPerson(p.authors, person(n, p.base))
	case "contributor":
		p.contributors = addPerson(p.contributors, person(n, p.base))
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
			p.authors = addPerson(p.authors, person(n, p.base))
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
