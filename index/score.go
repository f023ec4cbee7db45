package index

import (
	"fmt"
	"math"
	"slices"

	"broadsheet.example/news"
)

// The parameters of BM25F; see the package's documentation for the formula. The
// content's b is below the textbook's 0.75, as suits newswire in the literature.
const (
	saturation        = 1.2 // k1
	titleWeight       = 3.0
	descriptionWeight = 1.0
	contentWeight     = 1.0
	titleLength       = 0.5 // b of the title
	descriptionLength = 0.6 // b of the description
	contentLength     = 0.5 // b of the content
)

// scorer scores the articles of one field set.
type scorer struct {
	averages [numTextFields]float64
}

// weigh returns the weighed frequency of a term in a document.
func (c *scorer) weigh(cols *columns, doc uint32, q freqs) float64 {
	tf := 0.0
	if n := q.at(titleField); n > 0 {
		tf += titleWeight * float64(n) / c.norm(cols, doc, titleField, titleLength)
	}
	if n := q.at(descriptionField); n > 0 {
		tf += descriptionWeight * float64(n) / c.norm(cols, doc, descriptionField, descriptionLength)
	}
	if n := q.at(contentField); n > 0 {
		tf += contentWeight * float64(n) / c.norm(cols, doc, contentField, contentLength)
	}
	return tf
}

func (c *scorer) norm(cols *columns, doc uint32, f textField, b float64) float64 {
	return 1 - b + b*float64(cols.lengths[f][doc])/c.averages[f]
}

// bounding weighs like a scorer, but for the last digits, at less cost: for
// bounds, which leave room for them.
type bounding struct{ base, slope [numTextFields]float64 }

func (c *scorer) bounding() bounding {
	var w bounding
	for f, b := range [numTextFields]float64{titleField: titleLength, descriptionField: descriptionLength, contentField: contentLength} {
		w.base[f], w.slope[f] = 1-b, b/c.averages[f]
	}
	return w
}

func (w *bounding) weigh(cols *columns, doc uint32, q freqs) float64 {
	tf := contentWeight * float64(q.at(contentField)) / w.norm(cols, doc, contentField)
	if n := q.at(titleField); n > 0 {
		tf += titleWeight * float64(n) / w.norm(cols, doc, titleField)
	}
	if n := q.at(descriptionField); n > 0 {
		tf += descriptionWeight * float64(n) / w.norm(cols, doc, descriptionField)
	}
	return tf
}

func (w *bounding) norm(cols *columns, doc uint32, f textField) float64 {
	return w.base[f] + w.slope[f]*float64(cols.lengths[f][doc])
}

// saturated bounds what repeating a term can add.
func saturated(tf float64) float64 { return tf * (saturation + 1) / (saturation + tf) }

// inverseFrequency is the weight of a term that n of total articles hold.
func inverseFrequency(n, total int) float64 {
	return math.Log(1 + (float64(total-n)+0.5)/(float64(n)+0.5))
}

// decay is how a score fades with age.
type decay struct {
	now             int64 // milliseconds
	halfLife, floor float64
}

func (r *run) decay() decay { return newDecay(r.q.Recency, r.q.Now.UnixMilli()) }

const dayMillis = 24 * 60 * 60 * 1000

func newDecay(r news.Recency, now int64) decay {
	switch r {
	case news.RecencyOff:
		return decay{now: now, halfLife: 1, floor: 1}
	case news.RecencyStrong:
		return decay{now: now, halfLife: 3 * dayMillis, floor: 0.1}
	default:
		return decay{now: now, halfLife: 30 * dayMillis, floor: 0.5}
	}
}

// at returns the factor for an article published at the time. Articles of the
// future count as new.
func (d decay) at(published int64) float64 {
	age := float64(max(d.now-published, 0))
	return d.floor + (1-d.floor)*math.Exp2(-age/d.halfLife)
}

// scores reports whether a word of the plan adds to scores.
func (p *plan) scores() bool {
	return slices.ContainsFunc(p.leaves, func(l *leaf) bool { return l.scored })
}

// measure counts, for every leaf that scores, the live articles that hold it.
func (r *run) measure() error {
	if r.measured {
		return nil
	}
	r.measured = true
	for _, p := range r.plans {
		for _, l := range p.leaves {
			if !l.scored {
				continue
			}
			for _, s := range r.segments {
				n, err := s.countLive(p.set, l)
				if err != nil {
					return err
				}
				l.articles += n
			}
			l.found(l.articles, r.view.stats[p.set].articles)
		}
	}
	return nil
}

func (s *segmentRun) countLive(set fieldSet, l *leaf) (int, error) {
	s.set = set
	p, err := s.postings(l)
	switch {
	case err != nil:
		return 0, err
	case s.whole:
		return len(p.docs), nil
	case p.bits != nil:
		return p.bits.countAnd(s.live), nil
	}
	n := 0
	for _, doc := range p.docs {
		if s.live.has(doc) {
			n++
		}
	}
	return n, nil
}

// explain says how the score of a hit came about.
func (s *segmentRun) explain(hit candidate) (*news.Explanation, error) {
	doc := hit.doc
	text := news.Explanation{Message: "sum of the words' weights (BM25F over title, description and content)"}
	worded := false
	for _, p := range s.run.plans {
		worded = worded || p.scores()
		if p.set != s.cols.set[doc] {
			continue
		}
		c := s.run.scorer(p.set)
		s.set = p.set
		for _, l := range p.leaves {
			part, err := s.explainLeaf(c, l, doc)
			if err != nil {
				return nil, err
			}
			if part != nil {
				text.Value += part.Value
				text.Parts = append(text.Parts, *part)
			}
		}
	}
	if hit.pairs > 0 {
		text.Value += hit.pairs
		text.Parts = append(text.Parts, news.Explanation{Value: hit.pairs, Message: "words that stand next to each other as in the query"})
	}
	if hit.feedback > 0 {
		text.Value += hit.feedback
		text.Parts = append(text.Parts, news.Explanation{Value: hit.feedback, Message: "words it shares with the best articles"})
	}
	if !worded {
		text = news.Explanation{Value: 1, Message: "the query has no words to score"}
	}
	d := s.run.decay()
	factor := d.at(s.cols.published[doc])
	age := float64(max(d.now-s.cols.published[doc], 0)) / dayMillis
	return &news.Explanation{
		Value: text.Value * factor, Message: "words times recency",
		Parts: []news.Explanation{text, {Value: factor, Message: fmt.Sprintf("recency %q at an age of %.1f days", s.run.q.Recency, age)}},
	}, nil
}

func (s *segmentRun) explainLeaf(c *scorer, l *leaf, doc uint32) (*news.Explanation, error) {
	if !l.scored {
		return nil, nil
	}
	p, err := s.postings(l)
	if err != nil {
		return nil, err
	}
	q, ok := p.find(doc)
	if !ok {
		return nil, nil
	}
	tf := c.weigh(s.cols, doc, q)
	return &news.Explanation{
		Value:   l.idf * saturated(tf),
		Message: fmt.Sprintf("%q: weight of the word times its saturated frequency", l.text),
		Parts: []news.Explanation{
			{Value: l.idf, Message: fmt.Sprintf("%d articles hold it", l.articles)},
			{Value: saturated(tf), Message: fmt.Sprintf("%d times in the title, %d in the description, %d in the content", q.at(titleField), q.at(descriptionField), q.at(contentField))},
		},
	}, nil
}
