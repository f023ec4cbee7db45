package crawler_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"broadsheet.example/crawler"
)

func sitemapIndex(urls ...string) string {
	return `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>http://` +
		strings.Join(urls, `</loc></sitemap><sitemap><loc>http://`) + `</loc></sitemap></sitemapindex>`
}

// urlset is a sitemap of lines "HOST/PATH DATE"; the date may be missing.
func urlset(lines ...string) string {
	var b strings.Builder
	b.WriteString(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, l := range lines {
		address, date, _ := strings.Cut(l, " ")
		fmt.Fprintf(&b, `<url><loc>http://%s</loc>`, address)
		if date != "" {
			fmt.Fprintf(&b, `<lastmod>%s</lastmod>`, date)
		}
		b.WriteString(`</url>`)
	}
	return b.String() + `</urlset>`
}

// backfill begins a backfill of March 1999.
func (w *world) backfill(site string) {
	w.Helper()
	f, err := crawler.NewBackfill(site, time.Date(1999, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(1999, 3, 31, 0, 0, 0, 0, time.UTC))
	if err != nil {
		w.Fatal(err)
	}
	if _, err := w.store.PutFeeds(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

func TestBackfill(t *testing.T) {
	inWorld(t, func(w *world) {
		w.on("p.example/robots.txt", text("User-agent: *\nDisallow: /private/\nSitemap: /index.xml\nsitemap: http://p.example/lost.xml"))
		w.on("p.example/index.xml", text(sitemapIndex("p.example/1999-02.xml", "p.example/1999-03.xml", "p.example/1998.xml", "p.example/all.xml")))
		w.on("p.example/1999-03.xml", text(urlset("p.example/a 1999-03-01T10:00:00Z", "p.example/b 1999-03-31T23:00:00Z", "p.example/c 1999-04-01", "p.example/private/d 1999-03-05")))
		w.on("p.example/all.xml", text(urlset("p.example/1999/03/07/e", "p.example/1999/05/07/f 1999-03-07", "p.example/g", "p.example/a 1999-03-01")))
		for _, p := range []string{"a", "b", "c", "g", "1999/03/07/e", "1999/05/07/f"} {
			w.on("p.example/"+p, text(article("Page "+p, "")))
		}
		w.backfill("http://p.example/")
		w.run(10*time.Second, 0) // and a restart
		w.crawler = w.again()
		w.live(time.Hour)

		var got []string
		for _, r := range w.requests {
			if !strings.HasSuffix(r.url, ".xml") && !strings.HasSuffix(r.url, "robots.txt") {
				got = append(got, strings.TrimPrefix(r.url, "p.example/"))
			}
		}
		if want := "a b 1999/03/07/e"; strings.Join(got, " ") != want {
			t.Errorf("pages fetched: %v, want %s", got, want)
		}
		for _, u := range []string{"p.example/1999-02.xml", "p.example/1998.xml"} {
			if len(w.got(u)) != 0 {
				t.Errorf("%s was fetched although its name tells that it is of other days", u)
			}
		}
		for _, u := range []string{"p.example/index.xml", "p.example/1999-03.xml", "p.example/all.xml"} {
			if n := len(w.got(u)); n != 1 {
				t.Errorf("%s was fetched %d times, want once", u, n)
			}
		}
		for _, f := range w.feeds() {
			if f.Enabled || !strings.Contains(f.LastError, "complete: 3 sitemaps read, 5 pages found, 1 could not be had") {
				t.Errorf("backfill ended as %+v", f)
			}
		}
		for i := 1; i < len(w.requests); i++ {
			if d := w.requests[i].at.Sub(w.requests[i-1].at); d < time.Second && !strings.HasSuffix(w.requests[i].url, "robots.txt") && !strings.HasSuffix(w.requests[i-1].url, "robots.txt") {
				t.Errorf("%s came %v after %s", w.requests[i].url, d, w.requests[i-1].url)
			}
		}
	})
}

func TestBackfillOfALargeSitemapLetsNewsThrough(t *testing.T) {
	inWorld(t, func(w *world) {
		var lines []string
		for i := range 2_500 {
			lines = append(lines, fmt.Sprintf("p.example/archive/%d 1999-03-05", i))
		}
		w.on("p.example/sitemap.xml", text(urlset(lines...)))
		w.on("p.example/feed", validated(`"1"`, rss("", "p.example/new New")))
		w.on("p.example/new", text(article("New", "")))
		w.backfill("http://p.example/sitemap.xml")
		w.run(2*time.Minute, 0)
		w.subscribe("p.example/feed")
		start := time.Now()
		w.run(2*time.Minute, 0)
		got := w.got("p.example/new")
		if len(got) != 1 || got[0].at.Sub(start) > 30*time.Second {
			t.Errorf("the new page was fetched %v, want once and soon, in spite of the archive", got)
		}
		if n := len(w.got("p.example/sitemap.xml")); n != 2 {
			t.Errorf("the sitemap was fetched %d times, want twice for its two parts", n)
		}
	})
}

func TestBackfillRange(t *testing.T) {
	day := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	if _, err := crawler.NewBackfill("http://p.example/", day, day.AddDate(0, 0, -1)); err == nil {
		t.Error("a range that ends before it begins is taken")
	}
	if _, err := crawler.NewBackfill("gopher://p.example/", day, day); err == nil {
		t.Error("a site that is no web site is taken")
	}
}
