package zap

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"
)

// inverter turns the terms of documents into the documents of terms, one field
// after the other.
type inverter struct {
	cells  []cell
	table  table
	seed   maphash.Seed
	terms  []term   // in the order in which they were met, later by text
	counts []uint32 // of the uses of a term, by its number
	met    []use    // in the order of the documents
	uses   []use    // term by term by text, each in the order of the documents
	ends   []uint32 // of the uses of each term, by text
}

// use is a term in a document.
type use struct {
	number uint32 // of the term
	cell   uint32 // of the document
	at     uint32 // among the cell's terms
}

// term is a term with its number. The head of its text, in which most terms differ
// already, is compared first.
type term struct {
	head   uint64
	text   string
	number uint32
}

// head returns the first eight bytes of a text as a number, which orders texts as
// far as they go.
func head(text string) uint64 {
	var b [8]byte
	copy(b[:], text)
	return binary.BigEndian.Uint64(b[:])
}

func (v *inverter) invert(cells []cell) {
	v.cells = cells
	v.table.clear()
	v.terms, v.counts, v.met = v.terms[:0], v.counts[:0], v.met[:0]
	for i, c := range cells {
		for at := range c.terms {
			n := v.number(&c.terms[at])
			v.counts[n]++
			v.met = append(v.met, use{n, uint32(i), uint32(at)})
		}
	}
	slices.SortFunc(v.terms, func(a, b term) int {
		return cmp.Or(cmp.Compare(a.head, b.head), cmp.Compare(a.text, b.text))
	})
	v.place()
}

// number returns the number of a term.
func (v *inverter) number(t *Term) uint32 {
	hash := t.Hash
	if hash == 0 {
		hash = maphash.String(v.seed, t.Text)
	}
	n := uint32(len(v.terms))
	found := v.table.number(hash, n, func(n uint32) bool { return v.terms[n].text == t.Text })
	if found == n {
		v.terms = append(v.terms, term{head(t.Text), t.Text, n})
		v.counts = append(v.counts, 0)
	}
	return found
}

// place puts the uses where they belong.
func (v *inverter) place() {
	v.uses = slices.Grow(v.uses[:0], len(v.met))[:len(v.met)]
	v.ends = v.ends[:0]
	next := v.counts // the place of a term's next use takes the place of its count
	at := uint32(0)
	for _, t := range v.terms {
		at, next[t.number] = at+v.counts[t.number], at
		v.ends = append(v.ends, at)
	}
	for _, u := range v.met {
		v.uses[next[u.number]] = u
		next[u.number]++
	}
}

// usesOf returns the uses of the term that is i-th by text.
func (v *inverter) usesOf(i int) []use {
	start := uint32(0)
	if i > 0 {
		start = v.ends[i-1]
	}
	return v.uses[start:v.ends[i]]
}

// release lets go of the documents.
func (v *inverter) release() {
	v.cells = nil
	clear(v.terms[:cap(v.terms)])
}
