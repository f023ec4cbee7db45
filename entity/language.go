package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sizes of the look at a text of unknown language: how many bytes are read, how
// many words in lower case are needed to judge by, and one in how many must be
// such as every English text is full of.
const (
	sampleBytes  = 2000
	sampleWords  = 20
	englishShare = 10
)

// isEnglish reports whether the model knows the language of a text. A text of
// unknown language is taken for English unless its script or its small words
// speak against it.
func isEnglish(language, text string) bool {
	if language != "" {
		return language == "en"
	}
	sample := strings.ToValidUTF8(text[:min(len(text), sampleBytes)], "")
	return isLatin(sample) && hasEnglishWords(sample)
}

// isLatin reports whether most letters are of Latin script.
func isLatin(s string) bool {
	latin, all := 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			all++
			if unicode.Is(unicode.Latin, r) {
				latin++
			}
		}
	}
	return 2*latin >= all
}

// hasEnglishWords reports whether a text has its share of small English words,
// or is too short to tell. Names and numbers, of which lists of results are made,
// belong to no language; at, for and have are Danish too.
func hasEnglishWords(s string) bool {
	words, english := 0, 0
	for w := range strings.FieldsSeq(s) {
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsLower(r) {
			continue
		}
		words++
		switch w {
		case "the", "of", "and", "to", "is", "that", "this", "on", "with", "by", "was", "from", "it", "has", "said", "his", "they",
			"their", "you", "be", "not", "but":
			english++
		}
	}
	return words < sampleWords || english*englishShare >= words
}
