package index

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// reference answers queries the slow and obvious way: it looks at every
// article for every condition. It shares nothing with the engine but the
// analyzers, the constants of ranking, and the rules written in the package's
// documentation.
type reference struct {
	analyzers [numSets]*analyzer
	articles  map[string]news.Article
	cache     map[string]*refDoc
	leafs     map[leafOf]*refLeaf
	memo      []*refDoc // what base has found for the query at hand
}

type leafOf struct {
	set      fieldSet
	searchIn string
	node     query.Node
}

type refDoc struct {
	a      news.Article
	set    fieldSet
	tokens [numTextFields][]token
}

type refLeaf struct {
	key     string
	mask    fieldMask
	terms   []string
	offsets []int
	slop    int
	prefix  bool
	stems   map[string]bool
}

func newReference(analyzers [numSets]*analyzer) *reference {
	return &reference{analyzers: analyzers, articles: map[string]news.Article{}, cache: map[string]*refDoc{}, leafs: map[leafOf]*refLeaf{}}
}

func (r *reference) docs() []*refDoc {
	var list []*refDoc
	for id, a := range r.articles {
		key := fmt.Sprint(id, a.Version)
		d := r.cache[key]
		if d == nil {
			d = &refDoc{a: a, set: setOf(a.Language)}
			for f, text := range []string{a.Title, a.Description, a.Content} {
				d.tokens[f] = r.analyzers[d.set].analyze(text)
			}
			r.cache[key] = d
		}
		list = append(list, d)
	}
	return list
}

func (r *reference) leaf(q *news.Query, d *refDoc, n query.Node) *refLeaf {
	key := leafOf{d.set, strings.Join(q.SearchIn, " "), n}
	l, known := r.leafs[key]
	if !known {
		l = r.newLeaf(q, d, n)
		r.leafs[key] = l
	}
	return l
}

func (r *reference) newLeaf(q *news.Query, d *refDoc, n query.Node) *refLeaf {
	l := &refLeaf{}
	var f query.Field
	var text string
	switch n := n.(type) {
	case query.Word:
		f, text = n.Field, n.Text
	case query.Phrase:
		f, text, l.slop = n.Field, n.Text, n.Slop
	case query.Prefix:
		f, text, l.prefix = n.Field, foldAccents(strings.ToLower(n.Text)), true
	}
	names := []string{string(f)}
	if f == query.FieldText {
		if names = q.SearchIn; len(names) == 0 {
			names = news.TextFields()
		}
	}
	for i, name := range news.TextFields() {
		if slices.Contains(names, name) {
			l.mask |= 1 << i
		}
	}
	if l.prefix {
		l.stems = map[string]bool{}
		for _, e := range prefixEndings {
			l.stems[r.analyzers[d.set].term(text+e)] = true
		}
		l.terms = []string{text}
		l.key = fmt.Sprint("prefix", l.mask, text)
		return l
	}
	tokens := r.analyzers[d.set].analyze(text)
	if len(tokens) == 0 {
		return nil
	}
	for _, t := range tokens {
		l.terms, l.offsets = append(l.terms, t.term), append(l.offsets, t.pos-tokens[0].pos)
	}
	if len(tokens) == 1 {
		l.slop = 0
	}
	l.key = fmt.Sprint(l.mask, l.terms, l.offsets, l.slop)
	return l
}

func (l *refLeaf) freqs(d *refDoc) (n [numTextFields]int, any bool) {
	for f := range numTextFields {
		if l.mask.has(f) {
			n[f] = l.count(d.tokens[f])
			any = any || n[f] > 0
		}
	}
	return n, any
}

func (l *refLeaf) count(tokens []token) int {
	n := 0
	switch {
	case l.prefix:
		for _, t := range tokens {
			if strings.HasPrefix(t.term, l.terms[0]) || l.stems[t.term] {
				n++
			}
		}
	case l.slop > 0:
		if !holdsAll(tokens, l.terms) {
			return 0
		}
		for from, right := 0, 0; right < len(tokens); right++ {
			for left := right; left >= from; left-- {
				if !holdsAll(tokens[left:right+1], l.terms) {
					continue
				}
				if tokens[right].pos-tokens[left].pos+1-len(l.terms) <= l.slop {
					n, from = n+1, right+1
				}
				break
			}
		}
	default:
		at := map[int]string{}
		for _, t := range tokens {
			at[t.pos] = t.term
		}
		for _, t := range tokens {
			whole := true
			for i, term := range l.terms {
				whole = whole && at[t.pos+l.offsets[i]] == term
			}
			if whole {
				n++
			}
		}
	}
	return n
}

func holdsAll(tokens []token, terms []string) bool {
	have := map[string]int{}
	for _, t := range tokens {
		have[t.term]++
	}
	for _, t := range terms {
		if have[t]--; have[t] < 0 {
			return false
		}
	}
	return true
}

