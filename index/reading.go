package index

import (
	"fmt"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// Condition is one condition on an article, as queries and filters are made of.
//
//sumtype:decl
type Condition interface{ condition() }

// AllOf holds where every part does, AnyOf where any does, NotOf where its part
// does not, AtLeast where Min of its parts do.
type (
	AllOf   []Condition
	AnyOf   []Condition
	NotOf   struct{ Part Condition }
	AtLeast struct {
		Parts []Condition
		Min   int
	}
)

// Exact holds where the keyword field has the value.
type Exact struct{ Field, Value string }

// Within holds where the date lies in the span: From inclusive, To exclusive, in
// milliseconds since 1970; nil means open.
type Within struct {
	Date     news.DateField
	From, To *int64
}

// WordKind says how [Words] are found.
type WordKind byte

// The kinds of words.
const (
	OneTerm   WordKind = WordKind(termLeaf)
	InOrder   WordKind = WordKind(phraseLeaf) // Terms at their Offsets
	Near      WordKind = WordKind(nearLeaf)   // Terms in any order, at most Slop other words between
	AnyPrefix WordKind = WordKind(prefixLeaf) // what begins with Text, or is one of Terms
	Named     WordKind = WordKind(entityLeaf) // the one of Terms is a value of the one of Fields, a keyword field
)

// Words is a word, phrase or prefix, or an entity.
type Words struct {
	Kind    WordKind
	Text    string
	Terms   []string
	Offsets []int
	Slop    int
	// Fields are the text fields it is looked for in.
	Fields []string

	leaf *leaf
}

func (AllOf) condition()   {}
func (AnyOf) condition()   {}
func (NotOf) condition()   {}
func (AtLeast) condition() {}
func (Exact) condition()   {}
func (Within) condition()  {}
func (*Words) condition()  {}

// Everywhere reports whether the words are looked for in all text fields.
func (w *Words) Everywhere() bool { return w.leaf.mask == allText }

// Boost is what the words count beside others; 1 in a query.
func (w *Words) Boost() float64 { return w.leaf.boost }

// Found notes how many articles hold the words, of how many there are of the
// field set; of an entity, of how many there are at all. Snippets and hints go by it.
func (w *Words) Found(articles, total int) {
	w.leaf.found(articles, total)
}

// Reading is a query's expression read for one field set.
type Reading struct {
	Set string
	// Root is the condition; nil when analysis has left nothing of it.
	Root Condition
	// Scored are the words that add to scores.
	Scored []*Words

	plan *plan
}

// CommonWords is the warning for a query of which no reading has a Root.
const CommonWords = "The query holds only words that are too common to search for."

// Read reads the query's expression, which is not nil, for a field set.
func (m *Mapper) Read(q *news.Query, set string) (*Reading, error) {
	s := setNamed(set)
	p, err := newPlan(m.mapper.analyzers[s], q, s, 0)
	if err != nil {
		return nil, err
	}
	return exportPlan(p), nil
}

func exportPlan(p *plan) *Reading {
	r := &Reading{Set: p.set.String(), plan: p}
	words := make(map[*leaf]*Words, len(p.leaves))
	for _, l := range p.leaves {
		w := exportLeaf(l)
		words[l] = w
		if l.scored {
			r.Scored = append(r.Scored, w)
		}
	}
	if p.root != nil {
		r.Root = exportClause(p.root, words)
	}
	return r
}

// Topics returns what an article is about, to find those related to it: a reading
// for its own field set and one for each other in use, without a Root. When all
// their words were [Words.Found], [ChooseTopics] gives the readings to search by.
func (m *Mapper) Topics(a *news.Article, stats map[string]SetStats) []*Reading {
	var list [numSets]setStats
	for name, s := range stats {
		list[setNamed(name)] = setStats{s.Articles, s.Tokens}
	}
	return exportPlans(m.mapper.topics(a, &list))
}

// ChooseTopics returns readings of the topics that weigh most. Articles that they
// match score at most about 1, which is what the article itself would.
func ChooseTopics(a *news.Article, topics []*Reading) []*Reading {
	plans := plansOf(topics)
	chooseTopics(a, plans)
	return exportPlans(plans)
}

func exportPlans(plans []*plan) []*Reading {
	list := make([]*Reading, len(plans))
	for i, p := range plans {
		list[i] = exportPlan(p)
	}
	return list
}

// SetOf returns the name of the field set of articles in the language.
func SetOf(language string) string { return setOf(language).String() }

func setNamed(name string) fieldSet {
	for s, n := range setNames {
		if n == name {
			return fieldSet(s)
		}
	}
	return setStd
}

// FilterCondition returns the condition of a filter.
func FilterCondition(f news.Filter) Condition { return exportClause(filterClause(f), nil) }

// BoundsCondition returns the condition of the query's From and To; nil when
// both are open.
func BoundsCondition(q *news.Query) Condition {
	if q.From.IsZero() && q.To.IsZero() {
		return nil
	}
	return withinSpan(q.DateField, query.Span{From: q.From, To: q.To})
}

func withinSpan(date news.DateField, span query.Span) Within {
	w := Within{Date: date}
	if !span.From.IsZero() {
		w.From = new(ceilMillis(span.From))
	}
	if !span.To.IsZero() {
		w.To = new(ceilMillis(span.To))
	}
	return w
}

func exportLeaf(l *leaf) *Words {
	w := &Words{Kind: WordKind(l.kind), Text: l.text, Terms: l.terms, Offsets: l.offsets, Slop: l.slop, leaf: l}
	if l.kind == entityLeaf {
		w.Fields = []string{l.field}
	}
	for f := range numTextFields {
		if l.mask.has(f) {
			w.Fields = append(w.Fields, f.String())
		}
	}
	return w
}

func exportClause(c clause, words map[*leaf]*Words) Condition {
	switch c := c.(type) {
	case allOf:
		return AllOf(exportAll(c, words))
	case anyOf:
		return AnyOf(exportAll(c, words))
	case not:
		return NotOf{exportClause(c.part, words)}
	case enough:
		return AtLeast{exportAll(c.parts, words), c.min}
	case keywordClause:
		return Exact{c.field, c.value}
	case spanClause:
		return withinSpan(c.field, c.span)
	case *leaf:
		return words[c]
	default:
		panic(fmt.Sprintf("unknown clause %T", c)) // the clauses are all above
	}
}

func exportAll(list []clause, words map[*leaf]*Words) []Condition {
	out := make([]Condition, len(list))
	for i, c := range list {
		out[i] = exportClause(c, words)
	}
	return out
}

// Snippets returns what cuts snippets around what the readings of the query
// find.
func (m *Mapper) Snippets(q *news.Query, readings []*Reading) func(*news.Article) map[string][]string {
	return newMarker(m.mapper.analyzers, plansOf(readings), q.Highlight).highlights
}

func plansOf(readings []*Reading) []*plan {
	plans := make([]*plan, len(readings))
	for i, r := range readings {
		plans[i] = r.plan
	}
	return plans
}

// Hints tells of each of a few words of the readings that no article has what
// may have been meant, by near; see [Words.Found].
func (m *Mapper) Hints(readings []*Reading, near func(word string, distance int) (string, error)) ([]string, []news.Correction, error) {
	h := hints{plans: plansOf(readings), analyzers: &m.mapper.analyzers, near: near}
	err := h.give()
	return h.warnings, h.corrections, err
}

// FewHits is up to how many articles a query without warnings is given hints.
const FewHits = littleFound
