package index

import (
	"encoding/binary"
	"errors"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/cespare/xxhash/v2"
)

const (
	// gistTerms is how many terms of an article its gist spells out.
	gistTerms = 48
	// vectorTerms bounds the terms of which a gist holds the frequencies.
	vectorTerms = 1_000
	// hashBytes is the size of a term in a vector.
	hashBytes = 4
)

// A gist is what an article is about, stored so that it can be had without the
// text: the frequencies of its terms, found by their hashes (the vector), and
// those terms that stand there most often, spelt out. It holds
//
//	the number of terms, their hashes ascending, a byte of frequencies for each,
//	then frequencies, length and text of each term spelt out

var errGist = errors.New("unreadable gist")

// encodeGist returns the gist of an article's terms, which come in the order of
// their first appearance; among equally frequent ones the earlier count more.
func encodeGist(terms []group) []byte {
	order := make([]uint64, len(terms)) // falling with the total, then the place
	for i := range terms {
		order[i] = ^uint64(terms[i].total())<<32 | uint64(i)
	}
	slices.Sort(order)
	order = order[:min(vectorTerms, len(order))]
	b := make([]byte, 0, 2+(hashBytes+1)*len(order)+12*gistTerms)
	b = appendVector(b, terms, order)
	for _, o := range order[:min(gistTerms, len(order))] {
		t := &terms[uint32(o)]
		b = binary.AppendUvarint(b, writeFreqs(t.counts))
		b = binary.AppendUvarint(b, uint64(len(t.term)))
		b = append(b, t.term...)
	}
	return b
}

func appendVector(b []byte, terms []group, order []uint64) []byte {
	packed := make([]uint64, len(order)) // hash, then frequencies
	for k, o := range order {
		t := &terms[uint32(o)]
		packed[k] = uint64(hashOf(t.term))<<8 | uint64(coarse(t.counts))
	}
	slices.Sort(packed)
	b = binary.AppendUvarint(b, uint64(len(packed)))
	for _, p := range packed {
		b = binary.LittleEndian.AppendUint32(b, uint32(p>>8))
	}
	for _, p := range packed {
		b = append(b, byte(p))
	}
	return b
}

// hashOf is what names a term in a vector.
func hashOf(term string) uint32 { return uint32(xxhash.Sum64String(term)) }

// coarse packs frequencies into a byte: up to 15 of the content, 3 of the title
// and of the description.
func coarse(n [numTextFields]uint32) byte {
	return byte(min(n[titleField], 3)<<6 | min(n[descriptionField], 3)<<4 | min(n[contentField], 15))
}

// fine is the reverse of coarse.
func fine(b byte) freqs {
	return packFreq(titleField, uint64(b>>6)) | packFreq(descriptionField, uint64(b>>4&3)) | packFreq(contentField, uint64(b&15))
}

// vector is the frequencies of an article's terms.
type vector struct{ hashes, counts []byte }

// splitGist returns the vector of a gist and the terms spelt out.
func splitGist(b []byte) (vector, []byte, error) {
	r := varints{b: b}
	n := r.unsigned()
	if r.bad || n > vectorTerms || uint64(len(r.b)) < n*(hashBytes+1) {
		return vector{}, nil, errGist
	}
	return vector{r.b[:n*hashBytes], r.b[n*hashBytes : n*(hashBytes+1)]}, r.b[n*(hashBytes+1):], nil
}

// find puts into found the frequencies of the terms with the hashes, which
// ascend; 0 where a term is not there.
func (v vector) find(hashes []uint32, found []freqs) {
	at, n := 0, len(v.counts)
	for i, hash := range hashes {
		for at+vectorStride < n && v.hash(at+vectorStride) <= hash {
			at += vectorStride
		}
		for at < n && v.hash(at) < hash {
			at++
		}
		found[i] = 0
		if at < n && v.hash(at) == hash {
			found[i] = fine(v.counts[at])
		}
	}
}

// vectorStride is how many terms are passed over at a time: with some thirty
// terms sought in one of a few hundred, those between two of them.
const vectorStride = 4

func (v vector) hash(i int) uint32 { return binary.LittleEndian.Uint32(v.hashes[i*hashBytes:]) }

// eachGistTerm calls visit with the terms that a gist spells out, which are
// valid during the call only.
func eachGistTerm(b []byte, visit func(term []byte, q freqs)) error {
	_, spelt, err := splitGist(b)
	if err != nil {
		return err
	}
	r := varints{b: spelt}
	for len(r.b) > 0 {
		q, n := readFreqs(r.unsigned()), r.unsigned()
		if r.bad || n > uint64(len(r.b)) {
			return errGist
		}
		visit(r.b[:n], q)
		r.b = r.b[n:]
	}
	return nil
}

// readGist calls visit with the gist of a document, which is valid during the
// call only; not at all when the document has none.
func readGist(seg segment.Segment, doc uint32, visit func(gist []byte) error) error {
	var err error
	stored := func(name string, _ byte, value []byte, _ []uint64) bool {
		if name == fieldGist {
			err = visit(value)
		}
		return true
	}
	if verr := seg.VisitStoredFields(uint64(doc), stored); verr != nil {
		return verr
	}
	return err
}

// total is how often a term stands in all fields.
func (q freqs) total() int {
	return int(q.at(titleField) + q.at(descriptionField) + q.at(contentField))
}
