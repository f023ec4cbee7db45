package feed_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"broadsheet.example/crawler/feed"
)

// hostile is one input that breaks, exhausts or deceives feed parsers.
type hostile struct {
	name  string
	body  func() string
	limit string // of the *GuardError wanted; "" when the input is read
	not   bool   // no feed at all
	items int    // items wanted when the input is read
}

const (
	full = 8 << 20 // the size limit
	part = 1 << 20 // enough to see the outcome
)

// opener and closer stand around a channel's inside.
const (
	opener = `<?xml version="1.0"?><rss version="2.0" xmlns:x="urn:x" xmlns:media="http://search.yahoo.com/mrss/"><channel>`
	closer = `</channel></rss>`
)

func channel(inside string) func() string { return func() string { return opener + inside + closer } }

func titled(title string) func() string { return channel("<item><title>" + title + "</title></item>") }

func described(html string) func() string {
	return channel("<item><title>t</title><description><![CDATA[" + html + "]]></description></item>")
}

// filled repeats unit between before and after up to the size.
func filled(size int, before, unit, after string) func() string {
	return func() string {
		n := (size - len(opener) - len(closer) - len(before) - len(after)) / len(unit)
		return opener + before + strings.Repeat(unit, n) + after + closer
	}
}

func repeat(s string, n int) string { return strings.Repeat(s, n) }

// numbered joins n copies of format, each with its number.
func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// hostileInputs returns every input; those that are merely long have the size.
func hostileInputs(size int) []hostile {
	return append(append(structural(), voluminous(size)...), deceptive()...)
}

// structural inputs nest and multiply.
func structural() []hostile {
	const atomOpen = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">`
	return []hostile{
		{name: "nested extensions", body: channel("<item>" + repeat("<x:a>", 10000) + repeat("</x:a>", 10000) + "</item>"), limit: "depth"},
		{name: "a million nested extensions", body: channel("<item>" + repeat("<x:a>", 600000) + repeat("</x:a>", 600000) + "</item>"), limit: "depth"},
		{name: "too many nested extensions", body: channel("<item>" + repeat("<x:a>", 1000000) + repeat("</x:a>", 1000000) + "</item>"), limit: "bytes"},
		{name: "unclosed extensions", body: func() string { return opener + "<item>" + repeat("<x:a>", 1600000) }, limit: "depth"},
		{name: "nested title", body: titled(repeat("<a>", 10000) + repeat("</a>", 10000)), limit: "depth"},
		{name: "a million in a title", body: titled(repeat("<a>", 1000000) + repeat("</a>", 1000000)), limit: "depth"},
		{name: "nested XHTML", body: func() string {
			return atomOpen + repeat("<b>", 10000) + repeat("</b>", 10000) + "</div></content></entry></feed>"
		}, limit: "depth"},
		{name: "a million in XHTML", body: func() string { return atomOpen + repeat("<b>", 1000000) + repeat("</b>", 1000000) }, limit: "depth"},
		{name: "depth 100", body: channel("<item>" + repeat("<x:a>", 97) + repeat("</x:a>", 97) + "</item>"), items: 1},
		{name: "depth 101", body: channel("<item>" + repeat("<x:a>", 98) + repeat("</x:a>", 98) + "</item>"), limit: "depth"},
		{name: "half a million attributes", body: channel("<item " + repeat(`a="v" `, 500000) + "/>"), limit: "attributes"},
		{name: "100 attributes", body: channel("<item " + repeat(`a="v" `, 100) + "/>"), items: 1},
		{name: "101 attributes", body: channel("<item " + repeat(`a="v" `, 101) + "/>"), limit: "attributes"},
		{name: "twenty thousand prefixes", body: func() string {
			return "<rss " + numbered(`xmlns:n%d="urn:x" `, 20000) + "><channel>" + repeat(`<item xmlns:q="urn:q"/>`, 2000) + closer
		}, limit: "attributes"},
		{name: "nested prefixes", body: channel("<item>" + numbered(`<n:a xmlns:n="urn:%d">`, 20000) + "</item>"), limit: "depth"},
		{name: "a prefix on every item", body: channel(repeat(`<item xmlns:q="urn:q"/>`, 3000)), limit: "namespaces"},
		{name: "99 prefixes and some", body: func() string {
			return "<rss " + numbered(`xmlns:n%d="urn:x" `, 99) + "><channel>" + repeat(`<item xmlns:q="urn:q"/>`, 1900) + closer
		}, items: 1900},
		{name: "nested xml:base", body: func() string {
			return `<feed xmlns="http://www.w3.org/2005/Atom">` + repeat(`<x xml:base="`+repeat("a/", 50)+`">`, 3000) + "<entry/></feed>"
		}, limit: "depth"},
		{name: "90 nested xml:base", body: func() string {
			return `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml">` + repeat(`<x xml:base="`+repeat("a/", 500)+`">`, 90) + `</content></entry></feed>`
		}, items: 1},
		{name: "two million items", body: filled(full, "", "<item/>", ""), limit: "items"},
		{name: "ten thousand items", body: channel(repeat("<item/>", 10000)), items: 10000},
		{name: "one item more", body: channel(repeat("<item/>", 10001)), limit: "items"},
		{name: "two million elements", body: filled(full, "<item>", "<x/>", "</item>"), limit: "nodes"},
		{name: "two million line breaks", body: filled(full, "<item><description>", "<br>", "</description></item>"), limit: "nodes"},
		{name: "many attributes on many elements", body: filled(full, "", "<x:y "+repeat(`b="" `, 99)+"/>", ""), limit: "nodes"},
		{name: "many small CDATA", body: filled(full, "<item><title>", "<![CDATA[a]]>", "</title></item>"), limit: "nodes"},
		{name: "many small links", body: filled(full, "<item>", "<link>http://e.example/a</link>", "</item>"), limit: "nodes"},
		{name: "many sitemaps", body: func() string {
			return "<sitemapindex>" + repeat("<sitemap><loc>http://e.example/</loc></sitemap>", 100000)
		}, limit: "items"},
		{name: "nested JSON", body: func() string { return `{"version":"x","items":` + repeat("[", 1000000) }, limit: "depth"},
		{name: "nested JSON objects", body: func() string { return repeat(`{"a":`, 1000000) }, limit: "depth"},
		{name: "many JSON items", body: func() string { return `{"items":[` + repeat("{},", 100000) + "{}]}" }, limit: "items"},
		{name: "many JSON values", body: func() string { return `{"items":[{"tags":[` + repeat("1,", 2000000) + "1]}]}" }, limit: "nodes"},
	}
}

