package crawler_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet.example/news"
)

// titles returns the titles of all articles, in the order they came in.
func (w *world) titles() string {
	w.Helper()
	var list []string
	for _, a := range w.articles() {
		list = append(list, a.Title)
	}
	return strings.Join(list, ", ")
}

// Each case is a feed before and after, and the articles there should be.
func TestIdentity(t *testing.T) {
	pages := map[string]string{
		"p.example/1":            article("One", ""),
		"p.example/1-new":        article("One, moved", ""),
		"p.example/2":            article("Two", ""),
		"p.example/3/amp":        article("Three", ""),
		"p.example/3":            article("Three", ""),
		"p.example/4?id=7":       article("Four", `<link rel="canonical" href="http://p.example/four">`),
		"p.example/four":         article("Four", `<link rel="canonical" href="http://p.example/four">`),
		"p.example/5":            article("Five", `<link rel="canonical" href="http://elsewhere.example/five">`),
		"p.example/6":            article("Six", `<link rel="canonical" href="http://p.example/">`),
		"p.example/7":            article("Seven", `<link rel="canonical" href="http://p.example/">`),
		"elsewhere.example/five": article("Five", ""),
	}
	tests := []struct {
		name          string
		before, after []string
		want          string
		fetched       int // pages
	}{
		{"tracking parameters", []string{"p.example/1?utm_source=a One"}, []string{"p.example/1?utm_source=b&fbclid=c One"}, "One", 1},
		{"the same GUID at another address", []string{"p.example/1 #g1 One"}, []string{"p.example/1-new #g1 One"}, "One", 1},
		{"a GUID seen again after it was gone", []string{"p.example/1 #g1 One"}, []string{"p.example/2 #g2 Two", "p.example/1 #g1 One"}, "One, Two", 2},
		{"one GUID for all", []string{"p.example/1 #1 One", "p.example/2 #1 Two"}, nil, "One, Two", 2},
		{"an AMP page and its article", []string{"p.example/3/amp Three"}, []string{"p.example/3 Three"}, "Three", 1},
		{"an article and its AMP page", []string{"p.example/3 Three"}, []string{"p.example/3/amp Three"}, "Three", 1},
		{"a canonical address", []string{"p.example/4?id=7 Four"}, []string{"p.example/four Four"}, "Four", 1},
		{"a canonical address on another site", []string{"p.example/5 Five"}, []string{"elsewhere.example/five Five"}, "Five, Five", 2},
		{"the home page as canonical address", []string{"p.example/6 Six", "p.example/7 Seven"}, nil, "Six, Seven", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				for url, body := range pages {
					for _, query := range []string{"", "?utm_source=a", "?utm_source=b&fbclid=c"} {
						w.on(url+query, text(body))
					}
				}
				w.on("a.example/feed", validated(`"1"`, rss("", tt.before...)))
				w.subscribe("a.example/feed")
				w.pass()
				if tt.after != nil {
					w.on("a.example/feed", validated(`"2"`, rss("", tt.after...)))
					w.live(2 * time.Hour)
				}
				if got := w.titles(); got != tt.want {
					t.Errorf("articles: %s, want %s", got, tt.want)
				}
				n := 0
				for _, r := range w.requests {
					if !strings.HasSuffix(r.url, "robots.txt") && !strings.HasPrefix(r.url, "a.example/") {
						n++
					}
				}
				if n != tt.fetched {
					t.Errorf("%d pages fetched, want %d", n, tt.fetched)
				}
			})
		})
	}
}

func TestOnePageOfTwoFeeds(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", validated(`"1"`, rss("", "p.example/1 #a One")))
		w.on("b.example/feed", validated(`"1"`, rss("", "p.example/1?utm_source=b #b One")))
		w.on("p.example/1", text(article("One", "")))
		w.on("p.example/1?utm_source=b", text(article("One", "")))
		w.subscribe("a.example/feed", "b.example/feed")
		w.live(2 * time.Hour)
		if got := w.titles(); got != "One" {
			t.Errorf("articles: %s, want one", got)
		}
		if n := len(w.got("p.example/1")) + len(w.got("p.example/1?utm_source=b")); n != 1 {
			t.Errorf("the page was fetched %d times", n)
		}
	})
}

