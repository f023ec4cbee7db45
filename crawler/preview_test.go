package crawler_test

import (
	"errors"
	"log/slog"
	"net/netip"
	"strings"
	"testing"

	"broadsheet.example/crawler"
	"broadsheet.example/crawler/fetch"
	"broadsheet.example/news"
)

func TestPreview(t *testing.T) {
	const item = "<item><title>Port reopens</title><link>%s/port</link><description>The port of Rotterdam has opened again after nine days.</description></item>"
	tests := []struct {
		name         string
		pages        func(o *origin)
		pageCount    int
		completeness news.Completeness // of the article, "" for none
		trouble      string
	}{
		{"a feed and its page", func(o *origin) {
			o.set("/", answer{contentType: "application/rss+xml", body: rss("", strings.ReplaceAll(item, "%s", o.URL))})
			o.page("/port", "Port reopens", strings.Repeat("Ships went in and out of the harbour all day long. ", 20), "")
		}, 1, news.Full, ""},
		{"the page is gone", func(o *origin) {
			o.set("/", answer{contentType: "application/rss+xml", body: rss("", strings.ReplaceAll(item, "%s", o.URL))})
			o.set("/port", answer{status: 404})
		}, 1, news.FeedOnly, "The site could not be read"},
		{"an empty feed", func(o *origin) {
			o.set("/", answer{contentType: "application/rss+xml", body: rss("")})
		}, 0, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOrigin(t)
			tt.pages(o)
			got, err := crawler.Preview(t.Context(), loopback(t), newIngester(t), o.URL+"/")
			if err != nil {
				t.Fatal(err)
			}
			if got.Feed.URL != o.URL+"/" || len(got.Pages) != tt.pageCount {
				t.Errorf("feed %q with %d pages, want %d", got.Feed.URL, len(got.Pages), tt.pageCount)
			}
			if (got.Article != nil) != (tt.completeness != "") || got.Article != nil && (got.Article.Completeness != tt.completeness || got.Article.PublishedAt.IsZero()) {
				t.Errorf("article %+v, want one that is %q", got.Article, tt.completeness)
			}
			if (got.Trouble != nil) != (tt.trouble != "") || got.Trouble != nil && !strings.Contains(crawler.Explain(got.Trouble), tt.trouble) {
				t.Errorf("trouble %v, want %q", got.Trouble, tt.trouble)
			}
		})
	}
}

func TestPreviewOfNothing(t *testing.T) {
	o := newOrigin(t)
	o.set("/", answer{contentType: "text/html", body: "<title>Nothing to follow</title>"})
	_, err := crawler.Preview(t.Context(), loopback(t), newIngester(t), o.URL+"/")
	if !errors.Is(err, crawler.ErrNoFeed) || !strings.Contains(crawler.Explain(err), "no feed") {
		t.Errorf("got %v", err)
	}
}

// loopback is a client that may visit this machine, without a pause.
func loopback(t *testing.T) *fetch.Client {
	t.Helper()
	cfg := fetch.DefaultConfig()
	cfg.Gap, cfg.AllowNetworks = 0, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	client := fetch.New(cfg, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { client.Close() })
	return client
}
