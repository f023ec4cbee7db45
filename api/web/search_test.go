package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"broadsheet.example/api/param"
	"broadsheet.example/api/web"
	"broadsheet.example/news"
)

func TestSearchStates(t *testing.T) {
	w := newWorld(t, press()...)
	tests := []struct {
		name   string
		path   string
		status int
		hits   int
		shows  []string
	}{
		{"everything", search("sortBy", "newest"), 200, 4, []string{"All news", "4 articles", "Dockers return", "Fish prices", "2 hours ago", "yesterday"}},
		{"words", search("q", "harbour"), 200, 3, []string{"3 articles", "1 to 3", "Relevance"}},
		{"one", search("q", "fish"), 200, 1, []string{"1 article"}},
		{"nothing found", search("q", "zeppelin"), 200, 0, []string{"0 articles", "Nothing matches.", "fewer or more general words"}},
		{"nothing left", search("q", "fish", "sources", "courier"), 200, 0, []string{"Nothing matches.", "Take something away", "The Courier"}},
		{"one publisher", search("sources", "courier"), 200, 2, []string{"2 articles", "Publisher The Courier"}},
		{"two publishers", search("sources", "courier,ledger"), 200, 4, []string{"Clear all"}},
		{"a person, not a place", search("person", ada.ID, "excludePlace", oslo.ID), 200, 1, []string{"Person Ada Reyes", "Not place Oslo"}},
		{"last week", search("from", "7d"), 200, 3, []string{"Date last 7 days"}},
		{"one day", search("from", "2026-11-25", "to", "2026-11-25"), 200, 1, []string{"Date 25 Nov 2026", "Harbour vote"}},
		{"some days", search("from", "2026-11-16", "to", "2026-11-24"), 200, 2, []string{"Date 16 Nov 2026 to 24 Nov 2026"}},
		{"second page", search("q", "harbour", "pageSize", "1", "page", "2"), 200, 1, []string{"2 to 2", "Previous", "Next"}},
		{"page behind the last", search("q", "harbour", "page", "40"), 200, 0, []string{"3 articles"}},
		{"marks of mailers", search("q", "harbour", "utm_source", "letter"), 200, 3, nil},
		{"syntax error", search("q", `harbour "two state`), 400, 0, []string{"The query cannot be read", `expected a closing "`, "The language:"}},
		{"bad parameter", search("q", "harbour", "from", "someday"), 400, 0, []string{`from "someday"`, "is not a date"}},
		{"too deep", search("q", "harbour", "page", "600"), 400, 0, []string{"as deep as paging goes"}},
		{"not UTF-8", "/?q=%ff%fe", 400, 0, []string{"UTF-8"}},
		{"not hexadecimal", "/?q=%zz&page=1", 200, 0, nil},
		{"given twice", "/?q=a&q=b", 400, 0, []string{"more than once"}},
		{"two ways of paging", search("q", "harbour", "page", "2", "cursor", "x"), 400, 0, []string{"cannot be given together"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := get(t, w.app, tt.path)
			if p.status != tt.status {
				t.Errorf("status %d, want %d", p.status, tt.status)
			}
			if n := len(p.all("article")); n != tt.hits {
				t.Errorf("%d hits, want %d", n, tt.hits)
			}
			for _, words := range tt.shows {
				if !strings.Contains(strings.Join(strings.Fields(text(p.root)), " "), words) {
					t.Errorf("%q is not on the page", words)
				}
			}
			if q := p.all("input")[0]; attr(q, "name") != "q" {
				t.Errorf("the first input is %q, want the search box", attr(q, "name"))
			}
		})
	}
}

func TestSyntaxErrorIsShownAtItsPlace(t *testing.T) {
	w := newWorld(t)
	tests := []struct{ query, before, after string }{
		{`rafah "two state`, `rafah `, `"two state`},
		{`  rafah (gaza OR`, `  rafah (gaza OR`, "⌫"},
		{`größe "älter`, `größe `, `"älter`},
		{`athor:smith`, ``, `athor:smith`},
		{`<script> "x`, `<script> `, `"x`},
	}
	for _, tt := range tests {
		p := w.get(search("q", tt.query))
		code := p.class("code")
		if len(code) != 1 {
			t.Errorf("%s: no place shown", tt.query)
			continue
		}
		mark := code[0].LastChild
		if got := strings.TrimSuffix(text(code[0]), text(mark)); got != tt.before || text(mark) != tt.after {
			t.Errorf("%s: cut as %q and %q, want %q and %q", tt.query, got, text(mark), tt.before, tt.after)
		}
		if got := attr(p.all("input")[0], "value"); got != tt.query {
			t.Errorf("the box holds %q, want %q", got, tt.query)
		}
	}
}

