package demo

import (
	"encoding/xml"
	"time"
)

// atom is a feed in Atom 1.0.
type atom struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle"`
	ID       string      `xml:"id"`
	Updated  string      `xml:"updated"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Title      string         `xml:"title"`
	ID         string         `xml:"id"`
	Link       atomLink       `xml:"link"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Authors    []atomPerson   `xml:"author"`
	Categories []atomCategory `xml:"category"`
	Summary    atomText       `xml:"summary"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

func atomOf(d *desk, stories []*story, latest time.Time) atom {
	feed := atom{
		Lang: d.lang, Title: d.name, Subtitle: d.tagline, ID: d.root + "/", Updated: latest.In(d.zone).Format(time.RFC3339),
		Links: []atomLink{{Type: "text/html", Href: d.root + "/"}, {Rel: "self", Type: "application/atom+xml", Href: d.root + d.feedPath}},
	}
	for _, s := range stories {
		feed.Entries = append(feed.Entries, s.atomEntry())
	}
	return feed
}

func (s *story) atomEntry() atomEntry {
	e := atomEntry{
		Title: s.title, ID: s.desk.root + s.path, Link: atomLink{Rel: "alternate", Type: "text/html", Href: s.link()},
		Published: s.published.In(s.desk.zone).Format(time.RFC3339), Updated: s.modified.In(s.desk.zone).Format(time.RFC3339),
		Summary: atomText{"text", s.summary}, Categories: []atomCategory{{s.section}},
	}
	for _, name := range s.authors {
		e.Authors = append(e.Authors, atomPerson{name})
	}
	for _, tag := range s.tags {
		e.Categories = append(e.Categories, atomCategory{tag})
	}
	return e
}
