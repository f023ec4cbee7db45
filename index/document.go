package index

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"

	indexapi "github.com/blevesearch/bleve_index_api"

	"broadsheet.example/index/zap"
)

// How the fields are written.
const (
	textOptions    = indexapi.IndexField | indexapi.IncludeTermVectors
	keywordOptions = indexapi.IndexField | indexapi.SkipFreqNorm
)

// document is what Bleve is given of one article: fields that are analyzed
// already, so that Bleve's own workers have nothing left to fail at.
type document struct{ *zap.Document }

func newDocument(id string) *document { return &document{zap.NewDocument(id)} }

// What a token and a keyword take in memory until their segment is built, roughly.
const (
	tokenBytes   = 96
	keywordBytes = 64
)

// addText adds the text of an article, its tokens in their fields' ranges of
// positions, and its gist.
func (d *document) addText(name string, tokens []token) {
	if len(tokens) == 0 {
		return
	}
	groups := groupTokens(tokens)
	terms := make([]zap.Term, len(groups))
	for i, g := range groups {
		terms[i] = zap.Term{Text: g.term, Hash: g.hash, Freq: writeFreqs(g.counts), Positions: g.positions}
	}
	d.Add(name, textOptions, len(tokens), terms)
	d.Store(fieldGist, encodeGist(groups))
	d.Grow(tokenBytes * len(tokens))
}

// addKeywords adds a field of exact values; empty and repeated ones are left
// out.
func (d *document) addKeywords(name string, values ...string) {
	values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	slices.Sort(values)
	values = slices.Compact(values)
	if len(values) == 0 {
		return
	}
	terms := make([]zap.Term, len(values))
	for i, v := range values {
		terms[i].Text = v
	}
	d.Add(name, keywordOptions, len(terms), terms)
	d.Grow(keywordBytes * len(terms))
}

// declare adds all fields of the mapping that the document lacks, empty. Bleve
// merges segments with equal lists of fields several times faster, so that each
// segment has one document that declares them.
func (d *document) declare() {
	for name, options := range mappedFields() {
		if !d.Has(name) {
			d.Add(name, options, 0, nil)
		}
	}
}

// groupTokens groups tokens by term, in the order of the terms' first appearance.
// Offsets are not kept, since snippets are cut from the text anew.
func groupTokens(tokens []token) []group {
	groups := make([]group, 0, len(tokens))
	member := make([]int32, len(tokens))
	table := make([]int32, tableSize(len(tokens))) // numbers of groups plus one, by hash
	for i, t := range tokens {
		slot := t.hash & uint64(len(table)-1)
		for table[slot] > 0 && groups[table[slot]-1].term != t.term {
			slot = (slot + 1) & uint64(len(table)-1)
		}
		if table[slot] == 0 {
			groups = append(groups, group{term: t.term, hash: t.hash})
			table[slot] = int32(len(groups))
		}
		n := table[slot] - 1
		groups[n].counts[fieldAt(t.pos)]++
		member[i] = n
	}
	positions := make([]uint32, len(tokens))
	used := 0
	for n := range groups {
		total := groups[n].total()
		groups[n].positions = positions[used : used : used+total]
		used += total
	}
	for i, t := range tokens {
		g := &groups[member[i]]
		g.positions = append(g.positions, uint32(t.pos))
	}
	return groups
}

// tableSize is a power of two of which n are a half at most.
func tableSize(n int) int { return 1 << bits.Len(uint(2*n)) }

// group is a term with its occurrences in one article.
type group struct {
	term      string
	hash      uint64
	counts    [numTextFields]uint32
	positions []uint32
}

func (g *group) total() int {
	return int(g.counts[titleField] + g.counts[descriptionField] + g.counts[contentField])
}

// meta is what is kept of an article beside its postings.
type meta struct {
	version                  int64
	deleted                  bool
	set                      fieldSet
	published, updated, seen int64 // milliseconds since 1970
	lengths                  [numTextFields]uint32
	// original is the hash of the ID of the article that this one repeats, 0 if
	// none; see groupOf.
	original uint64
}

var errMeta = errors.New("unreadable meta record")

func (m meta) encode() []byte {
	b := make([]byte, 0, 40)
	b = binary.AppendVarint(b, m.version)
	flags := uint64(m.set) << 1
	if m.deleted {
		flags |= 1
	}
	b = binary.AppendUvarint(b, flags)
	for _, v := range [...]int64{m.published, m.updated - m.published, m.seen - m.published} {
		b = binary.AppendVarint(b, v)
	}
	for _, n := range m.lengths {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return binary.AppendUvarint(b, m.original)
}

func decodeMeta(b []byte) (meta, error) {
	r := varints{b: b}
	m := meta{version: r.signed()}
	flags := r.unsigned()
	m.deleted, m.set = flags&1 != 0, fieldSet(flags>>1)
	m.published = r.signed()
	m.updated, m.seen = m.published+r.signed(), m.published+r.signed()
	for f := range m.lengths {
		m.lengths[f] = uint32(r.unsigned())
	}
	m.original = r.unsigned()
	if r.bad || m.set >= numSets {
		return meta{}, errMeta
	}
	return m, nil
}

// varints reads numbers one after the other.
type varints struct {
	b   []byte
	bad bool
}

func (r *varints) signed() int64 {
	v, n := binary.Varint(r.b)
	r.take(n)
	return v
}

func (r *varints) unsigned() uint64 {
	v, n := binary.Uvarint(r.b)
	r.take(n)
	return v
}

func (r *varints) take(n int) {
	if n <= 0 {
		r.bad, n = true, 0
	}
	r.b = r.b[n:]
}
