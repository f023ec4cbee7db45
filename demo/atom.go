package demo

import (
	"time"

	"broadsheet.example/news/atom"
)

func atomOf(d *desk, stories []*story, latest time.Time) atom.Feed {
	feed := atom.Feed{
		Lang: d.lang, Title: d.name, Subtitle: d.tagline, ID: d.root + "/", Updated: atom.Time(latest.In(d.zone)),
		Links: []atom.Link{{Type: "text/html", Href: d.root + "/"}, {Rel: "self", Type: "application/atom+xml", Href: d.root + d.feedPath}},
	}
	for _, s := range stories {
		feed.Entries = append(feed.Entries, s.atomEntry())
	}
	return feed
}

func (s *story) atomEntry() atom.Entry {
	return atom.Entry{
		Title: s.title, ID: s.desk.root + s.path, Link: atom.Link{Rel: "alternate", Type: "text/html", Href: s.link()},
		Published: atom.Time(s.published.In(s.desk.zone)), Updated: atom.Time(s.modified.In(s.desk.zone)),
		Summary: atom.Text{Type: "text", Text: s.summary}, Authors: atom.People(s.authors),
		Categories: atom.Categories(append([]string{s.section}, s.tags...)),
	}
}
