package index

import (
	"fmt"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// postings are the documents of one segment in which a term stands, ascending,
// with the frequencies in the three text fields. Documents that are deleted
// are among them.
type postings struct {
	docs  []uint32
	freqs []freqs
}

// freqs packs how often a term stands in title (8 bits), description (8) and
// content (16); counts beyond that are capped.
type freqs uint32

func packFreq(f textField, n uint64) freqs {
	switch f {
	case titleField:
		return freqs(min(n, 0xff) << 24)
	case descriptionField:
		return freqs(min(n, 0xff) << 16)
	default:
		return freqs(min(n, 0xffff))
	}
}

func (q freqs) at(f textField) uint32 {
	switch f {
	case titleField:
		return uint32(q >> 24)
	case descriptionField:
		return uint32(q >> 16 & 0xff)
	default:
		return uint32(q & 0xffff)
	}
}

// plus adds two frequencies field by field.
func (q freqs) plus(o freqs) freqs {
	var sum freqs
	for f := range numTextFields {
		sum |= packFreq(f, uint64(q.at(f))+uint64(o.at(f)))
	}
	return sum
}

// within returns q with the fields outside of the mask taken out.
func (q freqs) within(m fieldMask) freqs {
	if m == allText {
		return q
	}
	var kept freqs
	for f := range numTextFields {
		if m.has(f) {
			kept |= packFreq(f, uint64(q.at(f)))
		}
	}
	return kept
}

// bytes is the size in memory.
func (p *postings) bytes() int64 { return int64(8*cap(p.docs)) + 64 }

// within returns the postings of the fields in the mask.
func (p *postings) within(m fieldMask) *postings {
	if m == allText {
		return p
	}
	out := &postings{}
	for i, q := range p.freqs {
		if q = q.within(m); q != 0 {
			out.docs, out.freqs = append(out.docs, p.docs[i]), append(out.freqs, q)
		}
	}
	return out
}

// readPostings decodes the postings of a term of a field set.
func readPostings(seg segment.Segment, set fieldSet, term string) (*postings, error) {
	p := &postings{}
	for f := range numTextFields {
		one, err := readField(seg, set, f, term)
		if err != nil {
			return nil, fmt.Errorf("postings of %s: %w", textName(f, set), err)
		}
		p = mergePostings(p, one)
	}
	return p, nil
}

func readField(seg segment.Segment, set fieldSet, f textField, term string) (*postings, error) {
	dict, err := seg.Dictionary(textName(f, set))
	if err != nil {
		return nil, err
	}
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, err
	}
	n := int(list.Count())
	if n == 0 {
		return &postings{}, nil
	}
	p := &postings{docs: make([]uint32, 0, n), freqs: make([]freqs, 0, n)}
	docs := list.Iterator(true, false, false, nil)
	for {
		hit, err := docs.Next()
		if err != nil || hit == nil {
			return p, err
		}
		p.docs = append(p.docs, uint32(hit.Number()))
		p.freqs = append(p.freqs, packFreq(f, hit.Frequency()))
	}
}

// mergePostings unites two lists; frequencies of the same document add up.
func mergePostings(a, b *postings) *postings {
	switch {
	case len(a.docs) == 0:
		return b
	case len(b.docs) == 0:
		return a
	}
	n := len(a.docs) + len(b.docs)
	out := &postings{docs: make([]uint32, 0, n), freqs: make([]freqs, 0, n)}
	i, j := 0, 0
	for i < len(a.docs) && j < len(b.docs) {
		switch {
		case a.docs[i] < b.docs[j]:
			out.push(a.docs[i], a.freqs[i])
			i++
		case a.docs[i] > b.docs[j]:
			out.push(b.docs[j], b.freqs[j])
			j++
		default:
			out.push(a.docs[i], a.freqs[i].plus(b.freqs[j]))
			i, j = i+1, j+1
		}
	}
	out.docs = append(append(out.docs, a.docs[i:]...), b.docs[j:]...)
	out.freqs = append(append(out.freqs, a.freqs[i:]...), b.freqs[j:]...)
	out.docs, out.freqs = slices.Clip(out.docs), slices.Clip(out.freqs)
	return out
}

func (p *postings) push(doc uint32, q freqs) {
	p.docs, p.freqs = append(p.docs, doc), append(p.freqs, q)
}

// find returns the frequencies in one document.
func (p *postings) find(doc uint32) (freqs, bool) {
	i, ok := slices.BinarySearch(p.docs, doc)
	if !ok {
		return 0, false
	}
	return p.freqs[i], true
}
