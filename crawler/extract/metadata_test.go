package extract_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/crawler/extract"
	"broadsheet.example/news"
)

// read extracts a page made of a head and a body.
func read(t *testing.T, address, head, body string) *extract.Content {
	t.Helper()
	page := `<html lang="en"><head>` + head + "</head><body>" + body + "</body></html>"
	c, err := extract.Options{Now: now}.Page([]byte(page), "text/html; charset=utf-8", address)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func article(properties string) string {
	return `<script type="application/ld+json">{"@type":"NewsArticle",` + properties + `}</script>`
}

func TestAuthors(t *testing.T) {
	const h1 = "<h1>Ferry runs aground off the cape</h1>"
	tests := []struct {
		name       string
		head, body string
		want       string
	}{
		{"JSON-LD list", article(`"author":[{"name":"Jonas Vale"},{"name":"Ida Moreau"}]`), piece, "Jonas Vale; Ida Moreau"},
		{"JSON-LD one string", article(`"author":"Jonas Vale and Ida Moreau"`), piece, "Jonas Vale; Ida Moreau"},
		{"JSON-LD address only", article(`"author":"https://example.test/staff/1"`), piece, ""},
		{"meta", `<meta name="author" content="By Jonas Vale">`, piece, "Jonas Vale"},
		{"meta is a profile", `<meta property="article:author" content="https://facebook.com/herald">`, piece, ""},
		{"capitals", `<meta name="author" content="JONAS VALE">`, piece, "Jonas Vale"},
		{"person before desk", `<meta name="author" content="Herald Newsroom">`, h1 + `<p class="byline">By Jonas Vale</p>` + piece, "Jonas Vale"},
		{"desk alone", `<meta name="author" content="Herald Newsroom">`, piece, "Herald Newsroom"},
		{"agency", `<meta name="author" content="Jonas Vale, Reuters">`, piece, "Jonas Vale"},
		{"agency alone", `<meta name="author" content="AFP">`, piece, ""},
		{"e-mail and role", "", h1 + `<div class="article-author">Jonas Vale, Chief Science Correspondent, jonas@example.test</div>` + piece, "Jonas Vale"},
		{"date behind", "", h1 + `<div class="byline">By Jonas Vale on Nov 24, 2026</div>` + piece, "Jonas Vale"},
		{"label without space", "", h1 + `<div class="post-author"><span>By</span><span>Jonas Vale</span></div>` + piece, "Jonas Vale"},
		{"links inside", "", h1 + `<div class="byline">By <a href="/author/1">Jonas Vale</a> in <a href="/city">Ostrava Bay</a></div>` + piece, "Jonas Vale"},
		{"bare line", "", h1 + `<div>By Jonas Vale</div>` + piece, "Jonas Vale"},
		{"German line", "", h1 + `<div>Von Jonas Vale und Ida Moreau</div>` + piece, "Jonas Vale; Ida Moreau"},
		{"French line", "", h1 + `<div>Par Hélène Dufour</div>` + piece, "Hélène Dufour"},
		{"Russian line", "", h1 + `<div>Автор: Анна Петрова</div>` + piece, "Анна Петрова"},
		{"biography is no byline", "", piece + `<div class="author-bio">Jonas Vale has covered the harbor since 2011 and lives on a boat.</div>`, ""},
		{"commenter is no author", "", piece + `<div class="comment-author">gull77</div>`, ""},
		{"pen name", `<meta name="author" content="gull77">`, piece, "gull77"},
		{"administrator", `<meta name="author" content="admin">`, piece, ""},
		{"particle", `<meta name="author" content="van der Meer, Anna">`, piece, "van der Meer; Anna"},
		{"same twice", `<meta name="author" content="Jonas Vale"><meta name="byl" content="By Jonas Vale">`, piece, "Jonas Vale"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := read(t, "https://example.test/a", tt.head, tt.body)
			if got := strings.Join(c.Authors, "; "); got != tt.want {
				t.Errorf("authors %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTitle(t *testing.T) {
	const site = `<meta property="og:site_name" content="Example Herald">`
	tests := []struct {
		name       string
		head, body string
		want       string
	}{
		{"suffix with bar", site + "<title>Ferry aground | Example Herald</title>", "", "Ferry aground"},
		{"prefix with colon", site + "<title>Example Herald: Ferry aground</title>", "", "Ferry aground"},
		{"site known from host", "<title>Ferry aground - ExampleHerald</title>", "", "Ferry aground"},
		{"dash of its own", site + "<title>Ferry aground - all safe | Example Herald</title>", "", "Ferry aground - all safe"},
		{"visible headline first", `<meta property="og:title" content="12 photos of the ferry aground off the cape">`, "<h1>Ferry aground off the cape</h1>", "Ferry aground off the cape"},
		{"heading of the site", site + `<meta property="og:title" content="Ferry aground">`, "<h1>Example Herald</h1>", "Ferry aground"},
		{"kicker in the heading", `<meta property="og:title" content="Ferry runs aground">`, "<h1><span>Shipping</span> Ferry runs aground</h1>", "Ferry runs aground"},
		{"other heading", article(`"headline":"Ferry runs aground"`), "<h1>Breaking</h1>", "Ferry runs aground"},
		{"escaped twice", article(`"headline":"Ferry &amp;amp; crew"`), "", "Ferry & crew"},
		{"heading alone", "", "<h1>Ferry aground</h1>", "Ferry aground"},
		{"nothing", "", "<p>text</p>", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(t, "https://www.exampleherald.test/a", tt.head, tt.body).Title; got != tt.want {
				t.Errorf("title %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPublished(t *testing.T) {
	const plain = "https://example.test/story"
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	cet := time.FixedZone("", 3600)
	tests := []struct {
		name       string
		address    string
		head, body string
		want       extract.Date
	}{
		{
			"JSON-LD with zone", plain, article(`"datePublished":"2026-11-24T18:05:00+01:00"`), piece,
			extract.Date{Time: time.Date(2026, 11, 24, 18, 5, 0, 0, cet), Source: news.DateJSONLD, Precision: news.PrecisionSecond, Raw: "2026-11-24T18:05:00+01:00"},
		},
		{
			"JSON-LD to the minute", plain, article(`"datePublished":"2026-11-24T18:05+01:00"`), piece,
			extract.Date{Time: time.Date(2026, 11, 24, 18, 5, 0, 0, cet), Source: news.DateJSONLD, Precision: news.PrecisionMinute, Raw: "2026-11-24T18:05+01:00"},
		},
		{
			"JSON-LD day", plain, article(`"datePublished":"2026-11-24"`), piece,
			extract.Date{Time: day(24), Source: news.DateJSONLD, Precision: news.PrecisionDay, Raw: "2026-11-24"},
		},
		{
			"meta", plain, `<meta property="article:published_time" content="2026-11-24T17:05:00Z">`, piece,
			extract.Date{Time: time.Date(2026, 11, 24, 17, 5, 0, 0, time.UTC), Source: news.DateMeta, Precision: news.PrecisionSecond, Raw: "2026-11-24T17:05:00Z"},
		},
		{
			"unreadable JSON-LD, good meta", plain, article(`"datePublished":"yesterday"`) + `<meta name="date" content="2026-11-24">`, piece,
			extract.Date{Time: day(24), Source: news.DateMeta, Precision: news.PrecisionDay, Raw: "2026-11-24"},
		},
		{
			"marked element", plain, "", `<time itemprop="datePublished" datetime="2026-11-24">Tuesday</time>` + piece,
			extract.Date{Time: day(24), Source: news.DateMeta, Precision: news.PrecisionDay, Raw: "2026-11-24"},
		},
		{
			"address", "https://example.test/2026/11/24/story", "", piece,
			extract.Date{Time: day(24), Source: news.DateURL, Precision: news.PrecisionDay, Raw: "https://example.test/2026/11/24/story"},
		},
		{
			"compact address", "https://example.test/20261124/story", "", piece,
			extract.Date{Time: day(24), Source: news.DateURL, Precision: news.PrecisionDay, Raw: "https://example.test/20261124/story"},
		},
		{
			"date line, day first", plain, "", "<h1>Ferry runs aground off the cape</h1><div>24.11.2026, 18:05</div>" + piece,
			extract.Date{Time: day(24), Source: news.DateMeta, Precision: news.PrecisionDay, Raw: "24.11.2026, 18:05"},
		},
		{
			"date line in Spanish", plain, "", "<h1>Ferry runs aground off the cape</h1><div>24 de noviembre de 2026</div>" + piece,
			extract.Date{Time: day(24), Source: news.DateMeta, Precision: news.PrecisionDay, Raw: "24 de noviembre de 2026"},
		},
		{
			"just within the slack", plain, article(`"datePublished":"2026-11-26T12:09:00Z"`), piece,
			extract.Date{Time: now.Add(9 * time.Minute), Source: news.DateJSONLD, Precision: news.PrecisionSecond, Raw: "2026-11-26T12:09:00Z"},
		},
		{"future", plain, article(`"datePublished":"2026-11-26T12:11:00Z"`), piece, extract.Date{Raw: "2026-11-26T12:11:00Z"}},
		{"before the web", plain, article(`"datePublished":"1970-01-01T00:00:00Z"`), piece, extract.Date{Raw: "1970-01-01T00:00:00Z"}},
		{"unreadable", plain, article(`"datePublished":"yesterday"`), piece, extract.Date{Raw: "yesterday"}},
		{"words of the body", plain, "", piece + "<p>The buoy was laid on 3 May 2019, and nobody has looked after it since, said a keeper of the lighthouse.</p>", extract.Date{}},
		{"none", plain, "", piece, extract.Date{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := read(t, tt.address, tt.head, tt.body).Published
			if !got.Time.Equal(tt.want.Time) {
				t.Errorf("time %v, want %v", got.Time, tt.want.Time)
			}
			got.Time = tt.want.Time
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdated(t *testing.T) {
	published := `"datePublished":"2026-11-24T08:00:00Z"`
	tests := []struct {
		name, modified string
		want           time.Time
	}{
		{"later", "2026-11-24T09:00:00Z", time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)},
		{"same", "2026-11-24T08:00:00Z", time.Time{}},
		{"earlier", "2026-11-23T08:00:00Z", time.Time{}},
		{"future", "2027-11-23T08:00:00Z", time.Time{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := read(t, "https://example.test/a", article(published+`,"dateModified":"`+tt.modified+`"`), piece)
			if !c.Updated.Equal(tt.want) {
				t.Errorf("updated %v, want %v", c.Updated, tt.want)
			}
		})
	}
}

func TestOtherFields(t *testing.T) {
	head := `<base href="https://cdn.example.test/x/">
<link rel="canonical" href="/story">
<meta property="og:image" content="a.jpg"><meta property="og:description" content="All &lt;b&gt;safe&lt;/b&gt;.">
<meta property="article:tag" content="Ships"><meta property="article:tag" content="ships, Harbor">
<meta name="robots" content="NOARCHIVE,follow"><meta property="article:section" content="Local">` +
		article(`"publisher":{"@id":"#p"},"isAccessibleForFree":"False","wordCount":"640"`) +
		`<script type="application/ld+json">{"@id":"#p","@type":"Organization","name":"Example Herald","url":"https://example.test/"}</script>`
	got := read(t, "https://example.test/story?x=1", head, piece)
	want := &extract.Content{
		Title: got.Title, Blocks: got.Blocks, Text: got.Text, Offsets: got.Offsets, Words: got.Words,
		Description: "All safe.", Canonical: "https://cdn.example.test/story", Image: extract.Image{URL: "https://cdn.example.test/x/a.jpg"},
		Publisher: extract.Publisher{Name: "Example Herald", URL: "https://example.test/"},
		Section:   "Local", Tags: []string{"Ships", "Harbor"}, Language: "en",
		Wall:   extract.Wall{Access: extract.AccessPaid, DeclaredWords: 640},
		Robots: extract.Robots{NoArchive: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCompleteness(t *testing.T) {
	tests := []struct {
		name    string
		content extract.Content
		summary int
		want    news.Completeness
	}{
		{"long and free", extract.Content{Words: 600}, 30, news.Full},
		{"short and free", extract.Content{Words: 90}, 0, news.Full},
		{"prompt after a whole body", extract.Content{Words: 450, Wall: extract.Wall{Markers: 2, Prompts: []string{"Sign up to read"}}}, 30, news.Full},
		{"prompt after a short body", extract.Content{Words: 190, Wall: extract.Wall{Prompts: []string{"Sign up to read"}}}, 30, news.Full},
		{"declared paid, long all the same", extract.Content{Words: 1200, Wall: extract.Wall{Access: extract.AccessPaid, Markers: 1}}, 30, news.Full},
		{"declared paid, teaser", extract.Content{Words: 80, Wall: extract.Wall{Access: extract.AccessPaid}}, 0, news.Partial},
		{"declared paid, all here", extract.Content{Words: 620, Wall: extract.Wall{Access: extract.AccessPaid, DeclaredWords: 640}}, 0, news.Full},
		{"cut behind a wall", extract.Content{Words: 200, Wall: extract.Wall{Markers: 1, Truncated: true}}, 0, news.Partial},
		{"no more than the summary", extract.Content{Words: 40, Wall: extract.Wall{Markers: 1, Prompts: []string{"Subscribe"}}}, 45, news.Partial},
		{"less than the summary", extract.Content{Words: 12}, 45, news.FeedOnly},
		{"nothing", extract.Content{}, 0, news.FeedOnly},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := extract.Completeness(&tt.content, tt.summary); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestImageSize(t *testing.T) {
	const shared = `<meta property="og:image" content="/a.jpg"><meta property="og:image:width" content="1200"><meta property="og:image:height" content="630px">`
	linked := func(image string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","image":` + image + `}</script>`
	}
	tests := []struct {
		name, head string
		want       extract.Image
	}{
		{"none", "", extract.Image{}},
		{"shared", shared, extract.Image{URL: "https://example.test/a.jpg", Width: 1200, Height: 630}},
		{"linked", linked(`{"url":"/b.jpg","width":800,"height":"600"}`), extract.Image{URL: "https://example.test/b.jpg", Width: 800, Height: 600}},
		{"with units", linked(`[{"url":"/b.jpg","width":{"value":"800px"},"height":{"value":600}}]`), extract.Image{URL: "https://example.test/b.jpg", Width: 800, Height: 600}},
		{"another is shared", linked(`"/b.jpg"`) + shared, extract.Image{URL: "https://example.test/b.jpg"}},
		{"the same is shared", linked(`"/a.jpg"`) + shared, extract.Image{URL: "https://example.test/a.jpg", Width: 1200, Height: 630}},
		{"half a size", linked(`{"url":"/b.jpg","width":800}`), extract.Image{URL: "https://example.test/b.jpg"}},
		{"no size", linked(`{"url":"/b.jpg","width":-1,"height":"NaN"}`), extract.Image{URL: "https://example.test/b.jpg"}},
	}
	for _, tt := range tests {
		c, err := extract.Page([]byte("<html><head>"+tt.head+"</head><body><p>x</p></body></html>"), "text/html", "https://example.test/story")
		if err != nil || c.Image != tt.want {
			t.Errorf("%s: got %+v and %v, want %+v", tt.name, c.Image, err, tt.want)
		}
	}
}
