package extract

import (
	"math"
	"strings"

	"golang.org/x/net/html/atom"
)

// Measures of prose.
const (
	// proseRunes is how many letters a block of prose has at least.
	proseRunes = 60
	// scoreLevels is how far up a block of prose speaks for its containers.
	scoreLevels = 4
)

// surroundings is what a page's blocks have in common, by container, by style
// and by text.
type surroundings struct {
	styles map[uint32]*styleSum
	texts  map[string]int // how often each text stands on the page
	before []int          // letters before each block
	// proseBefore are the letters of prose before each block.
	proseBefore []int
	runes       int  // letters of the page
	prose       int  // letters of its prose
	top         *box // the container that prose speaks for most
	topScore    float64
	// first and last are the first and last block of prose in top.
	first, last int
	heading     int // the first h1, -1 without one
	titled      int // the block that repeats the title, -1 without one
}

// styleSum sums up the blocks that a template dresses alike.
type styleSum struct{ blocks, runes, linked, prose int }

// isProse reports whether a block reads like a paragraph: long and not links.
func (b *block) isProse() bool { return b.runes >= proseRunes && 3*b.linked < b.runes }

// style identifies how a block is dressed: its element and the one around it.
func (b *block) style() uint32 {
	if b.box.parent == nil {
		return b.box.style
	}
	return 31*b.box.style + b.box.parent.style
}

// survey reads the blocks of a page once.
func survey(seg *segmenter, titles map[string]bool) *surroundings {
	s := &surroundings{
		styles: map[uint32]*styleSum{}, texts: map[string]int{}, before: make([]int, len(seg.blocks)),
		proseBefore: make([]int, len(seg.blocks)), heading: -1, titled: -1, first: -1, last: -1,
	}
	for i := range seg.blocks {
		b := &seg.blocks[i]
		s.before[i], s.proseBefore[i] = s.runes, s.prose
		s.runes += b.runes
		s.texts[b.text]++
		s.addStyle(b)
		if b.isProse() {
			s.prose += b.runes
			b.speak()
		}
		if s.heading < 0 && b.box.node.DataAtom == atom.H1 {
			s.heading = i
		}
		if s.titled < 0 && repeatsTitle(b.text, titles) {
			s.titled = i
		}
	}
	s.elect(seg)
	return s
}

func (s *surroundings) addStyle(b *block) {
	sum := s.styles[b.style()]
	if sum == nil {
		sum = &styleSum{}
		s.styles[b.style()] = sum
	}
	sum.blocks++
	sum.runes += b.runes
	sum.linked += b.linked
	if b.isProse() {
		sum.prose += b.runes
	}
}

// speak adds a block's weight to the containers around it, less to the farther.
func (b *block) speak() {
	commas := strings.Count(b.text, ",") + strings.Count(b.text, "，") + strings.Count(b.text, "、")
	weight := 1 + float64(commas) + math.Min(float64(b.runes)/80, 4)
	if b.box.node.DataAtom != atom.P {
		b.box.score += weight
	}
	for x, level := b.box.parent, 0; x != nil && level < scoreLevels; x, level = x.parent, level+1 {
		x.score += weight
		weight /= 2
	}
}

// elect finds the container that most prose speaks for, links counting against
// it, and where its prose begins and ends.
func (s *surroundings) elect(seg *segmenter) {
	s.top = seg.box
	for _, x := range seg.boxes {
		score := x.score * (1 - float64(x.linked)/float64(x.runes+1))
		if score > s.topScore {
			s.topScore, s.top = score, x
		}
	}
	for i := range seg.blocks {
		if b := &seg.blocks[i]; b.isProse() && s.top.holds(b.box) {
			if s.first < 0 {
				s.first = i
			}
			s.last = i
		}
	}
}

// holds reports whether b is a or stands in it.
func (a *box) holds(b *box) bool {
	for b != nil && b.depth > a.depth {
		b = b.parent
	}
	return a == b
}

// distance is how many steps lead from one box to the other over the tree.
func distance(a, b *box) int {
	steps := 0
	for a != b && a != nil && b != nil {
		switch {
		case a.depth > b.depth:
			a, steps = a.parent, steps+1
		case b.depth > a.depth:
			b, steps = b.parent, steps+1
		default:
			a, b, steps = a.parent, b.parent, steps+2
		}
	}
	return steps
}

// repeatsTitle reports whether a text is the page's title, given its words.
func repeatsTitle(text string, titles map[string]bool) bool {
	if len(titles) == 0 || len(text) > 300 {
		return false
	}
	words := tokens(text)
	hit := 0
	for _, w := range words {
		if titles[w] {
			hit++
		}
	}
	return hit >= 2 && 5*hit >= 4*len(words) && 2*hit >= len(titles)
}
