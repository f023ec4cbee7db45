package param

import (
	"slices"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// domains adds the sites wanted and unwanted to the expression: a domain is no
// facet, so it is not a filter.
func (p *parser) domains() error {
	wanted, unwanted, err := p.list(Domains)
	if err != nil {
		return err
	}
	more, err := p.plainList(ExcludeDomains)
	if err != nil {
		return err
	}
	var parts []query.Node
	if p.query.Expr != nil {
		parts = append(parts, p.query.Expr)
	}
	if len(wanted) > 0 {
		parts = append(parts, sites(wanted))
	}
	if unwanted = append(unwanted, more...); len(unwanted) > 0 {
		parts = append(parts, query.Not{Part: sites(unwanted)})
	}
	if len(wanted)+len(unwanted) == 0 {
		return nil
	}
	return p.restrict(parts)
}

// sites holds where the address lies in one of the domains.
func sites(domains []string) query.Node {
	parts := make([]query.Node, len(domains))
	for i, d := range domains {
		parts[i] = query.Value{Field: query.FieldSite, Text: d}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return query.Or{Parts: parts}
}

// restrict sets the expression to all of parts, within the limits of the
// language, so that [Encode] can always write it.
func (p *parser) restrict(parts []query.Node) error {
	p.query.Expr = parts[0]
	if len(parts) > 1 {
		p.query.Expr = query.And{Parts: parts}
	}
	if _, err := query.Parse(p.query.Expr.String()); err != nil {
		return invalid(Domains, "", "is too long, or holds what is no domain: "+err.Error())
	}
	return nil
}

// entityType reads which of the entities the parameters entity, excludeEntity
// and the facet entity are about. Those of one type are a facet of their own, and
// so the query speaks of that one.
func (p *parser) entityType() (err error) {
	p.entities, err = choose(p, EntityType, news.FacetPerson, news.FacetPlace, news.FacetOrganization)
	if err != nil || p.entities == "" {
		return err
	}
	about := false
	for _, exclude := range []bool{false, true} {
		same := FilterName(p.entities, exclude)
		entity := FilterName(news.FacetEntity, exclude)
		if len(p.given[entity]) > 0 && len(p.given[same]) > 0 {
			return invalid(entity, "", "means the same as "+same+" here: give one of them")
		}
		about = about || len(p.given[entity]) > 0
	}
	facets, err := p.plainList(Facets)
	if err == nil && !about && !slices.Contains(facets, news.FacetEntity) {
		return invalid(EntityType, "", "says of which type entity, excludeEntity and facets=entity are; give one of these, too")
	}
	return err
}

// facetMeant is the facet that stands for the named one in the query.
func (p *parser) facetMeant(name string) string {
	if name == news.FacetEntity && p.entities != "" {
		return p.entities
	}
	return name
}

// filters reads the facet filters and their excluding twins.
func (p *parser) filters() error {
	for _, f := range allFilters() {
		wanted, unwanted, err := p.list(f.name)
		if err != nil {
			return err
		}
		more, err := p.plainList(f.twin)
		if err != nil {
			return err
		}
		for _, v := range more {
			unwanted = appendNew(unwanted, v)
		}
		facet := p.facetMeant(f.facet)
		if len(wanted) > 0 {
			p.query.Filters = append(p.query.Filters, news.Filter{Facet: facet, Values: wanted})
		}
		if len(unwanted) > 0 {
			p.query.Filters = append(p.query.Filters, news.Filter{Facet: facet, Values: unwanted, Exclude: true})
		}
	}
	return p.checkCompleteness()
}

// checkCompleteness spells the values of completeness as the index does.
func (p *parser) checkCompleteness() error {
	for _, f := range p.query.Filters {
		if f.Facet != news.FacetCompleteness {
			continue
		}
		for i, v := range f.Values {
			n, err := query.Parse("is:" + query.Value{Text: v}.String())
			is, ok := n.(query.Is)
			if err != nil || !ok {
				return invalid(FilterName(f.Facet, f.Exclude), v, "must be one of full, partial, feedOnly")
			}
			f.Values[i] = is.Text
		}
	}
	return nil
}

// choices reads the parameters that name one of a few values.
func (p *parser) choices() (err error) {
	q := &p.query
	if q.SearchIn, err = p.plainList(SearchIn); err != nil {
		return err
	}
	for i, f := range q.SearchIn {
		if f == "body" {
			q.SearchIn[i] = "content"
		}
	}
	if q.DateField, err = choose(p, DateField, news.DatePublished, news.DateUpdated, news.DateIndexed); err != nil {
		return err
	}
	if q.Recency, err = choose(p, Recency, news.RecencyOff, news.RecencyNormal, news.RecencyStrong); err != nil {
		return err
	}
	if q.Match, err = choose(p, Operator, news.MatchAll, news.MatchMost); err != nil {
		return err
	}
	if q.Collapse, err = choose(p, Collapse, news.CollapseNone, news.CollapseDuplicates); err != nil {
		return err
	}
	if q.Explain, err = p.flag(Explain, false); err != nil {
		return err
	}
	return p.sort()
}

// sort reads sortBy, in our words and those of NewsAPI and the Guardian.
func (p *parser) sort() error {
	const publishedAt, relevance = news.Sort("publishedAt"), news.Sort("relevance")
	s, err := choose(p, SortBy, news.SortRelevancy, news.SortNewest, news.SortOldest, news.SortUpdated, publishedAt, relevance)
	switch s {
	case publishedAt:
		s = news.SortNewest
	case relevance:
		s = news.SortRelevancy
	default: // it is one of ours
	}
	p.query.Sort = s
	return err
}

// paging reads pageSize and page, or cursor.
func (p *parser) paging() error {
	size, err := p.number(PageSize, 1, news.MaxSize)
	if err != nil {
		return err
	}
	page, err := p.number(Page, 1, maxPage)
	if err != nil {
		return err
	}
	p.query.Cursor, err = p.text(Cursor, MaxCursor)
	if err != nil {
		return err
	}
	if p.query.Cursor != "" && page > 1 {
		return invalid(Cursor, "", "cannot be given together with page")
	}
	p.query.Size = size
	p.query.Offset = max(page-1, 0) * pageSize(size)
	return nil
}

// pageSize is the size in force when size was given, 0 for none.
func pageSize(size int) int {
	q := news.Query{Size: size}
	q.SetDefaults()
	return q.Size
}

// facets reads what is to be counted, and how.
func (p *parser) facets() error {
	names, err := p.plainList(Facets)
	if err != nil {
		return err
	}
	size, err := p.number(FacetSize, 1, news.MaxFacetSize)
	if err != nil {
		return err
	}
	interval, err := choose(p, Interval, news.IntervalAuto, news.IntervalHour, news.IntervalDay,
		news.IntervalWeek, news.IntervalMonth, news.IntervalYear)
	if err != nil {
		return err
	}
	if p.query.FacetMode, err = choose(p, FacetMode, news.FacetsMulti, news.FacetsFiltered); err != nil {
		return err
	}
	for _, name := range names {
		facet, ok := facetNamed(name)
		if !ok {
			return invalid(Facets, name, unknown("facet", name, news.FacetNames()))
		}
		if facet == p.entities {
			return invalid(Facets, name, "means the same as entity of that entityType: leave the type out")
		}
		p.query.Facets = append(p.query.Facets, news.FacetRequest{Name: p.facetMeant(facet), Size: size, Interval: interval})
	}
	return nil
}

// facetNamed returns the facet that name, perhaps the name of its filter, means.
func facetNamed(name string) (string, bool) {
	if slices.Contains(news.FacetNames(), name) {
		return name, true
	}
	known, ok := canonical(name, FilterNames())
	for _, f := range filterFacets() {
		if ok && FilterName(f, false) == known {
			return f, true
		}
	}
	return "", false
}

// highlight reads how snippets are to look.
func (p *parser) highlight() (err error) {
	h := &p.query.Highlight
	if h.On, err = p.flag(HighlightOn, h.On); err != nil {
		return err
	}
	if h.Size, err = p.number(FragmentSize, 1, MaxFragmentSize); err != nil {
		return err
	}
	if h.Fragments, err = p.number(Fragments, 1, MaxFragments); err != nil {
		return err
	}
	if h.Pre, err = p.text(PreTag, MaxTag); err != nil {
		return err
	}
	h.Post, err = p.text(PostTag, MaxTag)
	return err
}

// zone reads tz.
func (p *parser) zone() error {
	name, err := p.one(TZ)
	if err != nil || name == "" {
		return err
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return invalid(TZ, name, "is not a time zone; names are like Europe/Berlin or UTC")
	}
	p.query.Zone = zone
	return nil
}
