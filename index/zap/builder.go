package zap

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"hash/maphash"
	"math"
	"slices"

	indexapi "github.com/blevesearch/bleve_index_api"
	"github.com/blevesearch/vellum"
	zapx "github.com/blevesearch/zapx/v17"
	"github.com/golang/snappy"
)

// built is a segment as zapx has it in memory.
type built struct {
	bytes    []byte
	checksum uint32
	stored   uint64 // where the offsets of stored documents are
	fields   uint64 // where the list of fields is
}

// builder builds one segment after the other, and keeps its memory.
//
// A segment holds, in this order: the stored values of each document and where
// they begin; for each field the postings of its terms and the dictionary that
// leads to them; the fields, and where they begin.
type builder struct {
	docs   []*Document
	fields []column
	out    []byte

	meta, data, packed []byte // of a stored document
	inverter
	postingsWriter

	dictionary bytes.Buffer
	insert     *vellum.Builder
	key        []byte
	perDoc     int // bytes of a document in the last segment
}

// column is a field of all documents.
type column struct {
	name    string
	options indexapi.FieldIndexingOptions
	cells   []cell // by document
	address uint64
}

// order is what fields are sorted by: that of ids comes first.
func (c *column) order() string {
	if c.name == idField {
		return ""
	}
	return c.name
}

// cell is a field of one document.
type cell struct {
	doc uint32
	*Field
}

// spare is by what part a segment may be longer than the last one, by document,
// without being copied.
const spare = 8

func newBuilder() *builder {
	return &builder{inverter: inverter{seed: maphash.MakeSeed()}}
}

// build builds a segment of at least one document.
func (b *builder) build(docs []*Document) (built, error) {
	b.docs = docs
	defer b.release()
	b.out = make([]byte, 0, (b.perDoc+b.perDoc/spare)*len(docs))
	if err := b.collect(); err != nil {
		return built{}, err
	}
	s := built{stored: b.writeStored()}
	for id := range b.fields {
		if err := b.writeField(id); err != nil {
			return built{}, fmt.Errorf("field %s: %w", b.fields[id].name, err)
		}
	}
	s.fields = b.writeFields()
	s.bytes, s.checksum = b.out, crc32.ChecksumIEEE(b.out)
	b.perDoc = len(b.out) / len(docs)
	return s, nil
}

// release lets go of what the next segment has no use for.
func (b *builder) release() {
	b.docs, b.out, b.fields = nil, nil, nil
	b.inverter.release()
}

// collect lists the fields with the documents that have them.
func (b *builder) collect() error {
	known := make(map[string]int)
	for doc, d := range b.docs {
		for _, f := range d.fields {
			i, ok := known[f.name]
			if !ok {
				i = len(b.fields)
				known[f.name] = i
				b.fields = append(b.fields, column{name: f.name})
			}
			c := &b.fields[i]
			if n := len(c.cells); n > 0 && c.cells[n-1].doc == uint32(doc) {
				return fmt.Errorf("document %q has field %s twice", d.id, f.name)
			}
			c.options |= f.options
			c.cells = append(c.cells, cell{uint32(doc), f})
		}
	}
	slices.SortFunc(b.fields, func(a, b column) int {
		return cmp.Compare(a.order(), b.order())
	})
	return b.check()
}

// check reports what no segment is made of.
func (b *builder) check() error {
	if len(b.fields) == 0 || b.fields[0].name != idField || len(b.fields[0].cells) != len(b.docs) {
		return fmt.Errorf("not every document has field %s", idField)
	}
	for _, c := range b.fields {
		if c.options.IncludeDocValues() {
			return fmt.Errorf("field %s: doc values are not written", c.name)
		}
	}
	return nil
}

