package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of bylines.
const (
	maxBylineLen   = 300 // bytes of a line that names authors
	maxBylineNodes = 500 // nodes of an element that is a byline
)

// Byline trust, from least to most.
const (
	trustPath  = 1 + iota // a link to the page of an author
	trustWeak             // an element with "author" somewhere in its names
	trustNamed            // an element called byline, post-author and the like
	trustLink             // a link rel=author
	trustProp             // itemprop=author
)

// bylineTrust says how surely an element names the author: 0 not at all.
func bylineTrust(n *html.Node) int {
	trust := 0
	for _, a := range n.Attr {
		switch a.Key {
		case "rel":
			if n.DataAtom == atom.A && strings.Contains(a.Val, "author") {
				trust = max(trust, trustLink)
			}
		case "href":
			if n.DataAtom == atom.A && authorPath.MatchString(a.Val) {
				trust = max(trust, trustPath)
			}
		case "itemprop":
			if a.Val == "author" {
				trust = trustProp
			}
		case "class", "id", "data-testid":
			trust = max(trust, trustOfName(a.Val))
		}
	}
	return trust
}

func trustOfName(name string) int {
	name = strings.ToLower(name[:min(len(name), 200)])
	switch {
	case authorWord.find(name) == 0, bylineNot.MatchString(name):
		return 0
	case bylineStrong.MatchString(name):
		return trustNamed
	}
	return trustWeak
}

var (
	authorWord   = newMatcher([][]string{{"author", "byline", "autor", "auteur", "username", "submitted"}})
	authorPath   = regexp.MustCompile(`/(?:authors?|autor(?:en|es)?|auteurs?|staff|journalists?|contributors?|columnists?|by|redakteure?|mitarbeiter|profile?s?)/[\w./%-]+(?:\?.*)?$`)
	bylineStrong = regexp.MustCompile(`(?:^|[\s_-])(?:by-?line|(?:article|post|entry|story|meta)[_-]+(?:author|byline|autor)|author[_-]*(?:name|link|s)?|vcard)(?:[\s_-]|$)`)
	bylineNot    = regexp.MustCompile(`comment|author-?(?:box|bio|info|desc|about|image|avatar|photo|thumb|card|list|social)|about-?author|related|teaser|sidebar|recent|hentry|type-post|status-publish|menu-item`)
)

// bylineTexts are the texts of the names in a byline: of its author links or
// marked names if there are any, else the whole.
func bylineTexts(n *html.Node) []string {
	var names []string
	seen := 0
	for m := range nodes(n) {
		if seen++; seen > maxBylineNodes {
			return nil
		}
		if m.Type == html.ElementNode && isNameNode(m) && len(names) < maxAuthors {
			if t := spacedText(m); t != "" && len(t) <= maxBylineLen {
				names = append(names, t)
			}
		}
	}
	if len(names) > 0 {
		return names
	}
	if t := spacedText(n); utf8.RuneCountInString(t) > 1 && len(t) <= maxBylineLen {
		return []string{t}
	}
	return nil
}

// isNameNode reports whether an element inside a byline holds one name alone.
func isNameNode(n *html.Node) bool {
	if attr(n, "itemprop") == "name" && n.DataAtom != atom.Meta {
		return true
	}
	return n.DataAtom == atom.A && (strings.Contains(attr(n, "rel"), "author") || strings.Contains(attr(n, "href"), "/author"))
}

// isNoName reports whether an element inside a byline names something else: a
// tag, or the owner of a picture under a license.
func isNoName(n *html.Node) bool {
	return n.DataAtom == atom.A && (strings.Contains(attr(n, "rel"), "tag") || strings.Contains(attr(n, "class"), "license"))
}

// spacedText is an element's text with a space wherever an element begins or
// ends, since bylines set names apart by style alone.
func spacedText(n *html.Node) string {
	var b strings.Builder
	for m := n; m != nil; {
		if m.Type == html.ElementNode && (isHidden(m.DataAtom) || m.DataAtom == atom.Time || isNoName(m)) {
			m = skipping(m, n)
			continue
		}
		if m.Type == html.TextNode {
			b.WriteString(m.Data)
			b.WriteByte(' ')
		}
		if b.Len() > 4*maxBylineLen {
			return ""
		}
		m = following(m, n)
	}
	return fold(b.String())
}

