package index

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

type refHit struct {
	id     string
	score  float64
	pub    time.Time
	copies []string
}

// hits returns all matches in order.
func (r *reference) hits(q *news.Query) []refHit {
	var list []refHit
	scores := r.scorer(q)
	for _, d := range r.base(q) {
		if !r.filtered(q, d, "") {
			continue
		}
		h := refHit{id: d.a.ID, pub: d.a.PublishedAt}
		switch q.Sort {
		case news.SortNewest:
			h.score = float64(dateOf(d.a, q.DateField).UnixMilli())
		case news.SortOldest:
			h.score = -float64(dateOf(d.a, q.DateField).UnixMilli())
		case news.SortUpdated:
			h.score = float64(dateOf(d.a, news.DateUpdated).UnixMilli())
		default:
			h.score = scores(d)
		}
		list = append(list, h)
	}
	slices.SortFunc(list, byRank)
	if q.Collapse == news.CollapseDuplicates {
		list = r.collapse(list)
	}
	if q.Sort == news.SortRelevancy {
		r.pair(q, list)
		r.feed(q, list[:min(500, len(list))])
	}
	return list
}

func byRank(a, b refHit) int {
	return cmp.Or(cmp.Compare(b.score, a.score), b.pub.Compare(a.pub), cmp.Compare(a.id, b.id))
}

// collapse keeps the first of each group, with the others as its copies.
func (r *reference) collapse(list []refHit) []refHit {
	first := map[string]int{}
	var kept []refHit
	for _, h := range list {
		g := groupID(r.articles[h.id])
		if i, ok := first[g]; ok {
			kept[i].copies = append(kept[i].copies, h.id)
			continue
		}
		first[g] = len(kept)
		kept = append(kept, h)
	}
	return kept
}

func groupID(a news.Article) string { return cmp.Or(a.DuplicateOf, a.ID) }

// counter tells whether a value is to be counted: those of near-identical
// articles once if the query collapses them.
func counter(q *news.Query) func(a news.Article, value string) bool {
	seen := map[[2]string]bool{}
	return func(a news.Article, value string) bool {
		key := [2]string{groupID(a), value}
		known := seen[key]
		seen[key] = true
		return !known || q.Collapse != news.CollapseDuplicates
	}
}

func (r *reference) scorer(q *news.Query) func(*refDoc) float64 {
	docs := r.docs()
	count, length := [numSets]int{}, [numSets][numTextFields]float64{}
	for _, d := range docs {
		count[d.set]++
		for f := range numTextFields {
			length[d.set][f] += float64(len(d.tokens[f]))
		}
	}
	worded := r.worded(q) > 0
	known := map[string]int{}
	return func(d *refDoc) float64 {
		leaves := r.leaves(q, d)
		sum := 0.0
		for _, l := range leaves {
			n, counted := known[fmt.Sprint(d.set, l.key)]
			for _, o := range docs {
				if !counted && o.set == d.set {
					if _, any := l.freqs(o); any {
						n++
					}
				}
			}
			known[fmt.Sprint(d.set, l.key)] = n
			idf := math.Log(1 + (float64(count[d.set]-n)+0.5)/(float64(n)+0.5))
			freqs, _ := l.freqs(d)
			tf := refWeigh(d, freqs, length[d.set], count[d.set])
			sum += idf * tf * (saturation + 1) / (saturation + tf)
		}
		if !worded {
			sum = 1
		}
		sum *= refDecay(q, d)
		return sum
	}
}

// worded counts the scoring words of the query in any of the field sets.
func (r *reference) worded(q *news.Query) int {
	n := 0
	for _, d := range r.docs() {
		if q.Language == "" || setOf(q.Language) == d.set {
			n += len(r.leaves(q, d))
		}
	}
	return n
}

func (r *reference) leaves(q *news.Query, d *refDoc) []*refLeaf {
	var list []*refLeaf
	var walk func(n query.Node, negative bool)
	walk = func(n query.Node, negative bool) {
		switch n := n.(type) {
		case query.All:
			for _, p := range n.Parts {
				walk(p, negative)
			}
		case query.And:
			for _, p := range n.Parts {
				walk(p, negative)
			}
		case query.Or:
			for _, p := range n.Parts {
				walk(p, negative)
			}
		case query.Must:
			walk(n.Part, negative)
		case query.Not:
			walk(n.Part, !negative)
		case query.Word, query.Phrase, query.Prefix:
			l := r.leaf(q, d, n)
			if l == nil || negative || slices.ContainsFunc(list, func(o *refLeaf) bool { return o.key == l.key }) {
				return
			}
			list = append(list, l)
		}
	}
	if q.Expr != nil {
		walk(q.Expr, false)
	}
	return list
}

// counts returns how often each term of an article stands in each field, and the
// terms, the most frequent first.
func (d *refDoc) counts() (map[string][numTextFields]uint32, []string) {
	counts := map[string][numTextFields]uint32{}
	var order []string
	for f, tokens := range d.tokens {
		for _, t := range tokens {
			n, known := counts[t.term]
			if !known {
				order = append(order, t.term)
			}
			n[f]++
			counts[t.term] = n
		}
	}
	total := func(term string) uint32 { n := counts[term]; return n[0] + n[1] + n[2] }
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(total(b), total(a)) })
	return counts, order
}

