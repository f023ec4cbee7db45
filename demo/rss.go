package demo

import (
	"encoding/hex"
	"encoding/xml"
	"hash/fnv"
	"time"
)

// rss is a feed in RSS 2.0 with the modules that newspapers use.
type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Content string     `xml:"xmlns:content,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Media   string     `xml:"xmlns:media,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Self        rssSelf   `xml:"atom:link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	BuildDate   string    `xml:"lastBuildDate"`
	Items       []rssItem `xml:"item"`
}

type rssSelf struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type rssItem struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	GUID        rssGUID   `xml:"guid"`
	Description string    `xml:"description"`
	Encoded     *cdata    `xml:"content:encoded"`
	PubDate     string    `xml:"pubDate"`
	Updated     string    `xml:"atom:updated,omitempty"`
	Creators    []string  `xml:"dc:creator"`
	Categories  []string  `xml:"category"`
	Image       *rssMedia `xml:"media:content"`
}

type rssGUID struct {
	Permalink bool   `xml:"isPermaLink,attr"`
	Value     string `xml:",chardata"`
}

type cdata struct {
	Text string `xml:",cdata"`
}

type rssMedia struct {
	URL    string `xml:"url,attr"`
	Medium string `xml:"medium,attr"`
}

func rssOf(d *desk, stories []*story, latest time.Time) rss {
	feed := rss{
		Version: "2.0", DC: "http://purl.org/dc/elements/1.1/", Content: "http://purl.org/rss/1.0/modules/content/",
		Atom: "http://www.w3.org/2005/Atom", Media: "http://search.yahoo.com/mrss/",
		Channel: rssChannel{
			Title: d.name, Link: d.root + "/", Description: d.tagline, Language: d.lang,
			Self:      rssSelf{d.root + d.feedPath, "self", "application/rss+xml"},
			BuildDate: latest.In(d.zone).Format(time.RFC1123Z),
		},
	}
	for _, s := range stories {
		feed.Channel.Items = append(feed.Channel.Items, s.rssItem())
	}
	return feed
}

func (s *story) rssItem() rssItem {
	item := rssItem{
		Title: s.title, Link: s.link(), GUID: rssGUID{true, s.desk.root + s.path}, Description: s.summary,
		PubDate: s.published.In(s.desk.zone).Format(time.RFC1123Z), Creators: s.authors,
		Categories: append([]string{s.section}, s.tags...),
	}
	if s.desk.opaqueGUID {
		item.GUID = rssGUID{false, s.desk.key + ":" + s.number()}
	}
	if s.desk.richFeed {
		item.Encoded = &cdata{s.excerpt()}
	}
	if s.modified.After(s.published) {
		item.Updated = s.modified.In(s.desk.zone).Format(time.RFC3339)
	}
	if s.caption != "" {
		item.Image = &rssMedia{s.desk.root + s.imagePath(), "image"}
	}
	return item
}

// number is the story's number in an invented content system.
func (s *story) number() string {
	h := fnv.New32a()
	h.Write([]byte(s.file))
	return hex.EncodeToString(h.Sum(nil))
}
