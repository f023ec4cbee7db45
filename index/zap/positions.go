package zap

import "fmt"

// Positions reads where a term stands, one document of its list after the other.
// Each of them must have positions. It is valid as long as the segment is held, and
// not safe for concurrent use.
type Positions struct{ locs []byte }

// Positions returns the positions of the list's term, from the first document on.
func (l *List) Positions() *Positions { return &Positions{l.locs} }

// Skip passes over the next n documents.
func (p *Positions) Skip(n int) error {
	for ; n > 0; n-- {
		if _, err := p.next(); err != nil {
			return err
		}
	}
	return nil
}

// Append appends the positions in the next document, in the order in which they
// were written.
func (p *Positions) Append(list []int) ([]int, error) {
	b, err := p.next()
	if err != nil {
		return nil, err
	}
	r := &reader{b: b}
	for r.err == nil && r.at < uint64(len(b)) {
		r.uvarint() // the field
		list = append(list, int(r.uvarint()))
		r.uvarint() // where it begins in the text
		r.uvarint() // and ends
		for n := r.uvarint(); n > 0 && r.err == nil; n-- {
			r.uvarint() // positions in an array
		}
	}
	return list, r.err
}

// next returns what is written of the next document.
func (p *Positions) next() ([]byte, error) {
	length, width := uvarint(p.locs)
	if width <= 0 || length > uint64(len(p.locs)-width) {
		return nil, fmt.Errorf("positions: %w", ErrDamaged)
	}
	b := p.locs[width : width+int(length)]
	p.locs = p.locs[width+int(length):]
	return b, nil
}
