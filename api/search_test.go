package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/news"
)

// found is what the tests read of a search's reply.
type found struct {
	TotalResults int
	Query        struct {
		Parsed   string
		Warnings []string
	}
	Articles []struct {
		news.Article
		Highlights map[string][]string
		Score      float64
	}
	Facets map[string]struct {
		Buckets []struct {
			Value, Label string
			Count        int
			Selected     bool
			From, To     time.Time
		}
		OtherCount int
		Exact      bool
		Interval   string
	}
	Page, PageSize int
	NextCursor     string
}

// sample is four articles of three publishers.
func sample() []news.Article {
	day := func(d int) time.Time { return time.Date(2024, 4, d, 10, 0, 0, 0, time.UTC) }
	ada := news.Entity{ID: news.EntityID(news.Person, "ada reyes"), Type: news.Person, Name: "Ada Reyes", Count: 2}
	lisbon := news.Entity{ID: news.EntityID(news.Place, "lisbon"), Type: news.Place, Name: "Lisbon", Count: 1}
	return []news.Article{
		{
			URL: "https://gazette.example/harbor", Source: news.Ref{ID: "gazette", Name: "Gazette"}, Title: "Harbor strike ends",
			Content: "Dock workers in Lisbon ended their strike.\n\nMinister Ada Reyes praised the <deal>.", PublishedAt: day(18),
			Authors: []string{"Smith, John"}, Language: "en", Section: "business", Completeness: news.Full, Entities: []news.Entity{ada, lisbon},
		},
		{
			URL: "https://gazette.example/tram", Source: news.Ref{ID: "gazette", Name: "Gazette"}, Title: "New tram line opens",
			Content: "The tram runs along the harbor.", PublishedAt: day(19), Language: "en", Section: "city", Completeness: news.Partial,
			Entities: []news.Entity{lisbon},
		},
		{
			URL: "https://observer.example/strike", Source: news.Ref{ID: "observer", Name: "Observer"}, Title: "Strike talks: harbor deal near",
			Content: "Both sides near a deal in the harbor strike.", PublishedAt: day(20), Language: "en", Section: "business", Completeness: news.Full,
			Entities: []news.Entity{ada},
		},
		{
			URL: "https://closed.example/secret", Source: news.Ref{ID: "closed", Name: "Closed Review"}, Title: "Harbor essay",
			Content: "A text that may not leave.", PublishedAt: day(21), Language: "en", Completeness: news.Full,
		},
	}
}

func (w *world) search(t *testing.T, raw string) found {
	t.Helper()
	r := w.get(t, "/v1/search?"+raw)
	if r.status != http.StatusOK {
		t.Fatalf("search %s: %d %s", raw, r.status, r.body)
	}
	var f found
	r.into(t, &f)
	return f
}

func (f found) titles() []string {
	titles := []string{}
	for _, a := range f.Articles {
		titles = append(titles, a.Title)
	}
	return titles
}

func TestSearch(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	tests := []struct {
		name, raw string
		want      []string
	}{
		{"everything", "sortBy=oldest", []string{"Harbor strike ends", "New tram line opens", "Strike talks: harbor deal near", "Harbor essay"}},
		{"word", "q=tram", []string{"New tram line opens"}},
		{"phrase", "q=%22harbor+strike%22&sortBy=newest", []string{"Strike talks: harbor deal near", "Harbor strike ends"}},
		{"two publishers", "sources=observer,closed&sortBy=newest", []string{"Harbor essay", "Strike talks: harbor deal near"}},
		{"not a publisher", "sources=-gazette&sortBy=oldest", []string{"Strike talks: harbor deal near", "Harbor essay"}},
		{"excluding twin", "excludeSources=gazette,observer", []string{"Harbor essay"}},
		{"author with a comma", "author=" + url.QueryEscape(`"Smith, John"`), []string{"Harbor strike ends"}},
		{"domain", "domains=observer.example", []string{"Strike talks: harbor deal near"}},
		{"day range", "from=2024-04-19&to=2024-04-20&sortBy=oldest", []string{"New tram line opens", "Strike talks: harbor deal near"}},
		{"second page", "sortBy=oldest&pageSize=1&page=2", []string{"New tram line opens"}},
		{"completeness", "completeness=partial", []string{"New tram line opens"}},
		{"nothing", "q=zeppelin", []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, w.search(t, tt.raw).titles()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.raw, diff)
			}
		})
	}
}

