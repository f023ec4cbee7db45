package index

import (
	"fmt"
	"time"
)

// postings returns the sealed postings of a leaf of the plan being matched.
func (s *segmentRun) postings(l *leaf) (*postings, error) {
	if p := s.lists[l.number]; p != nil {
		return p, nil
	}
	if err := s.run.ctx.Err(); err != nil {
		return nil, err
	}
	start := time.Now()
	p, err := s.cached(l.key, func() (*postings, error) { return s.read(l) })
	s.run.budget.of(l).took += time.Since(start)
	if err == nil {
		err = s.run.budget.charge(l, len(p.docs))
	}
	if err != nil {
		return nil, err
	}
	s.lists[l.number] = p
	return p, nil
}

// cached returns the postings kept under a key, or those that read returns.
func (s *segmentRun) cached(key string, read func() (*postings, error)) (*postings, error) {
	return s.run.engine.cache.get(postingsKey{segment: s.id, set: s.set, leaf: key}, func() (*postings, error) {
		p, err := read()
		if err == nil {
			p.seal(s.cols, s.run.scorer(s.set))
		}
		return p, err
	})
}

func (s *segmentRun) read(l *leaf) (*postings, error) {
	switch l.kind {
	case termLeaf:
		p, err := readPostings(s.run.ctx, s.seg, s.set, l.terms[0])
		if err == nil && l.mask != allText {
			p = p.within(l.mask)
		}
		return p, err
	case prefixLeaf:
		return s.expanded(l)
	case entityLeaf:
		return s.entity(l)
	default:
		return s.phrase(l)
	}
}

// entity finds the documents of the field set that name an entity. Each counts as
// a word that stands once in the content.
func (s *segmentRun) entity(l *leaf) (*postings, error) {
	dict, err := s.seg.Dictionary(l.field)
	if err != nil {
		return nil, fmt.Errorf("read dictionary: %w", err)
	}
	list, err := dict.PostingsList([]byte(l.terms[0]), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("read postings: %w", err)
	}
	p := &postings{}
	docs := list.Iterator(false, false, false, nil)
	for i := 0; ; i++ {
		if i%checkEvery == 0 && s.run.ctx.Err() != nil {
			return nil, s.run.ctx.Err()
		}
		hit, err := docs.Next()
		if err != nil {
			return nil, fmt.Errorf("read postings: %w", err)
		}
		if hit == nil {
			return p, nil
		}
		if doc := uint32(hit.Number()); s.cols.set[doc] == s.set {
			p.push(doc, onceInContent)
		}
	}
}

// onceInContent is how often an entity stands in an article.
const onceInContent freqs = 1

// phrase finds a phrase, or words near each other, among the documents that
// hold all its terms.
func (s *segmentRun) phrase(l *leaf) (*postings, error) {
	r := newPhraseReader(s.seg, s.set, l)
	lists := make([]*postings, len(r.terms))
	for i, t := range r.terms {
		term := &leaf{kind: termLeaf, terms: []string{t}, mask: allText}
		p, err := s.cached(term.makeKey(), func() (*postings, error) { return s.read(term) })
		if err != nil {
			return nil, err
		}
		if err := s.run.budget.charge(l, len(p.docs)); err != nil {
			return nil, err
		}
		lists[i] = p
	}
	return r.read(s.run.ctx, lists)
}

// expanded unites the postings of the terms that a prefix stands for.
func (s *segmentRun) expanded(l *leaf) (*postings, error) {
	terms, err := l.expand(s.seg, textName(s.set))
	if err != nil {
		return nil, err
	}
	sums, hits := make([]freqs, s.cols.size), newBitset(s.cols.size)
	for _, t := range terms {
		if err := s.run.ctx.Err(); err != nil {
			return nil, err
		}
		p, err := readPostings(s.run.ctx, s.seg, s.set, t)
		if err == nil {
			err = s.run.budget.charge(l, len(p.docs))
		}
		if err != nil {
			return nil, err
		}
		for i, doc := range p.docs {
			if q := p.freqs[i].within(l.mask); q != 0 {
				sums[doc] = sums[doc].plus(q)
				hits.add(doc)
			}
		}
	}
	out := &postings{}
	for doc := range hits.all() {
		out.push(doc, sums[doc])
	}
	return out, nil
}
