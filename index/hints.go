package index

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"broadsheet.example/news"
)

const (
	// maxHints bounds the words that a query without hits is told about.
	maxHints = 3
	// maxNear bounds the words looked at to find the one that was meant.
	maxNear = 500
	// minCorrected and maxCorrected bound the length, in characters, of words
	// that are corrected; from longWord on two letters may differ, else one.
	minCorrected, longWord, maxCorrected = 4, 7, 30
)

// littleFound is up to how many articles count as little.
const littleFound = 5

// hint tells, of a query that finds nothing or little, which of its words no
// article has, and what may have been meant.
func (r *run) hint() error {
	if err := r.measure(); err != nil {
		return err
	}
	h := hints{plans: r.plans, analyzers: &r.engine.mapper.analyzers, near: r.near}
	err := h.give()
	r.warnings, r.corrections = append(r.warnings, h.warnings...), h.corrections
	return err
}

// hints finds what to tell of the words of a query.
type hints struct {
	plans       []*plan // with the numbers of articles of their leaves
	analyzers   *[numSets]*analyzer
	near        func(word string, distance int) (string, error)
	warnings    []string
	corrections []news.Correction
}

func (h *hints) give() error {
	for _, word := range h.absentWords() {
		if h.tooCommon(word) {
			h.warnings = append(h.warnings, fmt.Sprintf("%q is too common to search for.", word))
			continue
		}
		meant, err := h.meant(word)
		if err != nil {
			return fmt.Errorf("correct %q: %w", word, err)
		}
		text := fmt.Sprintf("No article has %q.", word)
		if meant != "" {
			text += fmt.Sprintf(" Did you mean %q?", meant)
			h.corrections = append(h.corrections, news.Correction{Word: word, Meant: meant})
		}
		h.warnings = append(h.warnings, text)
	}
	return nil
}

// tooCommon reports whether a word is left out of the search in one of the
// languages in use.
func (h *hints) tooCommon(word string) bool {
	return slices.ContainsFunc(h.plans, func(p *plan) bool { return len(h.analyzers[p.set].analyze(word)) == 0 })
}

// absentWords returns the words of the query that stand in no article.
func (h *hints) absentWords() []string {
	found := make(map[string]bool)
	for _, p := range h.plans {
		for _, l := range p.leaves {
			found[l.text] = found[l.text] || l.articles > 0
		}
	}
	var list []string
	seen := make(map[string]bool)
	for _, p := range h.plans {
		for _, l := range p.leaves {
			if l.kind == termLeaf && l.scored && !found[l.text] && !seen[l.text] && len(list) < maxHints {
				seen[l.text] = true
				list = append(list, l.text)
			}
		}
	}
	return list
}

// meant returns the word of titles that is nearest to the misspelt one, the most
// frequent among equally near ones; empty if none is near.
func (h *hints) meant(word string) (string, error) {
	word = strings.ToLower(foldApostrophes(word))
	n := utf8.RuneCountInString(word)
	if n < minCorrected || n > maxCorrected {
		return "", nil
	}
	most := 1
	if n >= longWord {
		most = 2
	}
	for distance := 1; distance <= most; distance++ {
		best, err := h.near(word, distance)
		if err != nil || best != "" {
			return best, err
		}
	}
	return "", nil
}

// near returns the most frequent word of titles that differs in at most distance
// letters and begins alike.
func (r *run) near(word string, distance int) (string, error) {
	words := make(map[string]bool)
	for _, p := range r.view.parts {
		if err := p.near(word, distance, words); err != nil {
			return "", err
		}
	}
	best, most := "", 0
	for w := range words {
		n, err := r.titlesWith(w)
		if err != nil {
			return "", err
		}
		if n > most || n == most && n > 0 && w < best {
			best, most = w, n
		}
	}
	return best, nil
}

// near adds the partition's words of titles that are near, until there are
// maxNear.
func (p *partState) near(word string, distance int, words map[string]bool) error {
	_, first := utf8.DecodeRuneInString(word)
	terms, err := p.snapshot.FieldDictFuzzy(fieldTitleWord, word, distance, word[:first])
	if err != nil {
		return err
	}
	defer func() { _ = terms.Close() }() // nothing was written
	for len(words) < maxNear {
		t, err := terms.Next()
		if err != nil || t == nil {
			return err
		}
		words[strings.Clone(t.Term)] = true
	}
	return nil
}

// titlesWith counts the live articles with the word in their title.
func (r *run) titlesWith(word string) (int, error) {
	total := 0
	for _, s := range r.view.segments {
		dict, err := s.seg.Dictionary(fieldTitleWord)
		if err != nil {
			return 0, err
		}
		list, err := dict.PostingsList([]byte(word), s.deleted, nil)
		if err != nil {
			return 0, err
		}
		total += int(list.Count())
	}
	return total, nil
}
