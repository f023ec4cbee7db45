package index

import (
	"slices"
	"strings"

	"broadsheet.example/news"
)

// SetStats are the statistics of the live articles of a field set.
type SetStats struct {
	Articles int
	// Tokens are the sums of [Fields.Lengths].
	Tokens [numTextFields]int64
}

// Ranker scores articles from their texts, exactly as the engine does from its
// postings, but for what it adds by feedback and pairs of words. It is for an
// engine whose own scores only find what may be among the best.
type Ranker struct {
	mapper  *mapper
	plans   [numSets]*plan
	scorers [numSets]scorer
	decay   decay
	worded  bool
}

// Ranker returns what scores articles for the query. What was [Words.Found] of
// the readings' words decides with the statistics, which are by field set.
func (m *Mapper) Ranker(q *news.Query, readings []*Reading, stats map[string]SetStats) *Ranker {
	r := &Ranker{mapper: &m.mapper, decay: newDecay(q.Recency, q.Now.UnixMilli())}
	for _, p := range plansOf(readings) {
		r.plans[p.set] = p
		r.worded = r.worded || p.scores()
		s := stats[p.set.String()]
		r.scorers[p.set].averages = setStats{s.Articles, s.Tokens}.averages()
	}
	return r
}

// Score returns the score of an article that the query matches.
func (r *Ranker) Score(a *news.Article) float64 {
	factor := r.decay.at(published(a).UnixMilli())
	if !r.worded {
		return factor
	}
	set := setOf(a.Language)
	p := r.plans[set]
	if p == nil {
		return 0
	}
	var mt meta
	t := newTextTerms(p, r.mapper.tokens(a, set, &mt))
	sum := 0.0
	t.entities = a.Entities
	for _, l := range p.leaves {
		if q := t.count(l); l.scored && q != 0 {
			sum += l.idf * saturated(r.scorers[set].weighText(&mt.lengths, q))
		}
	}
	return sum * factor
}

// weighText is weigh for a text of the lengths.
func (c *scorer) weighText(lengths *[numTextFields]uint32, q freqs) float64 {
	tf := 0.0
	for f, by := range [numTextFields]struct{ weight, b float64 }{
		{titleWeight, titleLength}, {descriptionWeight, descriptionLength}, {contentWeight, contentLength},
	} {
		if n := q.at(textField(f)); n > 0 {
			tf += by.weight * float64(n) / (1 - by.b + by.b*float64(lengths[f])/c.averages[f])
		}
	}
	return tf
}

// textTerms holds where the terms of a plan stand in one article.
type textTerms struct {
	positions map[string]*[numTextFields][]int
	prefixes  map[string][]string // terms that stand there, by prefix
	entities  []news.Entity
}

func newTextTerms(p *plan, tokens []token) *textTerms {
	t := &textTerms{positions: make(map[string]*[numTextFields][]int), prefixes: make(map[string][]string)}
	var begin []string
	for _, l := range p.leaves {
		for _, term := range l.terms {
			t.positions[term] = new([numTextFields][]int)
		}
		if l.kind == prefixLeaf {
			begin = append(begin, l.text)
		}
	}
	for _, k := range tokens {
		for _, text := range begin {
			if strings.HasPrefix(k.term, text) {
				t.expand(text, k.term)
			}
		}
		if at := t.positions[k.term]; at != nil {
			f := fieldAt(k.pos)
			at[f] = append(at[f], k.pos)
		}
	}
	return t
}

// expand notes that a term that begins with text stands there.
func (t *textTerms) expand(text, term string) {
	if !slices.Contains(t.prefixes[text], term) {
		t.prefixes[text] = append(t.prefixes[text], term)
	}
	if t.positions[term] == nil {
		t.positions[term] = new([numTextFields][]int)
	}
}

// count returns how often a leaf is found in each of its fields.
func (t *textTerms) count(l *leaf) freqs {
	switch l.kind {
	case termLeaf:
		return t.term(l.terms[0]).within(l.mask)
	case entityLeaf:
		if slices.ContainsFunc(t.entities, func(e news.Entity) bool { return cleanValue(e.ID) == l.terms[0] }) {
			return onceInContent
		}
		return 0
	case prefixLeaf:
		var sum freqs
		for _, term := range slices.Concat(l.terms, t.prefixes[l.text]) {
			if q := t.term(term).within(l.mask); q != 0 {
				sum = sum.plus(q)
			}
		}
		return sum
	default:
		return t.phrase(l)
	}
}

// term returns how often a term stands in each field, as postings keep it.
func (t *textTerms) term(term string) freqs {
	var n [numTextFields]uint32
	for f, list := range t.positions[term] {
		n[f] = uint32(len(list))
	}
	return readFreqs(writeFreqs(n))
}

func (t *textTerms) phrase(l *leaf) freqs {
	r := newPhraseReader(nil, 0, l)
	var q freqs
	for f := range numTextFields {
		if !l.mask.has(f) {
			continue
		}
		for i, term := range r.terms {
			r.byField[f][i] = t.positions[term][f]
		}
		q |= packFreq(f, uint64(r.countField(r.byField[f])))
	}
	return q
}
