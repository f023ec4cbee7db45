package feed_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/crawler/feed"
)

func TestItemLink(t *testing.T) {
	for _, tc := range []struct{ name, body, want string }{
		{"absolute", rss(`<item><link>https://a.example/x</link></item>`), "https://a.example/x"},
		{"kept as written", rss(`<item><link>HTTPS://A.example:443/a/../%7eb?q#f</link></item>`), "HTTPS://A.example:443/a/../%7eb?q#f"},
		{"white space inside", rss("<item><link>\n https://a.example/\n x </link></item>"), "https://a.example/ x"},
		{"against the document", rss(`<item><link>/x</link></item>`), "https://press.example/x"},
		{"against the feed's link", rss(`<link>https://b.example/news/</link><item><link>x</link></item>`), "https://b.example/news/x"},
		{"feed's link after the item", rss(`<item><link>x</link></item><link>https://b.example/news/</link>`), "https://b.example/news/x"},
		{"xml:base before the feed's link", `<rss version="2.0"><channel xml:base="https://c.example/d/e"><link>https://b.example/</link><item><link>x</link></item></channel></rss>`, "https://c.example/d/x"},
		{"xml:base of the item", rss(`<item xml:base="https://c.example/d/"><link>x</link></item>`), "https://c.example/d/x"},
		{"nested xml:base", prolog + `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://c.example/d/"><entry xml:base="e/"><link href="x"/></entry></feed>`, "https://c.example/d/e/x"},
		{"xml:base that cannot serve", rss(`<item xml:base="javascript:alert(1)"><link>x</link></item>`), "https://press.example/feeds/x"},
		{"only the query", rss(`<item><link>?id=1</link></item>`), "https://press.example/feeds/main.xml?id=1"},
		{"not to be parsed", rss(`<item><link>/a b%zz</link></item>`), "https://press.example/a%20b%25zz"},
		{"permalink guid", rss(`<item><guid isPermaLink="true">https://a.example/g</guid></item>`), "https://a.example/g"},
		{"permalink by default", rss(`<item><guid>https://a.example/g</guid></item>`), "https://a.example/g"},
		{"relative permalink", rss(`<item><guid isPermaLink="true">/g</guid></item>`), "https://press.example/g"},
		{"guid that is none", rss(`<item><guid isPermaLink="false">https://a.example/g</guid></item>`), ""},
		{"guid that is a number", rss(`<item><guid>4711</guid></item>`), ""},
		{"link before guid", rss(`<item><guid>https://a.example/g</guid><link>https://a.example/x</link></item>`), "https://a.example/x"},
		{"what a tracker leads to", `<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><link>https://t.example/~r/1</link><feedburner:origLink>https://a.example/x</feedburner:origLink></item></channel></rss>`, "https://a.example/x"},
		{"alternate among links", atom(`<entry><link rel="self" href="https://a.example/s"/><link rel="alternate" type="application/json" href="https://a.example/j"/><link href="https://a.example/x"/></entry>`), "https://a.example/x"},
		{"address as text in Atom", atom(`<entry><link rel="alternate">https://a.example/x</link></entry>`), "https://a.example/x"},
		{"content elsewhere", atom(`<entry><content src="/x" type="text/html"/></entry>`), "https://press.example/x"},
		{"atom:link inside RSS", rss(`<item><atom:link href="https://a.example/x"/></item>`), "https://a.example/x"},
		{"scheme for the caller to judge", rss(`<item><link>javascript:alert(1)</link></item>`), "javascript:alert(1)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := onlyItem(t, tc.body).Link; got != tc.want {
				t.Errorf("link: got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestItemIdentity(t *testing.T) {
	const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/>`
	for _, tc := range []struct {
		name, body, id string
		permalink      bool
	}{
		{"guid", rss(`<item><guid isPermaLink="false"> a-1 </guid></item>`), "a-1", false},
		{"permalink", rss(`<item><guid>https://a.example/g</guid></item>`), "https://a.example/g", true},
		{"atom id", atom(`<entry><id>urn:uuid:1</id></entry>`), "urn:uuid:1", false},
		{"id kept as written", atom(`<entry><id>http://WWW.a.example:80/%7Ebob</id></entry>`), "http://WWW.a.example:80/%7Ebob", false},
		{"relative id", atom(`<entry><id>/a</id></entry>`), "https://press.example/a", false},
		{"rdf:about", rdf + `<item rdf:about="https://a.example/1"/></rdf:RDF>`, "https://a.example/1", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := onlyItem(t, tc.body)
			if got.ID != tc.id || got.Permalink != tc.permalink {
				t.Errorf("got id %q, permalink %v; want %q, %v", got.ID, got.Permalink, tc.id, tc.permalink)
			}
		})
	}
}

func TestPersons(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		want       []feed.Person
	}{
		{"name and address", rss(`<item><author>Ada Quay (ada@press.example)</author></item>`), []feed.Person{{Name: "Ada Quay", Email: "ada@press.example"}}},
		{"address and name", rss(`<item><author>ada+x@press.example (Ada Quay)</author></item>`), []feed.Person{{Name: "Ada Quay", Email: "ada+x@press.example"}}},
		{"brackets", rss(`<item><author>Ada Quay &lt;ada@press.example&gt;</author></item>`), []feed.Person{{Name: "Ada Quay", Email: "ada@press.example"}}},
		{"address alone", rss(`<item><author>ada@press.example</author></item>`), []feed.Person{{Email: "ada@press.example"}}},
		{"every creator", rss(`<item><dc:creator>Ada</dc:creator><dc:creator>Ida</dc:creator><dc:creator>Ada</dc:creator></item>`), []feed.Person{{Name: "Ada"}, {Name: "Ida"}}},
		{"atom:author inside RSS", rss(`<item><atom:author><atom:name>Ada</atom:name><atom:uri>/ada</atom:uri></atom:author></item>`), []feed.Person{{Name: "Ada", URL: "https://press.example/ada"}}},
		{"address in the name", atom(`<entry><author><name>Ada Quay (ada@press.example)</name></author></entry>`), []feed.Person{{Name: "Ada Quay", Email: "ada@press.example"}}},
		{"itunes when nobody else", rss(`<item><itunes:author>Ada</itunes:author></item>`), []feed.Person{{Name: "Ada"}}},
		{"nobody", rss(`<item><author/></item>`), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, onlyItem(t, tc.body).Authors); diff != "" {
				t.Errorf("authors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWords(t *testing.T) {
	const atom03 = `<feed version="0.3" xmlns="http://purl.org/atom/ns#">`
	for _, tc := range []struct{ name, body, title, summary, content string }{
		{name: "summary then description", body: rss(`<item><summary>s</summary><description>d</description></item>`), summary: "s", content: "d"},
		{name: "description alone", body: rss(`<item><description>&lt;p&gt;d&lt;/p&gt;</description></item>`), summary: "<p>d</p>"},
		{name: "markup not escaped", body: rss(`<item><description><p>d <a href="/x">x</a></p></description></item>`), summary: `<p>d <a href="https://press.example/x">x</a></p>`},
		{name: "xhtml body", body: `<rss version="2.0"><channel><item><body xmlns="http://www.w3.org/1999/xhtml"><p>b</p></body></item></channel></rss>`, content: "<p>b</p>"},
		{name: "own title before others", body: rss(`<item><media:title>m</media:title><dc:title>d</dc:title><title>t</title></item>`), title: "t"},
		{name: "title of a picture", body: rss(`<item><image><title>wrong</title></image><title>t</title></item>`), title: "t"},
		{name: "media title alone", body: rss(`<item><media:group><media:title>m</media:title></media:group></item>`), title: "m"},
		{name: "itunes summary", body: rss(`<item><itunes:summary>i</itunes:summary></item>`), summary: "i"},
		{name: "atom html", body: atom(`<entry><title type="html">a &amp;amp; &lt;b&gt;b&lt;/b&gt;</title></entry>`), title: "a &amp; <b>b</b>"},
		{name: "atom text", body: atom(`<entry><title>a &lt;b&gt;</title></entry>`), title: "a <b>"},
		{name: "atom xhtml", body: atom(`<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b> &lt;</div></title></entry>`), title: "a <b>b</b> &lt;"},
		{name: "atom xhtml with prefix", body: atom(`<entry xmlns:h="http://www.w3.org/1999/xhtml"><title type="xhtml"><h:div>a <h:b>b</h:b></h:div></title></entry>`), title: "a <b>b</b>"},
		{name: "atom xhtml with a drawing", body: atom(`<entry xmlns:s="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><s:svg width="9" height="8"><s:a xlink:href="/x"><s:g/></s:a></s:svg></div></content></entry>`), content: `<svg height="8" width="9" xmlns="http://www.w3.org/2000/svg"><a xlink:href="https://press.example/x" xmlns:xlink="http://www.w3.org/1999/xlink"><g></g></a></svg>`},
		{name: "atom base64", body: atom(`<entry><content type="application/octet-stream">PGI+YjwvYj4=</content></entry>`), content: "<b>b</b>"},
		{name: "atom 0.3 inline", body: atom03 + `<entry><title type="application/xhtml+xml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b></div></title></entry></feed>`, title: "<div>a <b>b</b></div>"},
		{name: "atom 0.3 escaped", body: atom03 + `<entry><title type="text/html" mode="escaped">a &lt;b&gt;b&lt;/b&gt;</title></entry></feed>`, title: "a <b>b</b>"},
		{name: "atom 0.3 base64", body: atom03 + `<entry><title mode="base64"> PGI+ YjwvYj4= </title></entry></feed>`, title: "<b>b</b>"},
		{name: "looks like base64", body: atom(`<entry><title>test</title></entry>`), title: "test"},
		{name: "CDATA beside markup", body: rss(`<item><description><![CDATA[<i>a</i>]]><b>b</b></description></item>`), summary: "<i>a</i><b>b</b>"},
		{name: "CDATA end in CDATA", body: rss(`<item><title>a ]]&gt; &lt;b&gt; ]]&gt;</title></item>`), title: "a ]]> <b> ]]>"},
		{name: "NFC", body: rss("<item><title>Cafe\u0301 &#101;&#769;</title></item>"), title: "Caf\u00e9 \u00e9"},
		{name: "another vocabulary's title", body: `<rss version="2.0" xmlns:z="urn:z"><channel><item><z:title>wrong</z:title><title>t</title></item></channel></rss>`, title: "t"},
		{name: "bogus default namespace", body: `<rss version="2.0" xmlns="urn:whatever"><channel><item><title>t</title></item></channel></rss>`, title: "t"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := onlyItem(t, tc.body)
			want := []string{tc.title, tc.summary, tc.content}
			if diff := cmp.Diff(want, []string{got.Title, got.Summary, got.Content}); diff != "" {
				t.Errorf("title, summary, content (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPictures(t *testing.T) {
	for _, tc := range []struct{ name, body, want string }{
		{"media content", rss(`<item><media:content medium="image" url="/m.jpg"/></item>`), "https://press.example/m.jpg"},
		{"media thumbnail", rss(`<item><media:group><media:thumbnail url="/t.jpg"/></media:group></item>`), "https://press.example/t.jpg"},
		{"enclosure", rss(`<item><enclosure url="/e.jpg" type="image/jpeg"/></item>`), "https://press.example/e.jpg"},
		{"itunes", rss(`<item><itunes:image href="/i.jpg"/></item>`), "https://press.example/i.jpg"},
		{"in the content", rss(`<item><content:encoded>&lt;p&gt;&lt;img alt="x" src="/c.jpg"&gt;</content:encoded></item>`), "https://press.example/c.jpg"},
		{"inline data", rss(`<item><description>&lt;img src="data:image/gif;base64,R0"&gt;</description></item>`), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := onlyItem(t, tc.body).ImageURL; got != tc.want {
				t.Errorf("image: got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestPlainTitle(t *testing.T) {
	for _, tc := range []struct{ name, body, want string }{
		{"markup", rss(`<item><title>&lt;i&gt;One&lt;/i&gt;  two&lt;br&gt;three</title></item>`), "One two three"},
		{"escaped twice", rss(`<item><title>Q&amp;amp;A</title></item>`), "Q&A"},
		{"escaped three times", rss(`<item><title>It&amp;amp;#8217;s</title></item>`), "It\u2019s"},
		{"text escaped twice", atom(`<entry><title>Q&amp;amp;A &lt;b&gt;</title></entry>`), "Q&A <b>"},
		{"script", rss(`<item><title>a&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt;b</title></item>`), "a b"},
		{"lines", rss("<item><title>one\n\r\n two</title></item>"), "one two"},
		{"prefixed root", `<n:rss xmlns:n="urn:n" version="2.0"><n:channel><n:item><n:title>t</n:title></n:item></n:channel></n:rss>`, "t"},
		{"Atom as RSS's own namespace", `<rss xmlns="http://www.w3.org/2005/Atom" version="2.0"><channel><item><title>t</title></item></channel></rss>`, "t"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			item := onlyItem(t, tc.body)
			if got := item.PlainTitle(); got != tc.want {
				t.Errorf("PlainTitle of %q: got %q, want %q", item.Title, got, tc.want)
			}
		})
	}
}