// holds reports whether the node holds for the article; present is false when
// analysis leaves nothing of the node.
func (r *reference) holds(q *news.Query, d *refDoc, n query.Node) (holds, present bool) {
	switch n := n.(type) {
	case query.Word, query.Phrase, query.Prefix:
		l := r.leaf(q, d, n)
		if l == nil {
			return false, false
		}
		_, holds = l.freqs(d)
		return holds, true
	case query.Must:
		return r.holds(q, d, n.Part)
	case query.Not:
		holds, present = r.holds(q, d, n.Part)
		return !holds, present
	case query.And, query.Or:
		parts, every := []query.Node(nil), false
		if and, ok := n.(query.And); ok {
			parts, every = and.Parts, true
		} else {
			parts = n.(query.Or).Parts
		}
		holds = every
		for _, part := range parts {
			h, p := r.holds(q, d, part)
			if !p {
				continue
			}
			present = true
			if every {
				holds = holds && h
			} else {
				holds = holds || h
			}
		}
		return holds, present
	case query.All:
		return r.holdsAll(q, d, n)
	case query.Value:
		return hasValue(d.a, string(n.Field), n.Text), true
	case query.Is:
		return string(d.a.Completeness) == n.Text, true
	case query.Dates:
		span, _ := n.Resolve(q.Now, q.Zone)
		return within(d.a.PublishedAt, span.From, span.To), true
	}
	panic(fmt.Sprintf("%T", n))
}

func (r *reference) holdsAll(q *news.Query, d *refDoc, n query.All) (holds, present bool) {
	words := map[string]bool{}
	must, others, lost := true, 0, false
	for _, part := range n.Parts {
		h, p := r.holds(q, d, part)
		_, negated := part.(query.Not)
		if !p {
			lost = lost || !negated
			continue
		}
		bare := false
		switch w := part.(type) {
		case query.Word:
			bare = w.Field == query.FieldText
		case query.Phrase:
			bare = w.Field == query.FieldText
		}
		if bare {
			words[r.leaf(q, d, part).key] = h
			continue
		}
		must = must && h
		if !negated {
			others++
		}
	}
	count := 0
	for _, h := range words {
		if h {
			count++
		}
	}
	need := len(words)
	if q.Match == news.MatchMost || q.Match == news.MatchDefault && q.Sort == news.SortRelevancy {
		if need >= 3 {
			need = int(math.Ceil(MinimumShare * float64(need)))
		}
	}
	if len(words)+others == 0 && lost {
		return false, false
	}
	return must && count >= need, true
}

func within(t, from, to time.Time) bool {
	return (from.IsZero() || !t.Before(from)) && (to.IsZero() || t.Before(to))
}

// hasValue reports whether the article has the value in the field or facet.
func hasValue(a news.Article, field, text string) bool {
	same := func(s string) bool { return s != "" && foldName(s) == foldName(text) }
	entity := func(types ...news.EntityType) bool {
		return slices.ContainsFunc(a.Entities, func(e news.Entity) bool {
			return slices.Contains(types, e.Type) && (e.ID == text || same(e.Name))
		})
	}
	switch field {
	case news.FacetSource:
		return same(a.Source.ID) || same(a.Source.Name)
	case news.FacetVia:
		return a.Via != nil && (same(a.Via.ID) || same(a.Via.Name))
	case "site":
		host := strings.Split(strings.TrimPrefix(a.URL, "https://"), "/")[0]
		return host == text || strings.HasSuffix(host, "."+text)
	case news.FacetAuthor:
		all := foldName(strings.Join(a.Authors, " "))
		for w := range strings.FieldsSeq(foldName(text)) {
			if !slices.Contains(strings.Fields(all), w) {
				return false
			}
		}
		return all != ""
	case news.FacetEntity:
		return entity(news.Person, news.Place, news.Organization)
	case news.FacetPerson, news.FacetPlace, news.FacetOrganization:
		return entity(news.EntityType(field))
	case "lang", news.FacetLanguage:
		return same(a.Language)
	case news.FacetCountry:
		return same(a.Country)
	case news.FacetSection:
		return same(a.Section)
	case news.FacetCompleteness:
		return string(a.Completeness) == text
	}
	panic(field)
}

func (r *reference) filtered(q *news.Query, d *refDoc, except string) bool {
	for _, f := range q.Filters {
		if f.Facet == except && q.FacetMode != news.FacetsFiltered {
			continue
		}
		any := slices.ContainsFunc(f.Values, func(v string) bool { return hasValue(d.a, f.Facet, v) })
		if any == f.Exclude {
			return false
		}
	}
	return true
}

func (r *reference) base(q *news.Query) []*refDoc {
	if r.memo != nil {
		return r.memo
	}
	list := []*refDoc{}
	for _, d := range r.docs() {
		ok := q.Expr == nil
		if !ok && (q.Language == "" || setOf(q.Language) == d.set) {
			holds, present := r.holds(q, d, q.Expr)
			ok = holds && present
		}
		if ok && within(dateOf(d.a, q.DateField), q.From, q.To) {
			list = append(list, d)
		}
	}
	r.memo = list
	return list
}

func dateOf(a news.Article, f news.DateField) time.Time {
	switch {
	case f == news.DateIndexed:
		return a.FirstSeen
	case f == news.DateUpdated && !a.UpdatedAt.IsZero():
		return a.UpdatedAt
	default:
		return a.PublishedAt
	}
}