func TestExpiredCursor(t *testing.T) {
	p := get(t, newApp(t, failing(news.ErrCursorExpired)), search("q", "x", "cursor", "old"))
	if p.status != http.StatusBadRequest || !p.has("This page of results has expired") {
		t.Errorf("status %d, page %s", p.status, text(p.root))
	}
}

func TestHead(t *testing.T) {
	w := newWorld(t, press()...)
	for _, path := range []string{"/", search("q", "harbour"), articlePath(w, 0), "/help/query"} {
		p := send(t, w.app, http.MethodHead, path)
		if p.status != http.StatusOK || len(p.body) != 0 || p.header.Get("Content-Security-Policy") == "" {
			t.Errorf("HEAD %s: status %d, %d bytes", path, p.status, len(p.body))
		}
	}
}

func TestFailuresArePages(t *testing.T) {
	tests := []struct {
		err    error
		status int
		shows  string
	}{
		{errBroken, 500, "Something went wrong here"},
		{fmt.Errorf("search: %w", news.ErrUnavailable), 503, "Not ready yet"},
		{context.DeadlineExceeded, 503, "That took too long"},
		{news.ErrDiskFull, 507, "The disk is full"},
	}
	for _, tt := range tests {
		p := get(t, newApp(t, failing(tt.err)), search("q", "x"))
		if p.status != tt.status || !p.has(tt.shows) || p.has(errBroken.Error()) {
			t.Errorf("%v: status %d, page %s", tt.err, p.status, text(p.root))
		}
	}
}

func TestUnknownAddresses(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		name, path, accept string
		isPage             bool
	}{
		{"browser", "/nowhere", "text/html,application/xhtml+xml,*/*;q=0.8", true},
		{"program", "/nowhere", "application/json", false},
		{"anything", "/nowhere", "*/*", false},
		{"API", "/v1/nowhere", "text/html", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost"+tt.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Accept", tt.accept)
			p := answer(t, w.app, req)
			if isPage := p.has("There is nothing here"); p.status != http.StatusNotFound || isPage != tt.isPage {
				t.Errorf("status %d, a page: %t, want 404 and %t", p.status, isPage, tt.isPage)
			}
		})
	}
}

func TestHostileArticlesAreHarmless(t *testing.T) {
	articles := hostile()
	w := newWorld(t, articles...)
	for _, path := range []string{search("q", "storm"), search("sortBy", "oldest"), search("q", `title:storm`), search("q", "storm", "more", "person"), search("q", `"><script>alert(1)</script>`)} {
		p := w.get(path) // checks that no element or attribute came through
		for n := range p.root.Descendants() {
			if n.Type == html.ElementNode && (n.Data == "img" || n.Data == "b" || n.Data == "i" || n.Data == "script" && attr(n, "src") == "") {
				t.Errorf("%s: <%s> came through", path, n.Data)
			}
		}
		if len(p.all("body")) != 1 || len(p.all("main")) != 1 || !p.has("Headlines and snippets lead to their publishers.") {
			t.Errorf("%s: the layout is broken", path)
		}
	}
	p := w.get(search("q", "storm"))
	if n := len(p.all("article")); n != len(articles) {
		t.Errorf("%d hits, want %d", n, len(articles))
	}
	p.want("Untitled", "Storm <mark>never</mark> closed", "عاصفة")
	for _, m := range p.all("mark") {
		if !strings.EqualFold(text(m), "storm") {
			t.Errorf("marked %q", text(m))
		}
	}
	for _, h := range p.all("h2") {
		if a := h.FirstChild; a != nil && a.Data == "a" && !strings.HasPrefix(attr(a, "href"), "http") && !strings.HasPrefix(attr(a, "href"), "/articles/") {
			t.Errorf("a title leads to %q", attr(a, "href"))
		}
	}
}

// TestMarksOfAnEngineAreChecked has an engine that does not escape.
func TestMarksOfAnEngineAreChecked(t *testing.T) {
	tests := []struct{ fragment, want string }{
		{"a <mark>b</mark> c", "a <mark>b</mark> c"},
		{"a <mark>b c", "a b c"},
		{"a</mark> <mark>b</mark></mark>", "a <mark>b</mark>"},
		{"<mark>a <mark>b</mark></mark>", "a <mark>b</mark>"},
		{"<script>x</script> <mark><img></mark>", "&lt;script&gt;x&lt;/script&gt; <mark>&lt;img&gt;</mark>"},
		{"R&amp;D &lt;b&gt;", "R&amp;D &lt;b&gt;"},
	}
	for _, tt := range tests {
		a := article(courier, "x", 0)
		app := newApp(t, web.Deps{Search: func(context.Context, news.Query) (*news.Result, error) {
			return &news.Result{Total: 1, Hits: []news.Hit{{Article: a, Highlights: map[string][]string{"content": {tt.fragment}}}}}, nil
		}})
		p := get(t, app, search("q", "x"))
		if !strings.Contains(p.body, `<p class="snippet" dir="auto">`+tt.want+`</p>`) {
			t.Errorf("%s: want %s in %s", tt.fragment, tt.want, p.body)
		}
	}
}

