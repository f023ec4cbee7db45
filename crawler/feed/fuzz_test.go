package feed_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"broadsheet.example/crawler/feed"
)

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		rss(`<title>t</title><link>https://press.example/</link><item><title>a &lt;b&gt; &amp; c</title><guid>1</guid><pubDate>Thu, 26 Nov 2026 10:00:00 GMT</pubDate></item>`),
		atom(`<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a</div></title><entry xml:base="/x/"><link href="y"/><content mode="base64">PGI+</content></entry>`),
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/><item rdf:about="u"/></rdf:RDF>`,
		`<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>/a</loc><news:news><news:title>t</news:title></news:news></url></urlset>`,
		`<sitemapindex><sitemap><loc>/a</loc></sitemap></sitemapindex>`,
		`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"title":"t","authors":"x","tags":["a"]}]}`,
		"<rss><channel><item><title><![CDATA[x]]><!-- --><?p?><!DOCTYPE x [ ]>&#1;&x;<b c='d' e>",
		"\xff\xfe<\x00r\x00s\x00s\x00>\x00",
	} {
		f.Add([]byte(seed), "text/xml; charset=utf-8")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		parsed, err := feed.Parse(body, contentType, feedURL)
		if (parsed == nil) != (err != nil) {
			t.Fatalf("got feed %v with error %v", parsed, err)
		}
		if err != nil {
			if _, guarded := errors.AsType[*feed.GuardError](err); !guarded && !errors.Is(err, feed.ErrNotFeed) {
				t.Errorf("a feed was refused: %v", err)
			}
			return
		}
		for i := range parsed.Items {
			if title := parsed.Items[i].PlainTitle(); !utf8.ValidString(title) {
				t.Errorf("title %q is not valid UTF-8", title)
			}
		}
		out, err := json.Marshal(struct {
			*feed.Feed
			Items []feed.Item
		}{parsed, parsed.Items})
		if err != nil {
			t.Fatalf("marshal: %v", err)
		}
		if bytes.Contains(out, []byte(`\ufffd`)) && utf8.Valid(body) && !bytes.Contains(body, []byte("\ufffd")) && len(parsed.Repaired) == 0 {
			t.Errorf("text was lost without a word: %s", out)
		}
	})
}

func FuzzText(f *testing.F) {
	f.Add("<p>one<br>two<script>x</script>&amp;")
	f.Fuzz(func(t *testing.T, fragment string) {
		if got := feed.Text(fragment); utf8.ValidString(fragment) && !utf8.ValidString(got) {
			t.Errorf("Text(%q) is not valid UTF-8: %q", fragment, got)
		}
	})
}
