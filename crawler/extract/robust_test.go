package extract_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"broadsheet.example/crawler/extract"
)

// piece is an article that hostile pages are built around.
const piece = `<h1>Ferry runs aground off the cape</h1>
<p>A ferry with 212 people aboard ran aground on a sandbank off the cape early on Monday, and all of them were brought ashore by noon, the coast guard said.</p>
<p>Nobody was hurt. The captain told investigators that the light on the eastern buoy had been out for a week, which the harbor office denied in a statement.</p>
<p>Divers will look at the hull on Tuesday. Until then the line runs buses around the bay, which takes three hours instead of forty minutes.</p>`

func wrap(body string) []byte {
	return []byte("<!DOCTYPE html><html><head><title>Ferry runs aground off the cape</title></head><body>" + body + "</body></html>")
}

func around(open, closing string, n int) []byte {
	return wrap(strings.Repeat(open, n) + piece + strings.Repeat(closing, n))
}

func fill(size int, line string) []byte {
	return wrap(piece + strings.Repeat(line, size/len(line)))
}

func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// hostile are pages made to exhaust a reader. article tells that the piece must
// be found all the same, media that the bytes must be refused as that.
var hostile = []struct {
	name    string
	page    func() []byte // made when it is needed: all of them take 100 MB
	article bool
	media   string
}{
	{name: "500 divs", page: func() []byte { return around("<div>", "</div>", 500) }, article: true},
	{name: "600 divs", page: func() []byte { return around("<div>", "</div>", 600) }, article: true},
	{name: "10,000 divs", page: func() []byte { return around("<div>", "</div>", 10_000) }, article: true},
	{name: "100,000 divs", page: func() []byte { return around("<div>", "</div>", 100_000) }, article: true},
	{name: "400 quotes", page: func() []byte { return around("<blockquote>", "</blockquote>", 400) }},
	{name: "20,000 spans", page: func() []byte { return around("<span>", "</span>", 20_000) }},
	{name: "20,000 open bold", page: func() []byte { return around("<b>", "", 20_000) }},
	{name: "5,000 tables", page: func() []byte { return around("<table><tr><td>", "</td></tr></table>", 5_000) }},
	{name: "5,000 groups of svg", page: func() []byte { return around("<svg>"+strings.Repeat("<g>", 5_000), "", 1) }},
	{name: "list in list", page: func() []byte { return around("<ul><li>", "</li></ul>", 3_000) }},
	{name: "250 kB of paragraphs", page: func() []byte { return fill(250_000, "<p>Short line of a page that never ends, as if by a loop.</p>") }},
	{name: "500 kB of paragraphs", page: func() []byte { return fill(500_000, "<p>Short line of a page that never ends, as if by a loop.</p>") }},
	{name: "1 MB of paragraphs", page: func() []byte { return fill(1_000_000, "<p>Short line of a page that never ends, as if by a loop.</p>") }},
	{name: "5 MB of paragraphs", page: func() []byte { return fill(5<<20, "<p>Short line of a page that never ends, as if by a loop.</p>") }},
	{name: "5 MB of divs", page: func() []byte { return fill(5<<20, "<div>x y z</div>") }},
	{name: "5 MB of items", page: func() []byte { return fill(5<<20, "<li>item of a list</li>") }},
	{name: "5 MB of dates", page: func() []byte { return fill(5<<20, "<span class=date>01.02.2020</span>") }},
	{name: "a row of 50,000 cells", page: func() []byte {
		return wrap(piece + "<table><tr>" + strings.Repeat("<td>A cell that states a figure, 12.50 in all", 50_000) + "</table>")
	}},
	{name: "5 MB of rows", page: func() []byte { return fill(5<<20, "<tr><td>1</td><td>2</td></tr>") }},
	{name: "1.9 MB of paragraphs", page: func() []byte { return fill(1_900_000, "<p>Short line of a page that never ends, as if by a loop.</p>") }},
	{name: "1.9 MB of dates", page: func() []byte { return fill(1_900_000, "<span class=date>01.02.2020</span><br>") }},
	{name: "1.9 MB of classes", page: func() []byte {
		return fill(1_900_000, "<div class='entry-content comment related share'><p>one two</p></div>")
	}},
	{name: "1.9 MB of fonts", page: func() []byte { return fill(1_900_000, "<font><p>text") }},
	{name: "5 MB without a space", page: func() []byte { return fill(5<<20, "港の町の議会は火曜日") }},
	{name: "5 MB of text", page: func() []byte { return fill(5<<20, "words without any markup at all, on and on ") }},
	{name: "5 MB of open brackets", page: func() []byte {
		return wrap(`<script type="application/ld+json">` + strings.Repeat("[", 5<<20) + "</script>" + piece)
	}},
	{name: "1 MB of open objects", page: func() []byte {
		return wrap(`<script type="application/ld+json">` + strings.Repeat(`{"a":`, 200_000) + "</script>" + piece)
	}, article: true},
	{name: "5 MB stated as the text", page: func() []byte {
		return wrap(`<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"` + strings.Repeat("Words of an article that is stated but not shown. ", 100_000) + `"}</script>` + piece)
	}},
	{name: "vocabulary elsewhere", page: func() []byte {
		return wrap(`<script type="application/ld+json">{"@context":"http://127.0.0.1:1/context.jsonld","@type":"NewsArticle","headline":"x"}</script>` + piece)
	}, article: true},
	{name: "100,000 entities", page: func() []byte { return wrap(piece + "<p>" + strings.Repeat("&#x1F600;&notin;&amp", 100_000)) }},
	{name: "100,000 authors", page: func() []byte {
		return wrap(`<script type="application/ld+json">{"@type":"NewsArticle","author":[` + strings.Repeat(`{"name":"A B"},`, 100_000) + `{}]}</script>` + piece)
	}},
	{name: "50,000 meta elements", page: func() []byte { return wrap(strings.Repeat(`<meta name="author" content="A B">`, 50_000) + piece) }},
	{name: "huge attribute", page: func() []byte {
		return wrap(`<div class="` + strings.Repeat("comment ", 200_000) + `">` + piece + "</div>")
	}},
	{name: "5 MB title, many headings", page: func() []byte {
		return wrap(`<meta property="og:title" content="` + strings.Repeat("ferry cape ", 500_000) + `">` + strings.Repeat("<h1>ferry cape</h1>", 50) + piece)
	}},
	{name: "page inside headings", page: func() []byte { return around("<h1>", "</h1>", 60) }},
	{name: "page inside bylines", page: func() []byte { return around("<div class=byline>", "</div>", 300) }},
	{name: "open comment", page: func() []byte { return wrap(piece + "<!-- " + strings.Repeat("x", 100_000)) }, article: true},
	{name: "open script", page: func() []byte { return wrap(piece + "<script>" + strings.Repeat("x", 100_000)) }, article: true},
	{name: "zero bytes", page: func() []byte { return bytes.Replace(wrap(piece), []byte("ferry"), []byte("f\x00rry"), 1) }, article: true},
	{name: "nothing", page: func() []byte { return nil }},
	{name: "nothing but a title", page: func() []byte { return wrap("") }},
	{name: "spaces", page: func() []byte { return bytes.Repeat([]byte(" \n"), 1000) }},
	{name: "noise", page: func() []byte { return noise(100_000) }, media: "application/octet-stream"},
	{name: "PDF", page: func() []byte { return append([]byte("%PDF-1.7\n"), noise(10_000)...) }, media: "application/pdf"},
	{name: "PNG", page: func() []byte { return append([]byte("\x89PNG\r\n\x1a\n"), noise(1000)...) }, media: "image/png"},
	{name: "gzip", page: func() []byte { return append([]byte("\x1f\x8b\x08"), noise(1000)...) }, media: "application/x-gzip"},
	{name: "noise with markup", page: func() []byte { return append(wrap(piece), noise(50_000)...) }},
}