func TestSearchFacets(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	f := w.search(t, "q=harbor&sources=gazette&facets=source,date,person&interval=day&facetSize=2")
	if f.TotalResults != 2 {
		t.Errorf("%d results, want 2", f.TotalResults)
	}
	source := f.Facets["source"]
	if len(source.Buckets) != 2 || !source.Exact || source.OtherCount != 1 {
		t.Fatalf("facet source: %+v, want two buckets and one other, its own filter left out", source)
	}
	if b := source.Buckets[0]; b.Value != "gazette" || b.Label != "Gazette" || b.Count != 2 || !b.Selected {
		t.Errorf("first bucket %+v, want the Gazette, 2, selected", b)
	}
	date := f.Facets["date"]
	if len(date.Buckets) != 2 || date.Interval != "day" || date.Buckets[0].Count != 1 || date.Buckets[0].To.Sub(date.Buckets[0].From) != 24*time.Hour {
		t.Errorf("facet date: %+v", date)
	}
	if person := f.Facets["person"]; len(person.Buckets) != 1 || person.Buckets[0].Label != "Ada Reyes" {
		t.Errorf("facet person: %+v", person)
	}
}

func TestSearchCursor(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	first := w.search(t, "sortBy=oldest&pageSize=3")
	if first.NextCursor == "" || first.Page != 1 || first.PageSize != 3 {
		t.Fatalf("first page: %+v", first)
	}
	second := w.search(t, "sortBy=oldest&pageSize=3&cursor="+url.QueryEscape(first.NextCursor))
	if diff := cmp.Diff([]string{"Harbor essay"}, second.titles()); diff != "" || second.NextCursor != "" || second.Page != 0 {
		t.Errorf("second page: %+v", second)
	}
}

func TestSearchShape(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)

	f := w.search(t, "q=deal+praised")
	if f.Query.Parsed != "deal praised" || len(f.Articles) != 1 {
		t.Fatalf("%+v", f)
	}
	a := f.Articles[0]
	if a.Content != "" || a.Score == 0 {
		t.Errorf("content %q, score %v; want no content unless asked for, and a score", a.Content, a.Score)
	}
	if h := strings.Join(a.Highlights["content"], " "); !strings.Contains(h, "<mark>") || strings.Contains(h, "<deal>") {
		t.Errorf("highlight %q, want marks, and the text escaped", h)
	}

	r := w.get(t, "/v1/search?q=tram&fields=title,content,publishedAt&highlight=false")
	var chosen struct{ Articles []map[string]json.RawMessage }
	r.into(t, &chosen)
	var names []string
	for name := range chosen.Articles[0] {
		names = append(names, name)
	}
	if len(names) != 4 || chosen.Articles[0]["content"] == nil || chosen.Articles[0]["score"] == nil {
		t.Errorf("members %v, want title, content, publishedAt and score", names)
	}
	if strings.Contains(string(r.body), "highlights") {
		t.Error("highlights although switched off")
	}
	if r := w.get(t, "/v1/search?q=deal&explain=true"); !strings.Contains(string(r.body), `"explanation"`) {
		t.Error("no explanation although asked for")
	}
}

func TestSearchByPost(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	r := w.do(t, w.client, http.MethodPost, "/v1/search", "application/json", `{"q":"harbor","author":["Smith, John"],"pageSize":5}`)
	var f found
	r.into(t, &f)
	if diff := cmp.Diff([]string{"Harbor strike ends"}, f.titles()); diff != "" || f.PageSize != 5 {
		t.Errorf("%+v", f)
	}
	wantProblem(t, w.do(t, w.client, http.MethodPost, "/v1/search", "text/csv", `q`), 415, "mediaTypeUnsupported")
	wantProblem(t, w.do(t, w.client, http.MethodPost, "/v1/search", "application/json", `{"q":`), 400, "parameterInvalid")
	wantProblem(t, w.do(t, w.client, http.MethodPost, "/v1/search?q=a", "application/json", `{"q":"b"}`), 400, "parameterInvalid")
	p := wantProblem(t, w.do(t, w.client, http.MethodPost, "/v1/search", "application/json", `{"quary":"b","facetsize":1}`), 400, "parameterInvalid")
	if p.Param != "quary" {
		t.Errorf("%+v", p)
	}
}

