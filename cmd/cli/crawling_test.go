package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// publisher is a site on loopback with a front page that offers its feed, an
// article, and a sitemap.
func publisher(t *testing.T) *httptest.Server {
	t.Helper()
	var srv *httptest.Server
	mux := http.NewServeMux()
	page := func(pattern, kind, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			fmt.Fprint(w, strings.ReplaceAll(body, "ORIGIN", srv.URL))
		})
	}
	article := `<html lang="en"><head><title>Harbour wall raised</title></head><body><article><h1>Harbour wall raised</h1>` +
		strings.Repeat("<p>The council said on Tuesday that the harbour wall would be raised by two metres before the winter storms arrive in the bay.</p>", 6) + `</article></body></html>`
	page("/{$}", "text/html", `<html><head><link rel="alternate" type="application/rss+xml" href="/news.rss"><link rel="alternate" type="application/rss+xml" href="/sport.rss"></head></html>`)
	page("/news.rss", "application/rss+xml", `<rss version="2.0"><channel><title>The Gazette</title><item><title>Harbour wall raised</title><link>ORIGIN/1</link></item></channel></rss>`)
	page("/1", "text/html", article)
	page("/old", "text/html", strings.ReplaceAll(article, "raised", "built"))
	page("/sitemap.xml", "application/xml", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>ORIGIN/old</loc><lastmod>2024-05-06</lastmod></url><url><loc>ORIGIN/older</loc><lastmod>2023-05-06</lastmod></url></urlset>`)
	srv = httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv
}

func TestCrawlingCommands(t *testing.T) {
	t.Setenv("BROADSHEET_CRAWLER_ALLOW_NETWORKS", "127.0.0.0/8")
	t.Setenv("BROADSHEET_FEEDS_FILE", "none")
	dir, site := t.TempDir(), publisher(t)

	if out := must(t, dir, "feeds", "add", site.URL+"/"); !strings.Contains(out, "added "+site.URL+"/news.rss The Gazette") || !strings.Contains(out, "also offered: "+site.URL+"/sport.rss") {
		t.Errorf("feeds add a page: %s", out)
	}
	fails(t, dir, []string{"no feed found"}, "feeds", "add", site.URL+"/1")

	host := strings.TrimPrefix(site.URL, "http://")
	if out := must(t, dir, "feeds", "pause", site.URL, "--for", "1h"); !strings.Contains(out, "paused "+host) {
		t.Errorf("feeds pause: %s", out)
	}
	if out := must(t, dir, "crawl"); !strings.Contains(out, "0 feeds polled") {
		t.Errorf("crawl of a paused host: %s", out)
	}
	must(t, dir, "feeds", "resume", site.URL)
	must(t, dir, "crawl")
	out := must(t, dir, "inspect", "url", site.URL+"/1?utm_source=x", site.URL+"/2")
	for _, want := range []string{"ok  robots", `named by The Gazette, as "Harbour wall raised"`, "ok  fetched", "HTTP 200", "ok  stored", "ok  indexed", "no  discovered"} {
		if !strings.Contains(out, want) {
			t.Errorf("inspect url lacks %q:\n%s", want, out)
		}
	}

	if out := must(t, dir, "backfill", site.URL, "--from", "2024-01-01", "--to", "2024-12-31"); !strings.Contains(out, "complete") || !strings.Contains(out, "1 page found") || !strings.Contains(out, "1 article") {
		t.Errorf("backfill: %s", out)
	}
	fails(t, dir, []string{"--from"}, "backfill", site.URL)
	if out := must(t, dir, "search", "built"); !strings.Contains(out, "Harbour wall built") {
		t.Errorf("the backfilled article is not found: %s", out)
	}
}