// voluminous inputs are long in one place.
func voluminous(size int) []hostile {
	jsonString := func(unit string) func() string {
		return func() string {
			return `{"version":"https://jsonfeed.org/version/1","items":[{"id":"` + repeat(unit, (size-100)/len(unit)) + `"}]}`
		}
	}
	return []hostile{
		{name: "fifty megabytes", body: titled(repeat("A", 50_000_000)), limit: "bytes"},
		{name: "a long title", body: filled(size, "<item><title>", "A", "</title></item>"), items: 1},
		{name: "wide characters that grow", body: func() string { return "\xff\xfe<\x00r\x00s\x00s\x00>\x00" + repeat("\x00\x4e", full/2-10) }, limit: "bytes"},
		{name: "bare ampersands", body: filled(size, "<item><title>", "&", "</title></item>"), items: 1},
		{name: "double escapes", body: filled(size, "<item><title>", "&amp;amp;", "</title></item>"), items: 1},
		{name: "escaped less-than", body: filled(size, "<item><description>", "&lt;", "</description></item>"), items: 1},
		{name: "bare less-than", body: filled(size, "<item><title>", "<", "</title></item>"), items: 1},
		{name: "control references", body: filled(size, "<item><title>", "&#1;", "</title></item>"), items: 1},
		{name: "CDATA ends", body: filled(size, "<item><title>&amp;", "]]&gt;", "</title></item>"), items: 1},
		{name: "CDATA openings", body: filled(size, "<item><title>", "<![CDATA[", "</title></item>"), items: 0},
		{name: "comment openings", body: filled(size, "<item><title>", "<!--", "</title></item>"), items: 1},
		{name: "DOCTYPE openings", body: filled(size, "", "<!DOCTYPE [", "<item/>"), items: 0},
		{name: "instruction openings", body: filled(size, "<item><title>", "<? ", "</title></item>"), items: 1},
		{name: "end tags", body: filled(size, "", "</x>", "<item/>"), items: 1},
		{name: "end tags that match nothing, deep", body: filled(size, repeat("<aaaaaaaab>", 95), "</aaaaaaaac>", "<item/>"), items: 0},
		{name: "start tags as junk", body: func() string { return repeat("<b>", 1000000) + opener + "<item/>" + closer }, items: 1},
		{name: "quotes", body: filled(size, "<item ", `a="b' c='d"`, "/>"), limit: "attributes"},
		{name: "combining accents", body: filled(size, "<item><title>a", "\u0301\u0316", "</title></item>"), items: 1},
		{name: "addresses", body: filled(size, "<item><author>", "a@b.example ", "</author></item>"), items: 1},
		{name: "almost addresses", body: filled(size, "<item><author>", "a@", "</author></item>"), items: 1},
		{name: "a long date", body: filled(size, "<item><pubDate>", "Jan ", "</pubDate></item>"), items: 1},
		{name: "a long date of dc", body: filled(size, `<item><dc:date>`, "2004-", "</dc:date></item>"), items: 1},
		{name: "keywords", body: filled(size, "<item><tags>", "a,", "</tags></item>"), items: 1},
		{name: "a long link", body: filled(size, "<item><link>", "a/../", "</link></item>"), items: 1},
		{name: "base64", body: filled(size, `<item><x:y/><title type="text/html" mode="base64">`, "PHA+", "</title></item>"), items: 1},
		{name: "deep HTML", body: described(repeat("<div>", size/16)), items: 1},
		{name: "deep formatting", body: described(repeat("<b><i><a href=x>", size/32)), items: 1},
		{name: "deep tables", body: described(repeat("<table><tr><td>", size/32)), items: 1},
		{name: "HTML of 511 levels", body: described(repeat("<div>", 511)), items: 1},
		{name: "attributes in HTML", body: filled(size, "<item><description>&lt;a ", `href="x" `, "&gt;</description></item>"), items: 1},
		{name: "pictures in HTML", body: filled(size, "<item><description>", "&lt;img ", "</description></item>"), items: 1},
		{name: "full items", body: channel(repeat("<item><title>a &amp; b</title><link>/x</link><description>"+
			repeat(`&lt;p&gt;words &lt;a href="/x"&gt;y&lt;/a&gt; `, 10)+"</description><category>c</category><media:thumbnail url='x'/></item>", size>>10)), items: size >> 10},
		{name: "many authors", body: channel("<item>" + numbered("<author>a%d</author>", size/48) + "</item>"), items: 1},
		{name: "many categories", body: channel("<item>" + numbered("<category>c%d</category>", size/48) + "</item>"), items: 1},
		{name: "many different links", body: channel("<item>" + numbered("<link>/%d</link>", size/48) + "</item>"), items: 1},
		{name: "JSON escapes", body: jsonString(`\n`), items: 1},
		{name: "JSON line breaks", body: jsonString("\n"), items: 1},
	}
}