func TestSearchErrors(t *testing.T) {
	w := newWorld(t, nil)
	tests := []struct {
		name, raw     string
		status        int
		code, param   string
		offset        int
		detail, wants string
	}{
		{name: "unknown parameter", raw: "pagesise=3", status: 400, code: "parameterInvalid", param: "pagesise", detail: "pageSize"},
		{name: "bad value", raw: "pageSize=1000", status: 400, code: "parameterInvalid", param: "pageSize", detail: "between 1 and 100"},
		{name: "bad query", raw: "q=rafah+(gaza+OR", status: 400, code: "querySyntax", param: "q", offset: 14, wants: "a word"},
		{name: "too deep", raw: "page=501", status: 400, code: "maximumResultsReached", detail: "nextCursor"},
		{name: "bad field", raw: "fields=contents", status: 400, code: "parameterInvalid", param: "fields", detail: "content"},
		{name: "bad encoding", raw: "q=%zz", status: 400, code: "requestInvalid"},
		{name: "semicolon", raw: "q=a;b=c", status: 400, code: "requestInvalid"},
		{name: "not UTF-8", raw: "q=%ff", status: 400, code: "parameterInvalid", param: "q"},
		{name: "bad cursor", raw: "cursor=nonsense", status: 400, code: "parameterInvalid", param: "cursor"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := wantProblem(t, w.get(t, "/v1/search?"+tt.raw), tt.status, tt.code)
			if p.Param != tt.param || !strings.Contains(p.Detail, tt.detail) || !strings.Contains(p.Expected, tt.wants) {
				t.Errorf("%+v, want %+v", p, tt)
			}
			if tt.code == "querySyntax" && (p.Offset == nil || *p.Offset != tt.offset) {
				t.Errorf("offset %v, want %d", p.Offset, tt.offset)
			}
		})
	}
}

func TestSuggest(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	var got struct{ Suggestions []news.Suggestion }
	r := w.get(t, "/v1/suggest?q=gaz&kinds=source&size=3")
	r.into(t, &got)
	want := []news.Suggestion{{Kind: "source", Text: "Gazette", Value: "gazette", Count: 2}}
	if diff := cmp.Diff(want, got.Suggestions); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantProblem(t, w.get(t, "/v1/suggest?kinds=color"), 400, "parameterInvalid")
	wantProblem(t, w.get(t, "/v1/suggest?size=51"), 400, "parameterInvalid")
	wantProblem(t, w.get(t, "/v1/suggest?q="+strings.Repeat("x", 201)), 400, "parameterInvalid")
	wantProblem(t, w.get(t, "/v1/suggest?query=x"), 400, "parameterInvalid")
}

func TestValidateQuery(t *testing.T) {
	w := newWorld(t, nil)
	type node struct {
		Type, Field, Text, From, Through, Before string
		Slop                                     int
		Parts                                    []node
	}
	var good struct {
		Valid  bool
		Parsed string
		Tree   node
	}
	q := `+title:a -"b c"~3 (d OR eee*) AND source:x after:7d is:full`
	w.get(t, "/v1/query/validate?q="+url.QueryEscape(q)).into(t, &good)
	if !good.Valid || good.Parsed != q || good.Tree.Type != "and" || len(good.Tree.Parts) != 2 {
		t.Errorf("%+v", good)
	}
	var bad struct {
		Valid             bool
		Offset            *int
		Message, Expected string
	}
	w.get(t, "/v1/query/validate?q=a+OR").into(t, &bad)
	if bad.Valid || bad.Offset == nil || *bad.Offset != 4 || bad.Expected == "" || bad.Message == "" {
		t.Errorf("%+v", bad)
	}
	var empty struct{ Valid bool }
	w.get(t, "/v1/query/validate").into(t, &empty)
	if !empty.Valid {
		t.Error("the empty query is not valid")
	}
}

// Entities of one type are the facet entity, and the filter entity, when that
// type is asked for.
func TestEntitiesOfAType(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	got := w.search(t, "facets=entity&entityType=place")
	if b := got.Facets["entity"].Buckets; len(got.Facets) != 1 || len(b) != 1 || b[0].Label != "Lisbon" || b[0].Count != 2 {
		t.Errorf("facet: %+v", got.Facets)
	}
	if got := w.search(t, "entity=Lisbon&entityType=person"); got.TotalResults != 0 {
		t.Errorf("Lisbon is no person, but %v", got.titles())
	}
	if got := w.search(t, "entity=Lisbon&entityType=place"); got.TotalResults != 2 {
		t.Errorf("articles that name the place: %v", got.titles())
	}
}

// A facet that is filtered by counts what choosing one more value would give, or
// what was found.
func TestFacetModes(t *testing.T) {
	w := newWorld(t, nil)
	w.put(t, sample()...)
	for mode, want := range map[string]int{"": 3, "&facetMode=multi": 3, "&facetMode=filtered": 1} {
		if b := w.search(t, "sources=gazette&facets=source"+mode).Facets["source"].Buckets; len(b) != want || b[0].Count != 2 || !b[0].Selected {
			t.Errorf("%q: %+v, want %d buckets", mode, b, want)
		}
	}
}
