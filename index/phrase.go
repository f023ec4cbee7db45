package index

import (
	"context"
	"fmt"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"broadsheet.example/index/zap"
)

// checkEvery is after how many documents a long loop looks at its context.
const checkEvery = 4096

// occurrence is one place of one of a phrase's terms.
type occurrence struct {
	pos  int
	term int // index among the distinct terms
}

// phraseReader finds a phrase in the documents of one segment.
type phraseReader struct {
	seg   segment.Segment
	set   fieldSet
	leaf  *leaf
	terms []string // distinct
	index []int    // of each of the leaf's terms among them
	// byField are the positions of each term in one document, by field; reused.
	byField [numTextFields][][]int
}

func newPhraseReader(seg segment.Segment, set fieldSet, l *leaf) *phraseReader {
	r := &phraseReader{seg: seg, set: set, leaf: l}
	for _, t := range l.terms {
		i := slices.Index(r.terms, t)
		if i < 0 {
			i = len(r.terms)
			r.terms = append(r.terms, t)
		}
		r.index = append(r.index, i)
	}
	for f := range r.byField {
		r.byField[f] = make([][]int, len(r.terms))
	}
	return r
}

// read returns the documents that hold the phrase, with its frequencies, given
// those that hold each of the distinct terms in any field.
func (r *phraseReader) read(ctx context.Context, lists []*postings) (*postings, error) {
	docs := intersect(lists)
	if len(docs) == 0 {
		return &postings{}, nil
	}
	cursors, err := r.cursors()
	if err == nil {
		err = r.follow(cursors, lists)
	}
	if err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	out := &postings{}
	for i, doc := range docs {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		q, err := r.count(cursors, doc)
		if err != nil {
			return nil, fmt.Errorf("read positions: %w", err)
		}
		if q != 0 {
			out.push(doc, q)
		}
	}
	return out, nil
}

func (r *phraseReader) cursors() ([]positionCursor, error) {
	dict, err := r.seg.Dictionary(textName(r.set))
	if err != nil {
		return nil, err
	}
	cursors := make([]positionCursor, len(r.terms))
	for i, t := range r.terms {
		list, err := dict.PostingsList([]byte(t), nil, nil)
		if err != nil {
			return nil, err
		}
		cursors[i].docs = list.Iterator(true, false, true, nil)
	}
	return cursors, nil
}

// follow has the cursors read positions straight from the file, where there is
// one, along the lists of all documents. That is quicker unless few of the
// documents are asked for.
func (r *phraseReader) follow(cursors []positionCursor, lists []*postings) error {
	for i, t := range r.terms {
		list, err := zap.Find(r.seg, textName(r.set), t)
		if err != nil {
			return err
		}
		if list != nil {
			cursors[i].along, cursors[i].places = lists[i].docs, list.Positions()
		}
	}
	return nil
}

// count returns how often the phrase stands in each field of the document.
func (r *phraseReader) count(cursors []positionCursor, doc uint32) (freqs, error) {
	for i := range cursors {
		found, err := cursors[i].seek(doc)
		if err != nil {
			return 0, err
		}
		for f := range r.byField {
			r.byField[f][i] = r.byField[f][i][:0]
		}
		for _, pos := range found {
			list := &r.byField[fieldAt(pos)][i]
			*list = append(*list, pos)
		}
	}
	var q freqs
	for f, positions := range r.byField {
		if f := textField(f); r.leaf.mask.has(f) {
			q |= packFreq(f, uint64(r.countField(positions)))
		}
	}
	return q, nil
}

func (r *phraseReader) countField(positions [][]int) int {
	for _, list := range positions {
		if len(list) == 0 {
			return 0
		}
	}
	if r.leaf.kind == nearLeaf {
		return countNear(positions, r.index, r.leaf.slop)
	}
	return countPhrase(positions, r.index, r.leaf.offsets)
}

// positionCursor walks the positions of a term in ascending documents.
type positionCursor struct {
	docs segment.PostingsIterator
	at   segment.Posting
	done bool
	list []int // reused

	along  []uint32       // documents whose positions were not read yet
	places *zap.Positions // theirs; nil: docs is asked
}

// seek returns the positions in doc; documents must be asked for in ascending
// order.
func (c *positionCursor) seek(doc uint32) ([]int, error) {
	if c.places != nil {
		return c.walk(doc)
	}
	if !c.done && (c.at == nil || c.at.Number() < uint64(doc)) {
		next, err := c.docs.Advance(uint64(doc))
		if err != nil {
			return nil, err
		}
		c.at, c.done = next, next == nil
	}
	if c.done || c.at.Number() != uint64(doc) {
		return nil, nil
	}
	c.list = c.list[:0]
	for _, l := range c.at.Locations() {
		c.list = append(c.list, int(l.Pos()))
	}
	slices.Sort(c.list)
	return c.list, nil
}

// walk is seek in a file. A document is asked for once.
func (c *positionCursor) walk(doc uint32) (list []int, err error) {
	n := 0
	for n < len(c.along) && c.along[n] < doc {
		n++
	}
	if err := c.places.Skip(n); err != nil {
		return nil, err
	}
	c.along = c.along[n:]
	if len(c.along) == 0 || c.along[0] != doc {
		return nil, nil
	}
	c.along = c.along[1:]
	c.list, err = c.places.Append(c.list[:0])
	slices.Sort(c.list)
	return c.list, err
}

// countPhrase counts the places where every term stands at its offset.
// positions are ascending lists by distinct term.
func countPhrase(positions [][]int, index, offsets []int) int {
	n := 0
	for _, start := range positions[index[0]] {
		whole := true
		for i := 1; i < len(index) && whole; i++ {
			_, whole = slices.BinarySearch(positions[index[i]], start+offsets[i])
		}
		if whole {
			n++
		}
	}
	return n
}

// countNear counts windows that hold all terms, each as often as the phrase
// does, with at most slop other words in them. Windows do not overlap; each is
// the shortest that ends where it ends.
func countNear(positions [][]int, index []int, slop int) int {
	need := make([]int, len(positions))
	for _, i := range index {
		need[i]++
	}
	all := occurrences(positions)
	have := make([]int, len(positions))
	missing, left, n := len(index), 0, 0
	for right, o := range all {
		have[o.term]++
		if have[o.term] <= need[o.term] {
			missing--
		}
		if missing > 0 {
			continue
		}
		for have[all[left].term] > need[all[left].term] {
			have[all[left].term]--
			left++
		}
		if o.pos-all[left].pos+1-len(index) <= slop {
			n++
			clear(have)
			missing, left = len(index), right+1
		}
	}
	return n
}

func occurrences(positions [][]int) []occurrence {
	var all []occurrence
	for term, list := range positions {
		for _, pos := range list {
			all = append(all, occurrence{pos, term})
		}
	}
	slices.SortFunc(all, func(a, b occurrence) int { return a.pos - b.pos })
	return all
}

// intersect returns the documents that all lists have.
func intersect(lists []*postings) []uint32 {
	if len(lists) == 0 {
		return nil
	}
	docs := lists[0].docs
	for _, l := range lists[1:] {
		docs = intersectDocs(docs, l.docs)
	}
	return docs
}

func intersectDocs(a, b []uint32) []uint32 {
	var out []uint32
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			out = append(out, a[i])
			i, j = i+1, j+1
		}
	}
	return out
}
