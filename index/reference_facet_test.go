package index

import (
	"cmp"
	"slices"
	"time"

	"broadsheet.example/news"
)

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
		default:
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
