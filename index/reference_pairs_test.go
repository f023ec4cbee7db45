package index

import (
	"math"
	"slices"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// pair adds what words that follow each other in the query give to the best hits
// in which they stand side by side.
func (r *reference) pair(q *news.Query, list []refHit) {
	docs, count, wide := map[string]*refDoc{}, [numSets]int{}, 0
	length := [numSets][numTextFields]float64{}
	for _, d := range r.docs() {
		docs[d.a.ID] = d
		count[d.set]++
		for f := range numTextFields {
			length[d.set][f] += float64(len(d.tokens[f]))
		}
		if q.Expr != nil && (q.Language == "" || setOf(q.Language) == d.set) {
			wide = max(wide, r.widest(q, d, q.Expr))
		}
	}
	if wide < 3 {
		return
	}
	type setKey struct {
		set fieldSet
		key string
	}
	known := map[setKey]float64{}
	idf := func(set fieldSet, l *refLeaf) float64 {
		if v, ok := known[setKey{set, l.key}]; ok {
			return v
		}
		n := 0
		for _, d := range docs {
			if d.set == set {
				if _, any := l.freqs(d); any {
					n++
				}
			}
		}
		v := math.Log(1 + (float64(count[set]-n)+0.5)/(float64(n)+0.5))
		known[setKey{set, l.key}] = v
		return v
	}
	for i := range list[:min(50, len(list))] {
		d := docs[list[i].id]
		for _, p := range r.pairs(q, d, q.Expr) {
			n := [numTextFields]int{}
			for f := range numTextFields {
				if p[0].mask.has(f) {
					n[f] = sideBySide(d.tokens[f], p[0].terms[0], p[1].terms[0])
				}
			}
			tf := refWeigh(d, n, length[d.set], count[d.set])
			gain := 0.1 * min(idf(d.set, p[0]), idf(d.set, p[1])) * tf * (saturation + 1) / (saturation + tf)
			list[i].score += gain * refDecay(q, d)
		}
	}
	slices.SortFunc(list[:min(500, len(list))], byRank)
}

// pairs returns the single words that follow each other in lists of the query.
func (r *reference) pairs(q *news.Query, d *refDoc, n query.Node) [][2]*refLeaf {
	var parts []query.Node
	var words []*refLeaf
	var found [][2]*refLeaf
	switch n := n.(type) {
	case query.All:
		parts = n.Parts
		for _, p := range n.Parts {
			w, isWord := p.(query.Word)
			ph, isPhrase := p.(query.Phrase)
			if isWord && w.Field != query.FieldText || isPhrase && ph.Field != query.FieldText || !isWord && !isPhrase {
				continue
			}
			l := r.leaf(q, d, p)
			if l != nil && !slices.ContainsFunc(words, func(o *refLeaf) bool { return o.key == l.key }) {
				words = append(words, l)
			}
		}
	case query.And:
		parts = n.Parts
	case query.Or:
		parts = n.Parts
	case query.Must:
		parts = []query.Node{n.Part}
	}
	for i := 1; i < len(words); i++ {
		if len(words[i-1].terms) == 1 && len(words[i].terms) == 1 {
			found = append(found, [2]*refLeaf{words[i-1], words[i]})
		}
	}
	for _, p := range parts {
		found = append(found, r.pairs(q, d, p)...)
	}
	return found
}

// sideBySide counts the places, none of which overlap, where the words stand
// next to each other in either order.
func sideBySide(tokens []token, a, b string) int {
	n := 0
	for i := 1; i < len(tokens); i++ {
		x, y := tokens[i-1], tokens[i]
		if y.pos == x.pos+1 && (x.term == a && y.term == b || x.term == b && y.term == a) {
			n, i = n+1, i+1
		}
	}
	return n
}
