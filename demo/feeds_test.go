package demo_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"broadsheet.example/demo"
)

// item is what the forms of feed have in common.
type item struct {
	link, id, title string
	date            time.Time
}

type rssFeed struct {
	Items []struct {
		Title   string `xml:"title"`
		Link    string `xml:"link"`
		GUID    string `xml:"guid"`
		PubDate string `xml:"pubDate"`
	} `xml:"channel>item"`
}

type atomFeed struct {
	Entries []struct {
		Title     string    `xml:"title"`
		ID        string    `xml:"id"`
		Published time.Time `xml:"published"`
		Updated   time.Time `xml:"updated"`
		Link      struct {
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"http://www.w3.org/2005/Atom entry"`
}

type newsSitemap struct {
	URLs []struct {
		Location string    `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
		Title    string    `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>title"`
		Date     time.Time `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>publication_date"`
		Name     string    `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>publication>name"`
	} `xml:"url"`
}

// items reads a feed of any kind, strictly.
func items(t *testing.T, kind demo.Kind, body []byte) []item {
	t.Helper()
	var out []item
	switch kind {
	case demo.KindRSS:
		var f rssFeed
		strictXML(t, body, &f)
		for _, i := range f.Items {
			date, err := time.Parse(time.RFC1123Z, i.PubDate)
			if err != nil {
				t.Error(err)
			}
			out = append(out, item{i.Link, i.GUID, i.Title, date})
		}
	case demo.KindAtom:
		var f atomFeed
		strictXML(t, body, &f)
		for _, e := range f.Entries {
			out = append(out, item{e.Link.Href, e.ID, e.Title, e.Published})
		}
	case demo.KindJSON:
		var f struct {
			Items []struct {
				ID, URL, Title string
				Published      time.Time `json:"date_published"`
			}
		}
		if err := json.Unmarshal(body, &f); err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Items {
			out = append(out, item{i.URL, i.ID, i.Title, i.Published})
		}
	case demo.KindSitemap:
		var m newsSitemap
		strictXML(t, body, &m)
		for _, u := range m.URLs {
			if u.Name == "" {
				t.Errorf("sitemap: %s has no publication", u.Location)
			}
			out = append(out, item{u.Location, u.Location, u.Title, u.Date})
		}
	}
	return out
}

// strictXML decodes one well-formed document and nothing after it.
func strictXML(t *testing.T, body []byte, into any) {
	t.Helper()
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if err := xml.Unmarshal(body, into); err != nil {
		t.Fatal(err)
	}
}

func TestFeedsListTheirArticles(t *testing.T) {
	p := start(t)
	for _, pub := range p.Publishers() {
		res, body := get(t, "GET", pub.FeedURL)
		if res.StatusCode != 200 {
			t.Errorf("%s: got status %d", pub.FeedURL, res.StatusCode)
		}
		var want []demo.Article
		for _, a := range p.Articles() {
			if strings.HasPrefix(a.URL, pub.URL) {
				want = append(want, a)
			}
		}
		got := items(t, pub.Kind, body)
		if len(got) != len(want) || len(got) < 12 || len(got) > 40 {
			t.Fatalf("%s: got %d items, want %d, between 12 and 40", pub.Name, len(got), len(want))
		}
		for i, it := range got {
			if plain(it.link) != want[i].URL || it.title != want[i].Title {
				t.Errorf("%s, item %d: got %q, want %q", pub.Name, i, it.title, want[i].Title)
			}
			if want[i].Via == "" && !it.date.Equal(want[i].PublishedAt) {
				t.Errorf("%s: got date %s, want %s", it.link, it.date, want[i].PublishedAt)
			}
			if i > 0 && it.date.After(got[i-1].date) {
				t.Errorf("%s: item %d is newer than the one before", pub.Name, i)
			}
		}
	}
}

// plain is the link without its query.
func plain(link string) string {
	before, _, _ := strings.Cut(link, "?")
	return before
}

func TestFeedHabits(t *testing.T) {
	p := start(t)
	opaque, tracked := map[string]bool{}, map[string]bool{}
	for _, pub := range p.Publishers() {
		_, body := get(t, "GET", pub.FeedURL)
		ids := map[string]bool{}
		for _, it := range items(t, pub.Kind, body) {
			if ids[it.id] {
				t.Errorf("%s: id %q stands twice", pub.Name, it.id)
			}
			ids[it.id] = true
			opaque[pub.Name] = opaque[pub.Name] || !strings.HasPrefix(it.id, "http")
			u, err := url.Parse(it.link)
			if err != nil {
				t.Fatal(err)
			}
			tracked[pub.Name] = tracked[pub.Name] || u.Query().Has("utm_source")
		}
	}
	for name, want := range map[string]bool{"The Northgate Courier": true, "Foldline": false} {
		if opaque[name] != want {
			t.Errorf("%s: GUIDs that are no links: got %t, want %t", name, opaque[name], want)
		}
	}
	for name, want := range map[string]bool{"Antechamber": true, "Ledger & Tide": false} {
		if tracked[name] != want {
			t.Errorf("%s: tracked links: got %t, want %t", name, tracked[name], want)
		}
	}
}

func TestRobots(t *testing.T) {
	p := start(t)
	forbidden := 0
	for _, a := range p.Articles() {
		if a.Access == demo.AccessForbidden {
			forbidden++
			if u, err := url.Parse(a.URL); err != nil || !strings.HasPrefix(u.Path, "/subscribers/") {
				t.Errorf("%s is not under the forbidden path", a.URL)
			}
		}
	}
	if forbidden != 1 {
		t.Errorf("got %d forbidden articles, want 1", forbidden)
	}
	for _, pub := range p.Publishers() {
		_, body := get(t, "GET", pub.URL+"robots.txt")
		if !strings.Contains(string(body), "Disallow: /subscribers/\n") {
			t.Errorf("%s: robots.txt is %q", pub.Name, body)
		}
		if pub.Kind == demo.KindSitemap && !strings.Contains(string(body), "Sitemap: "+pub.FeedURL+"\n") {
			t.Errorf("%s: robots.txt does not name the sitemap", pub.Name)
		}
	}
}
