package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of the scan.
const (
	maxMetaValues = 64  // values kept of one meta key
	maxBylines    = 200 // elements looked at as bylines
	maxHeadings   = 20  // first-level headings kept
	// maxStated is how many bytes are read of one value that the markup states.
	maxStated = 4 << 10
	// maxStatedText is how many bytes are read of an article's text that the
	// markup states, several times the longest of any newspaper.
	maxStatedText = 512 << 10
)

// scan is what one walk over the page finds besides its text.
type scan struct {
	elements  int
	meta      map[string][]string // property, name or itemprop in lower case -> contents
	links     map[string]string   // rel -> first href
	title     string              // the title element
	headings  []string            // h1
	language  string
	bylines   []byline
	marked    map[string]string // itemprop of dates -> the first value
	wallMarks int
	linked    linkedData
	base      string
}

// byline is an element that seems to name the author, and how surely.
type byline struct {
	node  *html.Node
	trust int
}

// scanPage walks the page once.
func scanPage(doc *html.Node) *scan {
	s := &scan{meta: map[string][]string{}, links: map[string]string{}, marked: map[string]string{}}
	for n := range nodes(doc) {
		if n.Type == html.ElementNode {
			s.elements++
			s.element(n)
		}
	}
	s.linked.settle()
	return s
}

func (s *scan) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Html:
		s.language = or(attr(n, "lang"), attr(n, "xml:lang"))
	case atom.Base:
		s.base = or(s.base, attr(n, "href"))
	case atom.Meta:
		s.metaElement(n)
	case atom.Link:
		s.linkElement(n)
	case atom.Title:
		if s.title == "" && n.Namespace == "" {
			s.title = rawText(n)
		}
	case atom.Script:
		if isLinkedData(n) {
			s.linked.add(n.FirstChild.Data)
		}
	case atom.H1:
		if t := textOf(n); t != "" && len(s.headings) < maxHeadings {
			s.headings = append(s.headings, t)
		}
	}
	if n.DataAtom != atom.Html && n.DataAtom != atom.Body && n.DataAtom != atom.Meta {
		s.attributes(n)
	}
}

func (s *scan) metaElement(n *html.Node) {
	value := fold(clip(attr(n, "content"), maxStated))
	if value == "" {
		return
	}
	for _, name := range []string{"property", "name", "itemprop"} {
		key := strings.ToLower(strings.TrimSpace(attr(n, name)))
		if key != "" && len(s.meta[key]) < maxMetaValues {
			s.meta[key] = append(s.meta[key], value)
		}
	}
}

func (s *scan) linkElement(n *html.Node) {
	href := strings.TrimSpace(attr(n, "href"))
	for rel := range strings.FieldsSeq(strings.ToLower(attr(n, "rel"))) {
		if s.links[rel] == "" {
			s.links[rel] = href
		}
	}
}

// markDate notes an element that is marked as one of the article's dates.
func (s *scan) markDate(n *html.Node) {
	prop := strings.ToLower(attr(n, "itemprop"))
	if strings.HasPrefix(prop, "date") && s.marked[prop] == "" {
		s.marked[prop] = fold(or(attr(n, "datetime"), attr(n, "content"), attr(n, "title"), rawText(n)))
	}
}

// attributes looks at what class, id, rel and itemprop give away.
func (s *scan) attributes(n *html.Node) {
	if trust := bylineTrust(n); trust > 0 && len(s.bylines) < maxBylines {
		s.bylines = append(s.bylines, byline{n, trust})
	}
	s.markDate(n)
	if isWallMark(n) {
		s.wallMarks++
	}
}

// first is the first value of the first of the meta keys that has one.
func (s *scan) first(keys ...string) string {
	for _, key := range keys {
		if v := s.meta[key]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

// all are the values of all the meta keys.
func (s *scan) all(keys ...string) []string {
	var out []string
	for _, key := range keys {
		out = append(out, s.meta[key]...)
	}
	return out
}

// or is the first text that is not empty.
func or(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// rawText is the text directly inside an element, such as a title.
func rawText(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return fold(clip(b.String(), maxStated))
}
