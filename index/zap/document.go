package zap

import (
	"slices"

	indexapi "github.com/blevesearch/bleve_index_api"
)

// idField is the field by which Bleve knows a document; it is always the first.
const idField = "_id"

// Document is an analyzed document. Each of its fields is added once. It belongs
// to Bleve when it was handed over.
type Document struct {
	id     string
	fields []*Field
	size   int
}

// Term is a term of a field, with its occurrences.
type Term struct {
	Text string
	// Hash is any number that equal terms of a field share, and hostile ones do not;
	// 0 when none is known.
	Hash uint64
	// Freq is kept as it is; 0 in fields without frequencies.
	Freq uint64
	// Positions ascend. There are none in fields without positions.
	Positions []uint32
}

// NewDocument returns a document without fields.
func NewDocument(id string) *Document { return &Document{id: id} }

// Add adds a field that is searched. Its terms are different from each other, and
// length is how many they were in all.
func (d *Document) Add(name string, options indexapi.FieldIndexingOptions, length int, terms []Term) {
	d.fields = append(d.fields, &Field{name: name, options: options, length: length, terms: terms})
}

// Store adds a value that is kept but not searched.
func (d *Document) Store(name string, value []byte) {
	d.fields = append(d.fields, &Field{name: name, options: indexapi.StoreField, value: value})
}

// Fields returns what was added and stored.
func (d *Document) Fields() []*Field { return d.fields }

// Has reports whether the document has the field.
func (d *Document) Has(name string) bool {
	return slices.ContainsFunc(d.fields, func(f *Field) bool { return f.name == name })
}

// Grow adds to the size that the document is said to have.
func (d *Document) Grow(bytes int) { d.size += bytes }

// Size is the rough size in memory that Grow was told of.
func (d *Document) Size() int { return d.size }

// ID is the name of the document.
func (d *Document) ID() string { return d.id }

// AddIDField adds the field of the document's name, as Bleve asks for.
func (d *Document) AddIDField() {
	d.fields = append(d.fields, &Field{
		name: idField, value: []byte(d.id), options: indexapi.IndexField | indexapi.StoreField,
		length: 1, terms: []Term{{Text: d.id, Freq: 1}},
	})
}

// VisitFields calls visitor with each field.
func (d *Document) VisitFields(visitor indexapi.FieldVisitor) {
	for _, f := range d.fields {
		visitor(f)
	}
}

// VisitComposite does nothing: there are no composite fields.
func (d *Document) VisitComposite(indexapi.CompositeFieldVisitor) {}

// HasComposite is false.
func (d *Document) HasComposite() bool { return false }

// NumPlainTextBytes is 0: it is not counted.
func (d *Document) NumPlainTextBytes() uint64 { return 0 }

// StoredFieldsBytes is 0: it is not counted.
func (d *Document) StoredFieldsBytes() uint64 { return 0 }

// Indexed is false.
func (d *Document) Indexed() bool { return false }

// Field is one field of a document.
type Field struct {
	name    string
	value   []byte
	options indexapi.FieldIndexingOptions
	length  int
	terms   []Term
}

// fieldType is what zapx notes of a stored value's type: text.
const fieldType = 't'

// Name is the name that the field was added under.
func (f *Field) Name() string { return f.name }

// Value is what is stored of the field.
func (f *Field) Value() []byte { return f.value }

// Terms are what is searched of the field.
func (f *Field) Terms() []Term { return f.terms }

// Options say how the field is written.
func (f *Field) Options() indexapi.FieldIndexingOptions { return f.options }

// ArrayPositions is empty: no field is a list.
func (f *Field) ArrayPositions() []uint64 { return nil }

// EncodedFieldType is that of text.
func (f *Field) EncodedFieldType() byte { return fieldType }

// Analyze does nothing: the field was analyzed before it was added.
func (f *Field) Analyze() {}

// AnalyzedLength is how many terms the field had in all.
func (f *Field) AnalyzedLength() int { return f.length }

// NumPlainTextBytes is 0: it is not counted.
func (f *Field) NumPlainTextBytes() uint64 { return 0 }

// AnalyzedTokenFrequencies returns the terms as zapx wants them.
func (f *Field) AnalyzedTokenFrequencies() indexapi.TokenFrequencies {
	all := make(indexapi.TokenFrequencies, len(f.terms))
	for _, t := range f.terms {
		tf := &indexapi.TokenFreq{Term: []byte(t.Text)}
		tf.SetFrequency(int(t.Freq))
		for _, pos := range t.Positions {
			tf.Locations = append(tf.Locations, &indexapi.TokenLocation{Position: int(pos)})
		}
		all[t.Text] = tf
	}
	return all
}

var (
	_ indexapi.Document = (*Document)(nil)
	_ indexapi.Field    = (*Field)(nil)
)
