package feed_test

import (
	"fmt"
	"strings"
	"testing"

	"broadsheet.example/crawler/feed"
)

// BenchmarkParse reports how fast an ordinary feed is read: 50 items of about
// 2 KB each.
func BenchmarkParse(b *testing.B) {
	var items strings.Builder
	paragraph := "&lt;p&gt;" + strings.Repeat("some words of an article ", 15) + `&lt;a href="/more"&gt;more&lt;/a&gt;&lt;/p&gt;`
	for i := range 50 {
		fmt.Fprintf(&items, `<item><title>Item %d</title><link>https://press.example/%d</link><guid>https://press.example/%d</guid>`+
			`<pubDate>Thu, 26 Nov 2026 10:%02d:00 GMT</pubDate><dc:creator>Ada Quay</dc:creator><category>Ships</category>`+
			`<description>Short.</description><content:encoded>%s</content:encoded></item>`, i, i, i, i, strings.Repeat(paragraph, 4))
	}
	body := []byte(rss("<title>Harbour Post</title><link>https://press.example/</link>" + items.String()))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := feed.Parse(body, "application/rss+xml", feedURL); err != nil {
			b.Fatal(err)
		}
	}
}
