package index

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// maxExpansions bounds the terms that one prefix may stand for.
const maxExpansions = 5_000

// prefixEndings are endings put to a prefix to find the stems of words that
// begin with it: "electi*" must find "election", whose stem is "elect".
var prefixEndings = []string{"", "e", "s", "es", "d", "ed", "ing", "ng", "on", "ons", "al", "ly", "ity", "y", "ment", "ness", "er", "en", "n", "in", "em"}

// prefix makes a leaf of all terms that a prefix stands for.
func (p *planner) prefix(n query.Prefix) (clause, error) {
	folded := foldAccents(strings.ToLower(foldApostrophes(n.Text)))
	if folded == "" {
		return nil, nil
	}
	l := &leaf{kind: prefixLeaf, text: folded, mask: p.maskFor(n.Field)}
	found := make(map[string]bool)
	for _, ending := range prefixEndings {
		if stem := p.analyzer.term(folded + ending); stem != "" {
			found[stem] = true
		}
	}
	for _, s := range p.view.segments {
		for f := range numTextFields {
			if !l.mask.has(f) {
				continue
			}
			if err := expand(s.seg, textName(f, p.set), folded, found); err != nil {
				return nil, err
			}
		}
	}
	l.terms = slices.Sorted(maps.Keys(found))
	return p.leaf(l)
}

// expand adds the terms of a field that begin with prefix.
func expand(seg segment.Segment, name, prefix string, found map[string]bool) error {
	dict, err := seg.Dictionary(name)
	if err != nil {
		return fmt.Errorf("expand prefix: %w", err)
	}
	return eachExpansion(dict, prefix, func(term string) error {
		if !found[term] {
			found[strings.Clone(term)] = true
		}
		if len(found) > maxExpansions {
			return &news.ParamError{Param: "q", Value: prefix + "*", Reason: "stands for too many words: type more letters"}
		}
		return nil
	})
}