// Bounds on what a hostile page may make of itself.
const (
	mostBlocks   = 12_000
	longestRun   = 192 << 10 // bytes of a block
	mostAllotted = 256 << 20 // bytes
)

func TestHostilePages(t *testing.T) {
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			page := tt.page()
			before := allotted()
			c, err := extract.Page(page, "text/html", "https://example.test/story")
			if n := allotted() - before; n > mostAllotted && !raced {
				t.Errorf("%d MB were allocated, want at most %d MB", n>>20, mostAllotted>>20)
			}
			media := ""
			if e, ok := errors.AsType[*extract.MediaError](err); ok {
				media = e.Media
			} else if err != nil {
				t.Fatal(err)
			}
			if media != tt.media {
				t.Fatalf("refused as %q, want %q", media, tt.media)
			}
			if tt.article && !strings.Contains(c.Text, "brought ashore by noon") {
				t.Errorf("the article was not found in %q", clip(c.Text))
			}
			if c != nil {
				checkContent(t, c)
				checkSize(t, c)
			}
		})
	}
}

// allotted is how many bytes were allocated so far, freed or not: unlike time,
// the work that it stands for is the same on a busy machine.
func allotted() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func checkSize(t *testing.T, c *extract.Content) {
	t.Helper()
	if len(c.Blocks) > mostBlocks {
		t.Errorf("%d blocks, want at most %d", len(c.Blocks), mostBlocks)
	}
	for _, b := range c.Blocks {
		if len(b) > longestRun {
			t.Errorf("a block of %d kB, want at most %d kB", len(b)>>10, longestRun>>10)
		}
	}
}

