package indextest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// expectation is what a search must answer, as written.
type expectation struct {
	kv keyValue
}

// parseSearch turns a command into a query and what is expected of the answer.
func parseSearch(c command) (news.Query, []expectation, error) {
	q := news.Query{Recency: news.RecencyOff, Now: time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)}
	q.Highlight = news.Highlight{On: true, Pre: "[", Post: "]"}
	var want []expectation
	if c.arg != "" {
		n, err := query.Parse(c.arg)
		if err != nil {
			return q, nil, fmt.Errorf("line %d: %w", c.line, err)
		}
		q.Expr = n
	}
	for _, kv := range c.keys {
		asked, err := setQuery(&q, kv)
		if err != nil {
			return q, nil, fmt.Errorf("line %d: %w", kv.line, err)
		}
		if !asked {
			want = append(want, expectation{kv})
		}
	}
	return q, want, nil
}

// setQuery sets what the key asks for; asked is false for a key that states an
// answer.
func setQuery(q *news.Query, kv keyValue) (asked bool, err error) {
	switch kv.key {
	case "sort":
		q.Sort = news.Sort(kv.value)
	case "recency":
		q.Recency = news.Recency(kv.value)
	case "match":
		q.Match = news.Match(kv.value)
	case "in":
		q.SearchIn = strings.Fields(kv.value)
	case "from":
		q.From, err = parseTime(kv.value)
	case "to":
		q.To, err = parseTime(kv.value)
	case "by":
		q.DateField = news.DateField(kv.value)
	case "language":
		q.Language = kv.value
	case "collapse":
		q.Collapse = news.Collapse(kv.value)
	case "size":
		q.Size, err = strconv.Atoi(kv.value)
	case "offset":
		q.Offset, err = strconv.Atoi(kv.value)
	case "zone":
		q.Zone, err = time.LoadLocation(kv.value)
	case "now":
		q.Now, err = parseTime(kv.value)
	case "filter", "exclude":
		var f news.Filter
		f, err = parseFilter(kv)
		q.Filters = append(q.Filters, f)
	default:
		return false, askFacet(q, kv)
	}
	return true, err
}

func parseFilter(kv keyValue) (news.Filter, error) {
	facet, values, ok := strings.Cut(kv.value, "=")
	if !ok {
		return news.Filter{}, fmt.Errorf("%q: want FACET=VALUE; VALUE", kv.value)
	}
	return news.Filter{Facet: facet, Values: split(values), Exclude: kv.key == "exclude"}, nil
}

// askFacet asks for the facet that the key states the answer of, if it is one.
func askFacet(q *news.Query, kv keyValue) error {
	words := strings.Fields(kv.key)
	if words[0] != "facet" {
		if !slices.Contains([]string{"total", "hits", "copies", "snippet", "warning", "error"}, words[0]) {
			return fmt.Errorf("no such key %q", kv.key)
		}
		return nil
	}
	if len(words) < 2 {
		return fmt.Errorf("%q names no facet", kv.key)
	}
	req := news.FacetRequest{Name: words[1]}
	if len(words) > 2 && req.Name == news.FacetDate {
		req.Interval = news.Interval(words[2])
	} else if len(words) > 2 {
		n, err := strconv.Atoi(words[2])
		if err != nil {
			return fmt.Errorf("size of facet: %w", err)
		}
		req.Size = n
	}
	q.Facets = append(q.Facets, req)
	return nil
}

// check compares an answer with one expectation and returns both as text.
func (x expectation) check(r *news.Result, err error) (got, want string) {
	words := strings.Fields(x.kv.key)
	want = strings.Join(strings.Fields(x.kv.value), " ")
	if words[0] == "error" {
		return param(err), want
	}
	if err != nil {
		return err.Error(), want
	}
	switch words[0] {
	case "total":
		got = strconv.Itoa(r.Total)
	case "hits":
		got = strings.Join(ids(r.Hits), " ")
	case "facet":
		got = facetText(r.Facets[words[1]])
		want = strings.Join(split(x.kv.value), "; ")
	case "copies":
		got = copies(r.Hits, words[1:])
	case "snippet":
		got = snippet(r.Hits, words[1:])
	case "warning":
		for _, w := range r.Warnings {
			if strings.Contains(w, want) {
				return want, want
			}
		}
		got = fmt.Sprint(r.Warnings)
	}
	return got, want
}

func param(err error) string {
	if p, ok := errors.AsType[*news.ParamError](err); ok {
		return p.Param
	}
	return fmt.Sprint(err)
}

func ids(hits []news.Hit) []string {
	list := make([]string, len(hits))
	for i, h := range hits {
		list[i] = h.Article.ID
	}
	return list
}

func facetText(f news.Facet) string {
	var list []string
	for _, b := range f.Buckets {
		text := fmt.Sprintf("%s=%d", b.Label, b.Count)
		if b.Selected {
			text += "*"
		}
		list = append(list, text)
	}
	if f.Other != 0 {
		list = append(list, fmt.Sprintf("other=%d", f.Other))
	}
	return strings.Join(list, "; ")
}

func copies(hits []news.Hit, of []string) string {
	for _, h := range hits {
		if len(of) == 1 && h.Article.ID == of[0] {
			return strings.Join(h.Copies, " ")
		}
	}
	return "want: copies ID of a hit"
}

func snippet(hits []news.Hit, where []string) string {
	if len(where) != 2 {
		return "want: snippet ID FIELD"
	}
	for _, h := range hits {
		if list := h.Highlights[where[1]]; h.Article.ID == where[0] && len(list) > 0 {
			return list[0]
		}
	}
	return ""
}