// deceptive inputs say one thing and are another.
func deceptive() []hostile {
	laughs := `<!DOCTYPE l [<!ENTITY l0 "lol">` + numbered(`<!ENTITY l%d "&l0;&l0;&l0;&l0;&l0;&l0;&l0;&l0;">`, 10) + `]>`
	return []hostile{
		{name: "billion laughs", body: func() string { return laughs + opener + "<item><title>&l9;</title></item>" + closer }, items: 1},
		{name: "external entity", body: func() string {
			return `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>` + opener + "<item><title>&f;</title></item>" + closer
		}, items: 1},
		{name: "quadratic entity", body: func() string {
			return `<!DOCTYPE x [<!ENTITY a "` + repeat("a", 100000) + `">]>` + opener + "<item><title>" + repeat("&a;", 20000) + "</title></item>" + closer
		}, items: 1},
		{name: "no bytes", body: func() string { return "" }, not: true},
		{name: "zeros", body: func() string { return repeat("\x00", 1<<20) }, not: true},
		{name: "bytes that are nothing", body: func() string { return repeat("\xff", 1<<20) }, not: true},
		{name: "a page", body: func() string { return "<html><body>" + opener + closer }, not: true},
		{name: "scripts for links", body: channel("<item><link>javascript:alert(1)</link><guid>file:///etc/passwd</guid></item>"), items: 1},
		{name: "tag that never ends", body: func() string { return opener + "<item/><item " + repeat("x", 1<<20) }, items: 1},
		{name: "root in a comment", body: func() string { return "<!--" + opener + "-->" }, not: true},
		{name: "closing before opening", body: func() string { return closer + closer }, not: true},
	}
}

func TestHostile(t *testing.T) {
	size := part
	if testing.Short() {
		size /= 8
	}
	inputs := hostileInputs(size)
	if len(inputs) < 75 {
		t.Errorf("got %d inputs, want at least 75", len(inputs))
	}
	for _, tc := range inputs {
		t.Run(tc.name, func(t *testing.T) {
			f, err := feed.Parse([]byte(tc.body()), "", feedURL)
			switch guard, refused := errors.AsType[*feed.GuardError](err); {
			case tc.limit != "":
				if !refused || guard.Limit != tc.limit {
					t.Errorf("got error %v, want one of limit %q", err, tc.limit)
				}
			case tc.not:
				if !errors.Is(err, feed.ErrNotFeed) {
					t.Errorf("got error %v, want ErrNotFeed", err)
				}
			case err != nil:
				t.Errorf("got error %v, want %d items", err, tc.items)
			case len(f.Items) != tc.items:
				t.Errorf("got %d items, want %d", len(f.Items), tc.items)
			}
		})
	}
}

func TestEntitiesAreNeverExpanded(t *testing.T) {
	for _, tc := range deceptive()[:3] {
		f := mustParse(t, tc.body())
		if title := f.Items[0].Title; !strings.HasPrefix(title, "&") {
			t.Errorf("%s: got %.40q, want the reference itself", tc.name, title)
		}
	}
}

// BenchmarkHostile reports time and memory for each input; none may take two
// seconds or 256 MB.
func BenchmarkHostile(b *testing.B) {
	for _, tc := range hostileInputs(full) {
		b.Run(tc.name, func(b *testing.B) {
			body := []byte(tc.body())
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				// The outcome is TestHostile's; here only its cost counts.
				_, _ = feed.Parse(body, "", feedURL)
			}
		})
	}
}