// steady takes away what differs between two answers to one search.
func steady(p *page) string {
	return regexp.MustCompile(`\d+ ms`).ReplaceAllString(p.body[strings.Index(p.body, "<main"):], "")
}

func TestLinksOfEveryPageLeadSomewhere(t *testing.T) {
	w := newWorld(t, append(press(), many(30)...)...)
	seen := map[string]bool{}
	todo := []string{"/", articlePath(w, 0), "/sources/courier", "/entities/" + ada.ID, search("q", "harbour"), search("sortBy", "newest"), search("q", "storm", "sources", "paper-001,paper-002", "tz", "Europe/Oslo", "from", "30d")}
	for len(todo) > 0 && len(seen) < 300 {
		path := todo[0]
		todo = todo[1:]
		if path, _, _ = strings.Cut(path, "#"); seen[path] || strings.HasPrefix(path, "/v1/") || path == "/health" || path == "/docs" {
			continue
		}
		seen[path] = true
		p := w.get(path)
		if p.status != http.StatusOK || p.has("cannot be read") {
			t.Fatalf("%s: status %d: %s", path, p.status, text(p.root))
		}
		todo = append(todo, p.links()...)
	}
}

func TestToggleTwiceIsTheSamePage(t *testing.T) {
	w := newWorld(t, append(press(), many(30)...)...)
	for _, path := range []string{search("sortBy", "newest"), search("q", "harbour"), search("q", "harbour", "sources", "courier"), search("q", "storm", "from", "7d", "person", ada.ID, "excludePerson", jonas.ID)} {
		before := w.get(path)
		for n := range before.root.Descendants() {
			key := attr(n, "data-key")
			if n.Type != html.ElementNode || key == "" {
				continue
			}
			toggled := w.get(attr(n, "href"))
			after := w.get(toggled.option(key, attr(n, "aria-current") == ""))
			if steady(before) != steady(after) {
				t.Errorf("%s: %s twice leads to another page, %s", path, key, after.path)
			}
		}
	}
}

// option returns the link of an option, which must be shown as chosen or not.
func (p *page) option(key string, chosen bool) string {
	p.t.Helper()
	for n := range p.root.Descendants() {
		if attr(n, "data-key") == key {
			if (attr(n, "aria-current") != "") != chosen {
				p.t.Errorf("%s: %s is shown as chosen: %t, want %t", p.path, key, !chosen, chosen)
			}
			return attr(n, "href")
		}
	}
	p.t.Fatalf("%s: no option %s", p.path, key)
	return ""
}

func TestChipsTakeOneThingAway(t *testing.T) {
	w := newWorld(t, press()...)
	p := w.get(search("q", "harbour", "sources", "courier", "from", "7d", "to", "2026-11-26"))
	if got, want := p.link("Publisher The Courier ×: remove"), search("q", "harbour", "from", "7d", "to", "2026-11-26"); got != want {
		t.Errorf("publisher: %s, want %s", got, want)
	}
	if got, want := p.link("Clear all"), search("q", "harbour"); got != want {
		t.Errorf("all: %s, want %s", got, want)
	}
}

func TestHistogramBarsSelectTheirDays(t *testing.T) {
	w := newWorld(t, press()...)
	p := w.get(search("q", "harbour"))
	day := w.get(p.link("25 Nov 2026: 1 article"))
	if n := len(day.all("article")); n != 1 || !day.has("Harbour vote") {
		t.Errorf("%s: %d hits", day.path, n)
	}
	for _, in := range day.all("input") {
		if attr(in, "type") == "date" && attr(in, "value") != "2026-11-25" {
			t.Errorf("field %s holds %q", attr(in, "name"), attr(in, "value"))
		}
	}
}

func TestLongFacet(t *testing.T) {
	w := newWorld(t, many(150)...)
	short := w.get(search("q", "storm"))
	if n := facetSize(short, "person"); n != 10 {
		t.Errorf("%d people, want 10", n)
	}
	long := w.get(short.link("More People"))
	if n := facetSize(long, "person"); n != 100 {
		t.Errorf("%d people at length, want 100", n)
	}
	found := w.get(search("q", "storm", "more", "person", "find", "n 14"))
	if n := facetSize(found, "person"); n != 10 || !found.has("Person 149") {
		t.Errorf("%d people found, want 10", n)
	}
	none := w.get(search("q", "storm", "more", "person", "find", "zzz"))
	none.want("No name has that in it.")
	if facetSize(w.get(long.link("Fewer People")), "person") != 10 {
		t.Error("no way back")
	}
}

