// Package near tells whether two texts are one text told twice: a wire report
// under several mastheads, a republished article, a copy with another lead.
//
// A [Text] is read once. Its fingerprint is small enough to be kept of every
// article: a 64-bit simhash, and bands by which likely copies are found without
// looking at all the others. Whether they are copies is then decided on the
// texts themselves ([Text.Repeats]), since a fingerprint alone cannot tell a
// copy from a report that fills the same form with other facts.
//
// It is not a clustering of stories (different texts on one event have nothing
// in common here), and it stores nothing. Start reading at [Read].
package near

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/cespare/xxhash/v2"
)

const (
	// Bands is how many bands a fingerprint has. Each is the least hash of all
	// shingles under a function of its own, so that two texts share a given one
	// with the probability of their likeness: of copies that are alike by 0.5,
	// one in 64 shares none.
	Bands = 6
	// MinWords is how long a text must be to have a fingerprint. Shorter ones
	// are alike by accident.
	MinWords = 40
	// shingle is how many words in a row are compared as one.
	shingle = 5
	// maxWords bounds how much of a text is looked at.
	maxWords = 20_000
)

// Text is a text as it is compared. It is never changed and safe for
// concurrent use.
type Text struct {
	// Hash is the simhash: it differs in few bits between texts with few
	// differences.
	Hash uint64
	// Bands find likely copies; nil when the text is too short.
	Bands []uint32
	// Words counts the words that were looked at.
	Words int

	shingles []uint64 // sorted, each once
	facts    []uint64 // numbers, sorted, each once
	names    []uint64 // words with a capital inside a sentence, sorted, each once
}

// Read takes in a text.
func Read(text string) *Text {
	w := split(text)
	t := &Text{Words: len(w.words), facts: distinct(w.facts), names: distinct(w.names)}
	if t.Words < MinWords {
		return t
	}
	t.shingles = distinct(shingles(w.words))
	t.Hash, t.Bands = sketch(t.shingles)
	return t
}

// shingles hashes every run of words.
func shingles(words []uint64) []uint64 {
	out := make([]uint64, 0, len(words))
	for i := 0; i+shingle <= len(words); i++ {
		h := uint64(0)
		for _, w := range words[i : i+shingle] {
			h = mix(h ^ w)
		}
		out = append(out, h)
	}
	return out
}

// sketch makes the fingerprint of a set of shingles.
func sketch(shingles []uint64) (uint64, []uint32) {
	var weight [64]int
	least := [Bands]uint64{}
	for i := range least {
		least[i] = math.MaxUint64
	}
	for _, s := range shingles {
		for bit := range weight {
			weight[bit] += int(s>>bit&1)*2 - 1
		}
		for i := range least {
			least[i] = min(least[i], mix(s^(uint64(i)+1)*0x9e3779b97f4a7c15))
		}
	}
	var hash uint64
	for bit, n := range weight {
		if n > 0 {
			hash |= 1 << bit
		}
	}
	bands := make([]uint32, Bands)
	for i, l := range least {
		bands[i] = uint32(l)
	}
	return hash, bands
}

// mix scatters the bits of h (the finalizer of splitmix64).
func mix(h uint64) uint64 {
	h ^= h >> 30
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 27
	h *= 0x94d049bb133111eb
	return h ^ h>>31
}

// words are the words of a text, hashed, and among them those that carry facts.
type words struct{ words, facts, names []uint64 }

// split finds the words of a text: runs of letters and digits, in lower case,
// and each sign of the scripts that are written without spaces.
func split(text string) words {
	var w words
	start, inSentence := -1, false
	flush := func(end int) {
		if start >= 0 {
			w.add(text[start:end], inSentence)
			start, inSentence = -1, true
		}
	}
	for i, r := range text {
		switch {
		case len(w.words) >= maxWords:
			return w
		case unspaced(r):
			flush(i)
			w.words = append(w.words, xxhash.Sum64String(string(r)))
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mn, r):
			if start < 0 {
				start = i
			}
		default:
			flush(i)
			if strings.ContainsRune(".!?\n\"“”:", r) {
				inSentence = false
			}
		}
	}
	flush(len(text))
	return w
}

func (w *words) add(word string, inSentence bool) {
	h := xxhash.Sum64String(strings.ToLower(word))
	w.words = append(w.words, h)
	switch first := []rune(word)[0]; {
	case unicode.IsDigit(first):
		w.facts = append(w.facts, h)
	case unicode.IsUpper(first) && inSentence:
		w.names = append(w.names, h)
	}
}

// unspaced reports whether r is of a script that is written without spaces.
func unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func distinct(list []uint64) []uint64 {
	slices.Sort(list)
	return slices.Compact(list)
}
