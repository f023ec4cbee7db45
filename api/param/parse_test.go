package param_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet.example/api/param"
	"broadsheet.example/news"
	"broadsheet.example/news/query"
)

func now() time.Time { return time.Date(2024, 4, 20, 12, 0, 0, 0, time.UTC) }

func values(t *testing.T, raw string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(raw)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// sameQuery compares time zones by name.
func sameQuery() cmp.Options {
	return cmp.Options{
		cmpopts.EquateEmpty(),
		cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
	}
}

func TestParse(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2024, 4, d, 0, 0, 0, 0, time.UTC) }
	site := func(s string) query.Node { return query.Value{Field: query.FieldSite, Text: s} }
	tests := []struct {
		name, raw string
		want      func(q *news.Query) // changes the default
	}{
		{"nothing", "", func(*news.Query) {}},
		{"query", "q=rafah+%22two+state%22", func(q *news.Query) {
			q.Expr = query.All{Parts: []query.Node{query.Word{Text: "rafah"}, query.Phrase{Text: "two state"}}}
		}},
		{"filters", "sources=axios,bbc,-cnn&language=en&excludeSection=opinion&author=%22Reyes,+Ada%22&entity=e_1&entity=e_2", func(q *news.Query) {
			q.Filters = []news.Filter{
				{Facet: "source", Values: []string{"axios", "bbc"}},
				{Facet: "source", Values: []string{"cnn"}, Exclude: true},
				{Facet: "entity", Values: []string{"e_1", "e_2"}},
				{Facet: "author", Values: []string{"Reyes, Ada"}},
				{Facet: "language", Values: []string{"en"}},
				{Facet: "section", Values: []string{"opinion"}, Exclude: true},
			}
		}},
		{"aliases", "page-size=5&order_by=publishedAt&from-date=2024-04-18&to_=2024-04-19&lang=de&source.id[]=a&source.id[]=b&category=x", func(q *news.Query) {
			q.Size, q.Sort, q.From, q.To = 5, news.SortNewest, day(18), day(20)
			q.Filters = []news.Filter{
				{Facet: "source", Values: []string{"a", "b"}}, {Facet: "language", Values: []string{"de"}}, {Facet: "section", Values: []string{"x"}},
			}
		}},
		{"completeness", "completeness=feedonly,full", func(q *news.Query) {
			q.Filters = []news.Filter{{Facet: "completeness", Values: []string{"feedOnly", "full"}}}
		}},
		{"domains", "q=a&domains=x.example,y.example&excludeDomains=z.example", func(q *news.Query) {
			q.Expr = query.And{Parts: []query.Node{
				query.Word{Text: "a"}, query.Or{Parts: []query.Node{site("x.example"), site("y.example")}}, query.Not{Part: site("z.example")},
			}}
		}},
		{"one domain", "domains=x.example", func(q *news.Query) { q.Expr = site("x.example") }},
		{"last week", "from=7d", func(q *news.Query) { q.From = now().AddDate(0, 0, -7) }},
		{"last week as now-7d", "from=now-7d&to=now", func(q *news.Query) { q.From, q.To = now().AddDate(0, 0, -7), now() }},
		{"last week as duration", "from=P1W", func(q *news.Query) { q.From = now().AddDate(0, 0, -7) }},
		{"last day as duration", "from=PT24H", func(q *news.Query) { q.From = now().AddDate(0, 0, -1) }},
		{"day in a zone", "from=2024-04-18&tz=Etc/GMT-2", func(q *news.Query) {
			q.Zone, q.From = time.FixedZone("Etc/GMT-2", 2*3600), day(18).Add(-2*time.Hour)
		}},
		{"time without zone", "to=2024-04-18T10:00:00", func(q *news.Query) { q.To = day(18).Add(10 * time.Hour) }},
		{"plus sign lost", "from=2024-04-18T10:00:00+02:00", func(q *news.Query) { q.From = day(18).Add(8 * time.Hour) }},
		{"month", "from=2024-03&to=2024-04", func(q *news.Query) {
			q.From, q.To = time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
		}},
		{"paging", "page=3&pageSize=50", func(q *news.Query) { q.Offset, q.Size = 100, 50 }},
		{"page of the default size", "page=2", func(q *news.Query) { q.Offset = 20 }},
		{"cursor", "cursor=abc&page=1", func(q *news.Query) { q.Cursor = "abc" }},
		{"facets", "facets=sources,date,category&facetSize=5&interval=month", func(q *news.Query) {
			for _, f := range []string{"source", "date", "section"} {
				q.Facets = append(q.Facets, news.FacetRequest{Name: f, Size: 5, Interval: news.IntervalMonth})
			}
		}},
		{"choices", "searchIn=title,body&dateField=updated&sortBy=OLDEST&recency=off&operator=and&collapse=duplicates&explain=1", func(q *news.Query) {
			q.SearchIn, q.DateField, q.Sort, q.Recency = []string{"title", "content"}, news.DateUpdated, news.SortOldest, news.RecencyOff
			q.Match, q.Collapse, q.Explain = news.MatchAll, news.CollapseDuplicates, true
		}},
		{"entities of a type", "entity=Ada&excludeEntity=Bob&entityType=person&facets=entity&facetMode=filtered", func(q *news.Query) {
			q.Filters = []news.Filter{{Facet: "person", Values: []string{"Ada"}}, {Facet: "person", Values: []string{"Bob"}, Exclude: true}}
			q.Facets, q.FacetMode = []news.FacetRequest{{Name: "person"}}, news.FacetsFiltered
		}},
		{"highlight", "highlight=false&fragmentSize=90&fragments=3&preTag=%5B+&postTag=%5D", func(q *news.Query) {
			q.Highlight = news.Highlight{Size: 90, Fragments: 3, Pre: "[ ", Post: "]"}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := news.Query{Now: now()}
			want.Highlight.On = true
			tt.want(&want)
			want.SetDefaults()
			got, err := param.ParseAt(values(t, tt.raw), now())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, sameQuery()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			checkRoundTrip(t, got)
		})
	}
}