func facetSize(p *page, name string) int {
	n := 0
	for _, a := range p.all("a") {
		if strings.HasPrefix(attr(a, "data-key"), name+":") {
			n++
		}
	}
	return n
}

func TestApproximateFacetSaysSo(t *testing.T) {
	for _, approximate := range []bool{false, true} {
		app := newApp(t, web.Deps{Search: func(context.Context, news.Query) (*news.Result, error) {
			buckets := []news.Bucket{{Value: "courier", Count: 3}, {Value: "gazette", Count: 2}}
			return &news.Result{Total: 5, Facets: map[string]news.Facet{news.FacetSource: {Buckets: buckets, Approximate: approximate}}}, nil
		}})
		p := get(t, app, search("q", "harbour"))
		said := strings.Contains(p.body, "counts may be too low")
		if !strings.Contains(p.body, "gazette") || said != approximate {
			t.Errorf("approximate %t: the page says so: %t", approximate, said)
		}
		if got := p.header.Get("Cache-Control"); got != "private, no-cache" {
			t.Errorf("Cache-Control %q", got)
		}
	}
}

func TestOutputsAreTheSameSearch(t *testing.T) {
	w := newWorld(t, press()...)
	path := search("q", "harbour", "sources", "courier", "from", "7d", "sortBy", "newest", "pageSize", "5", "more", "person", "find", "x")
	p := visit(t, serve(t, w.app), http.MethodGet, path, nil, func(*http.Request) {})
	for name, parse := range map[string]func(url.Values) (news.Query, error){
		"JSON": param.Parse,
		"RSS":  func(v url.Values) (news.Query, error) { return param.ParseNarrow(v) },
		"CSV":  func(v url.Values) (news.Query, error) { return param.ParseNarrow(v) },
	} {
		u, err := url.Parse(p.link(name))
		if err != nil {
			t.Fatal(err)
		}
		q, err := parse(u.Query())
		if err != nil {
			t.Errorf("%s: %s: %v", name, u, err)
			continue
		}
		if q.Expr.String() != "harbour" || len(q.Filters) != 1 || q.From.IsZero() || name == "JSON" && (len(q.Facets) == 0 || q.Size != 5 || q.Sort != news.SortNewest) {
			t.Errorf("%s: another search: %s", name, u)
		}
	}
}

func TestStaticFiles(t *testing.T) {
	w := newWorld(t)
	p := w.get(search("q", "x"))
	files := 0
	for _, n := range append(p.all("link"), p.all("script")...) {
		if rel := attr(n, "rel"); rel == "search" || rel == "alternate" {
			continue
		}
		path := attr(n, "href") + attr(n, "src")
		f := send(t, w.app, http.MethodGet, path)
		if f.status != http.StatusOK || !strings.Contains(f.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: status %d, %q", path, f.status, f.header.Get("Cache-Control"))
		}
		limit := maxScript
		if strings.HasSuffix(path, ".css") {
			limit = maxStyle
		}
		if n := gzipped(f.body); n > limit {
			t.Errorf("%s: %d bytes compressed, want at most %d", path, n, limit)
		}
		files++
	}
	if files < 2 {
		t.Errorf("%d files", files)
	}
}

// TestCursorsContinueWherePagesEnd has an engine with more hits than pages reach.
func TestCursorsContinueWherePagesEnd(t *testing.T) {
	app := newApp(t, web.Deps{Search: func(_ context.Context, q news.Query) (*news.Result, error) {
		return &news.Result{Total: 20_000, Hits: []news.Hit{{Article: article(courier, "x", 0)}}, NextCursor: "c&1"}, nil
	}})
	if got, want := get(t, app, search("q", "x", "page", "499")).link("Next →"), search("page", "500", "q", "x"); got != want {
		t.Errorf("from page 499 on to %s, want %s", got, want)
	}
	p := get(t, app, search("q", "x", "page", "500"))
	if got, want := p.link("Next →"), search("cursor", "c&1", "q", "x"); got != want {
		t.Errorf("from page 500 on to %s, want %s", got, want)
	}
	p = get(t, app, p.link("Next →"))
	p.want("further on")
	if got, want := p.link("← From the beginning"), search("q", "x"); got != want {
		t.Errorf("back to %s, want %s", got, want)
	}
}
