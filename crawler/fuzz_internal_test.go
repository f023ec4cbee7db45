package crawler

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet.example/crawler/fetch"
	"broadsheet.example/crawler/link"
	"broadsheet.example/store"
)

func FuzzOffered(f *testing.F) {
	f.Add([]byte(`<base href="/a/"><link rel=alternate type="application/rss+xml" href="feed">`))
	f.Add([]byte(`<link rel="alternate" type='application/feed+json' href="javascript:x"><link`))
	f.Add([]byte("<base href=\xff><link rel=ALTERNATE type=text/xml href=//b.example>"))
	f.Fuzz(func(t *testing.T, page []byte) {
		offers := offered(page, "https://a.example/x")
		if len(offers) > maxOffers {
			t.Errorf("%d offers", len(offers))
		}
		for _, u := range offers {
			if _, err := link.Clean(u); err != nil {
				t.Errorf("offer %q: %v", u, err)
			}
		}
	})
}

func FuzzNamedSitemaps(f *testing.F) {
	f.Add([]byte("Sitemap: /a.xml\r\nsitemap : https://b.example/b.xml\nDisallow: /"))
	f.Add([]byte("Sitemap: ftp://x\nSitemap:" + strings.Repeat("a", 70_000)))
	f.Fuzz(func(t *testing.T, robots []byte) {
		for _, u := range namedSitemaps(robots, "https://a.example/robots.txt") {
			if _, err := link.Clean(u); err != nil {
				t.Errorf("sitemap %q: %v", u, err)
			}
		}
	})
}

func FuzzSpan(f *testing.F) {
	for _, s := range []string{"https://a.example/2024/05/06/x", "/sitemap-2024-02-30.xml", "/1999.xml", "/20240506", "/120240506", "2024-13"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		from, to, ok := span(address)
		if ok && (!from.Before(to) || from.Year() < 1900 || to.Year() > 2100) {
			t.Errorf("span(%q) = %v to %v", address, from, to)
		}
	})
}

func FuzzRecall(f *testing.F) {
	f.Add(`{"every":1,"newest":"2026-01-02T03:04:05Z","skipHours":[1,99],"moved":{"to":"x"}}`)
	f.Add(`{"every":"x"}`)
	f.Fuzz(func(t *testing.T, note string) {
		m := recall(store.FeedState{Notes: map[string]string{memoryNote: note}})
		p := pace{15 * time.Minute, 24 * time.Hour}
		if d := p.adapt(m, time.Now(), true); d < 0 || d > p.longest {
			t.Errorf("interval %v of %q", d, note)
		}
		m.open(time.Now())
	})
}

func FuzzReserved(f *testing.F) {
	f.Add(`<meta name="tdm-reservation" content="1">`, "noindex")
	f.Add(`<meta content=1 name=tdm-reservation`, "otherbot: noindex, none")
	f.Fuzz(func(t *testing.T, page, tag string) {
		reserved(&fetch.Response{Header: http.Header{}, Body: []byte(page)})
		noIndex([]string{tag})
	})
}

func TestSpan(t *testing.T) {
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	tests := []struct {
		address  string
		from, to time.Time
	}{
		{"https://a.example/2024/05/06/story", day(2024, 5, 6), day(2024, 5, 7)},
		{"https://a.example/sitemap-2024-02.xml", day(2024, 2, 1), day(2024, 3, 1)},
		{"https://a.example/sitemap.20240229.xml.gz", day(2024, 2, 29), day(2024, 3, 1)},
		{"https://a.example/archive/1999.xml", day(1999, 1, 1), day(2000, 1, 1)},
		{"https://a.example/story-120240506", time.Time{}, time.Time{}},
		{"https://a.example/2024-02-30", time.Time{}, time.Time{}},
		{"https://a.example/", time.Time{}, time.Time{}},
	}
	for _, tt := range tests {
		from, to, ok := span(tt.address)
		if ok == tt.from.IsZero() || !from.Equal(tt.from) || !to.Equal(tt.to) {
			t.Errorf("span(%q) = %v, %v, %v; want %v, %v", tt.address, from, to, ok, tt.from, tt.to)
		}
	}
}
