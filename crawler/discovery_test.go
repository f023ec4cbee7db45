package crawler_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"broadsheet.example/crawler"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/news"
)

func TestDiscover(t *testing.T) {
	const rssType = "application/rss+xml"
	page := func(head string) answer {
		return answer{contentType: "text/html", body: "<html><head>" + head + "</head><body>Welcome</body></html>"}
	}
	offer := func(href, kind, title string) string {
		return `<link rel="alternate" type="` + kind + `" title="` + title + `" href="` + href + `">`
	}
	feed := answer{contentType: rssType, body: rss("<link>http://site.example/</link>")}
	sitemap := answer{contentType: "application/xml", body: `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://a.example/1</loc></url></urlset>`}
	tests := []struct {
		name   string
		pages  map[string]answer
		want   string // path of the feed, "" for none
		kind   news.FeedKind
		others []string
	}{
		{"a feed", map[string]answer{"/": feed}, "/", news.KindFeed, nil},
		{"offered", map[string]answer{"/": page(offer("/news.rss", rssType, "News")), "/news.rss": feed}, "/news.rss", news.KindFeed, nil},
		{"Atom before JSON before comments", map[string]answer{
			"/":       page(offer("/comments/feed", rssType, "Comments") + offer("/x.json", "application/feed+json", "") + offer("x.atom", "application/atom+xml", "")),
			"/x.atom": feed,
		}, "/x.atom", news.KindFeed, []string{"/x.json", "/comments/feed"}},
		{"the next offer when one is dead", map[string]answer{"/": page(offer("/dead", rssType, "") + offer("/live", rssType, "")), "/live": feed}, "/live", news.KindFeed, []string{"/dead"}},
		{"relative to the base", map[string]answer{"/": page(`<base href="/sub/">` + offer("rss", rssType, "")), "/sub/rss": feed}, "/sub/rss", news.KindFeed, nil},
		{"well-known", map[string]answer{"/": page(""), "/atom.xml": feed}, "/atom.xml", news.KindFeed, nil},
		{"a news sitemap", map[string]answer{"/": page(""), "/news-sitemap.xml": sitemap}, "/news-sitemap.xml", news.KindSitemap, nil},
		{"moved for good", map[string]answer{"/": {status: 301, header: http.Header{"Location": {"/there"}}}, "/there": feed}, "/there", news.KindFeed, nil},
		{"moved for now", map[string]answer{"/": {status: 302, header: http.Header{"Location": {"/there"}}}, "/there": feed}, "/", news.KindFeed, nil},
		{"none", map[string]answer{"/": page(strings.Repeat(offer("/x", "text/html", ""), 50))}, "", "", nil},
		{"too many dead offers", map[string]answer{"/": page(offer("/1", rssType, "") + offer("/2", rssType, "") + offer("/3", rssType, "") + offer("/4", rssType, "") +
			offer("/5", rssType, "") + offer("/6", rssType, "") + offer("/7", rssType, "")), "/7": feed}, "", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOrigin(t)
			for path, a := range tt.pages {
				o.set(path, a)
			}
			cfg := fetch.DefaultConfig()
			cfg.Gap, cfg.AllowNetworks = 0, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
			client := fetch.New(cfg, slog.New(slog.DiscardHandler))
			defer client.Close()
			got, err := crawler.Discover(t.Context(), client, o.URL+"/")
			if n := len(o.requests); n > 9 { // robots.txt, the page, a redirect, six probes
				t.Errorf("%d requests: %v", n, o.requests)
			}
			if tt.want == "" {
				if !errors.Is(err, crawler.ErrNoFeed) {
					t.Errorf("got %+v, %v; want ErrNoFeed", got, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.Feed.URL != o.URL+tt.want || got.Feed.Kind != tt.kind || got.Feed.ID == "" || !got.Feed.Enabled {
				t.Errorf("feed %+v, want %s of kind %s", got.Feed, tt.want, tt.kind)
			}
			var others []string
			for _, u := range got.Others {
				others = append(others, strings.TrimPrefix(u, o.URL))
			}
			if !slices.Equal(others, tt.others) {
				t.Errorf("others %v, want %v", others, tt.others)
			}
		})
	}
}

func TestDiscoverUnreachable(t *testing.T) {
	o := newOrigin(t)
	client := fetch.New(fetch.DefaultConfig(), slog.New(slog.DiscardHandler))
	defer client.Close()
	_, err := crawler.Discover(t.Context(), client, o.URL)
	if fe, ok := errors.AsType[*fetch.Error](err); !ok || fe.Kind != fetch.Address {
		t.Errorf("got %v, want the address refused", err)
	}
}
