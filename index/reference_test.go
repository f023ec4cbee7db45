package index

import (
	"cmp"
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
			need = max(2, int(math.Ceil(MinimumShare*float64(need))))
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
		if f.Facet == except {
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
		r.feed(q, list[:min(100, len(list))])
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

// gist lists the terms of an article with how often they stand in each field,
// the most frequent first.
func (d *refDoc) gist() []gistTerm {
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
	var g []gistTerm
	for _, term := range order[:min(32, len(order))] {
		g = append(g, gistTerm{term, readFreqs(writeFreqs(counts[term]))})
	}
	return g
}

// feed orders the best hits anew by the words that the very best share.
func (r *reference) feed(q *news.Query, list []refHit) {
	docs, count, words := map[string]*refDoc{}, [numSets]int{}, 0
	length := [numSets][numTextFields]float64{}
	for _, d := range r.docs() {
		docs[d.a.ID] = d
		count[d.set]++
		for f := range numTextFields {
			length[d.set][f] += float64(len(d.tokens[f]))
		}
		if q.Language == "" || setOf(q.Language) == d.set {
			words = max(words, len(r.leaves(q, d)))
		}
	}
	if q.Expr == nil || words < 3 || len(list) == 0 {
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
		for _, t := range d.gist() {
			tokens := len(d.tokens[0]) + len(d.tokens[1]) + len(d.tokens[2])
			weights[term{d.set, t.term}] += h.score / sum * float64(t.freqs.total()) / float64(tokens)
		}
	}
	var terms []term
	for t := range weights {
		terms = append(terms, t)
	}
	slices.SortFunc(terms, func(a, b term) int {
		return cmp.Or(cmp.Compare(weights[b], weights[a]), cmp.Compare(a.text, b.text), cmp.Compare(a.set, b.set))
	})
	terms = terms[:min(30, len(terms))]
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
	terms = terms[:min(20, len(terms))]
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
		for _, g := range d.gist() {
			if t := (term{d.set, g.term}); slices.Contains(terms, t) {
				tf := refWeigh(d, [numTextFields]int{int(g.freqs.at(0)), int(g.freqs.at(1)), int(g.freqs.at(2))}, length[d.set], count[d.set])
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

// values are what the article counts under in a facet, with their labels.
func values(a news.Article, facet string) map[string]string {
	out := map[string]string{}
	add := func(value, label string) {
		if value != "" {
			out[value] = cmp.Or(label, value)
		}
	}
	for _, e := range a.Entities {
		if facet == news.FacetEntity || facet == string(e.Type) {
			add(e.ID, e.Name)
		}
	}
	switch facet {
	case news.FacetSource:
		add(a.Source.ID, a.Source.Name)
	case news.FacetVia:
		if a.Via != nil {
			add(a.Via.ID, a.Via.Name)
		}
	case news.FacetAuthor:
		for _, name := range a.Authors {
			add(name, name)
		}
	case news.FacetLanguage:
		add(a.Language, "")
	case news.FacetCountry:
		add(a.Country, "")
	case news.FacetSection:
		add(a.Section, "")
	case news.FacetCompleteness:
		add(string(a.Completeness), "")
	}
	return out
}

// facet counts a facet other than date.
func (r *reference) facet(q *news.Query, req news.FacetRequest) news.Facet {
	counts, labels, total := map[string]int{}, map[string]string{}, 0
	fresh := counter(q)
	for _, d := range r.base(q) {
		if r.filtered(q, d, req.Name) {
			for v, label := range values(d.a, req.Name) {
				if fresh(d.a, v) {
					counts[v]++
					labels[v] = label
					total++
				}
			}
		}
	}
	var list []news.Bucket
	for v, n := range counts {
		list = append(list, news.Bucket{Value: v, Label: labels[v], Count: n})
	}
	slices.SortFunc(list, func(a, b news.Bucket) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value))
	})
	out := news.Facet{Other: total}
	for i, b := range list {
		b.Selected = r.chosen(q, req.Name, b)
		if i < req.Size || b.Selected {
			out.Buckets = append(out.Buckets, b)
			out.Other -= b.Count
		}
	}
	return out
}

func (r *reference) chosen(q *news.Query, facet string, b news.Bucket) bool {
	for _, f := range q.Filters {
		for _, v := range f.Values {
			if f.Facet == facet && !f.Exclude && (foldName(v) == foldName(b.Value) || foldName(v) == foldName(b.Label)) {
				return true
			}
		}
	}
	return false
}

// dates counts the date facet by calendar, without empty buckets.
func (r *reference) dates(q *news.Query, interval news.Interval) map[string]int {
	counts, fresh := map[string]int{}, counter(q)
	for _, d := range r.base(q) {
		if !r.filtered(q, d, "") {
			continue
		}
		t := d.a.PublishedAt.In(q.Zone)
		layout := "2006"
		switch interval {
		case news.IntervalHour:
			layout = "2006-01-02 15:00"
		case news.IntervalDay, news.IntervalWeek:
			layout = time.DateOnly
		case news.IntervalMonth:
			layout = "2006-01"
		}
		for interval == news.IntervalWeek && t.Weekday() != time.Monday {
			t = t.AddDate(0, 0, -1)
		}
		if label := t.Format(layout); fresh(d.a, label) {
			counts[label]++
		}
	}
	return counts
}
