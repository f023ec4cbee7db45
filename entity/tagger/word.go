package tagger

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet.example/entity/gazetteer"
)

// word is what the labeler knows of a word of a document, wherever it stands.
type word struct {
	text  string
	exact uint64 // hash of the text, digits made alike
	lower uint64 // hash of its lower case
	shape uint64 // hash of the kinds of its characters
	short uint64 // the same without repetitions
	// prefix and suffix hash the first 2, 3, 4 and the last 1, 2, 3, 4 letters.
	prefix [3]uint64
	suffix [4]uint64
	kinds  gazetteer.Kind
	Usage       // of its lower case, or if that is unknown without accents
	upper  bool // begins with a capital
	shout  bool // capitals only, and more than one
	letter bool // begins with a letter
	// How often the word stands in lower case in the document, and how often
	// capitalized where the position does not ask for it.
	asLower, asName int
}

// newWord analyzes a word.
func newWord(text string, gaz *gazetteer.Gazetteer, lex *Lexicon) word {
	first, _ := utf8.DecodeRuneInString(text)
	lower := strings.ToLower(text)
	w := word{
		text:   text,
		upper:  unicode.IsUpper(first),
		letter: unicode.IsLetter(first),
		kinds:  gaz.Kinds(gazetteer.Extend(gazetteer.Hash(), text)),
	}
	w.shout = w.upper && len(text) > 1 && strings.IndexFunc(text, unicode.IsLower) < 0
	if w.shout && w.kinds == 0 && len(text) > 3 {
		w.kinds = gaz.Kinds(gazetteer.Extend(gazetteer.Hash(), head(text, 1)+tail(lower, utf8.RuneCountInString(lower)-1)))
	}
	w.kinds |= gaz.Kinds(gazetteer.Extend(gazetteer.Hash(), lower)) & gazetteer.SportWord
	w.exact = hashString(1, plainDigits(text))
	folded := plainDigits(lower)
	w.lower = hashString(2, folded)
	w.shape, w.short = shapes(text)
	for i := range w.prefix {
		w.prefix[i] = hashString(uint64(10+i), head(folded, i+2))
	}
	for i := range w.suffix {
		w.suffix[i] = hashString(uint64(20+i), tail(folded, i+1))
	}
	if w.Usage = lex.Usage(lower); w.Cluster == 0 {
		w.Usage = lex.Usage(gazetteer.Fold(lower))
	}
	return w
}

// maxShape bounds how many characters of a word its shape looks at.
const maxShape = 12

// shapes hashes the kinds of a word's characters, one by one and with runs of
// a kind taken as one.
func shapes(text string) (shape, short uint64) {
	shape, short = hashStart, hashStart
	before := rune(-1)
	n := 0
	for _, r := range text {
		if n++; n > maxShape {
			break
		}
		k := kindOf(r)
		shape = (shape ^ uint64(k)) * hashPrime
		if k != before {
			short = (short ^ uint64(k)) * hashPrime
			before = k
		}
	}
	return shape ^ shape>>31, short ^ short>>30
}

// kindOf returns a letter that stands for the kind of character r is.
func kindOf(r rune) rune {
	switch {
	case unicode.IsUpper(r):
		return 'X'
	case unicode.IsLetter(r):
		return 'x'
	case unicode.IsDigit(r):
		return 'd'
	case r < utf8.RuneSelf:
		return r
	}
	return '?'
}

// plainDigits returns s with every digit made a zero.
func plainDigits(s string) string {
	if strings.IndexFunc(s, isDigit) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return '0'
		}
		return r
	}, s)
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// head returns the first n characters of s.
func head(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// tail returns the last n characters of s.
func tail(s string, n int) string {
	i := len(s)
	for ; n > 0 && i > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
	}
	return s[i:]
}
