package demo

import (
	"strings"
	"time"
)

// Kind is the form in which a publisher announces its articles.
type Kind string

// The forms, each used by one publisher at least.
const (
	KindRSS     Kind = "rss"
	KindAtom    Kind = "atom"
	KindJSON    Kind = "json"
	KindSitemap Kind = "sitemap"
)

// desk is one publisher: who it is and what its habits are.
type desk struct {
	key, name, tagline string
	// root is the address it runs on, without a trailing slash; set at start.
	root     string
	kind     Kind
	feedPath string
	lang     string
	country  string
	zone     *time.Location
	// dateLayout is how its pages print a date.
	dateLayout string
	// articlePath is the pattern of its articles' paths.
	articlePath string
	// charsetInHeader says whether Content-Type names the charset of pages;
	// the page always does, unless an article says otherwise.
	charsetInHeader bool
	// graph wraps JSON-LD in an @graph, as some content systems do.
	graph bool
	// opaqueGUID gives feed items a GUID that is not their link.
	opaqueGUID bool
	// tracking is appended to the links of its feed.
	tracking string
	// richFeed puts the first paragraphs in the feed as HTML.
	richFeed bool
	sections []string
}

// desks returns the six publishers in the order of their ports.
func desks() []desk {
	return []desk{
		{
			key: "courier", name: "The Northgate Courier", tagline: "Independent since 1874",
			kind: KindRSS, feedPath: "/rss.xml", lang: "en", country: "gb", zone: time.FixedZone("GMT", 0),
			dateLayout: "Monday 2 January 2006, 15:04", articlePath: "/{date}/{slug}",
			charsetInHeader: true, opaqueGUID: true,
			sections: []string{"Politics", "World", "Local", "Culture", "Sport"},
		},
		{
			key: "ledger", name: "Ledger & Tide", tagline: "Trade, energy and the sea",
			kind: KindAtom, feedPath: "/atom.xml", lang: "en", country: "sg", zone: time.FixedZone("SGT", 8*60*60),
			dateLayout: "02 Jan 2006 15:04 MST", articlePath: "/articles/{slug}", graph: true,
			sections: []string{"Business", "Shipping", "Energy", "Markets", "Climate"},
		},
		{
			key: "antechamber", name: "Antechamber", tagline: "What was said before the doors opened",
			kind: KindJSON, feedPath: "/feed.json", lang: "en", country: "us", zone: time.FixedZone("EST", -5*60*60),
			dateLayout: "Jan 2, 2006", articlePath: "/p/{slug}", charsetInHeader: true,
			tracking: "utm_source=feed&utm_medium=json&utm_campaign=morning",
			sections: []string{"Politics", "Diplomacy", "Technology", "Business"},
		},
		{
			key: "foldline", name: "Foldline", tagline: "Every front page, one fold",
			kind: KindRSS, feedPath: "/feed", lang: "en", country: "ie", zone: time.FixedZone("GMT", 0),
			dateLayout: "2 January 2006", articlePath: "/news/{slug}", charsetInHeader: true, richFeed: true,
			sections: []string{"Top stories", "World", "Health", "Culture", "Sport"},
		},
		{
			key: "mirror", name: "The Danube Mirror", tagline: "Nine capitals, one river",
			kind: KindRSS, feedPath: "/rss/all.xml", lang: "en", country: "at", zone: time.FixedZone("CET", 60*60),
			dateLayout: "2.1.2006, 15:04", articlePath: "/{lang}/{section}/{slug}.html", graph: true,
			sections: []string{"Politics", "Diplomacy", "Business", "Culture", "Sport"},
		},
		{
			key: "orbit", name: "Field & Orbit", tagline: "Science, from the ground up",
			kind: KindSitemap, feedPath: "/news-sitemap.xml", lang: "en", country: "ca", zone: time.FixedZone("EST", -5*60*60),
			dateLayout: "January 2, 2006 at 3:04 p.m. MST", articlePath: "/{section}/{slug}/", charsetInHeader: true,
			sections: []string{"Climate", "Health", "Space", "Technology", "Nature"},
		},
	}
}

// path returns the path of a under the desk's pattern.
func (d *desk) path(a *article, published time.Time) string {
	if a.access == AccessForbidden {
		return "/subscribers/" + a.slug
	}
	return strings.NewReplacer(
		"{date}", published.In(d.zone).Format("2006/01/02"),
		"{section}", sectionSlug(a.section),
		"{lang}", a.lang,
		"{slug}", a.slug,
	).Replace(d.articlePath)
}

// sectionSlug is a section's name as it stands in a path.
func sectionSlug(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), " ", "-")
}
