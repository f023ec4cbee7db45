package extract

import (
	"math"
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// Numbers of features.
const (
	ownFeatures      = 113 // of a block alone and of where it stands
	neighborFeatures = 34  // of the blocks around it
	features         = ownFeatures + neighborFeatures
)

// vector describes one block in numbers. The order is the model's: to change it
// means to train anew.
type vector [features]float32

// describer turns blocks into vectors.
type describer struct {
	seg    *segmenter
	around *surroundings
	titles map[string]bool // words of the page's titles
	lead   string          // the stated description, as words
	stated grams           // the body that JSON-LD states, nil without one
	frames []bool          // which blocks read like a line of the page's frame
	out    []vector

	cur  *vector
	next int
}

// minStatedBody is the length in bytes from which a JSON-LD body is evidence.
const minStatedBody = 300

func newDescriber(seg *segmenter, s *scan) *describer {
	d := &describer{seg: seg, titles: map[string]bool{}}
	titles := append([]string{s.title, s.first("og:title"), s.linked.text("headline")}, s.headings...)
	for _, t := range titles {
		for _, w := range tokens(t) {
			d.titles[w] = true
		}
	}
	d.lead = strings.Join(tokens(s.description()), " ")
	d.around = survey(seg, d.titles)
	d.state(s.linked.body())
	return d
}

func (d *describer) state(body []string) {
	size := 0
	for _, line := range body {
		size += len(line)
	}
	if size < minStatedBody {
		return
	}
	d.stated = grams{}
	for _, line := range body {
		d.stated.add(tokens(line))
	}
}

// describe returns a vector for each block.
func (d *describer) describe() []vector {
	d.out = make([]vector, len(d.seg.blocks))
	d.frames = make([]bool, len(d.seg.blocks))
	for i := range d.out {
		b := &d.seg.blocks[i]
		d.cur, d.next = &d.out[i], 0
		d.text(b)
		d.words(i)
		d.place(b)
		d.position(i)
		d.template(b)
		d.containers(b)
	}
	for i := range d.out {
		d.cur, d.next = &d.out[i], ownFeatures
		d.neighbors(i)
	}
	return d.out
}

func (d *describer) put(values ...float32) {
	d.next += copy(d.cur[d.next:], values)
}

// text describes the shape of the text.
func (d *describer) text(b *block) {
	var upper, digits, commas, ends int
	for _, r := range b.text {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsDigit(r):
			digits++
		case r == ',' || r == '，' || r == '、':
			commas++
		case r == '.' || r == '!' || r == '?' || r == '。' || r == '！' || r == '？':
			ends++
		}
	}
	d.put(logf(b.runes), logf(b.words), ratio(b.linked, b.runes), float32(b.links),
		ratio(100*commas, b.runes), float32(min(ends, 20)), flag(endsSentence(b.text)), startClass(b.text),
		ratio(upper, b.runes), ratio(digits, b.runes), ratio(b.runes, b.words), ratio(b.strong, b.runes))
	d.put(flag(strings.HasSuffix(b.text, ":")), flag(strings.HasSuffix(b.text, "…") || strings.HasSuffix(b.text, "...")),
		flag(strings.ContainsAny(b.text[:min(len(b.text), 4)], `"“„«'‘`)), flag(strings.ContainsAny(b.text, "|»›·•→")))
}

// words describes what the text says, as far as the page's other statements
// and common phrases tell.
func (d *describer) words(i int) {
	b := &d.seg.blocks[i]
	line := strings.ToLower(b.text[:min(len(b.text), 400)])
	found := furniture.find(line)
	d.frames[i] = found&phraseFrame != 0 && b.words <= maxFrameWords
	for i := range phraseGroups {
		d.put(flag(found&(1<<i) != 0))
	}
	d.put(ratio(10*bits.OnesCount32(found), b.words),
		flag(strings.Contains(line, "@") || strings.Contains(line, "http")),
		flag(strings.ContainsAny(line, "0123456789") && dateLike.MatchString(line[:min(len(line), 120)])),
		flag(len(b.text) < 120 && bylineLike.MatchString(line)),
		float32(min(d.around.texts[b.text], 5)))
	d.ends(b.text, line, found)
	words := tokens(b.text)
	hit := 0
	for _, w := range words {
		if d.titles[w] {
			hit++
		}
	}
	d.put(ratio(hit, len(words)), ratio(hit, len(d.titles)), flag(d.leads(words)))
	if d.stated == nil {
		d.put(-1)
		return
	}
	d.put(d.stated.cover(words))
}

