package index

import "strings"

// fieldSet names one set of text fields: the articles of one analyzer.
type fieldSet uint8

// The field sets. Their numbers are part of the format on disk.
const (
	setStd fieldSet = iota // no stemming, no stop words
	setEnglish
	setGerman
	setFrench
	setSpanish
	setItalian
	setPortuguese
	setDutch
	setRussian
	setCJK
	numSets
)

// setNames are the suffixes of the fields, and the names of Bleve's analyzers
// where it has one.
var setNames = [numSets]string{"std", "en", "de", "fr", "es", "it", "pt", "nl", "ru", "cjk"}

// setOf returns the field set of articles in the language.
func setOf(language string) fieldSet {
	language, _, _ = strings.Cut(strings.ToLower(language), "-")
	switch language {
	case "zh", "ja", "ko":
		return setCJK
	}
	for s := setEnglish; s < setCJK; s++ {
		if setNames[s] == language {
			return s
		}
	}
	return setStd
}

func (s fieldSet) String() string { return setNames[s] }

// textField is one of the fields that words are looked for in.
type textField uint8

// The text fields. Their numbers are part of the format on disk.
const (
	titleField textField = iota
	descriptionField
	contentField
	numTextFields
)

var textFieldNames = [numTextFields]string{"title", "description", "content"}

func (f textField) String() string { return textFieldNames[f] }

// fieldMask is a set of text fields.
type fieldMask uint8

const allText fieldMask = 1<<numTextFields - 1

func (m fieldMask) has(f textField) bool { return m&(1<<f) != 0 }

// maskOf returns the mask of the named fields; all for an empty list.
func maskOf(names ...string) fieldMask {
	var m fieldMask
	for f, name := range textFieldNames {
		for _, n := range names {
			if n == name {
				m |= 1 << f
			}
		}
	}
	if m == 0 {
		return allText
	}
	return m
}

// textName is the name in Bleve of a field set's text. Title, description and
// content are one field there, so that a term has one list of postings: their
// positions lie in ranges of their own, and their frequencies are packed into
// Bleve's one (see packFreqs).
func textName(s fieldSet) string { return "text_" + setNames[s] }

// The ranges of positions of the text fields. Tokens beyond the end of a range
// are not indexed; the gap between two ranges is wider than any slop reaches.
const (
	titleTokens       = 1_000
	descriptionStart  = 2_000
	descriptionTokens = 6_000
	contentStart      = 9_000
	contentTokens     = 1 << 20
)

// positions returns the range of a field's positions: what is added to the
// position of a token, and how far they reach.
func (f textField) positions() (start, tokens int) {
	switch f {
	case titleField:
		return 0, titleTokens
	case descriptionField:
		return descriptionStart, descriptionTokens
	default:
		return contentStart, contentTokens
	}
}

// fieldAt returns the field whose range a position lies in.
func fieldAt(pos int) textField {
	switch {
	case pos > contentStart:
		return contentField
	case pos > descriptionStart:
		return descriptionField
	default:
		return titleField
	}
}
