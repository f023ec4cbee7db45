package feed_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"broadsheet.example/crawler/feed"
)

const (
	feedURL = "https://press.example/feeds/main.xml"
	prolog  = `<?xml version="1.0" encoding="utf-8"?>`
)

// rss wraps the inside of a channel in a document.
func rss(channel string) string {
	return prolog + `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"` +
		` xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"` +
		` xmlns:dcterms="http://purl.org/dc/terms/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"` +
		` xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>` + channel + `</channel></rss>`
}

// atom wraps the inside of a feed in a document.
func atom(feed string) string {
	return prolog + `<feed xmlns="http://www.w3.org/2005/Atom">` + feed + `</feed>`
}

// mustParse parses a document that has to be readable.
func mustParse(t *testing.T, body string) *feed.Feed {
	t.Helper()
	f, err := feed.Parse([]byte(body), "", feedURL)
	if err != nil {
		t.Fatalf("Parse(%.80q): %v", body, err)
	}
	return f
}

// onlyItem parses a document and returns its one item.
func onlyItem(t *testing.T, body string) feed.Item {
	t.Helper()
	f := mustParse(t, body)
	if len(f.Items) != 1 {
		t.Fatalf("Parse(%.80q): got %d items, want 1", body, len(f.Items))
	}
	return f.Items[0]
}

// unexported lets cmp compare what callers see.
func unexported() cmp.Options {
	return cmp.Options{cmpopts.IgnoreUnexported(feed.Feed{}, feed.Item{}), cmpopts.EquateEmpty()}
}

func TestParseRSS(t *testing.T) {
	got := mustParse(t, rss(`
		<title>The Harbour Post</title><link>https://press.example/</link><description>News &amp; tides</description>
		<language>en-gb</language><copyright>2026 Harbour Press</copyright><generator>Inkwell 2</generator>
		<managingEditor>desk@press.example (Ada Quay)</managingEditor>
		<lastBuildDate>Thu, 26 Nov 2026 10:00:00 GMT</lastBuildDate><pubDate>Wed, 25 Nov 2026 08:00:00 +0100</pubDate>
		<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
		<skipHours><hour>3</hour><hour>24</hour><hour>x</hour></skipHours><skipDays><day>Sunday</day></skipDays>
		<category domain="https://press.example/desks">Local</category>
		<atom:link rel="self" href="https://press.example/feeds/main.xml"/><atom:link rel="hub" href="https://hub.example/"/>
		<image><url>/logo.png</url><title>Harbour</title><link>https://press.example/</link></image>
		<item>
			<title>Ferry &lt;b&gt;returns&lt;/b&gt;</title><link>https://press.example/ferry?a=1&amp;b=2</link>
			<guid isPermaLink="false">post-17</guid><pubDate>Thu, 26 Nov 2026 09:30:00 EST</pubDate>
			<description>Short.</description><content:encoded><![CDATA[<p>Long <a href="/more">more</a></p>]]></content:encoded>
			<dc:creator>Ida Moor</dc:creator><dc:creator>Jon Reed</dc:creator><dc:contributor>Kim Vale</dc:contributor>
			<category>Ships</category><comments>/ferry/talk</comments><source url="https://wire.example/rss">Coast Wire</source>
			<enclosure url="/ferry.jpg" type="image/jpeg" length="1200"/><enclosure url="/ferry.mp3" type="audio/mpeg" length="9"/>
		</item>`))
	want := &feed.Feed{
		Type: "rss20", Title: "The Harbour Post", Link: "https://press.example/", Description: "News & tides",
		Language: "en-gb", Rights: "2026 Harbour Press", Generator: "Inkwell 2",
		Updated:   time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC),
		Published: time.Date(2026, 11, 25, 7, 0, 0, 0, time.UTC),
		Authors:   []feed.Person{{Name: "Ada Quay", Email: "desk@press.example"}},
		Tags:      []feed.Tag{{Term: "Local", Scheme: "https://press.example/desks"}},
		Links: []feed.Link{
			{URL: "https://press.example/", Rel: "alternate", Type: "text/html"},
			{URL: "https://press.example/feeds/main.xml", Rel: "self", Type: "application/atom+xml"},
			{URL: "https://hub.example/", Rel: "hub"},
		},
		Image: &feed.Image{URL: "https://press.example/logo.png", Title: "Harbour"},
		TTL:   30 * time.Minute, SkipHours: []int{0, 3}, SkipDays: []time.Weekday{time.Sunday},
		Hub: "https://hub.example/",
		Items: []feed.Item{{
			ID: "post-17", Title: "Ferry <b>returns</b>", Link: "https://press.example/ferry?a=1&b=2",
			Summary: "Short.", Content: `<p>Long <a href="https://press.example/more">more</a></p>`,
			Published: time.Date(2026, 11, 26, 14, 30, 0, 0, time.UTC), DateRaw: "Thu, 26 Nov 2026 09:30:00 EST",
			Authors:      []feed.Person{{Name: "Ida Moor"}, {Name: "Jon Reed"}},
			Contributors: []feed.Person{{Name: "Kim Vale"}},
			Tags:         []feed.Tag{{Term: "Ships"}},
			Links: []feed.Link{
				{URL: "https://press.example/ferry?a=1&b=2", Rel: "alternate", Type: "text/html"},
				{URL: "https://press.example/ferry.jpg", Rel: "enclosure", Type: "image/jpeg"},
				{URL: "https://press.example/ferry.mp3", Rel: "enclosure", Type: "audio/mpeg"},
			},
			Enclosures: []feed.Enclosure{
				{URL: "https://press.example/ferry.jpg", Type: "image/jpeg", Length: "1200"},
				{URL: "https://press.example/ferry.mp3", Type: "audio/mpeg", Length: "9"},
			},
			Comments: "https://press.example/ferry/talk", ImageURL: "https://press.example/ferry.jpg", Publisher: "Coast Wire",
		}},
	}
	if diff := cmp.Diff(want, got, unexported()); diff != "" {
		t.Errorf("Parse (-want +got):\n%s", diff)
	}
	if got := got.Items[0].PlainTitle(); got != "Ferry returns" {
		t.Errorf("PlainTitle: got %q, want %q", got, "Ferry returns")
	}
}

