package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"broadsheet.example/news"
)

const (
	// minCompletion is the least length, in characters, of a word that is offered.
	minCompletion = 3
	// maxSuggestions bounds one answer, defaultSuggestions is its size unless
	// asked otherwise.
	maxSuggestions     = 50
	defaultSuggestions = 8
	// maxWordsSeen bounds the words of titles that one completion looks at.
	maxWordsSeen = 5_000
	// maxSuggestBytes bounds the text to complete.
	maxSuggestBytes = 200

	kindQuery = "query"
)

var errEnough = errors.New("enough")

// Suggest completes a text: its last word from the words of titles, and the
// whole of it to names of sources and entities, each with the number of
// articles. What begins with the text comes before names that hold it further
// on; then the more frequent come first.
func (e *Engine) Suggest(ctx context.Context, q news.SuggestQuery) ([]news.Suggestion, error) {
	if err := e.enter(); err != nil {
		return nil, err
	}
	defer e.leave()
	v := e.acquire()
	defer e.release(v)
	s := &suggester{engine: e, view: v, text: foldName(cut(q.Text, maxSuggestBytes))}
	if s.text == "" {
		return nil, nil
	}
	for _, f := range []facetID{facetSource, facetPerson, facetPlace, facetOrganization} {
		if !wanted(q.Kinds, f.String()) {
			continue
		}
		if err := s.addNames(ctx, f); err != nil {
			return nil, err
		}
	}
	if wanted(q.Kinds, kindQuery) {
		if err := s.addWords(cut(q.Text, maxSuggestBytes)); err != nil {
			return nil, err
		}
	}
	list := s.best(q.Size)
	if err := e.labels.renameAll(ctx, list); err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	return list, nil
}

func wanted(kinds []string, kind string) bool { return len(kinds) == 0 || slices.Contains(kinds, kind) }

// suggester collects completions of a folded text.
type suggester struct {
	engine *Engine
	view   *view
	text   string
	found  []Completion
}

// Completion is a suggestion before it is put in order.
type Completion struct {
	news.Suggestion
	Inner bool // the text does not stand at the beginning
}

// addNames adds the values of a facet one of whose names holds the text at the
// beginning of a word.
func (s *suggester) addNames(ctx context.Context, f facetID) error {
	matches := s.engine.dicts[f].complete(s.text)
	if len(matches) == 0 {
		return ctx.Err()
	}
	t := s.engine.tallies.get(s.engine.dicts[f].size())
	defer s.engine.tallies.put(t)
	parts := make([]part, len(s.view.segments))
	for i, seg := range s.view.segments {
		parts[i] = part{&seg.cols.facets[f], seg.live, seg.cols.size}
	}
	if err := t.addAll(ctx, parts); err != nil {
		return err
	}
	for _, m := range matches {
		if int(m.number) < len(t.counts) && t.counts[m.number] > 0 {
			s.found = append(s.found, Completion{news.Suggestion{Kind: f.String(), Text: m.label, Value: m.value, Count: int(t.counts[m.number])}, m.inner})
		}
	}
	return nil
}

// nameMatch is a value of a dictionary that completes a text.
type nameMatch struct {
	entry
	number uint32
	inner  bool
}

// complete returns the values that have a name with the folded text at the
// beginning of one of its words.
func (d *dictionary) complete(text string) []nameMatch {
	d.mu.RLock()
	defer d.mu.RUnlock()
	best := make(map[uint32]bool) // whether the match is an inner one
	for name, numbers := range d.named {
		at := strings.HasPrefix(name, text)
		if !at && !strings.Contains(name, " "+text) {
			continue
		}
		for _, n := range numbers {
			if inner, known := best[n]; !known || inner {
				best[n] = !at
			}
		}
	}
	list := make([]nameMatch, 0, len(best))
	for n, inner := range best {
		list = append(list, nameMatch{d.entries[n], n, inner})
	}
	return list
}

// addWords completes the last word of the text.
func (s *suggester) addWords(text string) error {
	text = strings.ToLower(strings.TrimSpace(foldApostrophes(text)))
	head, last := "", text
	if i := strings.LastIndexByte(text, ' '); i >= 0 {
		head, last = text[:i+1], text[i+1:]
	}
	if last == "" {
		return nil
	}
	counts := make(map[string]int)
	for _, seg := range s.view.segments {
		if err := seg.countWords(last, counts); err != nil {
			return err
		}
	}
	for w, n := range counts {
		s.found = append(s.found, Completion{Suggestion: news.Suggestion{Kind: kindQuery, Text: head + w, Value: head + w, Count: n}})
	}
	return nil
}

// countWords adds the live articles that have each word of titles beginning
// with prefix.
func (s *segmentView) countWords(prefix string, counts map[string]int) error {
	dict, err := s.seg.Dictionary(fieldTitleWord)
	if err != nil {
		return err
	}
	err = eachExpansion(dict, prefix, func(term string) error {
		list, err := dict.PostingsList([]byte(term), s.deleted, nil)
		if err != nil {
			return err
		}
		if n := int(list.Count()); n > 0 {
			counts[strings.Clone(term)] += n
		}
		if len(counts) >= maxWordsSeen {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// eachExpansion calls visit with the terms that begin with prefix.
func eachExpansion(dict segment.TermDictionary, prefix string, visit func(term string) error) error {
	terms := dict.AutomatonIterator(nil, []byte(prefix), []byte(prefix+"\xff"))
	for {
		t, err := terms.Next()
		if err != nil || t == nil {
			return err
		}
		if err := visit(t.Term); err != nil {
			return err
		}
	}
}

// best returns the first suggestions in order.
func (s *suggester) best(size int) []news.Suggestion { return BestCompletions(s.found, size) }

// BestCompletions returns the first suggestions in order, a few when size is 0.
func BestCompletions(found []Completion, size int) []news.Suggestion {
	if size <= 0 {
		size = defaultSuggestions
	}
	slices.SortFunc(found, func(a, b Completion) int {
		if a.Inner != b.Inner {
			if b.Inner {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
	})
	list := make([]news.Suggestion, 0, min(size, maxSuggestions))
	for _, c := range found[:min(len(found), size, maxSuggestions)] {
		list = append(list, c.Suggestion)
	}
	return list
}