func TestChangesOfAnArticle(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", validated(`"1"`, rss("", "p.example/1 One")))
		w.on("p.example/1", text(article("One", "")))
		w.subscribe("a.example/feed")
		w.pass()
		first := w.articles()[0]

		w.on("a.example/feed", validated(`"2"`, rss("<ttl>60</ttl>", "p.example/1 One")))
		w.on("p.example/1", text(strings.ReplaceAll(article("One", ""), "<p>", "\n\n  <p> ")))
		w.live(3 * time.Hour)
		if a := w.articles()[0]; a.Revision != 1 || a.Version != first.Version {
			t.Errorf("white space made revision %d, version %d", a.Revision, a.Version)
		}

		w.on("a.example/feed", validated(`"3"`, rss("<ttl>61</ttl>", "p.example/1 One!")))
		w.on("p.example/1", text(strings.ReplaceAll(article("One", ""), "Tuesday", "Wednesday")))
		w.live(3 * time.Hour)
		a := w.articles()[0]
		if a.Revision != 2 || !a.FirstSeen.Equal(first.FirstSeen) || a.UpdatedAt.IsZero() {
			t.Errorf("after a correction: revision %d, first seen %v, updated %v", a.Revision, a.FirstSeen, a.UpdatedAt)
		}
	})
}

// Pages of a feed whose articles were edited are looked at again; those of
// others are not.
func TestPublishersWhoEditAreRechecked(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", validated(`"1"`, rss("", "p.example/1 One")))
		w.on("p.example/1", text(article("One", "")))
		w.subscribe("a.example/feed")
		w.pass()
		w.live(24 * time.Hour)
		if n := len(w.got("p.example/1")); n != 1 {
			t.Fatalf("a page that nobody edits was fetched %d times", n)
		}
		w.on("p.example/1", text(strings.ReplaceAll(article("One", ""), "Tuesday", "Wednesday")))
		w.on("p.example/2", validated(`"p"`, article("Two", "")))
		w.on("a.example/feed", validated(`"2"`, rss("", "p.example/2 Two", "p.example/1 One!")))
		w.live(24 * time.Hour)
		w.on("p.example/3", validated(`"p"`, article("Three", "")))
		w.on("a.example/feed", validated(`"3"`, rss("", "p.example/3 Three", "p.example/2 Two", "p.example/1 One!")))
		w.live(10 * 24 * time.Hour)
		got := w.got("p.example/3")
		if len(got) != 5 {
			t.Fatalf("%d visits, want the first and four more", len(got))
		}
		for i, age := range []time.Duration{0, time.Hour, 6 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour} {
			if d := got[i].at.Sub(got[0].at); d < age*8/10 || d > age*12/10 {
				t.Errorf("visit %d at the age of %v, want about %v", i, d, age)
			}
		}
		if got[4].header.Get("If-None-Match") != `"p"` {
			t.Error("a recheck was not conditional")
		}
	})
}

func TestGonePagesTakeTheirArticles(t *testing.T) {
	for _, code := range []int{http.StatusNotFound, http.StatusGone} {
		inWorld(t, func(w *world) {
			w.on("a.example/feed", validated(`"1"`, rss("", "p.example/1 One")))
			w.on("p.example/1", text(article("One", "")))
			w.subscribe("a.example/feed")
			w.pass()
			w.on("p.example/1", status(code))
			w.on("a.example/feed", validated(`"2"`, rss("", "p.example/1 One!")))
			w.live(3 * 24 * time.Hour)
			if got := w.titles(); got != "" {
				t.Errorf("HTTP %d: articles left: %s", code, got)
			}
		})
	}
}

func TestWhatPublishersReserve(t *testing.T) {
	tests := []struct {
		name, header, value, head string
		want                      bool // whether there is an article
	}{
		{"nothing", "", "", "", true},
		{"noindex", "X-Robots-Tag", "noindex, nofollow", "", false},
		{"none", "X-Robots-Tag", "none", "", false},
		{"noindex for us", "X-Robots-Tag", "broadsheet: noindex", "", false},
		{"noindex for another", "X-Robots-Tag", "otherbot: noindex", "", true},
		{"noarchive", "X-Robots-Tag", "noarchive", "", true},
		{"meta", "", "", `<meta name="robots" content="NOINDEX">`, false},
		{"text and data mining", "TDM-Reservation", "1", "", false},
		{"text and data mining allowed", "TDM-Reservation", "0", "", true},
		{"text and data mining in meta", "", "", `<meta content="1" name="tdm-reservation">`, false},
		{"text and data mining allowed in meta", "", "", `<meta name="tdm-reservation" content="0">`, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.on("a.example/feed", validated(`"1"`, rss("", "p.example/1 One")))
				w.on("p.example/1", text(article("One", tt.head), "X-Other", "", tt.header, tt.value))
				w.subscribe("a.example/feed")
				w.pass()
				if got := w.titles() != ""; got != tt.want {
					t.Errorf("an article: %v, want %v", got, tt.want)
				}
			})
		})
	}
}

