package extract

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// addHeadings keeps the headings right before a paragraph that is kept, but for
// those that the model is sure of. One above all of the text must look like others
// that are kept.
func (p *page) addHeadings() {
	styles := map[uint32]bool{}
	for _, i := range p.kept {
		if b := &p.seg.blocks[i]; b.isHeading() {
			styles[b.style()] = true
		}
	}
	kept := make([]int, 0, len(p.kept))
	for n, i := range p.kept {
		missing := i > 0 && (n == 0 || p.kept[n-1] != i-1) && p.seg.blocks[i].isProse() && p.headsText(i-1)
		if missing && (n > 0 || styles[p.seg.blocks[i-1].style()]) {
			kept = append(kept, i-1)
		}
		kept = append(kept, i)
	}
	p.kept = kept
}

// headsText reports whether a block may be a heading of the text that the model
// has missed.
func (p *page) headsText(i int) bool {
	b, f := &p.seg.blocks[i], p.fates[i]
	return b.isHeading() && b.linked == 0 && f.by == ByModel && f.score > acceptedHeading
}

// dropLeadIns drops the headings and the short lines with a colon at the end that
// the text ends with: what they lead to was not kept.
func (p *page) dropLeadIns() {
	n := len(p.kept)
	for n > 1 && p.seg.blocks[p.kept[n-1]].leadsOn() {
		n--
	}
	p.kept = p.kept[:n]
}

// leadsOn reports whether a block says nothing without the next.
func (b *block) leadsOn() bool {
	return b.isHeading() || b.runes <= maxPromptRunes && strings.HasSuffix(b.text, ":")
}

// isHeading reports whether a block is a heading below the first level.
func (b *block) isHeading() bool {
	switch b.box.node.DataAtom {
	case atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return !b.isProse()
	}
	return false
}
