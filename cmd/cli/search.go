package cli

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"broadsheet.example/news"
)

// searchReply is the part of the API's reply that the command shows.
type searchReply struct {
	Total    int `json:"totalResults"`
	TookMs   float64
	Articles []struct {
		news.Article
		Highlights map[string][]string `json:"highlights"`
		Copies     []string            `json:"copies"`
	} `json:"articles"`
	Facets map[string]struct {
		Interval string `json:"interval"`
		Buckets  []struct {
			Value, Label string
			Count        int
			From         time.Time
		} `json:"buckets"`
		Other int  `json:"otherCount"`
		Exact bool `json:"exact"`
	} `json:"facets"`
	Query struct {
		Warnings []string `json:"warnings"`
	} `json:"query"`
	NextCursor string `json:"nextCursor"`
}

// Marks that the search command asks for around terms; they cannot occur in
// text, which has no control characters.
const (
	markOn, markOff = "\x02", "\x03"
	bold, plain     = "\x1b[1m", "\x1b[0m"
)

func newSearch(a *app) *cobra.Command {
	var facets, params []string
	values := map[string]*string{}
	var raw bool
	c := &cobra.Command{
		Use:   "search [QUERY]",
		Short: "Search the archive",
		Long:  "Search the archive. The query language is that of the API and the page:\n\n  broadsheet search '\"two-state solution\" person:\"Jake Sullivan\" -opinion' --from 7d --facets source,date",
		Example: "  broadsheet search climate --sort newest --sources bbc,axios\n" +
			"  broadsheet search 'title:election after:2024-04-01' --facets person --json",
		RunE: func(c *cobra.Command, list []string) error {
			q := url.Values{"q": {strings.Join(list, " ")}, "highlight": {"true"}, "preTag": {markOn}, "postTag": {markOff}}
			for name, v := range values {
				if *v != "" {
					q.Set(name, *v)
				}
			}
			if len(facets) > 0 {
				q.Set("facets", strings.Join(facets, ","))
			}
			if raw {
				q.Del("preTag")
				q.Del("postTag")
			}
			for _, p := range params {
				name, value, ok := strings.Cut(p, "=")
				if !ok {
					return &usageError{c.CommandPath(), fmt.Errorf("--param %q: want NAME=VALUE", p)}
				}
				q.Add(name, value)
			}
			return a.session(c.Context(), func(ctx context.Context, cl *client) error {
				if err := a.current(ctx, cl); err != nil {
					return err
				}
				return a.search(ctx, cl, q, raw)
			})
		},
	}
	f := c.Flags()
	f.StringSliceVar(&facets, "facets", []string{"source"}, "facets to count, such as source,date,person")
	for _, o := range []struct{ flag, param, usage string }{
		{"sources", "sources", "only these publishers, by `ID`, separated by commas"},
		{"from", "from", "published at or after `TIME` (2024-04-18, 7d, RFC 3339)"},
		{"to", "to", "published before `TIME`"},
		{"sort", "sortBy", "relevancy, newest, oldest or updated"},
		{"size", "pageSize", "hits on a page (`N`, at most 100)"},
		{"page", "page", "page `N`"},
		{"cursor", "cursor", "continue after the last hit of an earlier search"},
		{"tz", "tz", "time `ZONE` of dates, such as Europe/Lisbon"},
	} {
		values[o.param] = f.String(o.flag, "", o.usage)
	}
	f.StringArrayVar(&params, "param", nil, "any other parameter of GET /v1/search, as `NAME=VALUE`")
	f.BoolVar(&raw, "json", false, "print the API's reply as it is")
	return c
}

func (a *app) search(ctx context.Context, cl *client, q url.Values, raw bool) error {
	if raw {
		resp, err := cl.do(ctx, http.MethodGet, "/v1/search", q, nil)
		if err != nil {
			return explainQuery(err, q.Get("q"))
		}
		defer resp.Body.Close()
		_, err = io.Copy(a.out, resp.Body)
		a.printf("\n")
		return err
	}
	var reply searchReply
	if err := cl.call(ctx, http.MethodGet, "/v1/search", q, nil, &reply); err != nil {
		return explainQuery(err, q.Get("q"))
	}
	a.printSearch(&reply, time.Now())
	return nil
}

// explainQuery points at the place of a syntax error.
func explainQuery(err error, q string) error {
	var problem *apiError
	if !errors.As(err, &problem) || problem.Offset == nil || *problem.Offset > len(q) {
		return err
	}
	return fmt.Errorf("%w\n  %s\n  %s^", err, q, strings.Repeat(" ", len([]rune(q[:*problem.Offset]))))
}

func (a *app) printSearch(r *searchReply, now time.Time) {
	for _, w := range r.Query.Warnings {
		a.printf("note: %s\n", w)
	}
	a.printf("%s in %.0f ms\n", plural(r.Total, "article"), r.TookMs)
	for i, hit := range r.Articles {
		a.printf("\n%2d  %s\n", i+1, a.marked(r.highlight(i, "title", hit.Title)))
		a.printf("    %s · %s%s\n", hit.Source.Name, age(hit.PublishedAt, now), copies(len(hit.Copies)))
		if s := r.highlight(i, "content", hit.Description); s != "" {
			a.printf("    %s\n", a.marked(s))
		}
		a.printf("    %s\n", hit.URL)
	}
	for _, name := range news.FacetNames() {
		facet, ok := r.Facets[name]
		if !ok || len(facet.Buckets) == 0 {
			continue
		}
		a.printf("\n%s", name)
		if !facet.Exact {
			a.printf(" (counts are at least these)")
		}
		for _, b := range facet.Buckets {
			label := b.Label
			if name == news.FacetDate {
				label = b.From.Format(time.DateOnly)
			}
			a.printf("\n  %6d  %s", b.Count, label)
		}
		if facet.Other > 0 {
			a.printf("\n  %6d  in others", facet.Other)
		}
		a.printf("\n")
	}
	if r.NextCursor != "" {
		a.printf("\nmore: --cursor %s\n", r.NextCursor)
	}
}

// highlight returns the marked form of a field of hit i, else otherwise.
func (r *searchReply) highlight(i int, field, otherwise string) string {
	if h := r.Articles[i].Highlights[field]; len(h) > 0 {
		return html.UnescapeString(strings.Join(h, " … "))
	}
	return otherwise
}

// marked turns marks into bold type on a terminal and drops them elsewhere.
func (a *app) marked(s string) string {
	if isTerminal(a.out) {
		return strings.NewReplacer(markOn, bold, markOff, plain).Replace(s)
	}
	return strings.NewReplacer(markOn, "", markOff, "").Replace(s)
}

func copies(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" · and %d more", n)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// age says how long ago t was, and the date when that is long.
func age(t, now time.Time) string {
	switch d := now.Sub(t); {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return plural(int(d.Minutes()), "minute") + " ago"
	case d < 24*time.Hour:
		return plural(int(d.Hours()), "hour") + " ago"
	case d < 7*24*time.Hour:
		return plural(int(d.Hours()/24), "day") + " ago"
	default:
		return t.Format("2 January 2006")
	}
}
