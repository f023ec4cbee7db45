package extract

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Measures of a text.
const (
	// accepted is the probability from which a block belongs to the article.
	accepted = 0.5
	// acceptedHeading is the same for a heading right before a paragraph that is
	// kept.
	acceptedHeading = 0.2
	// maxCellRunes is the length up to which a cell of a table joins its row.
	maxCellRunes = 80
	// minStatedWords is the length from which a JSON-LD body may replace a page
	// that shows less than half of it.
	minStatedWords = 60
	// maxLeadIn is how many bytes "Read also" and the like take at most.
	maxLeadIn = 32
)

// blocks finds the text of the article.
func (p *page) blocks() ([]string, error) {
	model, err := loadModel()
	if err != nil {
		return nil, err
	}
	p.classify(model)
	for _, step := range []struct {
		run func()
		by  Judge
	}{{p.addHeadings, ByHeading}, {p.completeTables, ByTable}, {p.dropLinkTail, ByLinkTail}, {p.dropLeadIns, ByLeadIn}} {
		before := slices.Clone(p.kept)
		step.run()
		p.judge(before, step.by)
	}
	out := p.render()
	if stated := p.scan.linked.body(); p.rendersElsewhere(out, stated) {
		before := p.kept
		p.kept = nil
		p.judge(before, ByLinked)
		return cleanAll(stated), nil
	}
	return out, nil
}

// classify keeps the blocks that the model takes for the article's, unless they
// stand where no article does.
func (p *page) classify(model forest) {
	barred := p.barred()
	p.fates = make([]fate, len(p.seg.blocks))
	for i, v := range p.describer.describe() {
		b := &p.seg.blocks[i]
		p.fates[i] = fate{model.probability(&v), ByModel}
		switch {
		case b.box.within&barred != 0:
			p.fates[i].by = ByPlace
		case b.pointsElsewhere(), b.isAside():
			p.fates[i].by = ByPointer
		case b.isCreditLine():
			p.fates[i].by = ByCredit
		case p.fates[i].score > accepted:
			p.kept = append(p.kept, i)
		}
	}
}

// completeTables keeps every cell of a table of data of which most cells are
// kept, so that no row loses its header.
func (p *page) completeTables() {
	type count struct{ cells, kept, prose int }
	tables := map[*html.Node]*count{}
	in := make([]*html.Node, len(p.seg.blocks))
	kept := map[int]bool{}
	for _, i := range p.kept {
		kept[i] = true
	}
	for i := range p.seg.blocks {
		b := &p.seg.blocks[i]
		if b.box.within&inTable == 0 {
			continue
		}
		in[i] = tableOf(b.box)
		c := tables[in[i]]
		if c == nil {
			c = &count{}
			tables[in[i]] = c
		}
		c.cells++
		if kept[i] {
			c.kept++
		}
		if b.isProse() {
			c.prose++
		}
	}
	p.kept = p.kept[:0]
	for i := range p.seg.blocks {
		c := tables[in[i]]
		if kept[i] || c != nil && c.prose == 0 && 2*c.kept > c.cells {
			p.kept = append(p.kept, i)
		}
	}
}

// minLinkTail is how many lines of nothing but links make a list of other
// stories; a single one may be the article's source.
const minLinkTail = 2

// dropLinkTail drops the lines of nothing but links that the text ends with, or
// that only a claim of rights follows.
func (p *page) dropLinkTail() {
	n := len(p.kept)
	for n > 1 && rightsLine.MatchString(p.seg.blocks[p.kept[n-1]].text) {
		n--
	}
	p.kept = p.kept[:n]
	for n > 0 {
		b := &p.seg.blocks[p.kept[n-1]]
		if 10*b.linked < 9*b.runes || b.runes > maxPromptRunes {
			break
		}
		n--
	}
	if n > 0 && len(p.kept)-n >= minLinkTail {
		p.kept = p.kept[:n]
	}
}

// tableOf is the innermost table around a box.
func tableOf(b *box) *html.Node {
	for ; b != nil; b = b.parent {
		if b.node.DataAtom == atom.Table {
			return b.node
		}
	}
	return nil
}

// barred are the places that no block is taken from: hidden elements, comments
// and captions, each unless it holds most of the page's prose, which then is the
// article in a wrapper with a strange name.
func (p *page) barred() place {
	var barred place
	for _, where := range []place{inHidden, inComments, inCaption} {
		prose := 0
		for i := range p.seg.blocks {
			if b := &p.seg.blocks[i]; b.isProse() && b.box.within&where != 0 {
				prose += b.runes
			}
		}
		if 2*prose < p.describer.around.prose {
			barred |= where
		}
	}
	return barred
}

// pointsElsewhere reports whether a block is a line such as "Read also:" with a
// link behind it.
func (b *block) pointsElsewhere() bool {
	if b.runes > maxPromptRunes || 5*b.linked < 2*b.runes {
		return false
	}
	start := strings.ToLower(b.text[:min(len(b.text), maxLeadIn)])
	return furniture.find(start)&phraseMore != 0
}

// render makes paragraphs of the blocks kept. The cells of a table's row share a
// line up to maxBlockLen, and a paragraph that a page repeats stands once.
func (p *page) render() []string {
	var lines [][]string // of cells
	seen := map[string]bool{}
	var row *html.Node
	var last *box
	size := 0 // of the last line
	for _, i := range p.kept {
		b := &p.seg.blocks[i]
		text := clean(b.text)
		if b.isProse() && seen[text] {
			continue
		}
		seen[text] = true
		cell := rowOf(b.box)
		if cell != nil && cell == row && b.box != last && b.runes <= maxCellRunes && size < maxBlockLen {
			last = b.box
			lines[len(lines)-1] = append(lines[len(lines)-1], text)
			size += len(text)
			continue
		}
		row = nil
		if b.runes <= maxCellRunes {
			row, last = cell, b.box
		}
		lines = append(lines, []string{text})
		size = len(text)
	}
	return joinCells(lines)
}

func joinCells(lines [][]string) []string {
	out := make([]string, len(lines))
	for i, cells := range lines {
		out[i] = strings.Join(cells, " | ")
	}
	return out
}

// rowOf is the table row that a box is a cell of, nil for other boxes.
func rowOf(b *box) *html.Node {
	if n := b.node; n.Parent != nil && (n.DataAtom == atom.Td || n.DataAtom == atom.Th) {
		return n.Parent
	}
	return nil
}

// rendersElsewhere reports whether the page's JSON-LD holds the article and its
// markup at most a part, as on pages drawn by scripts.
func (p *page) rendersElsewhere(shown, stated []string) bool {
	words := countWords(strings.Join(stated, "\n"))
	if words < minStatedWords {
		return false
	}
	text := strings.Join(shown, "\n")
	if 2*countWords(text) >= words {
		return false
	}
	body := grams{}
	for _, line := range stated {
		body.add(tokens(line))
	}
	return len(shown) == 0 || body.cover(tokens(text)) > 0.5 || countWords(text) < minWords
}

func cleanAll(lines []string) []string {
	out := make([]string, 0, len(lines))
	for _, line := range lines {
		if line = clean(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// countWords counts words; in scripts without spaces two characters make one.
func countWords(s string) int {
	words, wide, inside := 0, 0, false
	for _, r := range s {
		switch {
		case isWide(r):
			wide++
			inside = false
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if !inside {
				words++
			}
			inside = true
		case r != '\'' && r != '’' && !unicode.IsMark(r):
			inside = false
		}
	}
	return words + (wide+1)/2
}

// isWide reports whether a character belongs to a script that is written
// without spaces between words.
func isWide(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