func TestWallInPlaceOfAPage(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("a.example/feed", validated(`"1"`, rss("", "p.example/1 One")))
		w.on("p.example/1", text("<html><title>Just a moment...</title><body><p>Checking your browser before you can read the article, please enable JavaScript and cookies to go on, it will take a few seconds and then you will be redirected to it.</p></body></html>"))
		w.subscribe("a.example/feed")
		w.pass()
		list := w.articles()
		if len(list) != 1 || list[0].Title != "One" || list[0].Completeness != news.FeedOnly {
			t.Errorf("articles: %+v, want the feed's own words", list)
		}
		w.on("p.example/1", text(article("One", "")))
		w.live(24 * time.Hour)
		if a := w.articles()[0]; a.Completeness != news.Full {
			t.Errorf("the page was not tried again: %q", a.Completeness)
		}
	})
}

func TestDatesOfArticles(t *testing.T) {
	inWorld(t, func(w *world) {
		date := func(at string) string { return `<meta property="article:published_time" content="` + at + `">` }
		w.on("p.example/old", text(article("Old", date("1999-12-01T08:00:00Z"))))
		w.on("p.example/future", text(article("Future", date("2001-01-01T00:00:00Z"))))
		w.on("p.example/ancient", text(article("Ancient", date("1970-01-01T00:00:00Z"))))
		var items strings.Builder
		for _, name := range []string{"old", "future", "ancient"} {
			items.WriteString("<item><title>" + name + "</title><link>http://p.example/" + name + "</link></item>")
		}
		w.on("a.example/feed", validated(`"1"`, `<rss version="2.0"><channel><title>F</title>`+items.String()+`</channel></rss>`))
		w.subscribe("a.example/feed")
		w.pass()
		for _, a := range w.articles() {
			if a.Title == "Old" {
				if !a.PublishedAt.Equal(time.Date(1999, 12, 1, 8, 0, 0, 0, time.UTC)) {
					t.Errorf("an old item of a new feed is dated %v", a.PublishedAt)
				}
				continue
			}
			if !a.PublishedAt.Equal(a.FirstSeen) || a.PublishedAtSource != news.DateFirstSeen || a.PublishedAtRaw == "" {
				t.Errorf("%s: published %v (%s), raw %q; want when it was first seen, and the raw date kept", a.Title, a.PublishedAt, a.PublishedAtSource, a.PublishedAtRaw)
			}
		}
	})
}

func TestNewsSitemapIsPolled(t *testing.T) {
	inWorld(t, func(w *world) {
		now := time.Now().UTC()
		stamp := func(age time.Duration) string { return now.Add(-age).Format(time.RFC3339) }
		w.on("p.example/news.xml", validated(`"1"`, sitemapIndex("p.example/deep.xml", "p.example/today.xml")))
		w.on("p.example/deep.xml", text(sitemapIndex("p.example/deeper.xml")))
		w.on("p.example/deeper.xml", text(sitemapIndex("p.example/deepest.xml")))
		w.on("p.example/today.xml", text(urlset("p.example/1 "+stamp(time.Hour), "p.example/2 "+stamp(47*time.Hour), "p.example/3 "+stamp(49*time.Hour))))
		for _, p := range []string{"1", "2", "3"} {
			w.on("p.example/"+p, text(article("Page "+p, "")))
		}
		if _, err := w.store.PutFeeds(w.Context(), news.Feed{ID: news.ArticleID("s"), URL: "http://p.example/news.xml", Kind: news.KindSitemap, Enabled: true}); err != nil {
			t.Fatal(err)
		}
		w.live(time.Hour)
		if got := w.titles(); got != "Page 1, Page 2" {
			t.Errorf("articles: %s, want those of the last two days", got)
		}
		if len(w.got("p.example/deeper.xml")) == 0 || len(w.got("p.example/deepest.xml")) != 0 {
			t.Error("indexes are to be followed to a depth of two")
		}
	})
}
