package index

import (
	"encoding/binary"
	"errors"
	"slices"
	"sync/atomic"

	indexapi "github.com/blevesearch/bleve_index_api"
)

// How the fields are written.
const (
	textOptions    = indexapi.IndexField | indexapi.IncludeTermVectors
	keywordOptions = indexapi.IndexField | indexapi.SkipFreqNorm
)

// document is what Bleve is given of one article: fields that are analysed
// already, so that Bleve's own workers have nothing left to fail at.
type document struct {
	id     string
	fields []*field
	bytes  int // rough size in memory
}

// addText adds the text of an article, its tokens in their fields' ranges of
// positions, and its gist.
func (d *document) addText(name string, tokens []token, g *grouper) {
	if len(tokens) == 0 {
		return
	}
	terms, groups := g.group(tokens)
	d.add(&field{name: name, options: textOptions, length: len(tokens), terms: terms})
	d.addStored(fieldGist, encodeGist(groups))
	d.bytes += 96 * len(tokens)
}

// addKeywords adds a field of exact values; empty and repeated ones are left
// out.
func (d *document) addKeywords(name string, values ...string) {
	terms := make(indexapi.TokenFrequencies, len(values))
	for _, v := range values {
		if v != "" {
			terms[v] = &indexapi.TokenFreq{}
		}
	}
	if len(terms) == 0 {
		return
	}
	d.add(&field{name: name, options: keywordOptions, length: len(terms), terms: terms})
	d.bytes += 64 * len(terms)
}

// addStored adds a value that is kept but not searched.
func (d *document) addStored(name string, value []byte) {
	d.add(&field{name: name, options: indexapi.StoreField, value: value})
}

// declare adds all fields of the mapping that the document lacks, empty. Bleve
// merges segments with equal lists of fields several times faster, so that each
// segment has one document that declares them.
func (d *document) declare() {
	for name, options := range mappedFields() {
		if !slices.ContainsFunc(d.fields, func(f *field) bool { return f.name == name }) {
			d.add(&field{name: name, options: options})
		}
	}
}

func (d *document) add(f *field) { d.fields = append(d.fields, f) }

// AddIDField adds the field by which Bleve knows the document.
func (d *document) AddIDField() {
	tf := &indexapi.TokenFreq{}
	tf.SetFrequency(1)
	d.add(&field{
		name: "_id", value: []byte(d.id), options: indexapi.IndexField | indexapi.StoreField,
		length: 1, terms: indexapi.TokenFrequencies{d.id: tf},
	})
}

func (d *document) ID() string { return d.id }

// Size is the document's rough size in memory.
func (d *document) Size() int { return d.bytes }

// VisitFields calls visitor with each field.
func (d *document) VisitFields(visitor indexapi.FieldVisitor) {
	for _, f := range d.fields {
		visitor(f)
	}
}

// VisitComposite does nothing: there are no composite fields.
func (d *document) VisitComposite(indexapi.CompositeFieldVisitor) {}

func (d *document) HasComposite() bool        { return false }
func (d *document) NumPlainTextBytes() uint64 { return 0 }
func (d *document) StoredFieldsBytes() uint64 { return 0 }
func (d *document) Indexed() bool             { return false }

// field is one analysed field of a document.
type field struct {
	name    string
	value   []byte
	options indexapi.FieldIndexingOptions
	length  int
	terms   indexapi.TokenFrequencies
}

func (f *field) Name() string                                        { return f.name }
func (f *field) Value() []byte                                       { return f.value }
func (f *field) ArrayPositions() []uint64                            { return nil }
func (f *field) EncodedFieldType() byte                              { return 't' }
func (f *field) Analyze()                                            {}
func (f *field) Options() indexapi.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedLength() int                                 { return f.length }
func (f *field) AnalyzedTokenFrequencies() indexapi.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                           { return 0 }

// grouper groups tokens by term for Bleve. Bleve only reads the locations, so
// that all documents share them; offsets are not kept, since snippets are cut
// from the text anew.
type grouper struct {
	locations atomic.Pointer[[]indexapi.TokenLocation]
}

// group returns the frequencies and positions of the tokens' terms.
func (g *grouper) group(tokens []token) (indexapi.TokenFrequencies, []group) {
	locations := g.upTo(tokens[len(tokens)-1].pos)
	terms := make(indexapi.TokenFrequencies, len(tokens)*2/3)
	groups := make([]group, 0, len(tokens))
	member := make([]int32, len(tokens))
	index := make(map[string]int32, len(tokens)*2/3)
	for i, t := range tokens {
		n, known := index[t.term]
		if !known {
			n = int32(len(groups))
			groups = append(groups, group{term: t.term})
			index[t.term] = n
		}
		groups[n].counts[fieldAt(t.pos)]++
		member[i] = n
	}
	pointers := make([]*indexapi.TokenLocation, len(tokens))
	used := 0
	for n := range groups {
		p := &groups[n]
		total := p.total()
		p.freq.Locations = pointers[used : used : used+total]
		used += total
		p.freq.SetFrequency(int(writeFreqs(p.counts)))
		terms[p.term] = &p.freq
	}
	for i, t := range tokens {
		tf := &groups[member[i]].freq
		tf.Locations = append(tf.Locations, &locations[t.pos])
	}
	return terms, groups
}

// group is a term with its occurrences in one article.
type group struct {
	term   string
	counts [numTextFields]uint32
	freq   indexapi.TokenFreq
}

func (g *group) total() int {
	return int(g.counts[titleField] + g.counts[descriptionField] + g.counts[contentField])
}

// upTo returns the locations of the positions up to last.
func (g *grouper) upTo(last int) []indexapi.TokenLocation {
	if have := g.locations.Load(); have != nil && len(*have) > last {
		return *have
	}
	list := make([]indexapi.TokenLocation, max(2*last, 4096))
	for i := range list {
		list[i].Position = i
	}
	g.locations.Store(&list)
	return list
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
