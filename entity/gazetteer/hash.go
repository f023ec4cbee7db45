package gazetteer

import (
	"strings"
	"unicode/utf8"
)

// The hash of a surface is FNV-1a over its words, each preceded by a space, so
// that a labeler can extend it word by word without building strings.
const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

// Hash is the hash of a surface of no words.
func Hash() uint64 { return hashStart }

// Extend returns the hash of the surface with one more word. Accents and
// kinds of apostrophes do not count: publishers leave them out, or write others.
func Extend(h uint64, word string) uint64 {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			word = withoutAccents(word)
			break
		}
	}
	h = (h ^ ' ') * hashPrime
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * hashPrime
	}
	return h
}

func hashOf(surface string) uint64 {
	h := Hash()
	for w := range strings.FieldsSeq(surface) {
		for {
			head, tail, found := strings.Cut(w, "-")
			if head != "" {
				h = Extend(h, head)
			}
			if !found {
				break
			}
			h = Extend(h, "-")
			w = tail
		}
	}
	return h
}

// Kinds returns what the surface with hash h may be. Surfaces are told apart by
// 64 bits alone, and case counts.
func (g *Gazetteer) Kinds(h uint64) Kind { return g.kinds[h] }
