package index

import (
	"cmp"
	"fmt"
	"slices"
)

// Feedback orders the best articles of a longer query anew: those that share the
// words which the very best of them use most gain, up to as much as the query's
// own words give. It changes neither what matches nor what lies behind the
// window. The figures are those of the relevance model known as RM3.
const (
	feedbackWords      = 3   // a query of fewer words side by side is left as it is
	feedbackArticles   = 10  // the best articles that words are taken from
	feedbackCandidates = 60  // words whose rarity is looked up
	feedbackTerms      = 30  // words that count in the end
	feedbackWindow     = 500 // articles that are ordered anew
)

// feeds reports whether the run is for feedback. What is written with operators
// says exactly what is wanted, and is left as it is.
func (r *run) feeds() bool {
	return !r.engine.cfg.Plain && slices.ContainsFunc(r.plans, func(p *plan) bool { return p.words >= feedbackWords })
}

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

// bestFed is best with what pairs of words and feedback give.
func (r *run) bestFed(k int) ([]candidate, error) {
	after := r.after
	r.after = nil
	window, err := r.best(feedbackWindow)
	r.after = after
	if err != nil {
		return nil, err
	}
	if err := r.addPairs(window[:min(pairWindow, len(window))]); err != nil {
		return nil, err
	}
	slices.SortFunc(window, compare)
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

// feedKey names a word of feedback.
type feedKey struct {
	set  fieldSet
	term string
}

// feedTerm is a word of feedback with what it counts.
type feedTerm struct {
	feedKey
	hash        uint32
	weight, idf float64
}

func (t feedTerm) worth() float64 { return t.weight * t.idf }

// feed adds feedback to the ranks of the window, which is in order, and puts it
// in order again.
func (r *run) feed(window []candidate) error {
	terms, err := r.feedTerms(window[:min(feedbackArticles, len(window))])
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
	d, words, sought := r.decay(), float64(r.scoredWords()), newSought(terms)
	for i := range window {
		if i%checkFeedback == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		c := &window[i]
		gain, err := c.gain(sought)
		if err != nil {
			return fmt.Errorf("read gist: %w", err)
		}
		c.feedback = words * gain / share
		c.rank += c.feedback * d.at(c.published)
	}
	slices.SortFunc(window, compare)
	return nil
}

// checkFeedback is after how many articles the context is looked at.
const checkFeedback = 64

// sought is the words of feedback as they are looked for in gists.
type sought struct {
	terms  []feedTerm // the most worth first
	places []int      // where the terms stand in the order of their hashes
	hashes []uint32   // ascending
	found  []freqs    // of one article, in the order of the hashes
}

func newSought(terms []feedTerm) *sought {
	s := &sought{terms: terms, places: make([]int, len(terms)), hashes: make([]uint32, len(terms)), found: make([]freqs, len(terms))}
	order := make([]int, len(terms))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(terms[a].hash, terms[b].hash) })
	for at, i := range order {
		s.hashes[at], s.places[i] = terms[i].hash, at
	}
	return s
}

// gain is the sum of what the words give to an article.
func (c *candidate) gain(words *sought) (float64, error) {
	s, sum := c.segment, 0.0
	set := s.cols.set[c.doc]
	scorer := s.run.scorer(set)
	err := readGist(s.seg, c.doc, func(gist []byte) error {
		v, _, err := splitGist(gist)
		if err != nil {
			return err
		}
		v.find(words.hashes, words.found)
		for i, t := range words.terms {
			if q := words.found[words.places[i]]; q != 0 && t.set == set {
				sum += t.worth() * saturated(scorer.weigh(s.cols, c.doc, q))
			}
		}
		return nil
	})
	return sum, err
}

// feedTerms returns the words that the best articles use most, weighed by the
// articles' ranks, and of those the rarest.
func (r *run) feedTerms(best []candidate) ([]feedTerm, error) {
	terms, err := heaviest(best)
	if err != nil {
		return nil, fmt.Errorf("read gist: %w", err)
	}
	terms = terms[:min(feedbackCandidates, len(terms))]
	for i := range terms {
		t := &terms[i]
		n, err := r.articlesWith(countKey{textName(t.set), t.term})
		if err != nil {
			return nil, err
		}
		t.idf = inverseFrequency(n, r.view.stats[t.set].articles)
	}
	slices.SortStableFunc(terms, func(a, b feedTerm) int { return cmp.Compare(b.worth(), a.worth()) })
	return terms[:min(feedbackTerms, len(terms))], nil
}

// heaviest returns the terms of the articles' gists, those with the most weight
// first; none when the articles were found by other things than words.
func heaviest(best []candidate) ([]feedTerm, error) {
	sum := 0.0
	for _, c := range best {
		sum += c.rank
	}
	if sum <= 0 {
		return nil, nil
	}
	weights := make(map[feedKey]float64)
	for _, c := range best {
		cols, tokens := c.segment.cols, 0.0
		for f := range cols.lengths {
			tokens += float64(cols.lengths[f][c.doc])
		}
		err := readGist(c.segment.seg, c.doc, func(gist []byte) error {
			return eachGistTerm(gist, func(term []byte, q freqs) {
				weights[feedKey{cols.set[c.doc], string(term)}] += c.rank / sum * float64(q.total()) / tokens
			})
		})
		if err != nil {
			return nil, err
		}
	}
	terms := make([]feedTerm, 0, len(weights))
	for k, w := range weights {
		terms = append(terms, feedTerm{feedKey: k, hash: hashOf(k.term), weight: w})
	}
	slices.SortFunc(terms, func(a, b feedTerm) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.term, b.term), cmp.Compare(a.set, b.set))
	})
	return terms, nil
}

// articlesWith counts the live articles that have the term.
func (r *run) articlesWith(t countKey) (int, error) {
	total := 0
	for _, s := range r.view.segments {
		if err := r.ctx.Err(); err != nil {
			return 0, err
		}
		n, err := r.engine.counts.get(s.state(), t, func() (int, error) { return s.countTerm(t) })
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// countTerm counts the segment's live articles that have the term.
func (s *segmentView) countTerm(t countKey) (int, error) {
	dict, err := s.seg.Dictionary(t.field)
	if err != nil {
		return 0, fmt.Errorf("read dictionary: %w", err)
	}
	list, err := dict.PostingsList([]byte(t.term), s.deleted, nil)
	if err != nil {
		return 0, fmt.Errorf("read postings: %w", err)
	}
	return int(list.Count()), nil
}
