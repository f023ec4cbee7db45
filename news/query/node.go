package query

import "time"

// Node is one part of a parsed expression. The set of nodes is closed.
//
//sumtype:decl
type Node interface {
	// String prints the node in normal form. Parsing that gives an equal node.
	String() string
	node()
}

// All is a list of parts written side by side. Parts that are plain words or
// phrases combine by the query's match rule (all of them, or a share of three and
// more); every other part must hold. A part under Must must always hold.
type All struct{ Parts []Node }

// And holds where every part holds: `a AND b`.
type And struct{ Parts []Node }

// Or holds where any part holds: `a OR b`.
type Or struct{ Parts []Node }

// Not holds where Part does not: `-a` or `NOT a`.
type Not struct{ Part Node }

// Must is `+a`: Part is wanted whatever the match rule says.
type Must struct{ Part Node }

// Word is one word of text, as typed. Words joined by hyphens, apostrophes or
// other punctuation are one Word.
type Word struct {
	Field Field // FieldText or one of the text fields
	Text  string
}

// Phrase is words in order: `"a b"`; with Slop > 0 (`"a b"~5`) words near each
// other in any order, at most Slop other words between them in all.
type Phrase struct {
	Field Field
	Text  string
	Slop  int
}

// Prefix is `abc*`, at least three characters before the star.
type Prefix struct {
	Field Field
	Text  string
}

// Value is an exact value of a keyword field: `source:bbc`,
// `person:"Jake Sullivan"`.
type Value struct {
	Field Field
	Text  string
}

// Dates is a span of time: `date:2024-04-18..2024-04-20`, `after:2024-04-18`,
// `before:7d`. Bounds are kept as they were written, since relative ones and
// bare days depend on the time and the zone of the search; [Dates.Resolve]
// turns them into instants.
//
// A bound is a day (2024-04-18), a month (2024-04), a year (2024), an RFC 3339
// time, or an age (24h, 7d, 2w, 6m, 1y); empty means open. At least one bound
// is set, and at most one of Through and Before.
type Dates struct {
	From    string // from the start of what it names: after:, date:A..
	Through string // to the end of what it names: date:..B
	Before  string // up to the start of what it names: before:
}

// Is is a property of the article: `is:full`.
type Is struct{ Text string }

func (All) node()    {}
func (And) node()    {}
func (Or) node()     {}
func (Not) node()    {}
func (Must) node()   {}
func (Word) node()   {}
func (Phrase) node() {}
func (Prefix) node() {}
func (Value) node()  {}
func (Dates) node()  {}
func (Is) node()     {}

// Field is a field name in the language, in its canonical spelling.
type Field string

// The fields. FieldText means every text field.
const (
	FieldText         Field = ""
	FieldTitle        Field = "title"
	FieldDescription  Field = "description"
	FieldContent      Field = "content" // also body:
	FieldSource       Field = "source"
	FieldVia          Field = "via"
	FieldSite         Field = "site" // registrable domain of the URL
	FieldAuthor       Field = "author"
	FieldPerson       Field = "person"
	FieldPlace        Field = "place"
	FieldOrganization Field = "organization" // also org:
	FieldEntity       Field = "entity"
	FieldLang         Field = "lang" // also language:
	FieldSection      Field = "section"
	FieldCountry      Field = "country"
)

// IsText reports whether words, phrases and prefixes may stand in the field.
func (f Field) IsText() bool {
	return f == FieldText || f == FieldTitle || f == FieldDescription || f == FieldContent
}

// Span is a resolved interval of time, From inclusive, To exclusive; a zero
// bound is open.
type Span struct{ From, To time.Time }
