package zap

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zapx "github.com/blevesearch/zapx/v17"
)

// ErrDamaged says that a segment does not hold what its format promises.
var ErrDamaged = errors.New("damaged segment")

// List is the postings of a term, read from a segment's file in one go, where
// zapx's iterator makes an object of each. It is valid as long as the segment is
// held, and not safe for concurrent use.
type List struct {
	count int
	docs  roaring.ManyIntIterable
	freqs []byte // of one document after the other: frequency, length of the field
	locs  []byte // likewise: how many bytes, and of each place field, position and offsets
}

// Find returns the postings of a term of a field; nil when the segment is still
// in memory, or ciphered, so that zapx must be asked. The list of a term that is
// not there is empty.
func Find(s segment.Segment, field, term string) (*List, error) {
	file, ok := s.(*zapx.Segment)
	if !ok || file.CallbackId() != "" || file.Version() != zapx.Version {
		return nil, nil
	}
	at, err := file.DictAddr(field)
	if err != nil { // no document has the field
		return &List{}, nil
	}
	r := &reader{b: file.Data(), at: at}
	fst, err := vellum.Load(r.take(r.uvarint()))
	if err != nil {
		return nil, fmt.Errorf("dictionary of %s: %w", field, errors.Join(err, r.err))
	}
	address, known, err := fst.Get([]byte(term))
	if err != nil {
		return nil, fmt.Errorf("dictionary of %s: %w", field, err)
	}
	if !known {
		return &List{}, nil
	}
	return r.list(address)
}

// list reads the postings at an address of the dictionary. That of a term of one
// document may be all there is to know of it.
func (r *reader) list(address uint64) (*List, error) {
	if address&zapx.FSTValEncodingMask == zapx.FSTValEncoding1Hit {
		doc, length := zapx.FSTValDecode1Hit(address)
		const once = 1 << 1
		return &List{count: 1, docs: roaring.BitmapOf(uint32(doc)).ManyIterator(), freqs: appendUvarints(nil, once, length)}, r.err
	}
	r.at = address
	freqs, locs := r.uvarint(), r.uvarint()
	docs := roaring.New()
	if _, err := docs.FromBuffer(r.take(r.uvarint())); err != nil {
		return nil, fmt.Errorf("postings: %w", errors.Join(err, r.err))
	}
	l := &List{count: int(docs.GetCardinality()), docs: docs.ManyIterator()}
	l.freqs = r.chunks(freqs)
	if locs > 0 {
		l.locs = r.chunks(locs)
	}
	return l, r.err
}

// chunks returns what stands in the chunks at an address. They are in the order of
// the documents, so that they read like one.
func (r *reader) chunks(at uint64) []byte {
	r.at = at
	end := uint64(0)
	for n := r.uvarint(); n > 0 && r.err == nil; n-- {
		end = r.uvarint()
	}
	return r.take(end)
}

// Count is how many documents the term stands in.
func (l *List) Count() int { return l.count }

// Read fills docs with the next documents, which ascend, and freqs, which is as
// long, with the term's frequencies in them. It returns how many there were, 0 at
// the end.
func (l *List) Read(docs []uint32, freqs []uint64) (int, error) {
	if l.count == 0 {
		return 0, nil
	}
	n := l.docs.NextMany(docs)
	b, at := l.freqs, 0
	for i := range n {
		freq, width := uvarint(b[min(at, len(b)):])
		if width <= 0 {
			return 0, fmt.Errorf("frequencies: %w", ErrDamaged)
		}
		at += width
		freqs[i] = freq >> 1 // the last bit tells of locations
		if freq > 1 {
			for at < len(b) && b[at] >= 0x80 {
				at++
			}
			at++
		}
	}
	l.freqs = b[min(at, len(b)):]
	return n, nil
}

// uvarint is binary.Uvarint, quick for the smallest numbers.
func uvarint(b []byte) (uint64, int) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), 1
	}
	return binary.Uvarint(b)
}

// reader reads numbers and bytes one after the other. After a failure all it reads
// is zero.
type reader struct {
	b   []byte
	at  uint64
	err error
}

func (r *reader) uvarint() uint64 {
	if r.at > uint64(len(r.b)) {
		r.err = ErrDamaged
		return 0
	}
	v, n := binary.Uvarint(r.b[r.at:])
	if n <= 0 {
		r.err = ErrDamaged
		return 0
	}
	r.at += uint64(n)
	return v
}

func (r *reader) take(n uint64) []byte {
	if r.err != nil || r.at > uint64(len(r.b)) || n > uint64(len(r.b))-r.at {
		r.err = ErrDamaged
		return nil
	}
	b := r.b[r.at : r.at+n]
	r.at += n
	return b
}
