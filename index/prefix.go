package index

import (
	"fmt"
	"slices"
	"strings"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// maxExpansions bounds the terms that one prefix may stand for in a segment.
const maxExpansions = 5_000

// prefixEndings are endings put to a prefix to find the stems of words that
// begin with it: "electi*" must find "election", whose stem is "elect".
var prefixEndings = []string{"", "e", "s", "es", "d", "ed", "ing", "ng", "on", "ons", "al", "ly", "ity", "y", "ment", "ness", "er", "en", "n", "in", "em"}

// prefix makes a leaf of all terms that a prefix stands for: those that begin
// with it, and the stems of words that do.
func (p *planner) prefix(n query.Prefix) (clause, error) {
	folded := foldAccents(strings.ToLower(foldApostrophes(n.Text)))
	if folded == "" {
		return nil, nil
	}
	l := &leaf{kind: prefixLeaf, text: folded, mask: p.maskFor(n.Field)}
	for _, ending := range prefixEndings {
		stem := p.analyzer.term(folded + ending)
		if stem != "" && !strings.HasPrefix(stem, folded) && !slices.Contains(l.terms, stem) {
			l.terms = append(l.terms, stem)
		}
	}
	return p.leaf(l)
}

// expand returns the terms of a field in a segment that a prefix stands
// for.
func (l *leaf) expand(seg segment.Segment, name string) ([]string, error) {
	dict, err := seg.Dictionary(name)
	if err != nil {
		return nil, fmt.Errorf("expand prefix: %w", err)
	}
	found := slices.Clone(l.terms)
	err = eachExpansion(dict, l.text, func(term string) error {
		if len(found) >= maxExpansions {
			return &news.ParamError{Param: "q", Value: l.text + "*", Reason: "stands for too many words: type more letters"}
		}
		found = append(found, strings.Clone(term))
		return nil
	})
	return found, err
}
