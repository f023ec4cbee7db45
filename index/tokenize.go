package index

import (
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
)

// word is one word of a text by the rules of Unicode, before normalization.
type word struct{ start, end int }

// splitWords appends the words of text. Runs of ASCII between blanks, most of
// any Western text, are split here; the rest goes through Bleve's segmenter.
// Both give the same words.
func splitWords(text string, words []word) []word {
	for at := 0; at < len(text); {
		if isBlank(text[at]) {
			at++
			continue
		}
		end, ascii := at, true
		for end < len(text) && !isBlank(text[end]) {
			ascii = ascii && text[end] < utf8.RuneSelf
			end++
		}
		if ascii {
			words = splitASCII(text, at, end, words)
		} else {
			words = splitUnicode(text, at, end, words)
		}
		at = end
	}
	return words
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func splitUnicode(text string, at, end int, words []word) []word {
	for _, t := range unicode.NewUnicodeTokenizer().Tokenize([]byte(text[at:end])) {
		words = append(words, word{at + t.Start, at + t.End})
	}
	return words
}

// splitASCII splits text[at:end], which holds ASCII without blanks.
func splitASCII(text string, at, end int, words []word) []word {
	for at < end {
		if class(text[at]) == other {
			at++
			continue
		}
		start := at
		for at++; at < end && joined(text, at, end); at++ {
		}
		if strings.Trim(text[start:at], "_") != "" {
			words = append(words, word{start, at})
		}
	}
	return words
}

// joined reports whether there is no word boundary before text[at], which
// follows a character of the same word.
func joined(text string, at, end int) bool {
	before, here := class(text[at-1]), class(text[at])
	if here != other {
		if before != other {
			return true
		}
		return class(text[at-2]) == here && joins(text[at-1], here)
	}
	return at+1 < end && before != other && before != extend && class(text[at+1]) == before && joins(text[at], before)
}

// charClass is what a character is to the rules of word boundaries.
type charClass uint8

const (
	other charClass = iota
	letter
	digit
	extend // the underscore
)

func class(c byte) charClass {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		return letter
	case c >= '0' && c <= '9':
		return digit
	case c == '_':
		return extend
	default:
		return other
	}
}

// joins reports whether c between two characters of the class keeps them one
// word: don't, U.S, 1,000.
func joins(c byte, between charClass) bool {
	switch c {
	case '.', '\'':
		return between == letter || between == digit
	case ':':
		return between == letter
	case ',', ';':
		return between == digit
	default:
		return false
	}
}

// bigramTokens splits text for languages written without blanks between words.
func bigramTokens(text string, filters []analysis.TokenFilter) analysis.TokenStream {
	stream := unicode.NewUnicodeTokenizer().Tokenize([]byte(text))
	for _, f := range filters {
		stream = f.Filter(stream)
	}
	return stream
}