// Where a line that names the author may stand.
const (
	bylineReach = 10 // blocks after the title
	bylineTail  = 3  // blocks at the end of the text
	// bylineBehind is how many blocks behind the text.
	bylineBehind = 8
)

// bylineLine finds a line near the title, or at the end of the text, that
// begins like a byline.
func (p *page) bylineLine() []string {
	places := p.bylinePlaces()
	for _, i := range places {
		if i == p.describer.around.titled || i == p.describer.around.heading {
			continue
		}
		if text := p.seg.blocks[i].text; isBylineLine(text) {
			return []string{text}
		} else if piece := bylinePiece(text); piece != "" {
			return []string{piece}
		}
	}
	return nil
}

// bylinePiece is the byline in a line that also holds a date or a section, set
// apart by dashes or bars.
func bylinePiece(text string) string {
	if len(text) > maxBylineLine {
		return ""
	}
	for _, piece := range pieceBreak.Split(text, maxNameWords) {
		if piece != text && isBylineLine(piece) {
			return piece
		}
	}
	return ""
}

var pieceBreak = regexp.MustCompile(`\s+[-–—|·•]\s+`)

// bylinePlaces are the blocks near the title, the first of the text, its last and
// those directly behind it.
func (p *page) bylinePlaces() []int {
	var places []int
	for _, from := range []int{p.describer.around.titled, p.describer.around.heading} {
		for i := max(0, from-2); from >= 0 && i < min(len(p.seg.blocks), from+bylineReach); i++ {
			places = append(places, i)
		}
	}
	n := len(p.kept)
	if n == 0 {
		return places
	}
	places = append(places, p.kept[0])
	places = append(places, p.kept[max(0, n-bylineTail):]...)
	for i := p.kept[n-1] + 1; i < min(len(p.seg.blocks), p.kept[n-1]+bylineBehind+1); i++ {
		places = append(places, i)
	}
	return places
}

// authorLabel is a label behind which the author's name stands.
var authorLabel = regexp.MustCompile(`(?i)^(?:autor(?:in|en|es|a)?|authors?|auteurs?)(?:\(s\))?\s?:\s*`)

// labeledAuthor is the name behind an author's label, in the same line or the
// next.
func (p *page) labeledAuthor() []string {
	for _, i := range p.bylinePlaces() {
		text := p.seg.blocks[i].text
		label := authorLabel.FindString(text)
		if label == text && i+1 < len(p.seg.blocks) {
			text = label + p.seg.blocks[i+1].text
		}
		if label != "" && isBylineLine(text) {
			return []string{text[len(label):]}
		}
	}
	return nil
}

// signatureName matches a line that is a person's full name and nothing else.
var signatureName = regexp.MustCompile(`^\p{Lu}[\p{Ll}\p{Lu}.'’-]+(?: (?:von|van|de|del|da|di) )?(?: \p{Lu}[\p{Ll}\p{Lu}.'’-]*){1,2}$`)

// signature is the name, all in bold or italic type, that ends the text.
func (p *page) signature() []string {
	if len(p.kept) < bylineTail {
		return nil
	}
	last := p.kept[len(p.kept)-1]
	for i := last; i <= min(last+1, len(p.seg.blocks)-1); i++ {
		b := &p.seg.blocks[i]
		if b.strong == b.runes && b.linked == 0 && len(b.text) <= maxBareDate && signatureName.MatchString(b.text) {
			return []string{b.text}
		}
	}
	return nil
}

// maxBylineLine is the length in bytes of a line of text that may be a byline.
const maxBylineLine = 100

// pictureCredit matches a line that names who took a picture.
var pictureCredit = regexp.MustCompile(`(?i)^(?:fotos?|photos?|bild(?:er)?|imagen?)\s?:`)

func isBylineLine(text string) bool {
	if len(text) > maxBylineLine || pictureCredit.MatchString(text) || !bylineStart.MatchString(text) && !bylineLabel.MatchString(text) {
		return false
	}
	names := splitNames(text)
	if len(names) == 0 || len(names) > maxNameWords || endsSentence(text) {
		return false
	}
	for word := range strings.FieldsSeq(names[0]) {
		if r, _ := utf8.DecodeRuneInString(word); unicode.IsUpper(r) {
			return true
		}
	}
	return false
}
