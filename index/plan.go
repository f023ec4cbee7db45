package index

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// MinimumShare is the share of three and more distinct words and phrases
// written side by side that an article must hold under relevancy. It was chosen
// on judged queries: a higher share loses more of what is relevant than it
// keeps out.
const MinimumShare = 0.125

// allWanted is up to how many words side by side must all be there.
const allWanted = 2

// maxLeaves bounds the words, phrases and prefixes of one query.
const maxLeaves = 256

// plan is a query's tree analysed for one field set.
type plan struct {
	set    fieldSet
	root   clause // nil when nothing of the query was left
	leaves []*leaf
	words  int        // the most words and phrases side by side
	pairs  [][2]*leaf // words that follow each other there
}

// planner makes a plan of a tree.
type planner struct {
	analyzer *analyzer
	q        *news.Query
	all      bool // words side by side must all hold
	mask     fieldMask
	byKey    map[string]*leaf
	plan     *plan
	negative int // depth of negation
	first    int // number of the first leaf
}

// newPlan analyses the query's expression, which is not nil, for a field set.
// Its leaves are numbered from first.
func newPlan(a *analyzer, q *news.Query, set fieldSet, first int) (*plan, error) {
	p := &planner{
		analyzer: a, q: q, mask: maskOf(q.SearchIn...), first: first,
		byKey: make(map[string]*leaf), plan: &plan{set: set},
		all: q.Match == news.MatchAll || q.Match == news.MatchDefault && q.Sort != news.SortRelevancy,
	}
	root, err := p.compile(q.Expr)
	if err != nil {
		return nil, err
	}
	p.plan.root = root
	return p.plan, nil
}

// compile returns what the node asks of an article; nil when analysis leaves
// nothing of it, as of a stop word.
func (p *planner) compile(n query.Node) (clause, error) {
	switch n := n.(type) {
	case query.All:
		return p.compileAll(n)
	case query.And:
		return p.join(n.Parts, func(list []clause) clause { return allOf(list) })
	case query.Or:
		return p.join(n.Parts, func(list []clause) clause { return anyOf(list) })
	case query.Not:
		return p.compileNot(n)
	case query.Must:
		return p.compile(n.Part)
	case query.Word:
		return p.words(n.Field, n.Text, 0)
	case query.Phrase:
		return p.words(n.Field, n.Text, n.Slop)
	case query.Prefix:
		return p.prefix(n)
	case query.Value:
		return valueClause(string(n.Field), n.Text), nil
	case query.Dates:
		span, err := n.Resolve(p.q.Now, p.q.Zone)
		if err != nil {
			return nil, &news.ParamError{Param: "q", Value: n.String(), Reason: err.Error()}
		}
		return spanClause{field: news.DatePublished, span: span}, nil
	case query.Is:
		return keyword(news.FacetCompleteness, n.Text), nil
	default:
		return nil, fmt.Errorf("unknown node %T", n)
	}
}

