package onnx

import (
	"unicode/utf8"

	"github.com/gomlx/go-huggingface/tokenizers/api"
	"github.com/knights-analytics/hugot/backends"
)

// Bounds of one word: the bytes that are looked at, for tokenizers take time
// with their square, and the pieces that it may come to.
const (
	maxWord   = 64
	maxPieces = 16
)

// pieces cuts words into the pieces that the model knows. Words are cut one by
// one, as in the training of such models, so that each piece's place in the text
// is that of its word and depends on no tokenizer's arithmetic.
type pieces struct {
	tokenizer     api.Tokenizer
	before, after []uint32 // around every window
}

func newPieces(t api.Tokenizer) *pieces {
	p := &pieces{tokenizer: t}
	e := t.EncodeWithAnnotations(" a")
	text := false
	for i, id := range e.IDs {
		switch {
		case !isSpecial(e, i):
			text = true
		case text:
			p.after = append(p.after, piece(id))
		default:
			p.before = append(p.before, piece(id))
		}
	}
	return p
}

// around is how many pieces of a window are not of its text.
func (p *pieces) around() int { return len(p.before) + len(p.after) }

// of returns the pieces of a word: none if the model knows nothing of it.
func (p *pieces) of(word string) []uint32 {
	if len(word) > maxWord {
		word = word[:maxWord]
		for len(word) > 0 && !utf8.ValidString(word) {
			word = word[:len(word)-1]
		}
	}
	e := p.tokenizer.EncodeWithAnnotations(" " + word) // with the space that tells the beginning of a word
	var ids []uint32
	for i, id := range e.IDs {
		if !isSpecial(e, i) && len(ids) < maxPieces {
			ids = append(ids, piece(id))
		}
	}
	return ids
}

func isSpecial(e api.AnnotatedEncoding, i int) bool {
	return i < len(e.SpecialTokensMask) && e.SpecialTokensMask[i] != 0
}

// piece is the number of a piece as the model takes it. None is negative, or
// beyond the 32 bits that models use.
func piece(id int) uint32 { return uint32(max(id, 0)) }

// window returns words, given by their pieces, as input of the model, and for
// each word the place of its first piece there, or -1.
func (p *pieces) window(words [][]uint32) (backends.TokenizedInput, []int) {
	ids := append([]uint32(nil), p.before...)
	heads := make([]int, len(words))
	for i, w := range words {
		heads[i] = -1
		if len(w) > 0 {
			heads[i] = len(ids)
		}
		ids = append(ids, w...)
	}
	ids = append(ids, p.after...)
	attention := make([]uint32, len(ids))
	for i := range attention {
		attention[i] = 1
	}
	return backends.TokenizedInput{
		TokenIDs: ids, TypeIDs: make([]uint32, len(ids)), AttentionMask: attention, MaxAttentionIndex: len(ids) - 1,
	}, heads
}

// span is a run of words, to excluded.
type span struct{ from, to int }

// windows divides the words of a text, given by their pieces, into windows of
// at most room pieces, which no word alone exceeds. As many whole sentences as fit go into one; ends are the
// indexes after each sentence's last word. A sentence that is longer is divided
// between words.
func windows(words [][]uint32, ends []int, room int) []span {
	var out []span
	from, whole, used := 0, 0, 0 // whole: the last end of a sentence in the window
	flush := func(to int) {
		out = append(out, span{from, to})
		from, whole, used = to, to, 0
	}
	for i := range words {
		n := len(words[i])
		for used+n > room && i > from {
			to := i
			if whole > from {
				to = whole
			}
			flush(to)
			for j := to; j < i; j++ {
				used += len(words[j])
			}
		}
		used += n
		if len(ends) > 0 && ends[0] == i+1 {
			whole, ends = i+1, ends[1:]
		}
	}
	if from < len(words) {
		flush(len(words))
	}
	return out
}
