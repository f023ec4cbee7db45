package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet.example/api/web"
	"broadsheet.example/news"
)

func articlePath(w *world, i int) string { return "/articles/" + w.ids[i] }

func TestFrontPage(t *testing.T) {
	w := newWorld(t, press()...)
	for _, path := range []string{"/", "/?", "/?q=", "/?utm_source=letter"} {
		p := w.get(path)
		p.want("Thursday, 26 November 2026", "4 articles from 2 publishers", "the newest 2 hours ago", "Latest", "By publisher", "All news, with filters")
		if lead := p.class("lead"); len(lead) != 1 || !strings.Contains(text(lead[0]), "Dockers return") {
			t.Errorf("%s: the lead is not the newest", path)
		}
		blocks := p.class("block")
		if len(blocks) != 2 || !strings.Contains(text(blocks[0]), "Ledger & Tide") || !strings.Contains(text(blocks[1]), "The Courier") {
			t.Errorf("%s: publishers are not in the order of their newest articles", path)
		}
	}
}

func TestFrontPageCountsPublishers(t *testing.T) {
	buckets := []news.Bucket{{Value: "courier", Count: 3}, {Value: "gazette", Count: 2}}
	for want, f := range map[string]news.Facet{
		"5 articles from 2 publishers":          {Buckets: buckets},
		"5 articles from at least 2 publishers": {Buckets: buckets, Approximate: true},
		"6 articles from at least 2 publishers": {Buckets: buckets, Other: 1},
	} {
		app := newApp(t, web.Deps{Search: func(context.Context, news.Query) (*news.Result, error) {
			return &news.Result{Total: 5 + f.Other, Facets: map[string]news.Facet{news.FacetSource: f}}, nil
		}})
		if p := get(t, app, "/"); !p.has(want) {
			t.Errorf("want %q on the page:\n%s", want, p.body)
		}
	}
}

func TestFrontPageOfAnEmptyArchive(t *testing.T) {
	w := newWorld(t)
	w.get("/").want("0 articles", "Nothing has been collected yet")
}

func TestRising(t *testing.T) {
	var articles []news.Article
	add := func(n int, age time.Duration, e news.Entity) {
		for range n {
			articles = append(articles, article(courier, fmt.Sprintf("Report %d", len(articles)), age, e))
		}
	}
	add(9, 3*time.Hour, ada)
	add(7, 50*time.Hour, ada) // one a day: rising
	add(4, 3*time.Hour, oslo)
	add(42, 50*time.Hour, oslo) // six a day: falling
	add(2, 3*time.Hour, union)  // from nothing
	add(1, 3*time.Hour, jonas)  // once is nothing
	add(50, 9*24*time.Hour, union)
	p := newWorld(t, articles...).get("/")
	var got []string
	for _, n := range p.class("rising") {
		got = append(got, strings.Join(strings.Fields(text(n)), " "))
	}
	if want := "Ada Reyes 9 was 1 Dockers' Union 2 was 0"; len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestArticlePage(t *testing.T) {
	a := press()[0]
	a.Authors, a.EditorNote, a.Country, a.Tags = []string{"Mina Holt"}, "A figure was corrected.", "no", []string{"ports", "work"}
	a.Content = strings.Repeat("The dockers went back to the harbour. ", 40)
	w := newWorld(t, append([]news.Article{a}, press()[1:]...)...)
	p := w.get(articlePath(w, 0))
	p.want("Dockers return to the harbour", "Ledger & Tide", "By", "Mina Holt", "In short:", "Read it at Ledger & Tide", "ledger.example",
		"A figure was corrected.", "Thursday, 26 November 2026, 10:00 UTC", "from the page's structured data", "Norway", "ports, work",
		"Ada Reyes", "Oslo", "Dockers' Union", "Related", "Harbour vote is close")
	if got := p.link("Read it at Ledger & Tide →"); got != a.URL {
		t.Errorf("the way out leads to %q, want %q", got, a.URL)
	}
	if got := strings.Count(text(p.root), "went back"); got == 0 || got > 10 {
		t.Errorf("%d sentences of the text are shown, want an excerpt", got)
	}
	if got, want := p.link("Ada Reyes"), "/entities/"+ada.ID; got != want {
		t.Errorf("the person leads to %q, want %q", got, want)
	}
}

func TestFullTextFollowsThePolicy(t *testing.T) {
	long := strings.Repeat("Word after word. ", 60) + "The very end."
	tests := []struct {
		source string
		via    *news.Ref
		shown  bool
	}{
		{"open", nil, true},
		{"api", nil, false},
		{"closed", nil, false},
		{"open", &news.Ref{ID: "closed", Name: "Closed"}, false},
		{"api", &news.Ref{ID: "open", Name: "Open"}, false},
	}
	for i, tt := range tests {
		a := article(news.Ref{ID: tt.source, Name: tt.source}, fmt.Sprintf("Story %d", i), time.Hour)
		a.Content, a.Via = long, tt.via
		w := newWorld(t, a)
		if shown := w.get(articlePath(w, 0)).has("The very end."); shown != tt.shown {
			t.Errorf("%s via %v: full text shown: %t, want %t", tt.source, tt.via, shown, tt.shown)
		}
	}
}

func TestArticlesThatAreNotThere(t *testing.T) {
	w := newWorld(t, press()...)
	if err := w.store.Remove(t.Context(), w.ids[1]); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path string
		status     int
	}{
		{"no id", "/articles/x", 404},
		{"unknown", "/articles/" + news.ArticleID("nowhere"), 404},
		{"removed", articlePath(w, 1), 410},
		{"no entity", "/entities/x", 404},
		{"unknown entity", "/entities/" + news.EntityID(news.Person, "nobody"), 404},
		{"unknown publisher", "/sources/nobody", 404},
		{"strange publisher", "/sources/%22%3E%3Cscript%3E", 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if p := get(t, w.app, tt.path); p.status != tt.status {
				t.Errorf("status %d, want %d", p.status, tt.status)
			}
		})
	}
}

