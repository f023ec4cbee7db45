package token

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wrapWidth is the length in bytes from which a line without final punctuation
// is taken for a wrapped one, so that its end is no end of a sentence.
const wrapWidth = 60

// maxSentence bounds a sentence in tokens, so that what is computed for a
// sentence stays small even for text without any punctuation.
const maxSentence = 400

// quoteReach is how many tokens a quotation is followed back to its opening.
const quoteReach = 80

// sentences returns the index after the last token of each sentence.
func sentences(t *Text) []int {
	var ends []int
	start := 0
	line := 0 // byte offset where the current line starts
	for i := range t.Tokens {
		last := i+1 == len(t.Tokens)
		if last || i+1-start >= maxSentence {
			ends = append(ends, i+1)
			start = i + 1
			continue
		}
		gap := t.Source[t.Tokens[i].End:t.Tokens[i+1].Start]
		newline := strings.IndexByte(gap, '\n') >= 0
		if newline && t.breaksLine(i, line, gap) || t.endsSentence(i, start) {
			ends = append(ends, i+1)
			start = i + 1
		}
		if newline {
			line = t.Tokens[i+1].Start
		}
	}
	return ends
}

// breaksLine reports whether the line break in gap after token i, on the line
// that starts at byte line, ends a sentence.
func (t *Text) breaksLine(i, line int, gap string) bool {
	if strings.Count(gap, "\n") > 1 {
		return true
	}
	return t.Tokens[i].End-line < wrapWidth || isFinal(t.Word(i)) || !isWordStart(t.Word(i+1))
}

// endsSentence reports whether token i is the last of the sentence that began
// at token start.
func (t *Text) endsSentence(i, start int) bool {
	if t.closes(i+1, start) {
		return false
	}
	j := i
	for j > start && t.closes(j, start) {
		j--
	}
	w, next := t.Word(j), t.Word(i+1)
	if isFinal(w) {
		return opens(next)
	}
	return j == i && len(w) > 2 && w[len(w)-1] == '.' && abbreviationEnds(w[:len(w)-1], next)
}

// closes reports whether token i is a closing quote or bracket. A straight
// quote closes when it touches the token before and not the one after; when
// spacing does not tell, when another one is open in the sentence that began
// at token start, looking back at most quoteReach tokens.
func (t *Text) closes(i, start int) bool {
	w := t.Word(i)
	if w != `"` && w != "'" {
		return isCloser(w)
	}
	left := i > 0 && t.Tokens[i-1].End == t.Tokens[i].Start
	right := i+1 < len(t.Tokens) && t.Tokens[i+1].Start == t.Tokens[i].End
	if left != right {
		return left
	}
	open := false
	for j := max(start, i-quoteReach); j < i; j++ {
		if t.Word(j) == w {
			open = !open
		}
	}
	return open
}

// abbreviationEnds reports whether an abbreviation whose period may also be the
// sentence's is followed by a word that starts sentences and no names.
func abbreviationEnds(w, next string) bool {
	if isTitle(w) || utf8.RuneCountInString(w) < 2 {
		return false
	}
	return isStarter(next)
}

// isStarter reports words that begin sentences and are seldom part of a name.
func isStarter(w string) bool {
	switch w {
	case "The", "A", "An", "He", "She", "It", "They", "We", "I", "You", "But", "And", "In", "On", "At", "As", "If", "For", "This", "That",
		"These", "Those", "There", "His", "Her", "Its", "Their", "Some", "Many", "Most", "After", "Before", "When", "While", "However", "Meanwhile",
		"Also", "By", "From", "With", "Last", "Earlier", "So", "Not", "No", "Both", "Officials", "Police", "Since", "Under", "What", "Who", "How", "Why":
		return true
	}
	return false
}

func isFinal(w string) bool {
	switch w {
	case ".", "!", "?", "...", "…", "。", "！", "？", "؟", "।":
		return true
	}
	return false
}

// isCloser reports what may stand between the final mark and the end of the
// sentence.
func isCloser(w string) bool {
	switch w {
	case "”", "’", ")", "]", "»", "''", "」", "』":
		return true
	}
	return false
}

// opens reports whether a word can begin a sentence: anything but a lower-case
// letter or closing punctuation.
func opens(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return !unicode.IsLower(r) && !strings.ContainsRune(",;:.!?)]}%", r)
}

func isWordStart(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsLetter(r)
}
