package index

import (
	"context"
	"time"

	"broadsheet.example/index/zap"
	"broadsheet.example/news"
)

// Mapper is what every engine shares with this one, whatever it keeps its
// postings in: how articles are analysed into fields, how queries are read
// against them, and how snippets are cut. It is safe for concurrent use.
type Mapper struct{ mapper mapper }

// NewMapper returns a mapper.
func NewMapper() (*Mapper, error) {
	analyzers, err := newAnalyzers()
	if err != nil {
		return nil, err
	}
	return &Mapper{mapper{analyzers: analyzers}}, nil
}

// Fields is an article as it is indexed.
type Fields struct {
	// Set is the field set whose analyzer made the tokens, one of Sets.
	Set string
	// Text holds the tokens of the title, the description and the content, in
	// the order of [news.TextFields].
	Text [numTextFields][]Token
	// Lengths are how many tokens each of Text has.
	Lengths [numTextFields]int
	// Keywords are exact values by field: facets under their names, and what
	// queries ask of them otherwise (see [Exact]).
	Keywords map[string][]string
	// Names are the names that values of facets bear.
	Names []ValueName
	// Published is the date that the article sorts by; it and the others are in
	// milliseconds since 1970.
	Published, Updated, Seen int64
}

// Token is one term of a text at its position, counted from 1. Stop words leave
// gaps.
type Token struct {
	Term     string
	Position int
}

// ValueName is a name for a value of a facet.
type ValueName struct{ Facet, Value, Name string }

// Sets lists the names of the field sets.
func Sets() []string { return append([]string(nil), setNames[:]...) }

// KeywordFields lists the fields of [Fields.Keywords].
func KeywordFields() []string {
	list := []string{fieldSourceName, fieldViaName, fieldSite, fieldAuthorPart, fieldTitleWord}
	list = append(list, facetNames[:]...)
	for _, t := range []news.EntityType{news.Person, news.Place, news.Organization} {
		list = append(list, entityFields[t].names)
	}
	return list
}

// Fields returns the article as it is indexed, or what is wrong with it.
func (m *Mapper) Fields(a *news.Article) (_ *Fields, err error) {
	defer recovered(&err)
	doc, err := m.mapper.document(a, 0)
	if err != nil {
		return nil, err
	}
	set := setOf(a.Language)
	f := &Fields{Set: set.String(), Keywords: make(map[string][]string)}
	var mt meta
	for _, t := range m.mapper.tokens(a, set, &mt) {
		field := fieldAt(t.pos)
		start, _ := field.positions()
		f.Text[field] = append(f.Text[field], Token{t.term, t.pos - start})
	}
	for i, list := range f.Text {
		f.Lengths[i] = len(list)
	}
	for _, field := range doc.Fields() {
		f.take(field)
	}
	return f, nil
}

// take takes over what a document has beside its text.
func (f *Fields) take(field *zap.Field) {
	switch {
	case field.Name() == fieldMeta:
		if mt, err := decodeMeta(field.Value()); err == nil {
			f.Published, f.Updated, f.Seen = mt.published, mt.updated, mt.seen
		}
	case field.Name() == fieldLabel:
		for _, term := range field.Terms() {
			if facet, value, name, ok := splitLabelTerm(term.Text); ok {
				f.Names = append(f.Names, ValueName{facet, value, name})
			}
		}
	case field.Options() == keywordOptions:
		for _, term := range field.Terms() {
			f.Keywords[field.Name()] = append(f.Keywords[field.Name()], term.Text)
		}
	}
}

// FoldName returns a name as names are compared: in lower case, without accents,
// with single blanks.
func FoldName(s string) string { return foldName(s) }

// CleanValue returns a value of a keyword field as it is indexed.
func CleanValue(s string) string { return cleanValue(s) }

// Names looks up what the library calls entities, and keeps it for a minute. It
// is safe for concurrent use.
type Names struct{ cache *labelCache }

// NewNames returns an empty cache over the library.
func NewNames(library Library, now func() time.Time) *Names {
	return &Names{newLabelCache(library, now)}
}

// Rename puts the library's names of entities in the place of labels. at returns the
// value that the i-th label, of count, is for.
func (n *Names) Rename(ctx context.Context, count int, at func(i int) (value string, label *string)) error {
	return n.cache.rename(ctx, count, at)
}

// RenameAll gives entities among suggestions the names that the library has for
// them.
func (n *Names) RenameAll(ctx context.Context, list []news.Suggestion) error {
	return n.cache.renameAll(ctx, list)
}

// FoldApostrophes writes all kinds of apostrophes as the one of ASCII.
func FoldApostrophes(s string) string { return foldApostrophes(s) }
