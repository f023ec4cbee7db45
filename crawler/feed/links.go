package feed

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const (
	relAlternate = "alternate"
	typeHTML     = "text/html"
	typeAtom     = "application/atom+xml"
)

// readLink takes a link of RSS, an address as text, or of Atom, one in href.
func (p *props) readLink(n *node) {
	if len(p.links) >= maxList {
		return
	}
	link := Link{
		URL:  p.base.within(n).resolve(firstNonEmpty(n.attr("href"), n.raw())),
		Rel:  strings.ToLower(strings.TrimSpace(n.attr("rel"))),
		Type: n.attr("type"),
	}
	if link.URL == "" {
		return
	}
	if link.Rel == "" {
		link.Rel = relAlternate
	}
	switch {
	case link.Type == "" && link.Rel == relAlternate:
		link.Type = typeHTML
	case link.Type == "" && link.Rel == "self":
		link.Type = typeAtom
	}
	p.addLink(link)
	if link.Rel == "enclosure" {
		p.addEnclosure(Enclosure{URL: link.URL, Type: link.Type, Length: n.attr("length")})
	}
}

func (p *props) readEnclosure(n *node) {
	if len(p.enclosures) >= maxList {
		return
	}
	e := Enclosure{
		URL:    p.base.within(n).resolve(firstNonEmpty(n.attr("url"), n.attr("href"))),
		Type:   n.attr("type"),
		Length: strings.TrimSpace(n.attr("length")),
	}
	if e.URL == "" {
		return
	}
	p.addEnclosure(e)
	p.addLink(Link{URL: e.URL, Rel: "enclosure", Type: e.Type})
}

func (p *props) addEnclosure(e Enclosure) {
	e.Type, e.Length = cut(e.Type, maxLabel), cut(e.Length, maxLabel)
	if len(p.enclosures) < maxList && !slices.Contains(p.enclosures, e) {
		p.enclosures = append(p.enclosures, e)
	}
}

func (p *props) addLink(l Link) {
	l.Rel, l.Type = cut(l.Rel, maxName), cut(l.Type, maxLabel)
	if l.URL != "" && len(p.links) < maxList && !slices.Contains(p.links, l) {
		p.links = append(p.links, l)
	}
}

// primaryLink returns the address of the page that the feed or item is about:
// its first alternate that is HTML, else its first alternate.
func (p *props) primaryLink() string {
	other := ""
	for _, l := range p.links {
		if l.Rel != relAlternate {
			continue
		}
		if l.Type == typeHTML || l.Type == "application/xhtml+xml" {
			return l.URL
		}
		other = firstNonEmpty(other, l.URL)
	}
	return other
}

// itemLink returns the address of an article: where a tracker's link leads to,
// else the link, else a permalink GUID, else where the content is.
func (p *props) itemLink() string {
	if isWeb(p.origLink) {
		return p.origLink
	}
	return firstNonEmpty(p.primaryLink(), p.base.resolve(p.guid), p.contentSrc)
}

// linkWith returns the address of the first link with the relation.
func linkWith(links []Link, rel string) string {
	for _, l := range links {
		if l.Rel == rel {
			return l.URL
		}
	}
	return ""
}

func imageEnclosure(list []Enclosure) string {
	for _, e := range list {
		if strings.HasPrefix(e.Type, "image/") {
			return e.URL
		}
	}
	return ""
}

// maxImageScan bounds how much of an item is searched for its first picture.
const maxImageScan = 64 << 10

// firstImage returns the address of the first picture in an HTML fragment.
func (b base) firstImage(fragment string) string {
	fragment = cut(fragment, maxImageScan)
	if !strings.Contains(fragment, "<img") && !strings.Contains(fragment, "<IMG") {
		return ""
	}
	z := html.NewTokenizer(strings.NewReader(fragment))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		tag := z.Token()
		if tag.Data != "img" {
			continue
		}
		for _, a := range tag.Attr {
			if a.Key == "src" && a.Val != "" && !hasPrefixFold(a.Val, "data:") {
				return b.resolve(a.Val)
			}
		}
	}
	return ""
}
