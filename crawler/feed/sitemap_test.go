package feed_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet.example/crawler/feed"
)

func TestParseSitemap(t *testing.T) {
	got := mustParse(t, prolog+`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
		xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
		<url>
			<loc> https://press.example/ferry?a=1&amp;b=2 </loc><lastmod>2026-11-26T11:00:00Z</lastmod>
			<news:news>
				<news:publication><news:name>Harbour Post</news:name><news:language>en</news:language></news:publication>
				<news:publication_date>2026-11-26T10:00:00+01:00</news:publication_date>
				<news:title>Ferry &lt; returns &amp; stays</news:title><news:keywords>ships, tides</news:keywords>
			</news:news>
			<image:image><image:loc>/ferry.jpg</image:loc></image:image>
		</url>
		<url><loc>/relative</loc></url>
		<url><lastmod>2026-11-26</lastmod></url>
	</urlset>`)
	want := &feed.Feed{Type: "sitemap", Items: []feed.Item{
		{
			ID: "https://press.example/ferry?a=1&b=2", Link: "https://press.example/ferry?a=1&b=2", Permalink: true,
			Title: "Ferry < returns & stays", Publisher: "Harbour Post", Language: "en",
			Published: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), Updated: time.Date(2026, 11, 26, 11, 0, 0, 0, time.UTC),
			DateRaw: "2026-11-26T10:00:00+01:00", Tags: []feed.Tag{{Term: "ships"}, {Term: "tides"}},
			ImageURL: "https://press.example/ferry.jpg",
		},
		{ID: "https://press.example/relative", Link: "https://press.example/relative", Permalink: true},
	}}
	if diff := cmp.Diff(want, got, unexported()); diff != "" {
		t.Errorf("Parse (-want +got):\n%s", diff)
	}
	if got, want := got.Items[0].PlainTitle(), "Ferry < returns & stays"; got != want {
		t.Errorf("PlainTitle: got %q, want %q", got, want)
	}
}

func TestParseSitemapIndex(t *testing.T) {
	got := mustParse(t, `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
		<sitemap><loc>https://press.example/news.xml.gz</loc><lastmod>2026-11-26</lastmod></sitemap>
		<sitemap><loc>more.xml</loc></sitemap><sitemap/><sitemap><loc>cut`)
	want := &feed.Feed{
		Type: "sitemapindex", Truncated: true, Repaired: []string{"an incomplete last item was dropped"},
		Children: []string{"https://press.example/news.xml.gz", "https://press.example/feeds/more.xml"},
	}
	if diff := cmp.Diff(want, got, unexported()); diff != "" {
		t.Errorf("Parse (-want +got):\n%s", diff)
	}
}