// writeStored writes the values that are kept, and returns where it is written
// where they are.
func (b *builder) writeStored() uint64 {
	values := make([][]storedValue, len(b.docs))
	for id, c := range b.fields[1:] {
		if !c.options.IsStored() {
			continue
		}
		for _, f := range c.cells {
			if f.options.IsStored() {
				values[f.doc] = append(values[f.doc], storedValue{uint64(id + 1), f.value})
			}
		}
	}
	offsets := make([]uint64, len(b.docs))
	for doc, list := range values {
		offsets[doc] = b.position()
		b.writeDocument(b.docs[doc].id, list)
	}
	at := b.position()
	for _, offset := range offsets {
		b.out = binary.BigEndian.AppendUint64(b.out, offset)
	}
	const nested = 0 // documents within documents
	b.out = append(b.out, nested)
	return at
}

// storedValue is what is kept of a field.
type storedValue struct {
	field uint64
	value []byte
}

func (b *builder) writeDocument(id string, values []storedValue) {
	b.data = b.data[:0]
	b.meta = binary.AppendUvarint(b.meta[:0], uint64(len(id)))
	for _, v := range values {
		b.meta = appendUvarints(b.meta, v.field, fieldType, uint64(len(b.data)), uint64(len(v.value)), 0)
		b.data = append(b.data, v.value...)
	}
	b.packed = snappy.Encode(b.packed[:cap(b.packed)], b.data)
	b.out = appendUvarints(b.out, uint64(len(b.meta)), uint64(len(id)+len(b.packed)))
	b.out = append(b.out, b.meta...)
	b.out = append(b.out, id...)
	b.out = append(b.out, b.packed...)
}

// writeField writes the postings of a field's terms, then its dictionary.
func (b *builder) writeField(id int) error {
	c := &b.fields[id]
	b.invert(c.cells)
	if err := b.startDictionary(); err != nil {
		return err
	}
	for i, t := range b.terms {
		b.out = b.appendPostings(b.out, uint64(id), c.cells, b.usesOf(i), len(b.docs))
		b.key = append(b.key[:0], t.text...)
		if err := b.insert.Insert(b.key, b.address); err != nil {
			return err
		}
	}
	if err := b.insert.Close(); err != nil {
		return err
	}
	dictionary := b.position()
	b.out = binary.AppendUvarint(b.out, uint64(b.dictionary.Len()))
	b.out = append(b.out, b.dictionary.Bytes()...)
	c.address = b.position()
	const none = math.MaxUint64 // doc values begin and end there
	b.out = appendUvarints(b.out, none, none, dictionary)
	return nil
}

// startDictionary makes ready to insert terms.
func (b *builder) startDictionary() (err error) {
	b.dictionary.Reset()
	if b.insert != nil {
		return b.insert.Reset(&b.dictionary)
	}
	// as zapx sets it: suffixes are not shared, which takes memory
	b.insert, err = vellum.New(&b.dictionary, &vellum.BuilderOpts{Encoder: 1, RegistryTableSize: 0, RegistryMRUSize: 1})
	return err
}

// writeFields writes what fields there are, and returns where it is written where
// they are.
func (b *builder) writeFields() uint64 {
	offsets := make([]uint64, len(b.fields))
	const sections = 1 // of a field: that of terms
	for i, c := range b.fields {
		offsets[i] = b.position()
		b.out = binary.AppendUvarint(b.out, uint64(len(c.name)))
		b.out = append(b.out, c.name...)
		b.out = appendUvarints(b.out, uint64(c.options), sections)
		b.out = binary.BigEndian.AppendUint16(b.out, zapx.SectionInvertedTextIndex)
		b.out = binary.BigEndian.AppendUint64(b.out, c.address)
	}
	at := b.position()
	b.out = binary.AppendUvarint(b.out, uint64(len(b.fields)))
	for _, offset := range offsets {
		b.out = binary.BigEndian.AppendUint64(b.out, offset)
	}
	return at
}

func (b *builder) position() uint64 { return uint64(len(b.out)) }

func appendUvarints(b []byte, values ...uint64) []byte {
	for _, v := range values {
		b = binary.AppendUvarint(b, v)
	}
	return b
}
