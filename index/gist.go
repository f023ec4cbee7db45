package index

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// gistTerms is how many terms of an article its gist holds.
const gistTerms = 32

// gist is the terms that stand in an article most often, with their
// frequencies. It is stored, so that what an article is about can be had
// without its text.
type gist []gistTerm

type gistTerm struct {
	term  string
	freqs freqs
}

var errGist = errors.New("unreadable gist")

// newGist picks the most frequent of an article's terms, which come in the order
// of their first appearance; among equally frequent ones the earlier count more.
func newGist(terms []group) gist {
	order := make([]int, len(terms))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(terms[b].total(), terms[a].total()) })
	g := make(gist, 0, min(gistTerms, len(order)))
	for _, i := range order[:min(gistTerms, len(order))] {
		g = append(g, gistTerm{terms[i].term, readFreqs(writeFreqs(terms[i].counts))})
	}
	return g
}

func (g gist) encode() []byte {
	b := make([]byte, 0, 12*len(g))
	for _, t := range g {
		b = binary.AppendUvarint(b, uint64(t.freqs))
		b = binary.AppendUvarint(b, uint64(len(t.term)))
		b = append(b, t.term...)
	}
	return b
}

// eachGistTerm calls visit with the terms of an encoded gist, which are valid during
// the call only.
func eachGistTerm(b []byte, visit func(term []byte, q freqs)) error {
	r := varints{b: b}
	for len(r.b) > 0 {
		q, n := freqs(r.unsigned()), r.unsigned()
		if r.bad || n > uint64(len(r.b)) {
			return errGist
		}
		visit(r.b[:n], q)
		r.b = r.b[n:]
	}
	return nil
}

// readGist calls visit with the terms of a document's gist.
func readGist(seg segment.Segment, doc uint32, visit func(term []byte, q freqs)) error {
	var err error
	stored := func(name string, _ byte, value []byte, _ []uint64) bool {
		if name == fieldGist {
			err = eachGistTerm(value, visit)
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