func TestChanges(t *testing.T) {
	a := press()[0]
	a.Content = "The port opens at six.\n\nTwelve ships wait outside, the harbour master said on Monday.\n\nNobody was hurt."
	w := newWorld(t, a)
	if w.get(articlePath(w, 0)).has("What changed") {
		t.Error("changes are shown of what has not changed")
	}
	a.Title = "Dockers return to the old harbour"
	a.Content = "The port opens at six.\n\nFourteen ships wait outside, the harbour master said on Monday.\n\nNobody was hurt.\n\n<b>A new ending.</b>"
	a.EditorNote = "The number of ships was corrected."
	w.put(a)
	p := w.get(articlePath(w, 0))
	p.want("What changed", "Revision 2", "Revision 1", "As first seen.", "The number of ships was corrected.")
	got := map[string][]string{}
	for _, name := range []string{"ins", "del"} {
		for _, n := range p.all(name) {
			got[name] = append(got[name], text(n))
		}
	}
	if want := "map[del:[Twelve] ins:[old Fourteen <b>A new ending.</b>]]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestEntityPage(t *testing.T) {
	w := newWorld(t, press()...)
	p := w.get("/entities/" + ada.ID)
	p.want("Person", "Ada Reyes", "2 articles", "the newest 2 hours ago", "Jonas Vik", "Oslo", "The Courier", "Harbour vote is close")
	if p.has("Fish prices") {
		t.Error("an article is listed that does not name her")
	}
	if got, want := p.link("2 articles"), search("person", ada.ID); got != want {
		t.Errorf("the search leads to %q, want %q", got, want)
	}
	for _, a := range p.all("a") {
		if attr(a, "href") == "/entities/"+ada.ID && strings.HasPrefix(text(a), "Ada Reyes ") {
			t.Error("she is listed as named along with herself")
		}
	}
}

func TestPlacesAreOnTheMap(t *testing.T) {
	tests := []struct {
		name string
		at   news.Location
		want string // what the map says, "" for no map
		x, y string
	}{
		{"Oslo", news.Location{Latitude: 59.9, Longitude: 10.7}, "Oslo lies at 59.9° north, 10.7° east", "381.4", "48.2"},
		{"south and west", news.Location{Latitude: -33, Longitude: -71.25}, "Oslo lies at 33° south, 71.2° west", "217.5", "234"},
		{"the pole", news.Location{Latitude: -89}, "", "", ""},
		{"no place", news.Location{Latitude: 95, Longitude: 400}, "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newWorld(t, article(courier, "A day in Oslo", time.Hour, at(tt.at.Latitude, tt.at.Longitude, oslo))).get("/entities/" + oslo.ID)
			got, x, y := "", "", ""
			for _, n := range p.all("svg") {
				if attr(n, "role") == "img" {
					dot := p.all("circle")[0]
					got, x, y = attr(n, "aria-label"), attr(dot, "cx"), attr(dot, "cy")
				}
			}
			if got != tt.want || x != tt.x || y != tt.y {
				t.Errorf("got %q at %s, %s, want %q at %s, %s", got, x, y, tt.want, tt.x, tt.y)
			}
		})
	}
}

