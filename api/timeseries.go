package api

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

// maxSeries is how many values a timeseries can be split by; each is a search.
const maxSeries = 20

type timeseriesReply struct {
	Status       string        `json:"status"`
	TotalResults int           `json:"totalResults"`
	Query        queryReply    `json:"query"`
	Interval     news.Interval `json:"interval,omitempty"`
	Buckets      []any         `json:"buckets"`
	Series       []series      `json:"series,omitempty"`
}

// series is the counts of one value.
type series struct {
	Value    string        `json:"value"`
	Label    string        `json:"label"`
	Count    int           `json:"count"`
	Interval news.Interval `json:"interval,omitempty"`
	Buckets  []any         `json:"buckets"`
}

// timeseries answers GET and POST /v1/timeseries: how many articles match, by time, and
// for each of the most frequent values of a facet.
func (s *Server) timeseries(c *fiber.Ctx) error {
	values, err := searchParameters(c)
	if err != nil {
		return err
	}
	split, err := splitOf(values)
	if err != nil {
		return err
	}
	limit, err := number(values, "series", 5, 1, maxSeries)
	if err != nil {
		return err
	}
	narrowing := maps.Clone(values)
	delete(narrowing, "splitBy")
	delete(narrowing, "series")
	q, err := param.ParseCounts(narrowing, news.FacetDate)
	if err != nil {
		return err
	}
	if s.isKnown(c, q, values) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	if split != "" {
		q.Facets = append(q.Facets, news.FacetRequest{Name: split, Size: limit})
	}
	result, err := s.count(c.UserContext(), q, 1)
	if err != nil {
		return err
	}
	dates := facetReply(news.FacetDate, result.Facets[news.FacetDate])
	reply := timeseriesReply{
		Status: statusOK, TotalResults: result.Total, Query: queryOf(q, result),
		Interval: dates.Interval, Buckets: dates.Buckets,
	}
	q.Facets = q.Facets[:1]
	q.Facets[0].Interval = cmp.Or(dates.Interval, q.Facets[0].Interval) // the parts by the same as the whole
	for _, b := range result.Facets[split].Buckets {
		one, err := s.seriesOf(c.UserContext(), q, split, b)
		if err != nil {
			return err
		}
		reply.Series = append(reply.Series, one)
	}
	return c.JSON(reply)
}

// seriesOf counts the articles of q that have the value of the bucket.
func (s *Server) seriesOf(ctx context.Context, q news.Query, split string, b news.Bucket) (series, error) {
	kept := slices.DeleteFunc(slices.Clone(q.Filters), func(f news.Filter) bool { return f.Facet == split && !f.Exclude })
	q.Filters = append(kept, news.Filter{Facet: split, Values: []string{b.Value}})
	result, err := s.count(ctx, q, 1)
	if err != nil {
		return series{}, err
	}
	dates := facetReply(news.FacetDate, result.Facets[news.FacetDate])
	return series{b.Value, b.Label, result.Total, dates.Interval, dates.Buckets}, nil
}

// splitOf reads splitBy: a facet other than the date, or none.
func splitOf(values url.Values) (string, error) {
	known := slices.DeleteFunc(news.FacetNames(), func(f string) bool { return f == news.FacetDate })
	switch given := values["splitBy"]; {
	case len(given) == 0 || len(given) == 1 && given[0] == "":
		return "", nil
	case len(given) == 1 && slices.Contains(known, given[0]):
		return given[0], nil
	default:
		return "", &news.ParamError{Param: "splitBy", Value: clip(strings.Join(given, ",")), Reason: "must be one of " + strings.Join(known, ", ")}
	}
}

// both holds where a, if any, and b do.
func both(a, b query.Node) query.Node {
	if a == nil {
		return b
	}
	return query.And{Parts: []query.Node{a, b}}
}
