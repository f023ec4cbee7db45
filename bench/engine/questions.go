package main

import (
	"math/rand/v2"
	"strings"

	"broadsheet.example/bench/press"
	"broadsheet.example/news"
)

// perClass is how many questions of a class are asked.
const perClass = 20

// row is one line of the table: a class of questions and what is to be reached.
type row struct {
	name      string
	questions []question
	asked     map[string]float64 // how many times faster, by peer
	against   []string           // the peers that are asked too
	cold      bool               // only what is asked for the first time counts
}

const (
	bleveName  = "stock Bleve"
	sqliteName = "SQLite FTS5"
)

// rows makes the table's questions of words that are as common as it says.
func rows(p *press.Press, articles int) []row {
	w := pick(p, articles)
	both := []string{bleveName, sqliteName}
	facets := func(name string, k kind, lists [][]string, stock float64) row {
		return row{
			name: "five facets, " + name, questions: ask(question{kind: k, facets: true}, lists),
			asked: map[string]float64{bleveName: stock, sqliteName: 15}, against: both,
		}
	}
	top := func(name string, k kind, lists [][]string, stock float64) row {
		return row{name: "top 10 and total, " + name, questions: ask(question{kind: k}, lists), asked: map[string]float64{bleveName: stock}, against: both}
	}
	stock := []string{bleveName}
	return []row{
		facets("rare word", anyOf, w.rare, 100),
		facets("common word", anyOf, w.common, 100),
		facets("two words, AND", allOf, w.pairs, 50),
		facets("three words, OR", anyOf, w.triples, 100),
		top("rare word", anyOf, w.rare, 0),
		top("common word", anyOf, w.common, 0),
		top("two words, AND", allOf, w.pairs, 12),
		top("three words, OR", anyOf, w.triples, 20),
		{name: "recency-ranked, common word", questions: ask(question{kind: anyOf, order: bestRecent}, w.common), asked: map[string]float64{bleveName: 300}, against: stock},
		{name: "newest first, common word", questions: ask(question{kind: anyOf, order: newest}, w.common), asked: map[string]float64{sqliteName: 8}, against: both},
		{name: "phrase", questions: ask(question{kind: phrase}, w.pairs), asked: map[string]float64{bleveName: 5}, against: both},
		{name: "proximity (stock Bleve: phrase)", questions: ask(question{kind: near}, w.pairs), asked: map[string]float64{bleveName: 5}, against: both},
		{name: "prefix and five facets", questions: ask(question{kind: prefix, facets: true}, w.prefixes), asked: map[string]float64{bleveName: 50}, against: both},
		{name: "first touch of a common word", questions: ask(question{kind: anyOf}, w.untouched), asked: map[string]float64{bleveName: 3}, against: stock, cold: true},
	}
}

// ask makes a question of each list of words.
func ask(q question, lists [][]string) []question {
	out := make([]question, len(lists))
	for i, words := range lists {
		q.words = words
		out[i] = q
	}
	return out
}

// vocabulary is the words of the questions, by how common they are.
type vocabulary struct{ rare, common, pairs, triples, prefixes, untouched [][]string }

// The shares of articles that hold a word of a class.
const (
	sampled     = 4_000
	leastCommon = 0.12
	mostCommon  = 0.40
	leastUsual  = 0.03
	leastRare   = 0.001
	mostRare    = 0.005
)

// pick takes words by how many articles of a sample hold them.
func pick(p *press.Press, articles int) vocabulary {
	share := shares(p, articles)
	var rare, common, usual []string
	for _, w := range p.Words() {
		switch s := share[w]; {
		case s >= leastCommon && s <= mostCommon:
			common = append(common, w)
		case s >= leastUsual && s < leastCommon:
			usual = append(usual, w)
		case s >= leastRare && s <= mostRare:
			rare = append(rare, w)
		}
	}
	r := rand.New(rand.NewPCG(2, 2))
	for _, list := range [][]string{rare, common, usual} {
		r.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
	}
	v := vocabulary{rare: groups(rare, 1), common: groups(common, 1), untouched: groups(common[perClass:], 1), triples: groups(usual, 3)}
	for i := range perClass {
		v.pairs = append(v.pairs, []string{common[i], common[(i+1)%perClass]})
		v.prefixes = append(v.prefixes, []string{usual[i][:4]})
	}
	return v
}

// groups cuts lists of n words.
func groups(words []string, n int) [][]string {
	var out [][]string
	for len(words) >= n && len(out) < perClass {
		out, words = append(out, words[:n]), words[n:]
	}
	return out
}

// shares returns the share of articles that hold each word.
func shares(p *press.Press, articles int) map[string]float64 {
	out := make(map[string]float64)
	n := min(sampled, articles)
	for i := range n {
		for w := range words(p.Article(i * (articles / n))) {
			out[w] += 1 / float64(n)
		}
	}
	return out
}

func words(a news.Article) map[string]bool {
	out := make(map[string]bool)
	for w := range strings.FieldsFuncSeq(strings.ToLower(a.Title+" "+a.Description+" "+a.Content), func(r rune) bool { return r < 'a' || r > 'z' }) {
		out[w] = true
	}
	return out
}