func TestParseAtom(t *testing.T) {
	got := mustParse(t, prolog+`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://press.example/atom/" xml:lang="es">
		<id>tag:press.example,2026:feed</id><title type="html">El &lt;em&gt;Faro&lt;/em&gt;</title><subtitle>Noticias</subtitle>
		<updated>2026-11-26T10:00:00+01:00</updated><link href="../"/><link rel="self" href="main"/>
		<author><name>Redacción</name><uri>/equipo</uri></author><rights>CC BY</rights><logo>logo.svg</logo>
		<entry xml:base="2026/">
			<id>tag:press.example,2026:1</id><title>5 &lt; 6</title><link rel="alternate" href="uno"/>
			<link rel="enclosure" href="uno.mp3" type="audio/mpeg" length="7"/>
			<updated>2026-11-26T09:00:00Z</updated><published>2026-11-26T08:00:00Z</published>
			<author><name>Luz Mar</name><email>luz@press.example</email></author><author><name>Sol Ríos</name></author>
			<contributor><name>Ana Val</name></contributor><category term="mar" scheme="https://press.example/t" label="Mar"/>
			<summary>Breve</summary><source><title>Agencia Costa</title><updated>2001-01-01T00:00:00Z</updated></source>
			<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Largo <a href="dos">dos</a> &amp; más<br/></p></div></content>
		</entry></feed>`)
	want := &feed.Feed{
		Type: "atom10", Title: "El <em>Faro</em>", Link: "https://press.example/", Description: "Noticias", Language: "es",
		Rights: "CC BY", ID: "tag:press.example,2026:feed", Updated: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC),
		Authors: []feed.Person{{Name: "Redacción", URL: "https://press.example/equipo"}},
		Links: []feed.Link{
			{URL: "https://press.example/", Rel: "alternate", Type: "text/html"},
			{URL: "https://press.example/atom/main", Rel: "self", Type: "application/atom+xml"},
		},
		Image: &feed.Image{URL: "https://press.example/atom/logo.svg"},
		Items: []feed.Item{{
			ID: "tag:press.example,2026:1", Title: "5 < 6", Link: "https://press.example/atom/2026/uno",
			Summary: "Breve", Content: `<p>Largo <a href="https://press.example/atom/2026/dos">dos</a> &amp; más<br /></p>`,
			Published: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC), Updated: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC),
			DateRaw:      "2026-11-26T08:00:00Z",
			Authors:      []feed.Person{{Name: "Luz Mar", Email: "luz@press.example"}, {Name: "Sol Ríos"}},
			Contributors: []feed.Person{{Name: "Ana Val"}},
			Tags:         []feed.Tag{{Term: "mar", Scheme: "https://press.example/t", Label: "Mar"}},
			Links: []feed.Link{
				{URL: "https://press.example/atom/2026/uno", Rel: "alternate", Type: "text/html"},
				{URL: "https://press.example/atom/2026/uno.mp3", Rel: "enclosure", Type: "audio/mpeg"},
			},
			Enclosures: []feed.Enclosure{{URL: "https://press.example/atom/2026/uno.mp3", Type: "audio/mpeg", Length: "7"}},
			Publisher:  "Agencia Costa",
		}},
	}
	if diff := cmp.Diff(want, got, unexported()); diff != "" {
		t.Errorf("Parse (-want +got):\n%s", diff)
	}
	if got := got.Items[0].PlainTitle(); got != "5 < 6" {
		t.Errorf("PlainTitle of a text title: got %q, want %q", got, "5 < 6")
	}
}