func clip(s string) string { return s[:min(len(s), 300)] }

// checkContent checks what holds of any content.
func checkContent(t *testing.T, c *extract.Content) {
	t.Helper()
	if got := strings.Join(c.Blocks, "\n\n"); got != c.Text {
		t.Error("text is not the blocks joined")
	}
	fields := append([]string{c.Title, c.Description, c.Text, c.EditorNote, c.SiteName, c.Publisher.Name, c.Section, c.Published.Raw}, c.Authors...)
	for _, s := range append(fields, c.Tags...) {
		if !utf8.ValidString(s) {
			t.Errorf("%q is not valid UTF-8", clip(s))
		}
	}
	if !norm.NFC.IsNormalString(c.Text) || !norm.NFC.IsNormalString(c.Title) {
		t.Error("text or title is not in NFC")
	}
	for _, b := range c.Blocks {
		if strings.TrimSpace(b) == "" {
			t.Error("a block is empty")
		}
	}
}

func TestRefusesWhatServersDeclare(t *testing.T) {
	tests := []struct {
		name, contentType, body, media string
	}{
		{"JSON", "application/json; charset=utf-8", `{"a": 1}`, "application/json"},
		{"page served as JSON", "application/json", "<!DOCTYPE html><p>hello", ""},
		{"style sheet", "text/css", "body { color: red }", "text/css"},
		{"plain text", "text/plain", "Hello, world.", ""},
		{"no declaration", "", "Hello, world.", ""},
		{"video", "video/mp4", "hello", "video/mp4"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := extract.Page([]byte(tt.body), tt.contentType, "")
			got := ""
			if e, ok := errors.AsType[*extract.MediaError](err); ok {
				got = e.Media
			}
			if got != tt.media {
				t.Errorf("error %v, want media %q", err, tt.media)
			}
		})
	}
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(piece), "text/html", "https://example.test/2026/11/24/a")
	f.Add([]byte(`<script type="application/ld+json">{"@type":"NewsArticle","author":[{"name":["A B"]}],"datePublished":"2026-11-24","articleBody":"`+strings.Repeat("word ", 100)+`"}</script><p>x`), "", "::")
	f.Add([]byte("\xff\xfe<\x00p\x00>\x00"), "text/html; charset=utf-16", "")
	f.Add([]byte(`<table><tr><td>a<td>b</table><time itemprop=datePublished datetime=2020>`), "", "http://[::1]/")
	f.Fuzz(func(t *testing.T, body []byte, contentType, address string) {
		c, err := extract.Options{Now: now}.Page(body, contentType, address)
		if err == nil {
			checkContent(t, c)
			extract.Completeness(c, 50)
		} else if strings.Contains(err.Error(), "panic") {
			t.Error(err)
		}
	})
}

func BenchmarkPage(b *testing.B) {
	for _, n := range []int{1, 20} {
		page := wrap(strings.Repeat("<div class=teaser><a href=/x>Another story of the day</a></div>", 20*n) +
			"<article>" + strings.Repeat(piece, n) + "</article>")
		b.Run(fmt.Sprintf("%dkB", len(page)>>10), func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := extract.Page(page, "text/html", "https://example.test/story"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