func checkRoundTrip(t *testing.T, q news.Query) {
	t.Helper()
	again, err := param.ParseAt(param.Encode(q), q.Now)
	if err != nil {
		t.Fatalf("Encode gives %q, which Parse refuses: %v", param.Encode(q).Encode(), err)
	}
	if diff := cmp.Diff(q, again, sameQuery()); diff != "" {
		t.Errorf("Encode gives %q, which means something else (-first +second):\n%s", param.Encode(q).Encode(), diff)
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		name, raw, param, says string
	}{
		{"near miss", "pagesise=5", "pagesise", "did you mean pageSize?"},
		{"far miss", "colour=red", "colour", "there are q,"},
		{"twice", "q=a&q=b", "q", "more than once"},
		{"twice by alias", "lang=en&sortBy=newest&order-by=oldest", "sortBy", "more than once"},
		{"too many words for a number", "pageSize=ten", "pageSize", "between 1 and 100"},
		{"page size", "pageSize=101", "pageSize", "between 1 and 100"},
		{"page", "page=0", "page", "between 1"},
		{"page with cursor", "page=2&cursor=x", "cursor", "together with page"},
		{"long cursor", "cursor=" + strings.Repeat("x", param.MaxCursor+1), "cursor", "too long"},
		{"sort", "sortBy=popularity", "sortBy", "relevancy, newest"},
		{"flag", "highlight=perhaps", "highlight", "true or false"},
		{"explain", "explain=perhaps", "explain", "true or false"},
		{"from", "from=yesterday", "from", "2024-04-18"},
		{"to", "to=2024-13", "to", "2024-04-18"},
		{"reversed", "from=2024-04-18&to=2024-04-01", "from", "after to"},
		{"zone", "tz=Mars/Olympus", "tz", "Europe/Berlin"},
		{"machine's zone", "tz=Local", "tz", "Europe/Berlin"},
		{"facet", "facets=sorce", "facets", "did you mean source?"},
		{"facet excluded", "facets=-source", "facets", "excluded"},
		{"type of nothing", "entityType=person&facets=source", "entityType", "give one of these"},
		{"type that is none", "entityType=event&entity=a", "entityType", "person, place"},
		{"type twice", "entityType=person&entity=a&person=b", "entity", "same as person"},
		{"facet of the type twice", "entityType=place&facets=entity,place", "facets", "leave the type out"},
		{"facet mode", "facetMode=some", "facetMode", "multi, filtered"},
		{"facet size", "facetSize=0", "facetSize", "between 1 and 1000"},
		{"interval", "interval=decade", "interval", "hour, day"},
		{"searchIn", "searchIn=footnotes", "searchIn", "title"},
		{"searchIn excluded", "searchIn=-title", "searchIn", "excluded"},
		{"date field", "dateField=birth", "dateField", "published, updated"},
		{"recency", "recency=max", "recency", "off, normal"},
		{"operator", "operator=xor", "operator", "and, most"},
		{"collapse", "collapse=all", "collapse", "none, duplicates"},
		{"completeness", "excludeCompleteness=half", "excludeCompleteness", "feedOnly"},
		{"open quotes", "author=%22Reyes", "author", "never closed"},
		{"long value", "author=" + strings.Repeat("x", param.MaxValue+1), "author", "at most 256"},
		{"many values", "author=" + strings.Repeat("x,", 50) + manyValues(), "author", "100 values"},
		{"excluded twin excluded", "excludeSources=-a", "excludeSources", "cannot be excluded"},
		{"excluded domain excluded", "excludeDomains=-a", "excludeDomains", "cannot be excluded"},
		{"many domains", "domains=" + longDomains(), "domains", "too long"},
		{"no domain", "domains=%26", "domains", "is no domain"},
		{"fragments", "fragments=11", "fragments", "between 1 and 10"},
		{"fragment size", "fragmentSize=-1", "fragmentSize", "between 1"},
		{"long tag", "preTag=" + strings.Repeat("x", param.MaxTag+1), "preTag", "64 bytes"},
		{"field", "fields=contents", "fields", "did you mean content?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := param.ParseAt(values(t, tt.raw), now())
			var bad *news.ParamError
			if !errors.As(err, &bad) {
				t.Fatalf("error %v, want a *ParamError", err)
			}
			if bad.Param != tt.param || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("param %q, message %q; want %q and %q", bad.Param, err, tt.param, tt.says)
			}
		})
	}
	var syntax *query.SyntaxError
	if _, err := param.Parse(values(t, "q=++a+OR")); !errors.As(err, &syntax) || syntax.Offset != 6 {
		t.Errorf("bad q: %v, want a *SyntaxError at 6", err)
	}
	if _, err := param.Parse(values(t, "page=501")); !errors.Is(err, news.ErrTooDeep) {
		t.Errorf("deep page: %v, want ErrTooDeep", err)
	}
}

