package extract

import "strings"

// matcher finds which of several groups of words a text holds, in one walk over
// the text.
type matcher struct {
	byFirst [256][]groupWord
}

// groupWord is a word of at least two bytes. The second is compared by itself,
// for most words end there.
type groupWord struct {
	word   string
	second byte
	group  uint8
}

func newMatcher(groups [][]string) *matcher {
	m := &matcher{}
	for g, words := range groups {
		for _, w := range words {
			m.byFirst[w[0]] = append(m.byFirst[w[0]], groupWord{w, w[1], uint8(g)})
		}
	}
	return m
}

// find returns the set of groups of which the text holds a word, one bit each.
func (m *matcher) find(text string) uint32 {
	var found uint32
	for i := range len(text) - 1 {
		for _, w := range m.byFirst[text[i]] {
			if w.second == text[i+1] && found&(1<<w.group) == 0 && strings.HasPrefix(text[i:], w.word) {
				found |= 1 << w.group
			}
		}
	}
	return found
}