// Measures of phrases.
const (
	// maxFrameWords is the length up to which a line with a phrase of the page's
	// frame belongs to the frame.
	maxFrameWords = 12
	// endBytes is how much of a text's beginning or end is looked at by itself.
	endBytes = 40
)

// ends describes which phrases the text begins and ends with. found are those of
// the beginning of the text, line, in lower case.
func (d *describer) ends(text, line string, found uint32) {
	var head uint32
	if found != 0 {
		head = furniture.find(line[:min(len(line), endBytes)])
	}
	tail := furniture.find(strings.ToLower(text[max(0, len(text)-endBytes):]))
	d.put(flag(head&phraseMore != 0), flag(head&phraseAccount != 0), flag(head&phrasePicture != 0),
		flag(tail&phraseAccount != 0), flag(tail&phrasePicture != 0))
}

// leads reports whether the page's description quotes the text's beginning.
func (d *describer) leads(words []string) bool {
	return len(d.lead) > 20 && len(words) > 3 && strings.Contains(d.lead, strings.Join(words[:min(len(words), 8)], " "))
}

// place describes the elements that the block stands in and their names.
func (d *describer) place(b *block) {
	d.put(tagClass(b.box.node.DataAtom), flag(b.after), float32(b.box.depth))
	for i := range places {
		d.put(flag(b.box.within&(1<<i) != 0))
	}
	near := b.box.near
	if b.box.parent != nil {
		near |= b.box.parent.near
	}
	for i := range hints {
		if near&(1<<i) != 0 {
			d.put(2)
		} else {
			d.put(flag(b.box.far&(1<<i) != 0))
		}
	}
	d.put(float32(bits.OnesCount32(uint32(b.box.far))))
}

// position describes where on the page the block stands.
func (d *describer) position(i int) {
	a := d.around
	n := len(d.seg.blocks)
	d.put(float32(i)/float32(n), ratio(a.before[i], a.runes), float32(i), offset(i, a.heading), offset(i, a.titled),
		offset(i, a.first), offset(i, a.last), flag(a.first >= 0 && i >= a.first && i <= a.last))
	d.put(float32(min(d.seg.blocks[i].media, maxMedia)), ratio(a.proseBefore[i], a.prose))
}

// maxMedia is how many pictures before a block are told apart.
const maxMedia = 3

// offset is how many blocks after another one a block stands.
func offset(i, from int) float32 {
	if from < 0 {
		return -100
	}
	return float32(max(-50, min(200, i-from)))
}

// template describes the blocks that are dressed alike.
func (d *describer) template(b *block) {
	sum := d.around.styles[b.style()]
	d.put(ratio(sum.runes, d.around.runes), ratio(sum.linked, sum.runes), float32(min(sum.blocks, 60)),
		ratio(sum.runes, sum.blocks), ratio(sum.prose, d.around.prose))
}

// containers describes what else stands in the elements around the block.
func (d *describer) containers(b *block) {
	a := d.around
	x := b.box
	for range 4 {
		if x.parent != nil {
			x = x.parent
		}
		d.put(ratio(x.runes, a.runes), ratio(x.linked, x.runes), ratio(x.runes, x.blocks), float32(x.score/(a.topScore+1)))
	}
	d.put(float32(distance(b.box, a.top)), flag(a.top.holds(b.box)), ratio(a.top.runes, a.runes), logf(a.prose), ratio(a.prose, a.runes))
}

func ratio(a, b int) float32 { return float32(a) / float32(b+1) }

func logf(n int) float32 { return float32(math.Log1p(float64(n))) }

// startClass tells upper case, lower case and digits apart at the beginning.
func startClass(s string) float32 {
	r, _ := utf8.DecodeRuneInString(s)
	switch {
	case unicode.IsUpper(r):
		return 1
	case unicode.IsLower(r):
		return 2
	case unicode.IsDigit(r):
		return 3
	}
	return 0
}

// tagClass numbers the elements that blocks stand in.
func tagClass(a atom.Atom) float32 {
	switch a {
	case atom.P:
		return 1
	case atom.Li:
		return 2
	case atom.H1:
		return 3
	case atom.H2:
		return 4
	case atom.H3:
		return 5
	case atom.H4, atom.H5, atom.H6:
		return 6
	case atom.Td, atom.Th:
		return 7
	case atom.Blockquote:
		return 8
	case atom.Figcaption, atom.Caption:
		return 9
	case atom.Div:
		return 10
	case atom.Pre:
		return 11
	case atom.Dt, atom.Dd:
		return 12
	case atom.Section, atom.Article, atom.Main:
		return 13
	}
	return 0
}