func manyValues() string {
	var b strings.Builder
	for i := range 101 {
		b.WriteString(strings.Repeat("y", i+1) + ",")
	}
	return b.String()
}

func longDomains() string {
	var b strings.Builder
	for i := range 99 {
		b.WriteString(strings.Repeat("y", i+1) + ".example,")
	}
	return b.String()
}

func TestFields(t *testing.T) {
	got, err := param.Fields(values(t, "q=a&fields=title,PUBLISHEDAT,content"))
	if diff := cmp.Diff([]string{"title", "publishedAt", "content"}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got, err := param.Fields(nil); got != nil || err != nil {
		t.Errorf("without the parameter: %v, %v", got, err)
	}
}

func TestFromJSON(t *testing.T) {
	got, err := param.FromJSON([]byte(`{"q": "a b", "pageSize": 5, "explain": true, "author": ["Reyes, Ada", "-x"], "from": null}`))
	want := url.Values{"q": {"a b"}, "pageSize": {"5"}, "explain": {"true"}, "author": {`"Reyes, Ada"`, `"-x"`}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, bad := range []string{``, `[]`, `{"q":{}}`, `{"q":[[]]}`, `{"q":"a"} x`, `{"q":[null]}`} {
		if v, err := param.FromJSON([]byte(bad)); err == nil {
			t.Errorf("FromJSON(%s) = %v, want an error", bad, v)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, raw := range []string{
		"q=a+-b&sources=x,-y&from=7d&to=now&facets=source,date", `author="a,""b",-c&page=2&tz=Europe/Berlin`,
		"domains=a,b&excludeDomains=c&q=x+OR+y", "from=2024-04-18T10:00:00+02:00&to=2024", "lang[]=de&page-size=3",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		v, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		q, err := param.ParseAt(v, now())
		var bad *news.ParamError
		var syntax *query.SyntaxError
		switch {
		case errors.As(err, &bad), errors.As(err, &syntax), errors.Is(err, news.ErrTooDeep):
			return
		case err != nil:
			t.Fatalf("%q: unexpected kind of error %v", raw, err)
		}
		if q.Expr == nil || len(q.Expr.String()) <= query.MaxBytes {
			checkRoundTrip(t, q)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	v, err := url.ParseQuery("q=%22harbor+strike%22+-opinion&sources=gazette&from=7d&facets=source,person,place,organization,language")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := param.ParseAt(v, now()); err != nil {
			b.Fatal(err)
		}
	}
}
