package extract

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of a segmentation.
const (
	maxBlocks   = 12_000   // blocks of one page; the rest is dropped
	maxBlockLen = 64 << 10 // bytes of one block, to the next space; longer runs are split
)

// block is a run of text between two line breaks of the page.
type block struct {
	text  string
	box   *box
	after bool // a line break element, not the start of an element, precedes it

	runes  int // letters and digits
	words  int
	linked int // letters and digits inside links
	strong int // letters and digits in bold or italic type
	links  int
	media  int // pictures and the like since the block before
}

// box is an element that starts a block, with what its names hint at and what
// text stands in it, counting all that it contains.
type box struct {
	node   *html.Node
	parent *box
	depth  int
	within place // elements around and including this one
	near   hint  // hints of this element's own names
	far    hint  // hints of all elements around
	style  uint32

	blocks, runes, linked int
	score                 float64 // as a container of paragraphs
}

// segmenter splits a tree into blocks.
type segmenter struct {
	root   *html.Node
	blocks []block
	boxes  []*box
	hints  map[string]hint // by names, which repeat

	box      *box
	buf      strings.Builder
	cur      block
	inLink   int
	inStrong int
	media    int
	space    bool
	word     bool
}

// segment splits the tree below root into its blocks in the order of the page.
// Text that is never shown is left out. It takes linear time.
func segment(root *html.Node) *segmenter {
	s := &segmenter{root: root, hints: map[string]hint{}}
	s.box = &box{node: root}
	for n := root; n != nil; {
		if n.Type == html.ElementNode && isMedia(n.DataAtom) {
			s.media++
		}
		if n.Type == html.ElementNode && isHidden(n.DataAtom) || len(s.blocks) >= maxBlocks {
			n = s.leaveAfter(n)
			continue
		}
		s.enter(n)
		if n.FirstChild != nil {
			n = n.FirstChild
			continue
		}
		s.leave(n)
		n = s.leaveAfter(n)
	}
	s.flush()
	for s.box.parent != nil {
		s.closeBox()
	}
	return s
}

// leaveAfter leaves what ends with n and returns what follows.
func (s *segmenter) leaveAfter(n *html.Node) *html.Node {
	for n != s.root {
		if n.NextSibling != nil {
			return n.NextSibling
		}
		n = n.Parent
		s.leave(n)
	}
	return nil
}

func (s *segmenter) enter(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		s.write(n.Data)
	case html.ElementNode:
		switch {
		case n.DataAtom == atom.Br || n.DataAtom == atom.Hr:
			s.flush()
			s.cur.after = true
		case breaksLine(n.DataAtom):
			s.flush()
			s.openBox(n)
		case n.DataAtom == atom.A:
			s.inLink++
			s.cur.links++
		case isStrong(n.DataAtom):
			s.inStrong++
		}
	}
}

func (s *segmenter) leave(n *html.Node) {
	if n.Type != html.ElementNode || n.DataAtom == atom.Br || n.DataAtom == atom.Hr {
		return
	}
	switch {
	case breaksLine(n.DataAtom):
		s.flush()
		s.closeBox()
	case n.DataAtom == atom.A:
		s.inLink--
	case isStrong(n.DataAtom):
		s.inStrong--
	}
}

func isMedia(a atom.Atom) bool {
	return a == atom.Img || a == atom.Video || a == atom.Iframe || a == atom.Audio
}

func isStrong(a atom.Atom) bool {
	return a == atom.Strong || a == atom.B || a == atom.Em || a == atom.I
}

// write adds text to the block, folding white space.
func (s *segmenter) write(text string) {
	for _, r := range text {
		if s.buf.Len() >= maxBlockLen && (unicode.IsSpace(r) || s.buf.Len() >= 2*maxBlockLen) {
			s.flush()
		}
		if unicode.IsSpace(r) {
			s.space = true
			s.word = false
			continue
		}
		if s.space && s.buf.Len() > 0 {
			s.buf.WriteByte(' ')
		}
		s.space = false
		if isInvisible(r) {
			continue
		}
		s.buf.WriteRune(r)
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		s.cur.runes++
		if !s.word {
			s.cur.words++
			s.word = true
		}
		if s.inLink > 0 {
			s.cur.linked++
		}
		if s.inStrong > 0 {
			s.cur.strong++
		}
	}
}

// flush ends the block.
func (s *segmenter) flush() {
	if s.buf.Len() > 0 && s.cur.runes > 0 {
		b := s.cur
		b.text, b.box, b.media = s.buf.String(), s.box, s.media
		s.media = 0
		s.blocks = append(s.blocks, b)
		s.box.blocks++
		s.box.runes += b.runes
		s.box.linked += b.linked
	}
	s.buf.Reset()
	s.cur = block{}
	s.space, s.word = false, false
	if s.inLink > 0 {
		s.cur.links = 1
	}
}

func (s *segmenter) openBox(n *html.Node) {
	p := s.box
	names := classNames(n)
	near, ok := s.hints[names]
	if !ok {
		near = hintsOf(names)
		s.hints[names] = near
	}
	b := &box{
		node: n, parent: p, depth: p.depth + 1,
		within: p.within | placeOf(n), near: near, far: p.far | p.near,
		style: styleOf(n, names),
	}
	if near&hintComment != 0 && commentNames.MatchString(names) {
		b.within |= inComments
	}
	s.boxes = append(s.boxes, b)
	s.box = b
}

func (s *segmenter) closeBox() {
	b, p := s.box, s.box.parent
	if p == nil {
		return
	}
	p.blocks += b.blocks
	p.runes += b.runes
	p.linked += b.linked
	s.box = p
}

// styleOf is a hash of an element's kind and names: what a template repeats.
func styleOf(n *html.Node, names string) uint32 {
	const prime = 16777619
	h := uint32(2166136261) ^ uint32(n.DataAtom)
	for i := range len(names) {
		h = (h ^ uint32(names[i])) * prime
	}
	return h
}

// classNames joins what an element is called, in lower case.
func classNames(n *html.Node) string {
	var b strings.Builder
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "itemprop", "role", "data-component", "data-testid":
			b.WriteByte(' ')
			b.WriteString(a.Val[:min(len(a.Val), 160)])
		}
	}
	return strings.ToLower(b.String())
}