func TestTypes(t *testing.T) {
	for _, tc := range []struct{ name, body, want string }{
		{"rss 2.0", `<rss version="2.0"><channel/></rss>`, "rss20"},
		{"rss 2.0.1", `<rss version="2.0.1"><channel/></rss>`, "rss20"},
		{"rss 0.91 userland", `<rss version="0.91"><channel/></rss>`, "rss091u"},
		{"rss 0.91 netscape", `<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel/></rss>`, "rss091n"},
		{"rss 0.92", `<rss version="0.92"><channel/></rss>`, "rss092"},
		{"rss without version", `<rss><channel/></rss>`, "rss"},
		{"rss 1.0", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/></rdf:RDF>`, "rss10"},
		{"rss 0.90", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel/></rdf:RDF>`, "rss090"},
		{"atom 1.0", `<feed xmlns="http://www.w3.org/2005/Atom"/>`, "atom10"},
		{"atom 0.3", `<feed version="0.3" xmlns="http://purl.org/atom/ns#"/>`, "atom03"},
		{"atom by prefix", `<a:feed xmlns:a="http://www.w3.org/2005/Atom"/>`, "atom10"},
		{"atom without namespace", `<feed/>`, "atom"},
		{"channel alone", `<channel><item><link>http://e.example/</link></item></channel>`, "rss"},
		{"cdf", `<CHANNEL HREF="http://e.example/"><ITEM HREF="http://e.example/1"/></CHANNEL>`, "cdf"},
		{"json 1.1", `{"version":"https://jsonfeed.org/version/1.1","title":"t"}`, "json11"},
		{"json 1", `{"version":"https://jsonfeed.org/version/1","title":"t"}`, "json1"},
		{"sitemap", `<urlset/>`, "sitemap"},
		{"sitemap index", `<sitemapindex/>`, "sitemapindex"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := mustParse(t, tc.body).Type; got != tc.want {
				t.Errorf("type: got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestNotAFeed(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		html       bool
	}{
		{"empty", "", false},
		{"white space", " \n", false},
		{"words", "no such file", false},
		{"a page", `<!DOCTYPE html><html><head><link rel="alternate" href="/feed"></head></html>`, true},
		{"a page without its root", `<!doctype html><meta charset=utf-8><title>x</title><p>y`, true},
		{"other XML", `<svg xmlns="http://www.w3.org/2000/svg"/>`, false},
		{"other JSON", `{"error":"not found"}`, false},
		{"broken JSON", `{`, false},
		{"binary", "\x89PNG\r\n\x1a\n\x00\x00", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := feed.Parse([]byte(tc.body), "", feedURL)
			if !errors.Is(err, feed.ErrNotFeed) {
				t.Errorf("got error %v, want ErrNotFeed", err)
			}
			if got := errors.Is(err, feed.ErrHTML); got != tc.html {
				t.Errorf("is ErrHTML: got %v, want %v", got, tc.html)
			}
		})
	}
}

func TestRepair(t *testing.T) {
	item := `<item><title>one</title><link>https://press.example/1</link></item>`
	many := strings.Repeat(item, 30)
	for _, tc := range []struct {
		name, body string
		titles     []string
		repair     string // a word of the repair that has to be reported
		truncated  bool
	}{
		{"control characters", rss("<item><title>a\x00b\x0bc\ufffe</title></item>"), []string{"abc"}, "control", false},
		{"bad references", rss(`<item><title>a&#x1;&#0;b&#xD800;&#x110000;&#99999999999;</title></item>`), []string{"ab\ufffd\ufffd\ufffd"}, "references", false},
		{"C1 controls", rss("<item><title>don\u0092t</title></item>"), []string{"don\u2019t"}, "control", false},
		{"C1 references", rss(`<item><title>don&#146;t</title></item>`), []string{"don\u2019t"}, "", false},
		{"bare ampersands", rss(`<item><title>Q&A & more &c; &amp;</title></item>`), []string{"Q&A & more &c; &"}, "ampersands", false},
		{"HTML entities", rss(`<item><title>caf&eacute;&nbsp;&hellip;</title></item>`), []string{"caf\u00e9\u00a0\u2026"}, "", false},
		{"stray less-than", rss(`<item><title>a < b <3 c <br> d</title></item>`), []string{"a &lt; b &lt;3 c <br /> d"}, "stray", false},
		{"undeclared prefix", `<rss version="2.0"><channel><item><dc:title>dublin</dc:title></item></channel></rss>`, []string{"dublin"}, "prefixes", false},
		{"junk before the root", "Warning: something in /x.php\n<br /><b>1</b>" + rss(item), []string{"one"}, "junk", false},
		{"two prologs", prolog + rss(item), []string{"one"}, "", false},
		{"late root", "<!-- " + strings.Repeat("x", 9000) + " -->" + rss(item), []string{"one"}, "", false},
		{"later root", strings.Repeat(" ", 9000) + rss(item), []string{"one"}, "", false},
		{"junk after the root", rss(item) + `<script>alert(1)</script> & <`, []string{"one"}, "", false},
		{"misspelt end tag", rss(`<item><title>bad</titel></item>` + item), []string{"bad", "one"}, "unbalanced", false},
		{"item never closed", rss(`<item><title>open</title>` + item), []string{"open", "one"}, "unbalanced", false},
		{"item and title never closed", rss(`<item><title>open` + item), []string{"open", "one"}, "unbalanced", false},
		{"a list inside an item", rss(`<item><title>one</title><list><item>a</item><item>b</item></list></item>`), []string{"one"}, "", false},
		{"missing bracket", rss(`<item><title>a</title<link>https://press.example/</link></item>`), []string{"a"}, "", false},
		{"unquoted attributes", `<rss version=2.0><channel>` + item, []string{"one"}, "attributes", true},
		{"cut last tag", strings.TrimSuffix(rss(item), ">"), []string{"one"}, "cut-off", false},
		{"cut in the last tag", strings.TrimSuffix(rss(item), "ss>"), []string{"one"}, "cut-off", false},
		{"cut in an item", rss(many)[:len(rss(many))-40], slices.Repeat([]string{"one"}, 29), "incomplete", true},
		{"cut in a start tag", strings.TrimSuffix(rss(item+`<item><enclosure url="x`), `</channel></rss>`), []string{"one"}, "incomplete", true},
		{"cut in CDATA", strings.TrimSuffix(rss(item+`<item><title><![CDATA[half`), `</channel></rss>`), []string{"one"}, "incomplete", true},
		{"cut between items", strings.TrimSuffix(rss(item+item), `</channel></rss>`), []string{"one", "one"}, "cut-off", true},
		{"markup in a title", rss(`<item><title>plain <b>bold</b></title></item>`), []string{"plain <b>bold</b>"}, "", false},
		{"case of names", `<RSS VERSION="2.0"><CHANNEL><ITEM><TITLE>loud</TITLE></ITEM></CHANNEL></RSS>`, []string{"loud"}, "", false},
		{"item in Atom", atom(`<item><title>odd</title></item>`), []string{"odd"}, "", false},
		{"no channel", `<rss version="2.0"><item><title>bare</title></item></rss>`, []string{"bare"}, "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := mustParse(t, tc.body)
			var titles []string
			for _, i := range f.Items {
				titles = append(titles, i.Title)
			}
			if diff := cmp.Diff(tc.titles, titles); diff != "" {
				t.Errorf("titles (-want +got):\n%s", diff)
			}
			if report := strings.Join(f.Repaired, "; "); !strings.Contains(report, tc.repair) || tc.repair == "" && report != "" {
				t.Errorf("repairs: got %q, want %q in it", report, tc.repair)
			}
			if f.Truncated != tc.truncated {
				t.Errorf("truncated: got %v, want %v", f.Truncated, tc.truncated)
			}
		})
	}
}
