package extract

import (
	"strings"
	"unicode"
)

// gramLen is how many words in a row count as a match.
const gramLen = 4

// grams is a set of hashed word sequences, to tell how much of one text stands
// in another.
type grams map[uint64]struct{}

// add takes in the words of one paragraph.
func (g grams) add(words []string) {
	if len(words) < 2*gramLen {
		g[hashWords(words)] = struct{}{}
	}
	for i := 0; i+gramLen <= len(words); i++ {
		g[hashWords(words[i:i+gramLen])] = struct{}{}
	}
}

// cover is the share of the words' sequences that the set holds. A text too
// short for a sequence counts when it is a paragraph of its own.
func (g grams) cover(words []string) float32 {
	if len(words) < gramLen {
		_, ok := g[hashWords(words)]
		return flag(ok)
	}
	hit := 0
	for i := 0; i+gramLen <= len(words); i++ {
		if _, ok := g[hashWords(words[i:i+gramLen])]; ok {
			hit++
		}
	}
	return float32(hit) / float32(len(words)-gramLen+1)
}

// hashWords is FNV-1a over the words and the spaces between them.
func hashWords(words []string) uint64 {
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	for _, w := range words {
		for i := range len(w) {
			h = (h ^ uint64(w[i])) * prime
		}
		h = (h ^ ' ') * prime
	}
	return h
}

// tokens are the words of a text in lower case.
func tokens(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func flag(b bool) float32 {
	if b {
		return 1
	}
	return 0
}