func (p *planner) join(parts []query.Node, combine func([]clause) clause) (clause, error) {
	var list []clause
	for _, part := range parts {
		c, err := p.compile(part)
		if err != nil {
			return nil, err
		}
		if c != nil {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	return combine(list), nil
}

func (p *planner) compileNot(n query.Not) (clause, error) {
	p.negative++
	c, err := p.compile(n.Part)
	p.negative--
	if c == nil || err != nil {
		return nil, err
	}
	return not{c}, nil
}

// compileAll applies the match rule to parts written side by side.
func (p *planner) compileAll(n query.All) (clause, error) {
	var words, must, mustNot []clause
	seen := make(map[string]bool)
	lost := false
	for _, part := range n.Parts {
		c, err := p.compile(part)
		if err != nil {
			return nil, err
		}
		l, isLeaf := c.(*leaf)
		switch _, negated := part.(query.Not); {
		case c == nil:
			lost = lost || !negated
		case isLeaf && isBare(part):
			if !seen[l.key] {
				seen[l.key] = true
				words = append(words, c)
			}
		case negated:
			mustNot = append(mustNot, c)
		default:
			must = append(must, c)
		}
	}
	if lost && len(words)+len(must) == 0 {
		return nil, nil // stop words alone match nothing
	}
	if p.negative == 0 {
		p.plan.words = max(p.plan.words, len(words))
		p.pair(words)
	}
	return p.sideBySide(words, append(must, mustNot...)), nil
}

// pair notes which words follow each other.
func (p *planner) pair(words []clause) {
	for i := 1; i < len(words); i++ {
		a, b := words[i-1].(*leaf), words[i].(*leaf)
		if a.kind == termLeaf && b.kind == termLeaf {
			p.plan.pairs = append(p.plan.pairs, [2]*leaf{a, b})
		}
	}
}

func (p *planner) sideBySide(words, must []clause) clause {
	need := len(words)
	if !p.all && need > allWanted {
		need = int(math.Ceil(MinimumShare * float64(need)))
	}
	if need == len(words) {
		return allOf(append(words, must...))
	}
	return allOf(append(must, enough{words, need}))
}

// isBare reports whether a part of a list combines by the match rule: words
// and phrases that name no field.
func isBare(n query.Node) bool {
	switch n := n.(type) {
	case query.Word:
		return n.Field == query.FieldText
	case query.Phrase:
		return n.Field == query.FieldText
	default:
		return false
	}
}

func (p *planner) maskFor(f query.Field) fieldMask {
	if f == query.FieldText {
		return p.mask
	}
	return maskOf(string(f))
}

// words makes a leaf of a word or phrase. A word that analysis takes apart, as
// it does "two-state", is a phrase.
func (p *planner) words(f query.Field, text string, slop int) (clause, error) {
	tokens := p.analyzer.analyze(text)
	if len(tokens) == 0 {
		return nil, nil
	}
	l := &leaf{kind: termLeaf, mask: p.maskFor(f), text: text}
	for _, t := range tokens {
		l.terms = append(l.terms, t.term)
		l.offsets = append(l.offsets, t.pos-tokens[0].pos)
	}
	switch {
	case len(tokens) == 1:
	case slop > 0:
		l.kind, l.slop = nearLeaf, slop
	default:
		l.kind = phraseLeaf
	}
	return p.leaf(l)
}

// leaf returns the leaf of the plan that is equal to l, l itself if none is.
func (p *planner) leaf(l *leaf) (clause, error) {
	l.key = l.makeKey()
	l.boost = 1
	if known, ok := p.byKey[l.key]; ok {
		l = known
	} else {
		if len(p.plan.leaves) == maxLeaves {
			return nil, &news.ParamError{Param: "q", Reason: fmt.Sprintf("has more than %d words", maxLeaves)}
		}
		l.number = p.first + len(p.plan.leaves)
		p.byKey[l.key] = l
		p.plan.leaves = append(p.plan.leaves, l)
	}
	l.scored = l.scored || p.negative%2 == 0
	return l, nil
}

// leafKind says how a leaf finds its documents.
type leafKind byte

const (
	termLeaf   leafKind = 't'
	phraseLeaf leafKind = 'p' // terms at their offsets
	nearLeaf   leafKind = 'n' // terms in any order, at most slop other words between
	prefixLeaf leafKind = 'x' // what begins with text, or is one of terms
	entityLeaf leafKind = 'e' // an entity, which counts as a word of the content
)

// leaf is a word, phrase or prefix of a plan, or an entity. Each counts as one
// term of the score.
type leaf struct {
	kind    leafKind
	key     string
	text    string // as written in the query
	terms   []string
	offsets []int
	slop    int
	mask    fieldMask
	field   string // of an entity
	scored  bool
	boost   float64 // what it counts beside others
	number  int     // among all leaves of the run

	articles int     // live articles that hold it
	idf      float64 // from articles, boosted
}

// found notes how many articles hold the leaf, of how many there are of the field
// set.
func (l *leaf) found(articles, total int) {
	l.articles, l.idf = articles, l.boost*inverseFrequency(articles, total)
}

// makeKey names what the leaf finds, alike in all segments.
func (l *leaf) makeKey() string {
	if l.kind == termLeaf {
		return string(l.kind) + strconv.Itoa(int(l.mask)) + " " + l.terms[0]
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%c%d %d", l.kind, l.mask, l.slop)
	if l.kind == prefixLeaf {
		return b.String() + " " + l.text
	}
	if l.kind == entityLeaf {
		return b.String() + " " + l.field + " " + l.terms[0]
	}
	for i, t := range l.terms {
		fmt.Fprintf(&b, " %d:%s", l.offsets[i], t)
	}
	return b.String()
}