// widest is the most words and phrases side by side in the query.
func (r *reference) widest(q *news.Query, d *refDoc, n query.Node) int {
	most := 0
	switch n := n.(type) {
	case query.All:
		keys := map[string]bool{}
		for _, p := range n.Parts {
			w, isWord := p.(query.Word)
			ph, isPhrase := p.(query.Phrase)
			if bare := isWord && w.Field == query.FieldText || isPhrase && ph.Field == query.FieldText; bare {
				if l := r.leaf(q, d, p); l != nil {
					keys[l.key] = true
				}
			}
			most = max(most, r.widest(q, d, p))
		}
		most = max(most, len(keys))
	case query.And:
		for _, p := range n.Parts {
			most = max(most, r.widest(q, d, p))
		}
	case query.Or:
		for _, p := range n.Parts {
			most = max(most, r.widest(q, d, p))
		}
	case query.Must:
		most = r.widest(q, d, n.Part)
	}
	return most
}

// feed orders the best hits anew by the words that the very best share.
func (r *reference) feed(q *news.Query, list []refHit) {
	docs, count, words, wide := map[string]*refDoc{}, [numSets]int{}, 0, 0
	length := [numSets][numTextFields]float64{}
	for _, d := range r.docs() {
		docs[d.a.ID] = d
		count[d.set]++
		for f := range numTextFields {
			length[d.set][f] += float64(len(d.tokens[f]))
		}
		if q.Language == "" || setOf(q.Language) == d.set {
			words = max(words, len(r.leaves(q, d)))
			wide = max(wide, r.widest(q, d, q.Expr))
		}
	}
	if q.Expr == nil || wide < 3 || len(list) == 0 {
		return
	}
	type term struct {
		set  fieldSet
		text string
	}
	weights, sum := map[term]float64{}, 0.0
	best := list[:min(10, len(list))]
	for _, h := range best {
		sum += h.score
	}
	if sum <= 0 {
		return
	}
	for _, h := range best {
		d := docs[h.id]
		counts, order := d.counts()
		for _, t := range order[:min(gistTerms, len(order))] {
			tokens := len(d.tokens[0]) + len(d.tokens[1]) + len(d.tokens[2])
			weights[term{d.set, t}] += h.score / sum * float64(readFreqs(writeFreqs(counts[t])).total()) / float64(tokens)
		}
	}
	var terms []term
	for t := range weights {
		terms = append(terms, t)
	}
	slices.SortFunc(terms, func(a, b term) int {
		return cmp.Or(cmp.Compare(weights[b], weights[a]), cmp.Compare(a.text, b.text), cmp.Compare(a.set, b.set))
	})
	terms = terms[:min(60, len(terms))]
	idf := map[term]float64{}
	for _, t := range terms {
		n := 0
		for _, d := range docs {
			if d.set == t.set && slices.ContainsFunc(slices.Concat(d.tokens[:]...), func(k token) bool { return k.term == t.text }) {
				n++
			}
		}
		idf[t] = math.Log(1 + (float64(count[t.set]-n)+0.5)/(float64(n)+0.5))
	}
	slices.SortStableFunc(terms, func(a, b term) int { return cmp.Compare(weights[b]*idf[b], weights[a]*idf[a]) })
	terms = terms[:min(30, len(terms))]
	share := 0.0
	for _, t := range terms {
		share += weights[t]
	}
	if share <= 0 {
		return
	}
	for i := range list {
		d := docs[list[i].id]
		gain := 0.0
		counts, _ := d.counts()
		for _, t := range terms {
			if n := counts[t.text]; t.set == d.set && n != [numTextFields]uint32{} {
				tf := refWeigh(d, [numTextFields]int{int(min(n[0], 3)), int(min(n[1], 3)), int(min(n[2], 15))}, length[d.set], count[d.set])
				gain += idf[t] * weights[t] / share * tf * (saturation + 1) / (saturation + tf)
			}
		}
		list[i].score += float64(words) * gain * refDecay(q, d)
	}
	slices.SortFunc(list, byRank)
}

func refWeigh(d *refDoc, n [numTextFields]int, length [numTextFields]float64, articles int) float64 {
	tf := 0.0
	for f, weight := range [...]float64{titleWeight, descriptionWeight, contentWeight} {
		b := [...]float64{titleLength, descriptionLength, contentLength}[f]
		if n[f] > 0 {
			tf += weight * float64(n[f]) / (1 - b + b*float64(len(d.tokens[f]))/(length[f]/float64(articles)))
		}
	}
	return tf
}

func refDecay(q *news.Query, d *refDoc) float64 {
	age := max(q.Now.Sub(d.a.PublishedAt).Hours()/24, 0)
	switch q.Recency {
	case news.RecencyNormal:
		return 0.5 + 0.5*math.Pow(2, -age/30)
	case news.RecencyStrong:
		return 0.1 + 0.9*math.Pow(2, -age/3)
	default:
		return 1
	}
}
