package zap

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// inverter turns the terms of documents into the documents of terms, one field
// after the other.
type inverter struct {
	numbers map[string]uint32 // of terms, in the order in which they were met
	counts  []uint32          // of a term's documents, by number
	met     []use             // in the order of the documents
	sorted  []numbered        // by text
	uses    []use             // term by term in that order, each in the order of the documents
	ends    []uint32          // of each term's uses, in that order
}

// use is a term in a document.
type use struct {
	number, doc uint32
	length      uint32 // of the field
	*Term
}

// numbered is a term with its number. The head of its text, in which most terms
// differ already, is compared first.
type numbered struct {
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
	clear(v.numbers)
	v.counts, v.met, v.sorted = v.counts[:0], v.met[:0], v.sorted[:0]
	for _, c := range cells {
		for i := range c.terms {
			v.meet(c, &c.terms[i])
		}
	}
	slices.SortFunc(v.sorted, func(a, b numbered) int {
		return cmp.Or(cmp.Compare(a.head, b.head), cmp.Compare(a.text, b.text))
	})
	v.place()
}

func (v *inverter) meet(c cell, t *Term) {
	n, known := v.numbers[t.Text]
	if !known {
		n = uint32(len(v.counts))
		v.numbers[t.Text] = n
		v.counts = append(v.counts, 0)
		v.sorted = append(v.sorted, numbered{head(t.Text), t.Text, n})
	}
	v.counts[n]++
	v.met = append(v.met, use{n, c.doc, uint32(c.length), t})
}

// place puts the uses where they belong.
func (v *inverter) place() {
	v.uses = slices.Grow(v.uses[:0], len(v.met))[:len(v.met)]
	v.ends = v.ends[:0]
	next := v.counts // the place of a term's next use takes the place of its count
	at := uint32(0)
	for _, t := range v.sorted {
		at, next[t.number] = at+v.counts[t.number], at
		v.ends = append(v.ends, at)
	}
	for _, u := range v.met {
		v.uses[next[u.number]] = u
		next[u.number]++
	}
}

// usesOf returns the uses of the term that is i-th in order.
func (v *inverter) usesOf(i int) []use {
	start := uint32(0)
	if i > 0 {
		start = v.ends[i-1]
	}
	return v.uses[start:v.ends[i]]
}

// release lets go of the documents.
func (v *inverter) release() {
	clear(v.numbers)
	clear(v.met[:cap(v.met)])
	clear(v.uses[:cap(v.uses)])
	clear(v.sorted[:cap(v.sorted)])
}
