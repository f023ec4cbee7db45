package demo

import (
	"encoding/xml"
	"time"
)

// sitemap is a news sitemap.
type sitemap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	News    string       `xml:"xmlns:news,attr"`
	Image   string       `xml:"xmlns:image,attr"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Location string        `xml:"loc"`
	Modified string        `xml:"lastmod"`
	News     sitemapNews   `xml:"news:news"`
	Image    *sitemapImage `xml:"image:image"`
}

type sitemapNews struct {
	Publication sitemapPublication `xml:"news:publication"`
	Date        string             `xml:"news:publication_date"`
	Title       string             `xml:"news:title"`
}

type sitemapPublication struct {
	Name     string `xml:"news:name"`
	Language string `xml:"news:language"`
}

type sitemapImage struct {
	Location string `xml:"image:loc"`
}

func sitemapOf(d *desk, stories []*story) sitemap {
	m := sitemap{
		News:  "http://www.google.com/schemas/sitemap-news/0.9",
		Image: "http://www.google.com/schemas/sitemap-image/1.1",
	}
	for _, s := range stories {
		u := sitemapURL{
			Location: s.link(), Modified: s.modified.In(d.zone).Format(time.RFC3339),
			News: sitemapNews{sitemapPublication{d.name, s.lang}, s.published.In(d.zone).Format(time.RFC3339), s.title},
		}
		if s.caption != "" {
			u.Image = &sitemapImage{d.root + s.imagePath()}
		}
		m.URLs = append(m.URLs, u)
	}
	return m
}
