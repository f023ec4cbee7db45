package index

import (
	"cmp"
	"fmt"
	"slices"
)

// Feedback orders the best articles of a longer query anew: those that share the
// words which the very best of them use most gain, up to as much as the query's
// own words give. It changes neither what matches nor what lies behind the
// window. The figures were chosen on judged queries.
const (
	feedbackWords      = 3   // a query of fewer words is left as it is
	feedbackArticles   = 10  // the best articles that words are taken from
	feedbackCandidates = 30  // words whose rarity is looked up
	feedbackTerms      = 20  // words that count in the end
	feedbackWindow     = 100 // articles that are ordered anew
)

// feeds reports whether the run is for feedback.
func (r *run) feeds() bool { return r.scoredWords() >= feedbackWords }

// scoredWords is the most words that a plan scores by.
func (r *run) scoredWords() int {
	most := 0
	for _, p := range r.plans {
		n := 0
		for _, l := range p.leaves {
			if l.scored {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// bestFed is best with feedback.
func (r *run) bestFed(k int) ([]candidate, error) {
	after := r.after
	r.after = nil
	window, err := r.best(feedbackWindow)
	r.after = after
	if err != nil {
		return nil, err
	}
	if err := r.feed(window); err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(slices.Clone(window), func(c candidate) bool { return !c.follows(after) })
	if len(list) >= k || len(window) < feedbackWindow {
		return list[:min(k, len(list))], nil
	}
	rest, err := r.best(k - len(list) + feedbackWindow)
	if err != nil {
		return nil, err
	}
	for _, c := range rest {
		if !slices.ContainsFunc(window, c.same) {
			list = append(list, c)
		}
	}
	return list[:min(k, len(list))], nil
}

// same reports whether two candidates are the same article.
func (c candidate) same(o candidate) bool { return c.segment == o.segment && c.doc == o.doc }

// feedTerm is a word of feedback.
type feedTerm struct {
	set    fieldSet
	term   string
	weight float64
	idf    float64
}

func (t feedTerm) worth() float64 { return t.weight * t.idf }

// feed adds feedback to the ranks of the window, which is in order, and puts it
// in order again.
func (r *run) feed(window []candidate) error {
	gists := make([]gist, len(window))
	for i, c := range window {
		g, err := readGist(c.segment.seg, c.doc)
		if err != nil {
			return fmt.Errorf("read gist: %w", err)
		}
		gists[i] = g
	}
	terms, err := r.feedTerms(window[:min(feedbackArticles, len(window))], gists)
	if err != nil {
		return err
	}
	share := 0.0
	for _, t := range terms {
		share += t.weight
	}
	if share <= 0 {
		return nil
	}
	d, words := r.decay(), float64(r.scoredWords())
	for i := range window {
		c := &window[i]
		c.feedback = words * c.gain(terms, gists[i]) / share
		c.rank += c.feedback * d.at(c.published)
	}
	slices.SortFunc(window, compare)
	return nil
}

// gain is the sum of what the words give to an article.
func (c *candidate) gain(terms []feedTerm, g gist) float64 {
	cols := c.segment.cols
	scorer := c.segment.run.scorer(cols.set[c.doc])
	sum := 0.0
	for _, t := range terms {
		if t.set != cols.set[c.doc] {
			continue
		}
		if i := slices.IndexFunc(g, func(o gistTerm) bool { return o.term == t.term }); i >= 0 {
			sum += t.worth() * saturated(scorer.weigh(cols, c.doc, g[i].freqs))
		}
	}
	return sum
}

// feedTerms returns the words that the best articles use most, weighed by the
// articles' ranks, and of those the rarest.
func (r *run) feedTerms(best []candidate, gists []gist) ([]feedTerm, error) {
	terms := heaviest(best, gists)
	terms = terms[:min(feedbackCandidates, len(terms))]
	for i := range terms {
		n, err := r.articlesWith(terms[i].set, terms[i].term)
		if err != nil {
			return nil, err
		}
		terms[i].idf = inverseFrequency(n, r.view.stats[terms[i].set].articles)
	}
	slices.SortStableFunc(terms, func(a, b feedTerm) int { return cmp.Compare(b.worth(), a.worth()) })
	return terms[:min(feedbackTerms, len(terms))], nil
}

// heaviest returns the terms of the articles' gists, those with the most weight
// first.
func heaviest(best []candidate, gists []gist) []feedTerm {
	sum := 0.0
	for _, c := range best {
		sum += c.rank
	}
	if sum <= 0 {
		return nil // found by other things than words
	}
	type key struct {
		set  fieldSet
		term string
	}
	weights := make(map[key]float64)
	for i, c := range best {
		cols, tokens := c.segment.cols, 0.0
		for f := range cols.lengths {
			tokens += float64(cols.lengths[f][c.doc])
		}
		for _, t := range gists[i] {
			weights[key{cols.set[c.doc], t.term}] += c.rank / sum * float64(t.freqs.total()) / tokens
		}
	}
	terms := make([]feedTerm, 0, len(weights))
	for k, w := range weights {
		terms = append(terms, feedTerm{set: k.set, term: k.term, weight: w})
	}
	slices.SortFunc(terms, func(a, b feedTerm) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.term, b.term), cmp.Compare(a.set, b.set))
	})
	return terms
}

// articlesWith counts the live articles of a field set that have the term.
func (r *run) articlesWith(set fieldSet, term string) (int, error) {
	total := 0
	for _, s := range r.view.segments {
		if err := r.ctx.Err(); err != nil {
			return 0, err
		}
		dict, err := s.seg.Dictionary(textName(set))
		if err != nil {
			return 0, fmt.Errorf("read dictionary: %w", err)
		}
		list, err := dict.PostingsList([]byte(term), s.deleted, nil)
		if err != nil {
			return 0, fmt.Errorf("read postings: %w", err)
		}
		total += int(list.Count())
	}
	return total, nil
}