func TestMergedEntities(t *testing.T) {
	w := newWorld(t, press()...)
	_, err := w.store.Decide(t.Context(),
		news.Decision{Kind: news.DecisionMerge, Entity: jonas.ID, Into: ada.ID, Name: "Jonas <b>Vik</b>"},
		news.Decision{Kind: news.DecisionRename, Entity: ada.ID, Name: "Ada R. Reyes"})
	if err != nil {
		t.Fatal(err)
	}
	w.get("/entities/"+ada.ID).want("Ada R. Reyes", "Also Jonas <b>Vik</b>")
	p := send(t, w.app, http.MethodGet, "/entities/"+jonas.ID)
	if got := p.header.Get("Location"); p.status != http.StatusFound || got != "/entities/"+ada.ID {
		t.Errorf("status %d, to %q", p.status, got)
	}
}

func TestSourcePage(t *testing.T) {
	copied := article(ledger, "A borrowed story", 5*time.Hour)
	copied.Via = &courier
	relay := article(ledger, "Another borrowed story", 6*time.Hour)
	relay.Via = &news.Ref{ID: "relay", Name: "Relay"}
	w := newWorld(t, append(press(), copied, relay)...)
	feed := news.Feed{ID: news.ArticleID("f"), URL: "http://feeds.courier.example/rss", Title: "Courier, all news", Enabled: true, AddedAt: now}
	other := news.Feed{ID: news.ArticleID("g"), URL: "http://notcourier.example/rss", Title: "Another", Enabled: true, AddedAt: now}
	if _, err := w.store.PutFeeds(t.Context(), feed, other); err != nil {
		t.Fatal(err)
	}
	p := w.get("/sources/courier")
	p.want("Publisher", "The Courier", "2 articles", "English", "courier.example", "Courier, all news", "not read yet", "Republishes", "Ledger & Tide", "the full text is to be read at the publisher")
	if p.has("Another") {
		t.Error("a feed is listed that belongs to somebody else")
	}
	w.get("/sources/relay").want("Relay", "0 articles", "Republishes", "Ledger & Tide")
}

func TestHostilePages(t *testing.T) {
	w := newWorld(t, hostile()...)
	paths := []string{"/"}
	for i := range w.ids {
		paths = append(paths, articlePath(w, i))
	}
	for _, a := range hostile() {
		paths = append(paths, "/sources/"+a.Source.ID)
		for _, e := range a.Entities {
			paths = append(paths, "/entities/"+e.ID)
		}
	}
	for _, path := range paths {
		p := w.get(path)
		if p.status != http.StatusOK {
			t.Errorf("%s: status %d", path, p.status)
		}
		for _, name := range []string{"img", "b", "i"} {
			if n := len(p.all(name)); n > 0 && path != "/" {
				t.Errorf("%s: <%s> came through", path, name)
			}
		}
		if len(p.all("body")) != 1 || !p.has("Headlines and snippets lead to their publishers.") {
			t.Errorf("%s: the layout is broken", path)
		}
	}
}

func TestHelpPage(t *testing.T) {
	w := newWorld(t)
	p := w.get("/help/query")
	p.want("The query language", "Words and phrases", "When a query is wrong", "“two-state solution”")
	tries := 0
	for _, a := range p.all("a") {
		if strings.HasPrefix(attr(a, "href"), "/?q=") {
			tries++
			if try := w.get(attr(a, "href")); try.status != http.StatusOK {
				t.Errorf("%s: status %d", attr(a, "href"), try.status)
			}
		}
	}
	if tries < 40 {
		t.Errorf("%d queries can be tried, want at least 40", tries)
	}
	for _, words := range []string{"|", "`", "**"} {
		if p.has(words) {
			t.Errorf("%q was not rendered", words)
		}
	}
}
